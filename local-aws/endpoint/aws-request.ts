/**
 * A request to an AWS API: which service, Region and action it means, and who sends it.
 *
 * Sources: Signature Version 4, "Create a signed AWS API request" (credential scope); Cognito, "Resource permissions"
 * (requests that need no signature).
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** Where a request is addressed to. */
export interface Address {
  /** The name that the request is signed for, for example `secretsmanager`; empty if nothing tells it. */
  readonly service: string
  readonly region: string
  /** Undefined for a request that is not signed. */
  readonly accessKeyId: string | undefined
}

/** A request whose body has been read. */
export interface AwsRequest extends Address {
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The answer to a request. */
export interface AwsAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** A service of ours: answers a request, or leaves it to moto. */
export type AwsService = (request: AwsRequest) => Promise<AwsAnswer | undefined>

const serviceOfTarget: Readonly<Record<string, string>> = {
  AWSCognitoIdentityProviderService: 'cognito-idp',
  AWSCognitoIdentityService: 'cognito-identity',
  AmazonSSM: 'ssm',
  secretsmanager: 'secretsmanager',
}

/** Hosts that are called otherwise than the service is signed for. */
const serviceOfHost: Readonly<Record<string, string>> = { email: 'ses', monitoring: 'monitoring' }

const fallbackRegion = 'us-east-1'

/** Reads service, Region and key from the signature, else from the target header, else from the host. */
export function addressOf({ headers, url = '' }: Pick<IncomingMessage, 'headers' | 'url'>): Address {
  const credential = credentialIn(headers.authorization, url)
  const host = hostAddress(headers.host)
  const [accessKeyId, , region, service] = credential?.split('/') ?? []
  if (service !== undefined && region !== undefined) return { service: service.toLowerCase(), region, accessKeyId }
  const target = `${headers['x-amz-target'] ?? ''}`.split('.')[0] ?? ''
  return {
    service: host?.service ?? serviceOfTarget[target] ?? '',
    region: host?.region ?? fallbackRegion,
    accessKeyId: undefined,
  }
}

function credentialIn(authorization: string | undefined, url: string): string | undefined {
  const [, signed] = /^AWS4-HMAC-SHA256 .*?Credential=([^,\s]+)/.exec(authorization ?? '') ?? []
  if (signed !== undefined) return signed
  const query = url.includes('?') ? new URLSearchParams(url.slice(url.indexOf('?'))) : undefined
  return query?.get('X-Amz-Credential') ?? undefined
}

function hostAddress(host = ''): { service: string; region: string } | undefined {
  const labels = /^(.+)\.amazonaws\.com(?::\d+)?$/.exec(host.toLowerCase())?.[1]?.split('.')
  if (labels === undefined) return undefined
  const region = labels.find((label) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(label))
  const name = labels.filter((label) => label !== region).at(-1) ?? ''
  return { service: serviceOfHost[name] ?? name, region: region ?? fallbackRegion }
}

/** The action of a request in the JSON, query and RPC protocols; undefined for REST. */
export function actionOf({ headers, url, body }: Pick<AwsRequest, 'headers' | 'url' | 'body'>): string | undefined {
  const target = headers['x-amz-target']
  if (typeof target === 'string') return target.split('.').at(-1)
  const [, operation] = /\/operation\/([A-Za-z0-9]+)$/.exec(url) ?? []
  if (operation !== undefined) return operation
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) return undefined
  return new URLSearchParams(body.toString('utf8')).get('Action') ?? undefined
}

/** The JSON document of a request; an empty one where the body is no object. */
export function jsonOf({ body }: Pick<AwsRequest, 'body'>): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}')
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

/** An answer in the AWS JSON protocol. */
export function jsonAnswer(content: unknown, status = 200): AwsAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(content) }
}

/** An error in the AWS JSON protocol. Both spellings of the member are in use, and clients read either. */
export function jsonError(type: string, message: string, status = 400): AwsAnswer {
  const answer = jsonAnswer({ __type: type, message, Message: message }, status)
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': type } }
}
