/**
 * `GET /oauth2/userInfo`: the attributes of who holds an access token with the scope `openid`.
 *
 * Page: "userInfo endpoint"; errors by RFC 6750 section 3.
 */
import { json, type LoginAnswer, type LoginRequest, type LoginWorld } from './login.js'
import { userClaims } from './tokens.js'

/** Answers for the bearer of an access token. */
export async function userInfo(world: LoginWorld, request: LoginRequest): Promise<LoginAnswer> {
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(request.authorization ?? '') ?? []
  const { poolId } = request.domain
  const claims = token === undefined ? undefined : await world.keys.verify(poolId, 'access', token)
  const isLive = typeof claims?.exp === 'number' && claims.exp * 1000 > world.clock()
  if (claims === undefined || !isLive || world.revoked.has(String(claims.origin_jti))) return refused('invalid_token')
  const scopes = String(claims.scope).split(' ')
  if (!scopes.includes('openid')) return refused('insufficient_scope')
  const client = await world.pools.appClient(poolId, String(claims.client_id))
  const user = await world.pools.user(poolId, String(claims.username))
  if (client === undefined || user?.enabled !== true) return refused('invalid_token')
  const attributes = Object.entries(userClaims(client, user, scopes)).map(([name, value]) => [name, String(value)])
  return json(200, { ...Object.fromEntries(attributes), username: user.username })
}

function refused(error: 'invalid_token' | 'insufficient_scope'): LoginAnswer {
  return json(error === 'invalid_token' ? 401 : 403, { error }, { 'www-authenticate': `Bearer error="${error}"` })
}
