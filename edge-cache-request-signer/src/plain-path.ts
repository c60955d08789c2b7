/**
 * Paths that mean the same to everybody on the way: CloudFront normalises a path to choose the behaviour (RFC 3986) and
 * sends it to the origin as it came, and an origin may decode and resolve it once more.
 */

// pchar of RFC 3986 section 3.3 and the slash.
const CHARACTERS = /^\/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$/

// What is encoded needlessly and would be decoded: unreserved characters (section 6.2.2.2).
const NEEDLESS = /%(?:2[de]|3\d|[46][1-9a-f]|[57][0-9a]|5f|7e)/i

// A slash or a backslash that is hidden, a NUL, and whatever is encoded twice.
const HIDDEN = /%(?:2f|5c|00|25)/i

// Also before what an origin may take off the end of a segment: a path parameter, a space, a control character.
const DOTS = /\/\.{1,2}(?:[/;]|%(?:[01][0-9a-f]|20|3b|7f)|$)/i

/**
 * Whether a path without query string can be compared with grants: no part is empty but the last, `.` or `..`, nothing is
 * encoded that need not be, and no separator is hidden.
 */
export function isPlainPath(path: string): boolean {
  return CHARACTERS.test(path) && !NEEDLESS.test(path) && !HIDDEN.test(path) && !DOTS.test(path) && !path.includes('//')
}
