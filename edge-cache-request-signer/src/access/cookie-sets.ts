/**
 * Which cookie sets a browser is given at once. A browser sends every set whose Path fits, and which of two CloudFront
 * takes is documented nowhere: so the Paths of a person's sets never overlap, and each request carries one set at most.
 *
 * A policy for a path is opened by key: exclusive subtrees trust their own key alone, all other signed behaviours trust
 * the main key and every exclusive one. Whoever holds `/*` and the exclusive `/finance/*` is therefore given one set for
 * `/*`, signed with the key of finance, if that opens nothing else (docs/access-rules.md, Exclusive subtrees).
 */
import { contains, covers, mayLieInside } from '../paths.js'
import { Refusal } from '../refusals/refusal.js'
import type { AccessRules, Grant } from './grants.js'

/**
 * What all cookies of the grants may take of a response, in bytes: of the 40 KB that CloudFront lets a function send
 * (Quotas on Lambda@Edge), less what a session needs. That is some 20 sets, 80 of the 180 cookies of a site that
 * browsers keep.
 */
const BUDGET = 30_000

/**
 * The sets for what a person holds, with disjoint Paths, sorted. Each is valid for its whole path with its key.
 *
 * Where one set cannot serve all that is held, `wanted`, a path that the person asks for, decides which part is served
 * now; asking for another part changes the sets. Without it the broader path goes before the exclusive ones inside.
 *
 * @throws Refusal `grants_too_many` when the sets are more than a browser can be relied on to keep.
 */
export function cookieSets(held: readonly Grant[], rules: AccessRules, wanted?: string): readonly Grant[] {
  const isInside = (one: Grant, other: Grant) => one !== other && contains(other.path, one.path)
  const outermost = held.filter((grant) => !held.some((other) => isInside(grant, other)))
  const sets = outermost.flatMap((outer) => {
    const inner = held.filter((grant) => isInside(grant, outer))
    return inner.length === 0 ? [outer] : setsWithin(outer, inner, rules, wanted)
  })
  if (sizeOf(sets) > BUDGET) throw new Refusal('grants_too_many')
  return sets
}

/**
 * The paths whose sets a browser may still hold from before and must not send along with the new ones: what was
 * `formerly` given, and `/*` always, less the paths of `sets`. Where they are too many for the response, those are kept
 * whose Paths overlap with a new one.
 */
export function outdatedPaths(sets: readonly Grant[], formerly: readonly string[]): readonly string[] {
  const outdated = new Set(['/*', ...formerly])
  for (const { path } of sets) outdated.delete(path)
  const overlaps = (path: string) => sets.some((set) => contains(set.path, path) || contains(path, set.path))
  let rest = BUDGET - sizeOf(sets)
  return [...outdated]
    .sort((a, b) => Number(overlaps(b)) - Number(overlaps(a)))
    .filter((path) => {
      rest -= 4 * (path.length + 110)
      return rest >= 0
    })
}

/** At most so many bytes, if neither host nor domain is unusually long: the path is in four attributes and a policy. */
function sizeOf(sets: readonly Grant[]): number {
  return sets.map(({ path }) => 1_200 + 6 * path.length).reduce((a, b) => a + b, 0)
}

/** The sets in place of a broader grant and the exclusive ones inside it. */
function setsWithin(outer: Grant, inner: readonly Grant[], rules: AccessRules, wanted?: string): readonly Grant[] {
  const isWanted = ({ path }: Grant) => wanted !== undefined && covers(path, wanted)
  const opening = inner.filter(({ signingKey }) => opensNothingElse(outer, signingKey, inner, rules))
  const first = inner.find(isWanted)
  // Nothing but the exclusive sets opens what is wanted, and the broader set would be sent along with them.
  if (first !== undefined && !opening.includes(first)) return inner
  const signing = first ?? opening[0]
  return [signing === undefined ? outer : { path: outer.path, signingKey: signing.signingKey }]
}

/** Whether a policy for the broader path, signed with an exclusive key, opens no subtree of that key that is not held. */
function opensNothingElse(
  outer: Grant,
  signingKey: string | undefined,
  inner: readonly Grant[],
  { grants }: AccessRules,
): boolean {
  const opened = grants.flatMap((rule) => (rule.signingKey === signingKey ? rule.paths : []))
  return opened
    .filter((pattern) => mayLieInside(pattern, outer.path))
    .every((pattern) => inner.some((grant) => grant.signingKey === signingKey && contains(grant.path, pattern)))
}
