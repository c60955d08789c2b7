/**
 * The tokens of a user pool: claims as Cognito writes them.
 *
 * Pages: "Understanding the access token", "Understanding the ID token", "Refresh tokens". Times are seconds.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { LoginSession, LoginWorld } from './login.js'
import { type AppClient, regionOf, type User } from './pools.js'

/** What tokens are made for. */
export interface TokenGrant extends LoginSession {
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly originJti: string
  readonly nonce?: string | undefined
}

/** The members of a token response that every grant has (RFC 6749 section 5.1). */
export interface TokenSet {
  readonly access_token: string
  /** Only with the scope `openid`. */
  readonly id_token?: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 }

/** How long a client's tokens live, in seconds: its settings, or Cognito's defaults (an hour; 30 days for refresh). */
export function validity(client: AppClient): {
  readonly access: number
  readonly id: number
  readonly refresh: number
} {
  const units = client.TokenValidityUnits
  const seconds = (value: number | undefined, unit: string, fallback: number) =>
    value === undefined || value === 0 ? fallback : value * (UNIT_SECONDS[unit] ?? 1)
  return {
    access: seconds(client.AccessTokenValidity, units?.AccessToken ?? 'hours', 3600),
    id: seconds(client.IdTokenValidity, units?.IdToken ?? 'hours', 3600),
    refresh: seconds(client.RefreshTokenValidity, units?.RefreshToken ?? 'days', 30 * 86_400),
  }
}

/** The issuer of a pool's tokens. */
export function issuerOf(poolId: string): string {
  return `https://cognito-idp.${regionOf(poolId)}.amazonaws.com/${poolId}`
}

/** Makes an access token, and an ID token with the scope `openid`. */
export async function issueTokens(
  { keys, clock }: Pick<LoginWorld, 'keys' | 'clock'>,
  client: AppClient,
  user: User,
  grant: TokenGrant,
): Promise<TokenSet> {
  const { access, id } = validity(client)
  const iat = Math.floor(clock() / 1000)
  const both = {
    sub: user.sub,
    ...(user.groups.length === 0 ? {} : { 'cognito:groups': user.groups }),
    iss: issuerOf(grant.poolId),
    origin_jti: grant.originJti,
    event_id: randomUUID(),
    auth_time: grant.authTime,
    iat,
  }
  const accessToken = await keys.sign(grant.poolId, 'access', {
    ...both,
    version: 2,
    client_id: grant.clientId,
    token_use: 'access',
    scope: grant.scopes.join(' '),
    exp: iat + access,
    jti: randomUUID(),
    username: user.username,
  })
  const set = { access_token: accessToken, token_type: 'Bearer', expires_in: access } as const
  if (!grant.scopes.includes('openid')) return set
  const idToken = await keys.sign(grant.poolId, 'id', {
    ...userClaims(client, user, grant.scopes),
    ...both,
    at_hash: createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url'),
    'cognito:username': user.username,
    ...(user.roles.length === 0 ? {} : { 'cognito:roles': user.roles }),
    ...(user.preferredRole === undefined ? {} : { 'cognito:preferred_role': user.preferredRole }),
    ...(grant.nonce === undefined ? {} : { nonce: grant.nonce }),
    aud: grant.clientId,
    token_use: 'id',
    exp: iat + id,
    jti: randomUUID(),
  })
  return { ...set, id_token: idToken }
}

const SCOPE_OF: Readonly<Record<string, string>> = {
  email: 'email',
  email_verified: 'email',
  phone_number: 'phone',
  phone_number_verified: 'phone',
}

/** The attributes that a client may read and that the scopes ask for; with `openid` alone, all that it may read. */
export function userClaims(client: AppClient, user: User, scopes: readonly string[]): Record<string, unknown> {
  const isOpen = !['email', 'phone', 'profile'].some((scope) => scopes.includes(scope))
  const readable = Object.entries(user.attributes).filter(([name]) => {
    if (name === 'sub') return true
    const may = client.ReadAttributes === undefined || client.ReadAttributes.includes(name)
    return may && (isOpen || scopes.includes(SCOPE_OF[name] ?? 'profile'))
  })
  return Object.fromEntries(
    readable.map(([name, value]) => [name, name.endsWith('_verified') ? value === 'true' : value]),
  )
}
