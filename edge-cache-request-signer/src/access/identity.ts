/** A person as the rules see them. */
import type { OidcIssuer } from '../configuration/configuration.js'

/** What is known of a person: the claims of a verified token. */
export interface Identity {
  /** `sub`: the person, for as long as the issuer lives. */
  readonly subject: string
  /** `exp`, seconds since the epoch. */
  readonly expiresAt: number
  readonly claims: Readonly<Record<string, unknown>>
  /** The values of `scope`; none in an ID token. */
  readonly scopes: readonly string[]
}

/** The claim with the groups of a person. */
export function groupsClaim(oidc: OidcIssuer | undefined): string {
  return oidc?.groupsClaim ?? 'cognito:groups'
}

/** A claim by its name: `sub` and `email` are what was verified, all others as the token has them. */
export function claim(identity: Identity, name: string): unknown {
  if (name === 'sub') return identity.subject
  return name === 'email' ? verifiedEmail(identity) : ownClaim(identity, name)
}

/** A claim of exactly this name, as the token has it. */
export function ownClaim({ claims }: Identity, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}

/** The e-mail address in lower case, if the issuer verified it. Cognito's user info says so with a string. */
export function verifiedEmail(identity: Identity): string | undefined {
  const email = ownClaim(identity, 'email')
  const verified = ownClaim(identity, 'email_verified')
  if (typeof email !== 'string' || (verified !== true && verified !== 'true')) return undefined
  return /^[^@]+@[^@]+$/.test(email) ? lowerCase(email) : undefined
}

/** ASCII only: the Kelvin sign is no k, or somebody else's address would be this one's. */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** A claim as texts: one, or those of a list; numbers and truth values as JSON writes them. */
export function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => {
    if (typeof one === 'string') return [one]
    // JSON can write a number that is too large for any, and infinity is no text.
    return Number.isFinite(one) || typeof one === 'boolean' ? [JSON.stringify(one)] : []
  })
}
