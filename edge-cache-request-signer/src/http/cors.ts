/**
 * Cross-origin use (Fetch Standard, CORS protocol): an exact allow-list, never a reflected origin; `Vary: Origin` is on
 * every response. A request without Origin is no cross-origin request: navigations, same-origin GETs, curl, native apps.
 */

import { fetchSite, type ViewerRequest } from './request.js'
import type { HeaderFields } from './response.js'

/** What the allow-list says of a request's origin. */
export type Origin =
  | { readonly kind: 'absent' | 'same' | 'foreign' }
  | { readonly kind: 'allowed'; readonly value: string }

/** How long a browser may remember a preflight, in seconds: the longest that Chromium honours. */
const PREFLIGHT_SECONDS = 7200

/**
 * The standing of the origin that the request names. Two Origin headers are foreign. A page that sends no Referer posts
 * its forms with the origin `null` (Fetch Standard, append a request Origin header); whether it is ours, Sec-Fetch-Site
 * says, and no page can forge that.
 */
export function originOf(request: ViewerRequest, allowedOrigins: readonly string[]): Origin {
  const values = request.header('origin')
  const value = values.join(', ')
  if (values.length === 0) return { kind: 'absent' }
  if (value === `https://${request.host}`) return { kind: 'same' }
  if (value === 'null' && fetchSite(request) === 'same-origin') return { kind: 'same' }
  return allowedOrigins.includes(value) ? { kind: 'allowed', value } : { kind: 'foreign' }
}

/**
 * Whether a page of another site, be it a stranger's or a sibling's, had the browser ask, and none of an allowed origin.
 * Browsers say so in Sec-Fetch-Site (Fetch Metadata Request Headers, section 2.4), and older ones in Referer, unless the
 * page hides it. The host's own pages, the address bar and clients that are no browsers are not elsewhere.
 */
export function isFromElsewhere(request: ViewerRequest, allowedOrigins: readonly string[]): boolean {
  if (originOf(request, allowedOrigins).kind === 'allowed') return false
  const site = fetchSite(request)
  if (site !== undefined) return site === 'cross-site' || site === 'same-site'
  const referers = request.header('referer')
  const near = [`https://${request.host}`, ...allowedOrigins]
  return referers.some((referer) => !near.some((origin) => referer === origin || referer.startsWith(`${origin}/`)))
}

/** The fields that let a page of an allowed origin read the response, errors included; none for any other. */
export function corsFields(origin: Origin): HeaderFields {
  if (origin.kind !== 'allowed') return {}
  return {
    'Access-Control-Allow-Origin': origin.value,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': 'Retry-After, WWW-Authenticate',
  }
}

/** What the response to a preflight adds. */
export function preflightFields(methods: readonly string[]): HeaderFields {
  return {
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': 'Authorization, Content-Type',
    'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
  }
}
