/**
 * What moto knows of user pools, as the hosted login needs it. Nothing is kept here but where a domain was found.
 */
import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  DescribeUserPoolDomainCommand,
  type UserPoolClientType,
} from '@aws-sdk/client-cognito-identity-provider'

/** A domain and the pool that it belongs to. */
export interface LoginDomain {
  readonly region: string
  readonly poolId: string
}

/** An app client; a user pool's registration of an app. */
export type AppClient = UserPoolClientType & { readonly ClientId: string }

/** A user at this moment. */
export interface User {
  readonly username: string
  readonly sub: string
  /** `CONFIRMED`, `FORCE_CHANGE_PASSWORD` and so on. */
  readonly status: string
  readonly enabled: boolean
  readonly attributes: Readonly<Record<string, string>>
  /** By precedence, lowest number first; without one, last and by name. */
  readonly groups: readonly string[]
  /** The roles of those groups that have one, in the same order, and that of the first group if it has one. */
  readonly roles: readonly string[]
  readonly preferredRole: string | undefined
}

/** Reads pools. Each method asks moto anew, so that a change is seen at once. */
export interface Pools {
  /** The SDK client for a pool's region. */
  clientFor(region: string): CognitoIdentityProviderClient
  domainOfHost(host: string): Promise<LoginDomain | undefined>
  /** The pool's domain as it was created; undefined when the pool has none, null when there is no such pool. */
  domainOfPool(poolId: string): Promise<string | null | undefined>
  appClient(poolId: string, clientId: string): Promise<AppClient | undefined>
  user(poolId: string, username: string): Promise<User | undefined>
}

/** Regions where a custom domain is looked for: its name does not say, and moto keeps each region apart. */
const REGIONS = [
  ...['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1', 'eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2'],
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'ca-west-1', 'sa-east-1', 'mx-central-1'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3'],
  ...['ap-southeast-4', 'ap-southeast-5', 'ap-southeast-7', 'ap-south-1', 'ap-south-2', 'ap-east-1'],
  ...['il-central-1', 'me-south-1', 'me-central-1', 'af-south-1'],
]

/** The region of a pool: the part of its id before the underscore. */
export function regionOf(poolId: string): string {
  return poolId.split('_', 1)[0] ?? ''
}

/** Reads pools from moto at a URL. */
export function readPools(moto: string): Pools {
  const clients = new Map<string, CognitoIdentityProviderClient>()
  const clientFor = (region: string) => {
    const client =
      clients.get(region) ??
      new CognitoIdentityProviderClient({
        endpoint: moto,
        region,
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      })
    clients.set(region, client)
    return client
  }
  const regionOfDomain = new Map<string, string>()
  return {
    clientFor,
    domainOfHost: (host) => domainOfHost(clientFor, regionOfDomain, host),
    domainOfPool: (poolId) => domainOfPool(clientFor, poolId),
    appClient: (poolId, clientId) => appClient(clientFor(regionOf(poolId)), poolId, clientId),
    user: (poolId, username) => user(clientFor(regionOf(poolId)), poolId, username),
  }
}

type ClientFor = Pools['clientFor']

async function describeDomain(clientFor: ClientFor, region: string, domain: string): Promise<LoginDomain | undefined> {
  const answer = await clientFor(region).send(new DescribeUserPoolDomainCommand({ Domain: domain }))
  const poolId = answer.DomainDescription?.UserPoolId
  return poolId === undefined ? undefined : { region, poolId }
}

/** A prefix domain names its region; a custom one, with or without the edge's port, is looked for in all. */
async function domainOfHost(
  clientFor: ClientFor,
  regionOfDomain: Map<string, string>,
  hostHeader: string,
): Promise<LoginDomain | undefined> {
  const host = hostHeader.toLowerCase()
  const name = host.replace(/:\d+$/, '')
  if (!/^[a-z0-9.-]+$/.test(name)) return undefined
  const [, prefix, prefixRegion] = /^([a-z0-9-]+)\.auth\.([a-z0-9-]+)\.amazoncognito\.com$/.exec(name) ?? []
  if (prefix !== undefined && prefixRegion !== undefined) {
    return REGIONS.includes(prefixRegion) ? describeDomain(clientFor, prefixRegion, prefix) : undefined
  }
  const known = regionOfDomain.get(host)
  const regions = known === undefined ? REGIONS : [known]
  const spellings = host === name ? [host] : [host, name]
  const found = await Promise.all(
    spellings.flatMap((domain) => regions.map((region) => describeDomain(clientFor, region, domain))),
  )
  const domain = found.find((each) => each !== undefined)
  if (domain !== undefined) regionOfDomain.set(host, domain.region)
  else regionOfDomain.delete(host)
  return domain
}

async function domainOfPool(clientFor: ClientFor, poolId: string): Promise<string | null | undefined> {
  if (!/^[a-z0-9-]+_[A-Za-z0-9]+$/.test(poolId) || !REGIONS.includes(regionOf(poolId))) return null
  const command = new DescribeUserPoolCommand({ UserPoolId: poolId })
  const answer = await clientFor(regionOf(poolId)).send(command).catch(nothingIf('ResourceNotFoundException'))
  if (answer === undefined) return null
  return answer.UserPool?.CustomDomain ?? answer.UserPool?.Domain
}

async function appClient(
  client: CognitoIdentityProviderClient,
  poolId: string,
  clientId: string,
): Promise<AppClient | undefined> {
  if (!/^\w{1,128}$/.test(clientId)) return undefined
  const command = new DescribeUserPoolClientCommand({ UserPoolId: poolId, ClientId: clientId })
  const answer = await client.send(command).catch(nothingIf('ResourceNotFoundException'))
  return answer?.UserPoolClient === undefined ? undefined : { ...answer.UserPoolClient, ClientId: clientId }
}

async function user(
  client: CognitoIdentityProviderClient,
  poolId: string,
  username: string,
): Promise<User | undefined> {
  const ids = { UserPoolId: poolId, Username: username }
  const answer = await client.send(new AdminGetUserCommand(ids)).catch(nothingIf('UserNotFoundException'))
  if (answer === undefined) return undefined
  const attributes = Object.fromEntries(
    (answer.UserAttributes ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? ''] as const),
  )
  const groups = await client.send(new AdminListGroupsForUserCommand(ids))
  const ordered = [...(groups.Groups ?? [])].sort(
    (a, b) =>
      (a.Precedence ?? Number.MAX_SAFE_INTEGER) - (b.Precedence ?? Number.MAX_SAFE_INTEGER) ||
      (a.GroupName ?? '').localeCompare(b.GroupName ?? ''),
  )
  return {
    username: answer.Username ?? username,
    sub: attributes.sub ?? '',
    status: answer.UserStatus ?? '',
    enabled: answer.Enabled ?? false,
    attributes,
    groups: ordered.map(({ GroupName }) => GroupName ?? ''),
    roles: [...new Set(ordered.flatMap(({ RoleArn }) => RoleArn ?? []))],
    preferredRole: ordered[0]?.RoleArn,
  }
}

/** Turns one kind of error into undefined. */
function nothingIf(name: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && error.name === name) return undefined
    throw error
  }
}
