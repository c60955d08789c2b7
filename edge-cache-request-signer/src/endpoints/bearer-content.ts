/** Content that is opened by a token on each request, and by no signature: the only requests that go on to the cache. */

import type { CloudFrontRequest, CloudFrontRequestEvent } from 'aws-lambda'
import { type AccessRules, type Grant, grantedTo, grantFor } from '../access/grants.js'
import type { Identity } from '../access/identity.js'
import type { Configuration } from '../configuration/configuration.js'
import type { Call } from '../context.js'
import type { ViewerRequest } from '../http/request.js'
import { covers, isPlainPath } from '../paths.js'
import { Refusal } from '../refusals/refusal.js'

/** What was granted to the identities of tokens that are remembered; their verifier lives as long as the rules. */
const granted = new WeakMap<Identity, readonly Grant[]>()

/** Whether a request is one to content that tokens open by themselves. All that is not named is refused. */
export function isBearerContent({ path }: ViewerRequest, configuration: Configuration): boolean {
  return !path.startsWith('/cookie/') && isBearerPath(path, configuration)
}

/** Whether content at this path is opened by tokens, and by no signature. */
export function isBearerPath(path: string, { bearerPaths = [] }: Configuration): boolean {
  return bearerPaths.some((pattern) => covers(pattern, path))
}

/**
 * The request of an event's record as it goes on to the cache: less the token, which would reach the origin, and which
 * would part the cache by persons where a cache policy looks at it.
 */
export function withoutAuthorization({
  cf: { request },
}: CloudFrontRequestEvent['Records'][number]): CloudFrontRequest {
  const { authorization: _, ...headers } = request.headers
  return { ...request, headers }
}

/**
 * Any request to content behind a bearer token (RFC 6750): the token is verified on each one, and its grants must open
 * the path. The request may then go on to the cache, which serves all who may see the object.
 *
 * Rejects with a Refusal: `path_malformed` for a path that an origin could read as another one, `path_beyond_token`, or
 * why the token is not good.
 */
export async function assertMayLoad({ request, settings }: Pick<Call, 'request' | 'settings'>): Promise<void> {
  const { configuration, verifyToken } = settings
  const identity = await verifyToken(bearerToken(request))
  const { subject } = identity
  if (!isPlainPath(request.path)) throw new Refusal('path_malformed', { subject })
  if (grantFor(grantsOf(identity, configuration), configuration, request.path) === undefined) {
    throw new Refusal('path_beyond_token', { subject })
  }
}

function grantsOf(identity: Identity, rules: AccessRules): readonly Grant[] {
  const known = granted.get(identity) ?? grantedTo(identity, rules)
  granted.set(identity, known)
  return known
}

/** Longer than any token of Cognito, shorter than what CloudFront lets through. */
const LONGEST = 8192

// RFC 6750: credentials = "Bearer" 1*SP b64token; schemes know no case (RFC 9110 section 11.1).
const CREDENTIALS = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i

/**
 * The bearer token of a request (RFC 6750 section 2.1). Tokens in the query string or the body are ignored: they end up
 * in logs.
 *
 * @throws Refusal `token_absent` without credentials, or with those of another scheme, as RFC 6750 section 3.1 has it;
 * `authorization_repeated`, `authorization_malformed` or `authorization_too_long` for what cannot be read.
 */
export function bearerToken(request: ViewerRequest): string {
  const values = request.header('authorization')
  if (values.length > 1) throw new Refusal('authorization_repeated')
  const value = values[0]?.trim() ?? ''
  if (!/^bearer(?![^ ,])/i.test(value)) throw new Refusal('token_absent')
  if (value.length > LONGEST) throw new Refusal('authorization_too_long')
  const token = CREDENTIALS.exec(value)?.[1]
  if (token === undefined) throw new Refusal('authorization_malformed')
  return token
}
