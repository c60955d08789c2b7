/**
 * What moto's identity pools lack: the roles of a pool, and credentials that are worth what those roles allow.
 *
 * Sources: Cognito Federated Identities API Reference, SetIdentityPoolRoles, GetId, GetCredentialsForIdentity; Developer
 * Guide, "Role trust and permissions" and "Using role-based access control", of which the mapping by tokens is here and
 * the one by rules is not. What AWS says to somebody whose token names no role is not documented. The signature of a
 * login's token is not checked here; its issuer, audience and expiry are.
 */
import {
  type AwsAnswer,
  type AwsRequest,
  type AwsService,
  actionOf,
  jsonAnswer,
  jsonError,
  jsonOf,
} from '../endpoint/aws-request.js'
import { askMoto, ownRequest } from '../endpoint/forward.js'
import { allowsService } from '../iam/policy.js'
import type { Principals } from '../iam/principals.js'
import type { Roles } from '../iam/roles.js'
import { type Identities, identityOf, type Login, type PoolRoles, readLogins } from './identities.js'

const credentialLifetimeSeconds = 3600

/** What the service works on. */
export interface IdentityWorld {
  readonly moto: string
  readonly identities: Identities
  readonly principals: Pick<Principals, 'register'>
  readonly roles: Pick<Roles, 'trustPolicy'>
  readonly clock: () => number
}

interface Pool {
  readonly AllowUnauthenticatedIdentities?: boolean
  readonly CognitoIdentityProviders?: readonly { readonly ProviderName?: string; readonly ClientId?: string }[]
}

type Action = (world: IdentityWorld, request: AwsRequest) => Promise<AwsAnswer>

const actions: Readonly<Record<string, Action>> = {
  GetCredentialsForIdentity: getCredentials,
  GetId: getId,
  GetIdentityPoolRoles: getRoles,
  SetIdentityPoolRoles: setRoles,
}

/** Answers the four actions that are ours. */
export function createCognitoIdentityService(world: IdentityWorld): AwsService {
  return async (request) => {
    const name = actionOf(request) ?? ''
    return Object.hasOwn(actions, name) ? actions[name]?.(world, request) : undefined
  }
}

const notFound = (poolId: unknown) => jsonError('ResourceNotFoundException', `IdentityPool '${poolId}' not found.`)
const notAuthorized = (message: string) => jsonError('NotAuthorizedException', message)

async function setRoles(world: IdentityWorld, request: AwsRequest): Promise<AwsAnswer> {
  const { IdentityPoolId: poolId, Roles: roles = {}, RoleMappings: mappings } = jsonOf(request)
  if ((await findPool(world, poolId)) === undefined) return notFound(poolId)
  const RoleMappings = { ...(mappings as PoolRoles['RoleMappings']) }
  if (Object.values(RoleMappings).some(({ Type }) => Type !== 'Token')) {
    return jsonError('InvalidParameterException', 'This local AWS maps roles by tokens alone.')
  }
  world.identities.roles.set(String(poolId), { Roles: { ...(roles as Record<string, string>) }, RoleMappings })
  return jsonAnswer({})
}

async function getRoles(world: IdentityWorld, request: AwsRequest): Promise<AwsAnswer> {
  const { IdentityPoolId: poolId } = jsonOf(request)
  if ((await findPool(world, poolId)) === undefined) return notFound(poolId)
  return jsonAnswer({ IdentityPoolId: poolId, ...world.identities.roles.get(String(poolId)) })
}

async function getId(world: IdentityWorld, request: AwsRequest): Promise<AwsAnswer> {
  const { IdentityPoolId: poolId, Logins: logins } = jsonOf(request)
  const pool = await findPool(world, poolId)
  if (pool === undefined) return notFound(poolId)
  const read = readLogins(logins, world.clock())
  if (typeof read === 'string') return notAuthorized(read)
  const why = whyNot(pool, read)
  if (why !== undefined) return notAuthorized(why)
  return jsonAnswer({ IdentityId: identityOf(world.identities, regionOf(poolId), String(poolId), read) })
}

async function getCredentials(world: IdentityWorld, request: AwsRequest): Promise<AwsAnswer> {
  const { IdentityId: identityId, Logins: logins } = jsonOf(request)
  const poolId = world.identities.pools.get(String(identityId))
  const pool = await findPool(world, poolId)
  if (poolId === undefined || pool === undefined) {
    return jsonError('ResourceNotFoundException', `Identity '${identityId}' not found.`)
  }
  const read = readLogins(logins, world.clock())
  if (typeof read === 'string') return notAuthorized(read)
  const why = whyNot(pool, read)
  if (why !== undefined) return notAuthorized(why)
  if (read.length > 0 && identityOf(world.identities, regionOf(poolId), poolId, read) !== identityId) {
    return notAuthorized("Logins don't match. Please include at least one valid login for this identity.")
  }
  return credentials(world, poolId, String(identityId), read)
}

async function credentials(
  { identities, principals, roles, clock }: IdentityWorld,
  poolId: string,
  identityId: string,
  logins: readonly Login[],
): Promise<AwsAnswer> {
  const kind = logins.length > 0 ? 'authenticated' : 'unauthenticated'
  const roleArn = roleFor(identities.roles.get(poolId), logins)
  if (roleArn === null) return notAuthorized(`Access to Identity '${identityId}' is forbidden.`)
  const service = 'cognito-identity.amazonaws.com'
  const context = { [`${service}:aud`]: poolId, [`${service}:amr`]: kind, [`${service}:sub`]: identityId }
  const access = { action: 'sts:AssumeRoleWithWebIdentity', resource: '', context }
  if (roleArn === undefined || !allowsService(await roles.trustPolicy(roleArn), service, access)) {
    const message = 'Invalid identity pool configuration. Check assigned IAM roles for this pool.'
    return jsonError('InvalidIdentityPoolConfigurationException', message)
  }
  const { accessKeyId, secretAccessKey, sessionToken } = principals.register({
    roleArn,
    session: 'CognitoIdentityCredentials',
    context,
  })
  return jsonAnswer({
    IdentityId: identityId,
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: Math.floor(clock() / 1000) + credentialLifetimeSeconds,
    },
  })
}

/** The role for logins; undefined where the pool has none, null where a mapping denies it. */
function roleFor(pool: PoolRoles | undefined, [first]: readonly Login[]): string | null | undefined {
  if (first === undefined) return pool?.Roles.unauthenticated
  const mapping = pool?.RoleMappings?.[`${first.provider}:${first.audience}`]
  if (mapping === undefined) return pool?.Roles.authenticated
  if (first.preferredRole !== undefined) return first.preferredRole
  return mapping.AmbiguousRoleResolution === 'AuthenticatedRole' ? pool?.Roles.authenticated : null
}

function whyNot(
  { AllowUnauthenticatedIdentities: guests, CognitoIdentityProviders: providers = [] }: Pool,
  logins: readonly Login[],
): string | undefined {
  if (logins.length === 0 && guests !== true) return 'Unauthenticated access is not supported for this identity pool.'
  const foreign = logins.find(
    ({ provider, audience }) =>
      !providers.some(({ ProviderName: name, ClientId: client }) => name === provider && client === audience),
  )
  return foreign === undefined
    ? undefined
    : `Token is not from a supported provider of this identity pool: ${foreign.provider}.`
}

// Browsers ask without a signature, that is without a Region: ids begin with theirs.
async function findPool({ moto }: IdentityWorld, poolId: unknown): Promise<Pool | undefined> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'AWSCognitoIdentityService.DescribeIdentityPool',
  }
  const body = JSON.stringify({ IdentityPoolId: poolId })
  const answer = await askMoto(moto, ownRequest('cognito-identity', regionOf(poolId), { headers, body }))
  return answer.status === 200 ? (JSON.parse(answer.body.toString()) as Pool) : undefined
}

function regionOf(poolId: unknown): string {
  return String(poolId).split(':')[0] ?? ''
}
