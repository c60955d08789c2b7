/**
 * Who may see what: rules and claims -> paths. Rules are grants, a person's access is their union, and what no rule
 * gives is refused (docs/access-rules.md).
 */
import type { Configuration, GrantRule } from '../configuration/configuration.js'
import { byDirectory, contains, cookiePath, covers, exclusiveKey } from '../paths.js'
import { claim, groupsClaim, type Identity, lowerCase, ownClaim, textsOf, verifiedEmail } from './identity.js'
import { filledIn } from './path-templates.js'

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
  const key = exclusiveKey(path, rules)
  return held.find((grant) => grant.signingKey === key && covers(grant.path, path))
}

/** The grant of a path that is known to have been granted, as a session remembers it. */
export function grantOfPath(path: string, rules: Pick<AccessRules, 'grants'>): Grant {
  const signingKey = exclusiveKey(cookiePath(path), rules)
  return signingKey === undefined ? { path } : { path, signingKey }
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
