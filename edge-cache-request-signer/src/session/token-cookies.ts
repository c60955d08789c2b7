/**
 * Tokens where certain apps look for them: off unless the deployer wants it, because every script of the site can read
 * such cookies, and they travel with every request for content.
 */

import type { Identity } from '../access/identity.js'
import { AMPLIFY_PREFIX, OPENSEARCH_COOKIES } from '../http/cookie-names.js'
import type { ViewerRequest } from '../http/request.js'
import { deleteCookie, fits, isCookieName, setCookie } from '../http/set-cookie.js'
import type { Tokens } from '../oidc/token-endpoint.js'

/** Whose names the cookies have: those of Amplify's CookieStorage, or those of the proxies in front of OpenSearch Dashboards. */
export type TokenCookieKind = 'amplify' | 'opensearch'

/** For whom the cookies are, and for how long. */
export interface TokenCookieTerms {
  readonly identity: Identity
  readonly clientId: string
  readonly request: ViewerRequest
  readonly maxAgeSeconds: number
}

// All of them together, of the 40 KB of a response and of the 32 KB of every request for content.
const MOST_BYTES = 8_000
const MOST_DELETED = 40
const LONGEST_NAME = 400

/**
 * The Set-Cookie values for the tokens, and those that delete what another person's sign-in left behind. A token is
 * left out, the refresh token first, when it is too long for a cookie or all are too long together; so is everything
 * when the person's name cannot be written.
 */
export function tokenCookies(kind: TokenCookieKind, tokens: Tokens, terms: TokenCookieTerms): readonly string[] {
  const { clientId, request, identity, maxAgeSeconds } = terms
  const wanted = kind === 'amplify' ? amplifyCookies(tokens, clientId, userName(identity)) : opensearchCookies(tokens)
  const kept = new Map<string, string>()
  let bytes = 0
  for (const [name, text] of wanted) {
    const value = encoded(text)
    if (value === undefined || !fits(name, value) || bytes + name.length + value.length > MOST_BYTES) continue
    bytes += name.length + value.length
    kept.set(name, value)
  }
  return [
    ...deletions(namesIn(kind, request, clientId).filter((name) => !kept.has(name))),
    ...[...kept].map(([name, value]) => setCookie({ name, value, maxAgeSeconds, sameSite: 'Lax', httpOnly: false })),
  ]
}

/**
 * The Set-Cookie values that delete all such cookies that the request shows; but for those of `kept`, where names tell
 * whose they are: an app that signed somebody in by itself writes Amplify's before it comes for signed cookies.
 */
export function deletedTokenCookies(
  kind: TokenCookieKind,
  request: ViewerRequest,
  clientId: string,
  kept?: Identity,
): readonly string[] {
  const names = namesIn(kind, request, clientId)
  const user = kept === undefined || kind !== 'amplify' ? undefined : encoded(userName(kept))
  if (user === undefined) return deletions(names)
  const prefix = `${AMPLIFY_PREFIX}${clientId}`
  const isLast = (name: string) => name === `${prefix}.LastAuthUser` && request.cookies(name).includes(user)
  return deletions(names.filter((name) => !name.startsWith(`${prefix}.${user}.`) && !isLast(name)))
}

type Pair = readonly [name: string, text: string]

/** The keys of Amplify's token store, v6 and before; the user's name is encoded in them as its cookie library does it. */
function amplifyCookies(tokens: Tokens, clientId: string, user: string): readonly Pair[] {
  const encodedUser = encoded(user)
  if (encodedUser === undefined) return []
  const prefix = `${AMPLIFY_PREFIX}${clientId}`
  return [
    [`${prefix}.LastAuthUser`, user],
    [`${prefix}.${encodedUser}.idToken`, tokens.idToken],
    [`${prefix}.${encodedUser}.accessToken`, tokens.accessToken],
    ...present(`${prefix}.${encodedUser}.refreshToken`, tokens.refreshToken),
  ]
}

function opensearchCookies({ idToken, accessToken, refreshToken }: Tokens): readonly Pair[] {
  return [
    ['COGNITO-ENABLED', 'True'],
    ['ID-TOKEN', idToken],
    ['ACCESS-TOKEN', accessToken],
    ...present('REFRESH-TOKEN', refreshToken),
  ]
}

function present(name: string, text: string | undefined): readonly Pair[] {
  return text === undefined ? [] : [[name, text]]
}

/** What Cognito calls the user; elsewhere the subject, for want of a better name. */
function userName({ claims, subject }: Identity): string {
  const name = claims['cognito:username'] ?? claims.username
  return typeof name === 'string' && name !== '' ? name : subject
}

/** Letters, digits, marks and %xx: good for a cookie's name as for its value. `undefined` for half a surrogate pair. */
function encoded(text: string): string | undefined {
  if (/\p{Cs}/u.test(text)) return undefined
  return encodeURIComponent(text).replace(/[()]/g, (character) => (character === '(' ? '%28' : '%29'))
}

function namesIn(kind: TokenCookieKind, request: ViewerRequest, clientId: string): readonly string[] {
  const names = request.cookieNames()
  if (kind === 'opensearch') return names.filter((name) => OPENSEARCH_COOKIES.includes(name))
  const prefix = `${AMPLIFY_PREFIX}${clientId}.`
  return names.filter((name) => name.startsWith(prefix) && name.length <= LONGEST_NAME && isCookieName(name))
}

function deletions(names: readonly string[]): readonly string[] {
  return names.slice(0, MOST_DELETED).map((name) => deleteCookie({ name, sameSite: 'Lax', httpOnly: false }))
}
