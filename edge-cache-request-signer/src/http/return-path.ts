/**
 * Where a person is sent back to after signing in: a path on this host, whatever the link said. Browsers read more
 * spellings of another host than any list has, so the path is read as they read it (URL Standard), nothing is repaired,
 * and what goes out stands behind our own scheme and host.
 */
import type { ViewerRequest } from './request.js'

/** It travels in a sealed cookie, as JSON, and a cookie has 4096 bytes. */
const LONGEST = 2000

// Tab and line breaks vanish when a browser reads a URL; no control character belongs into a header.
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/

// Characters that a browser would encode in any part of a URL, and that a header should not carry.
const TO_BE_ENCODED = /[ "<>]|\P{ASCII}+/gu

// An empty first segment, however it is written: servers that decode and redirect would make a host of the second.
const NO_FIRST_SEGMENT = /^\/(?:[/\\]|%2f|%5c)/i

// The function's own paths would lead in circles, and so would the page that sends people to it.
const OWN = /^\/(?:cookie|\.sign-in)(?:\/|%2[fF]|$)/

// With one of these CloudFront takes the URL for a signed one and looks at no cookie (CloudFront Developer Guide, Decide to
// use signed URLs or signed cookies): a link that has expired would be refused to whoever signs in for it, again and again.
const OF_SIGNED_URL = /^(?:Expires|Hash-Algorithm|Key-Pair-Id|Policy|Signature)(?:=|$)/

/**
 * The path, query string and fragment of `value`, byte for byte, if it is such a path and no more; characters outside
 * of ASCII are percent-encoded, as a browser would, and what makes a signed URL is left out. With more than 2,000
 * characters it is the path alone: rather the page without its query than another page. `undefined` for everything else:
 * other hosts in every spelling, URLs with a scheme, this host's own sign-in, a path that is too long by itself.
 */
export function returnPath(value: string | undefined, host: string): string | undefined {
  if (value === undefined || !value.startsWith('/') || CONTROL.test(value)) return undefined
  const path = fitting(value)
  if (path === undefined) return undefined
  const plain = plainPath(path)
  return !plain.includes('\\') && leadsToContent(path, host) ? unsigned(path) : undefined
}

/** An address of this function that knows where to go on to. */
export function withNext(address: string, next: string | undefined): string {
  if (next === undefined) return address
  return `${address}${address.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}`
}

/** The path as it can be kept, encoded: whole, or without query and fragment; undefined where it cannot. */
function fitting(value: string): string | undefined {
  const kept = value.length > LONGEST ? plainPath(value) : value
  const path = kept.length > LONGEST ? undefined : encoded(kept)
  return path === undefined ? undefined : [path, plainPath(path)].find(isKeepable)
}

function isKeepable(path: string): boolean {
  return JSON.stringify(path).length <= LONGEST + 2
}

/** A path without its query and fragment. */
export function plainPath(path: string): string {
  return path.replace(/[?#].*/s, '')
}

/** The path without the parameters of a signed URL; all else stays as it is. */
function unsigned(path: string): string {
  return path.replace(/^([^?#]*)\?([^#]*)/, (_, plain: string, query: string) => {
    const kept = query.split('&').filter((parameter) => !OF_SIGNED_URL.test(parameter))
    return kept.length === 0 ? plain : `${plain}?${kept.join('&')}`
  })
}

/**
 * Where the link was that a person followed, if it was on this host: for browsers without scripts, whose link cannot
 * name the page. It has no fragment.
 */
export function returnPathOfReferer(request: ViewerRequest): string | undefined {
  const referers = request.header('referer')
  const origin = `https://${request.host}`
  const referer = referers.length === 1 ? referers[0] : undefined
  return referer?.startsWith(`${origin}/`) ? returnPath(referer.slice(origin.length), request.host) : undefined
}

/** The absolute URL of a path on this host, for Location. */
export function locationOf(path: string, host: string): string {
  return `https://${host}${path}`
}

/** `undefined` for half a surrogate pair, which has no encoding. */
function encoded(value: string): string | undefined {
  try {
    return value.replace(TO_BE_ENCODED, encodeURIComponent)
  } catch {
    return undefined
  }
}

/** Whether a browser that is sent there stays on this host and arrives at something else than this function. */
function leadsToContent(path: string, host: string): boolean {
  // As a browser reads it after our host, and as one would that took it for relative.
  const [absolute, relative] = [parsed(locationOf(path, host)), parsed(path, `https://${host}/`)]
  if (absolute === undefined || absolute.href !== relative?.href) return false
  if (absolute.origin !== parsed(`https://${host}`)?.origin || absolute.username !== '') return false
  return !NO_FIRST_SEGMENT.test(absolute.pathname) && !OWN.test(unreservedDecoded(absolute.pathname))
}

function parsed(url: string, base?: string): URL | undefined {
  return URL.canParse(url, base) ? new URL(url, base) : undefined
}

/** CloudFront compares paths after normalising them: letters may be written as %63 (RFC 3986 section 6.2.2.2). */
function unreservedDecoded(path: string): string {
  return path.replace(/%(?:2[de]|3\d|[46][1-9a-f]|[57][0-9a]|5f|7e)/gi, decodeURIComponent)
}
