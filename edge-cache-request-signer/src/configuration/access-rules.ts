/** What the rules of a configuration must not say, because no cookies could mean it (docs/access-rules.md). */
import { cookiePath, exclusiveKey, mayLieInside, type PlacedRules } from '../paths.js'

// Whoever resolves `%2e%2e` comes to another directory.
const DOTS = /\/(?:\.|%2e){1,2}\//i

/** One sentence for each kind of fault in the rules; none when they can be kept. Terraform says the same of its variables. */
export function ruleProblems({ grants }: PlacedRules): readonly string[] {
  const placed = grants.flatMap(({ paths, signingKey }) => paths.map((path) => ({ path, signingKey })))
  const exclusive = placed.filter(({ signingKey }) => signingKey !== undefined)
  const meets = (one: string, other: string) => mayLieInside(one, other) || mayLieInside(other, one)
  const rules: readonly (readonly [boolean, string])[] = [
    [placed.some(({ path }) => DOTS.test(path)), 'grants must have no path with a segment of dots, encoded or not'],
    // The path pattern of its behaviour has a star instead, and CloudFront's star does not end at a slash.
    [
      exclusive.some(({ path }) => /\}\/[^*]/.test(path)),
      'grants must have no exclusive path that goes on after a claim',
    ],
    [
      placed.some(
        ({ path, signingKey }) => signingKey === undefined && exclusiveKey(cookiePath(path), { grants }) !== undefined,
      ),
      'grants must give nothing with the main key inside a subtree that another one gives exclusively',
    ],
    [
      exclusive.some((one) =>
        exclusive.some((other) => one.signingKey !== other.signingKey && meets(one.path, other.path)),
      ),
      'grants must have exclusive subtrees that do not overlap, unless they have the same key',
    ],
  ]
  return rules.flatMap(([broken, sentence]) => (broken ? [sentence] : []))
}
