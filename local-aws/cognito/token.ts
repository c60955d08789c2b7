/**
 * `POST /oauth2/token`: codes and refresh tokens for tokens.
 *
 * Rule: a code is good once, for its client, its redirect_uri and its PKCE verifier; a second use ends the tokens of the
 * first (RFC 6749 section 4.1.2). A refresh token is replaced where the client rotates them, and the old one stays good
 * for the grace period; the new one has the remaining lifetime. Pages: "Token endpoint", "Refresh tokens".
 */
import { createHash, randomUUID } from 'node:crypto'
import { authenticateClient, oauthError } from './client-authentication.js'
import {
  type CodeGrant,
  json,
  type LoginAnswer,
  type LoginRequest,
  type LoginWorld,
  type RefreshGrant,
} from './login.js'
import type { AppClient, User } from './pools.js'
import { issueTokens, validity } from './tokens.js'

/** Answers a token request. */
export async function token(world: LoginWorld, request: LoginRequest): Promise<LoginAnswer> {
  const { form } = request
  const repeated = [...form.keys()].some((name) => form.getAll(name).length > 1)
  if (!request.isForm || repeated) return oauthError('invalid_request')
  const client = await authenticateClient(world, request)
  if ('answer' in client) return client.answer
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return tradeCode(world, form, client)
    case 'refresh_token':
      return refresh(world, form, client)
    case null:
      return oauthError('invalid_request')
    default:
      return oauthError('unsupported_grant_type')
  }
}

async function tradeCode(world: LoginWorld, form: URLSearchParams, client: AppClient): Promise<LoginAnswer> {
  const code = form.get('code')
  const redirectUri = form.get('redirect_uri')
  if (code === null || redirectUri === null) return oauthError('invalid_request')
  const grant = world.codes.get(code)
  if (grant === undefined || grant.clientId !== client.ClientId) return oauthError('invalid_grant')
  if (grant.spentFor !== undefined) {
    world.revoked.add(grant.spentFor)
    return oauthError('invalid_grant')
  }
  const originJti = randomUUID()
  // Spent whatever comes of it: who guesses at the verifier has one guess.
  world.codes.put(code, { ...grant, spentFor: originJti })
  if (grant.redirectUri !== redirectUri || !isVerified(grant, form.get('code_verifier'))) {
    return oauthError('invalid_grant')
  }
  const user = await activeUser(world, grant)
  if (user === undefined) return oauthError('invalid_grant')
  const set = await issueTokens(world, client, user, { ...grant, originJti })
  const { poolId, username, authTime, clientId, scopes } = grant
  const refreshGrant = { poolId, username, authTime, clientId, scopes, originJti }
  const refreshToken = world.refreshTokens.keep(refreshGrant, validity(client).refresh * 1000)
  return json(200, { ...set, refresh_token: refreshToken })
}

/** PKCE (RFC 7636 section 4.6); a verifier for a code that was asked for without a challenge is refused too. */
function isVerified({ codeChallenge }: CodeGrant, verifier: string | null): boolean {
  if (codeChallenge === undefined || verifier === null) return codeChallenge === undefined && verifier === null
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false
  return createHash('sha256').update(verifier).digest('base64url') === codeChallenge
}

async function activeUser({ pools }: LoginWorld, grant: CodeGrant | RefreshGrant): Promise<User | undefined> {
  const user = await pools.user(grant.poolId, grant.username)
  return user?.enabled === true ? user : undefined
}

async function refresh(world: LoginWorld, form: URLSearchParams, client: AppClient): Promise<LoginAnswer> {
  const name = form.get('refresh_token')
  if (name === null) return oauthError('invalid_request')
  const grant = world.refreshTokens.get(name)
  if (grant === undefined || grant.clientId !== client.ClientId || world.revoked.has(grant.originJti)) {
    return oauthError('invalid_grant')
  }
  const user = await activeUser(world, grant)
  if (user === undefined) return oauthError('invalid_grant')
  const set = await issueTokens(world, client, user, grant)
  // Another request with the same token may have replaced it, or taken it back, while this one waited.
  const latest = world.refreshTokens.get(name)
  if (latest === undefined) return oauthError('invalid_grant')
  const next = rotate(world, client, name, latest)
  return json(200, next === undefined ? set : { ...set, refresh_token: next })
}

function rotate(
  { refreshTokens }: LoginWorld,
  client: AppClient,
  name: string,
  grant: RefreshGrant,
): string | undefined {
  const rotation = client.RefreshTokenRotation
  if (rotation?.Feature !== 'ENABLED') return undefined
  const remaining = refreshTokens.remaining(name)
  const grace = (rotation.RetryGracePeriodSeconds ?? 0) * 1000
  // A repeat within the grace period must not stretch it: an old token only ever loses time.
  const isOld = grant.replaced === true
  if (!isOld) refreshTokens.put(name, { ...grant, replaced: true, lifeMs: remaining }, Math.min(grace, remaining))
  const { replaced: _replaced, lifeMs, ...fresh } = grant
  return refreshTokens.keep(fresh, isOld ? (lifeMs ?? remaining) : remaining)
}
