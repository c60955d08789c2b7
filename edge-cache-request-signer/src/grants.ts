/**
 * Who may see what: rules and claims -> paths. Rules are grants, a person's access is their union, and what no rule
 * gives is refused (docs/access-rules.md).
 */
import type { Configuration, GrantRule } from './configuration.js'

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

/** A directory that a person may load, with all below it. */
export interface Grant {
  /** `/*` or `/a/b/*`, without any other wildcard. */
  readonly path: string
  /** The exclusive key that must sign for it; absent for the main key. */
  readonly signingKey?: string | undefined
}

/** The part of the configuration that says who may see what. */
export type AccessRules = Pick<Configuration, 'grants' | 'oidc'>

/**
 * What a person may load: sorted, and no path inside another of the same key. Empty: this person may not enter.
 *
 * A path of the main key inside an exclusive subtree is left out, because CloudFront would refuse its cookies there.
 */
export function grantedTo(identity: Identity, rules: AccessRules): readonly Grant[] {
  const given = rules.grants.filter((rule) => appliesTo(rule, identity, groupsClaim(rules.oidc)))
  const grants = given.flatMap((rule) => grantsOf(rule, identity))
  return absorbed(grants.filter(({ path, signingKey }) => signingKey === exclusiveKey(cookiePath(path), rules)))
}

/**
 * The paths that the rules could ever give to this person, whatever the conditions say: where a browser may hold
 * cookies that were given before a rule, a group or a claim changed. Without an identity those without a claim in them.
 */
export function possiblePaths(identity: Identity | undefined, { grants }: AccessRules): readonly string[] {
  const paths = grants.flatMap((rule) => rule.paths.flatMap((path) => filledIn(path, identity) ?? []))
  return [...new Set(paths)].sort()
}

/**
 * The grant that opens a path of this host, which may carry a query string; none if nothing does. Inside an exclusive
 * subtree only a grant of its key counts.
 */
export function grantFor(held: readonly Grant[], rules: Pick<AccessRules, 'grants'>, path: string): Grant | undefined {
  const key = exclusiveKey(path.replace(/\?.*$/s, ''), rules)
  return held.find((grant) => grant.signingKey === key && covers(grant.path, path))
}

/** The grant of a path that is known to have been granted, as a session remembers it. */
export function grantOfPath(path: string, rules: Pick<AccessRules, 'grants'>): Grant {
  const signingKey = exclusiveKey(cookiePath(path), rules)
  return signingKey === undefined ? { path } : { path, signingKey }
}

/**
 * The `Path` of the cookies for a granted path: its directory, with the slash at its end, so that the cookies go to
 * exactly what the grant covers and to no sibling whose name begins alike (RFC 6265 section 5.1.4).
 */
export function cookiePath(path: string): string {
  return path.slice(0, -1)
}

/** Whether everything that `inner` covers is covered by `outer`; both end with `/*`. */
export function contains(outer: string, inner: string): boolean {
  return inner.startsWith(cookiePath(outer))
}

/** Whether a path of the rules may lie inside another one, or be the same, for some value of the claims in both. */
export function mayLieInside(inner: string, outer: string): boolean {
  const segments = cookiePath(inner).split('/')
  const above = cookiePath(outer).split('/').slice(0, -1)
  return above.every((segment, index) => {
    const other = segments[index] ?? ''
    return segment === other || (other !== '' && (segment.includes('{') || other.includes('{')))
  })
}

/**
 * Whether a policy for `pattern` lets a path pass. `*` stands for any characters and `?` for exactly one, the slash
 * included; a query string needs a `*` at the end (CloudFront Developer Guide, Create a signed URL using a custom
 * policy, Resource). Nothing is decoded.
 */
export function covers(pattern: string, path: string): boolean {
  const question = path.indexOf('?')
  if (question >= 0 && !pattern.endsWith('*')) return false
  return matches(pattern, question < 0 ? path : path.slice(0, question))
}

/** Goes back to the last `*` only, so that no pattern takes more than the product of both lengths. */
function matches(pattern: string, text: string): boolean {
  let [at, star, retry] = [0, -1, 0]
  for (let index = 0; index < text.length; ) {
    if (pattern[at] === '*') {
      star = at
      retry = index
      at += 1
    } else if (pattern[at] === '?' || (pattern[at] !== undefined && pattern[at] === text[index])) {
      at += 1
      index += 1
    } else if (star >= 0) {
      at = star + 1
      retry += 1
      index = retry
    } else {
      return false
    }
  }
  return /^\**$/.test(pattern.slice(at))
}

/** The claim with the groups of a person. */
export function groupsClaim(oidc: AccessRules['oidc']): string {
  return oidc?.groupsClaim ?? 'cognito:groups'
}

/** Whether all conditions of a rule hold. A condition without values holds for nobody. */
function appliesTo(rule: GrantRule, identity: Identity, groupsName: string): boolean {
  const { groups, scopes, emails, emailDomains, claims } = rule
  const email = verifiedEmail(identity)
  const isAny = (wanted: readonly string[] | undefined, had: () => readonly string[]) =>
    wanted === undefined || had().some((value) => wanted.includes(value))
  const isAnyOf = (wanted: readonly string[] | undefined, value: string | undefined) =>
    wanted === undefined || (value !== undefined && wanted.some((one) => lowerCase(one) === value))
  return (
    isAny(groups, () => textsOf(ownClaim(identity, groupsName))) &&
    isAny(scopes, () => identity.scopes) &&
    isAnyOf(emails, email) &&
    isAnyOf(emailDomains, email?.slice(email.indexOf('@') + 1)) &&
    (claims === undefined || hasClaims(claims, identity))
  )
}

function hasClaims(wanted: NonNullable<GrantRule['claims']>, identity: Identity): boolean {
  const conditions = Object.entries(wanted)
  return (
    conditions.length > 0 &&
    conditions.every(([name, values]) => textsOf(claim(identity, name)).some((text) => values.includes(text)))
  )
}

function grantsOf({ paths, signingKey }: GrantRule, identity: Identity): readonly Grant[] {
  const given = paths.flatMap((path) => filledIn(path, identity) ?? [])
  return given.map((path) => (signingKey === undefined ? { path } : { path, signingKey }))
}

/** Sorted by directory, so that a broader one comes before all that it holds. */
function absorbed(grants: readonly Grant[]): readonly Grant[] {
  const kept: Grant[] = []
  for (const grant of [...grants].sort((a, b) => byDirectory(a.path, b.path))) {
    const isHeld = kept.some((other) => other.signingKey === grant.signingKey && contains(other.path, grant.path))
    if (!isHeld) kept.push(grant)
  }
  return kept
}

/** The order of granted paths: a directory before all that lies in it. For `sort`. */
export function byDirectory(one: string, other: string): number {
  const [a, b] = [cookiePath(one), cookiePath(other)]
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The key of the exclusive subtree that a path lies in, whoever's it is; none where the main key opens. */
export function exclusiveKey(path: string, { grants }: Pick<AccessRules, 'grants'>): string | undefined {
  const isIn = (pattern: string) => covers(pattern.replace(/\{[^}]*\}/g, '*'), path)
  return grants.find(({ signingKey, paths }) => signingKey !== undefined && paths.some(isIn))?.signingKey
}

const TEMPLATE = /^\{([^{}]+)\}$/

/** The path with claims in place of their names, or undefined when a claim is missing or not fit for a path. */
function filledIn(path: string, identity: Identity | undefined): string | undefined {
  const segments = path.split('/').map((segment) => {
    const name = TEMPLATE.exec(segment)?.[1]
    if (name !== undefined) return identity === undefined ? undefined : segmentOf(claim(identity, name))
    return /[{}]/.test(segment) ? undefined : segment
  })
  const text = segments.join('/')
  return segments.includes(undefined) || text.length > LONGEST_PATH ? undefined : text
}

/** Browsers ignore an attribute of more bytes, and the cookie would be one for another path (draft RFC 6265bis section 5.6). */
const LONGEST_PATH = 1024

/** The longest segment, in characters of its encoded form. */
const LONGEST_SEGMENT = 128
// Letters, digits and punctuation that no server takes for a separator, a wildcard, an encoding or a space to trim.
const FIT = /^(?! )[\p{L}\p{M}\p{N}._~@+|:,=!$&'() -]+(?<! )$/u

/**
 * A claim as one segment of a path, or undefined when it could mean anything else to any server: `..`, a separator, a
 * wildcard, what is encoded already, or a character that some servers fold into another one (Unicode NFKC). What is
 * not unreserved in RFC 3986 section 2.3 is percent-encoded.
 */
function segmentOf(value: unknown): string | undefined {
  const text = Array.isArray(value) || typeof value === 'boolean' ? undefined : textsOf(value)[0]
  if (text === undefined || !FIT.test(text)) return undefined
  if (text === '.' || text.includes('..') || text !== text.normalize('NFKC')) return undefined
  const encoded = encodeURIComponent(text).replace(/[!'()]/g, (character) => `%${hexadecimal(character)}`)
  return encoded.length > LONGEST_SEGMENT ? undefined : encoded
}

function hexadecimal(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase()
}

/** A claim by its name: `sub` and `email` are what was verified, all others as the token has them. */
function claim(identity: Identity, name: string): unknown {
  if (name === 'sub') return identity.subject
  return name === 'email' ? verifiedEmail(identity) : ownClaim(identity, name)
}

function ownClaim({ claims }: Identity, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}

/** The e-mail address in lower case, if the issuer verified it. Cognito's user info says so with a string. */
function verifiedEmail(identity: Identity): string | undefined {
  const email = ownClaim(identity, 'email')
  const verified = ownClaim(identity, 'email_verified')
  if (typeof email !== 'string' || (verified !== true && verified !== 'true')) return undefined
  return /^[^@]+@[^@]+$/.test(email) ? lowerCase(email) : undefined
}

/** ASCII only: the Kelvin sign is no k, or somebody else's address would be this one's. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** A claim as texts: one, or those of a list; numbers and truth values as JSON writes them. */
function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => {
    if (typeof one === 'string') return [one]
    // JSON can write a number that is too large for any, and infinity is no text.
    return Number.isFinite(one) || typeof one === 'boolean' ? [JSON.stringify(one)] : []
  })
}
