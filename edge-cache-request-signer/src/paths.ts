/** Directories of content, and what lies inside what: `/*` or `/a/b/*`, as rules name them and cookies cover them. */

/** The rules, as far as they say where paths lie: each gives its paths by one key, the main one if none is named. */
export interface PlacedRules {
  readonly grants: readonly { readonly paths: readonly string[]; readonly signingKey?: string | undefined }[]
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

/** The order of granted paths: a directory before all that lies in it. For `sort`. */
export function byDirectory(one: string, other: string): number {
  const [a, b] = [cookiePath(one), cookiePath(other)]
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The key of the exclusive subtree that a path lies in, whoever's it is; none where the main key opens. */
export function exclusiveKey(path: string, { grants }: PlacedRules): string | undefined {
  const isIn = (pattern: string) => covers(pattern.replace(/\{[^}]*\}/g, '*'), path)
  return grants.find(({ signingKey, paths }) => signingKey !== undefined && paths.some(isIn))?.signingKey
}

// pchar of RFC 3986 section 3.3 and the slash.
const CHARACTERS = /^\/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$/

// What is encoded needlessly and would be decoded: unreserved characters (section 6.2.2.2).
const NEEDLESS = /%(?:2[de]|3\d|[46][1-9a-f]|[57][0-9a]|5f|7e)/i

// A slash or a backslash that is hidden, a NUL, and whatever is encoded twice.
const HIDDEN = /%(?:2f|5c|00|25)/i

// Also before what an origin may take off the end of a segment: a path parameter, a space, a control character.
const DOTS = /\/\.{1,2}(?:[/;]|%(?:[01][0-9a-f]|20|3b|7f)|$)/i

/**
 * Whether a path without query string can be compared with grants: no segment except the last is empty, none is `.` or
 * `..`, nothing is encoded needlessly, and no separator is encoded. CloudFront normalizes a path to choose the behavior
 * (RFC 3986) but forwards it unchanged, and an origin may decode and resolve it once more.
 */
export function isPlainPath(path: string): boolean {
  return CHARACTERS.test(path) && !NEEDLESS.test(path) && !HIDDEN.test(path) && !DOTS.test(path) && !path.includes('//')
}

// Whoever resolves `%2e%2e` comes to another directory.
const ENCODED_DOTS = /\/(?:\.|%2e){1,2}\//i

/** One sentence for each kind of fault in the rules; none when they can be kept. Terraform says the same of its variables. */
export function ruleProblems({ grants }: PlacedRules): readonly string[] {
  const placed = grants.flatMap(({ paths, signingKey }) => paths.map((path) => ({ path, signingKey })))
  const exclusive = placed.filter(({ signingKey }) => signingKey !== undefined)
  const meets = (one: string, other: string) => mayLieInside(one, other) || mayLieInside(other, one)
  const rules: readonly (readonly [boolean, string])[] = [
    [
      placed.some(({ path }) => ENCODED_DOTS.test(path)),
      'grants must have no path with a segment of dots, encoded or not',
    ],
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
