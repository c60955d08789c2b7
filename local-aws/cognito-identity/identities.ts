/**
 * Identities of identity pools: the same login has the same identity, whenever it comes.
 */
import { randomUUID } from 'node:crypto'

/** How the tokens of one app client become a role. */
export interface RoleMapping {
  readonly Type?: string
  readonly AmbiguousRoleResolution?: string
}

/** The roles of a pool, as SetIdentityPoolRoles was given them; mappings by `<provider>:<client id>`. */
export interface PoolRoles {
  readonly Roles: Readonly<Record<string, string>>
  readonly RoleMappings?: Readonly<Record<string, RoleMapping>>
}

/** What is remembered of identity pools. */
export interface Identities {
  /** By pool id. */
  readonly roles: Map<string, PoolRoles>
  /** The pool of an identity. */
  readonly pools: Map<string, string>
  /** Identities by pool, provider and subject. */
  readonly byLogin: Map<string, string>
}

/** Somebody whom an identity provider vouches for. */
export interface Login {
  /** For example `cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123`. */
  readonly provider: string
  readonly subject: string
  /** The app client that the token was issued to. */
  readonly audience: string
  /** `cognito:preferred_role`: the role of the user's first group. */
  readonly preferredRole: string | undefined
}

/** Nothing remembered yet. */
export function createIdentities(): Identities {
  return { roles: new Map(), pools: new Map(), byLogin: new Map() }
}

/** The identity of a login in a pool: known or new. */
export function identityOf(
  { pools, byLogin }: Identities,
  region: string,
  poolId: string,
  [first]: readonly Login[],
): string {
  const key = first === undefined ? undefined : `${poolId} ${first.provider} ${first.subject}`
  const known = key === undefined ? undefined : byLogin.get(key)
  if (known !== undefined) return known
  const identityId = `${region}:${randomUUID()}`
  pools.set(identityId, poolId)
  if (key !== undefined) byLogin.set(key, identityId)
  return identityId
}

/** Reads the logins of a request: a token for each provider. @returns a sentence for a token that is not acceptable. */
export function readLogins(logins: unknown, nowMs: number): readonly Login[] | string {
  if (typeof logins !== 'object' || logins === null) return []
  const read: Login[] = []
  for (const [provider, token] of Object.entries(logins)) {
    const claims = claimsOf(String(token))
    if (claims?.iss !== `https://${provider}` || typeof claims.sub !== 'string') {
      return 'Invalid login token. Not a valid OpenId Connect identity token.'
    }
    if (typeof claims.exp !== 'number' || claims.exp * 1000 <= nowMs) return 'Invalid login token. Token expired.'
    const role = claims['cognito:preferred_role']
    const preferredRole = typeof role === 'string' ? role : undefined
    read.push({ provider, subject: claims.sub, audience: String(claims.aud), preferredRole })
  }
  return read
}

function claimsOf(token: string): Record<string, unknown> | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    return typeof claims === 'object' && claims !== null ? { ...claims } : undefined
  } catch {
    return undefined
  }
}
