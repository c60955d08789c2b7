/**
 * Matching the Resource of a policy with the URL of a request.
 *
 * Rule: the pattern is divided into protocol, domain, path and query string; `*` (zero or more) and `?` (exactly one)
 * match inside their section only, with four exceptions for a trailing `*`, an omitted protocol and a lone `*`.
 * Page: "Create a signed URL using a custom policy", Values: Resource.
 */

import { matchesWildcards } from './wildcards.js'

interface Sections {
  readonly protocol: string
  readonly domain: string
  readonly path: string
  /** Undefined: no query string at all. */
  readonly query: string | undefined
}

/**
 * Whether the pattern covers the URL.
 *
 * Host names compare without case (RFC 3986 section 3.2.2), all else exactly; nothing is decoded. A pattern that begins
 * with neither `http://`, `https://`, `*://` nor `*` covers nothing.
 */
export function coversUrl(pattern: string, url: string): boolean {
  if (pattern === '*') return true
  const target = splitUrl(url)
  return target !== undefined && readings(pattern).some((reading) => coversSections(reading, target))
}

function splitUrl(url: string): Sections | undefined {
  const match = /^([a-z]+):\/\/([^/?]*)([^?]*)(?:\?(.*))?$/s.exec(url)
  if (match === null) return undefined
  const [, protocol = '', domain = '', path = '', query] = match
  return { protocol, domain, path, query }
}

/**
 * Every way to divide the pattern. A `?` after the domain may begin the query string or stand for one character of
 * the path: the page documents both and tells them apart by nothing, so a URL is covered if either reading covers it.
 */
function readings(pattern: string): Sections[] {
  const match = /^(?:(https?|\*):\/\/)?(.*)$/s.exec(pattern)
  const [, protocol, rest = ''] = match ?? []
  if (protocol === undefined && (!rest.startsWith('*') || rest.includes('://'))) return []
  const slash = rest.indexOf('/')
  const domain = slash < 0 ? rest : rest.slice(0, slash)
  if (slash < 0) {
    const whole = domain.endsWith('*') ? { path: '*', query: '*' } : { path: '/', query: undefined }
    return [{ protocol: protocol ?? '*', domain, ...whole }]
  }
  return divisions(rest.slice(slash)).map((division) => ({ protocol: protocol ?? '*', domain, ...division }))
}

function divisions(pathAndQuery: string): Pick<Sections, 'path' | 'query'>[] {
  const whole = { path: pathAndQuery, query: pathAndQuery.endsWith('*') ? '*' : undefined }
  const divided = [...pathAndQuery.matchAll(/\?/g)].map(({ index }) => ({
    path: pathAndQuery.slice(0, index),
    query: pathAndQuery.slice(index + 1),
  }))
  return [whole, ...divided]
}

function coversSections(pattern: Sections, url: Sections): boolean {
  return (
    matchesWildcards(pattern.protocol, url.protocol) &&
    matchesWildcards(pattern.domain.toLowerCase(), url.domain.toLowerCase()) &&
    matchesWildcards(pattern.path, url.path) &&
    coversQuery(pattern.query, url.query)
  )
}

function coversQuery(pattern: string | undefined, query: string | undefined): boolean {
  // An implied `*` also covers a URL without any query string.
  if (query === undefined) return pattern === undefined || pattern === '*'
  return pattern !== undefined && matchesWildcards(pattern, query)
}
