/**
 * A sign-in under way, kept by the browser in a sealed cookie of its own, so that parallel tabs cannot collide.
 * `__Host-` makes browsers refuse the cookie from a sibling host (draft RFC 6265bis section 4.1.3.2): nobody can finish
 * their own sign-in in somebody else's browser.
 */

import type { World } from '../dependencies.js'
import { ATTEMPT_PREFIX, LONG_ADDRESS_COOKIES } from '../http/cookie-names.js'
import type { ViewerRequest } from '../http/request.js'
import { plainPath } from '../http/return-path.js'
import { deleteCookie, fits, setCookie } from '../http/set-cookie.js'
import { purposeOf, type Sealer, type Unsealed } from '../signing/seal.js'

/** What has to be known when the identity provider sends the person back. */
export interface Attempt {
  /** `state` of RFC 6749 section 4.1.1, and part of the cookie's name. */
  readonly id: string
  /** `code_verifier` of RFC 7636 section 4.1. */
  readonly verifier: string
  /** `nonce` of OpenID Connect Core section 3.1.2.1. */
  readonly nonce: string
  /** A path that `returnPath` let through. */
  readonly next: string
  /** Seconds since the epoch. */
  readonly startedAt: number
}

/** How long an attempt is good, in seconds. */
const ATTEMPT_SECONDS = 900

/**
 * How long a browser keeps one, so that whoever took longer, over a new password, still gets to the page. Not over a night:
 * a browser that has more of them than a request has room for is shut out meanwhile.
 */
const KEPT_SECONDS = 7_200

const ID = /^[A-Za-z0-9_-]{22}$/

// Clocks of edge locations may differ a little.
const SKEW_SECONDS = 60

/** Together, in a browser. They travel with every request for content. */
const MOST = 20

/** Of the values together, in bytes, as far as a sign-in sees those of others: ten long ones, or twenty short ones. */
const MOST_BYTES = 13_500

/**
 * The longest address that stands whole in the cookie of its attempt, and the longest that stands there without its
 * query, in characters of JSON. Of tabs that were opened at the same moment and cannot see each other's cookies, twenty
 * have room in a request, whose 32 KB hold 27 KB of short addresses; or forty, with 18 KB of cut ones beside the 12 KB
 * of the long.
 */
const LONGEST_SHORT = 800
const LONGEST_CUT = 150

// Browsers keep some hundred cookies of a host; the response has 40 KB.
const MOST_DELETED = 100

/** A new attempt that ends at `next`; `now` in seconds. */
export function newAttempt(next: string, now: number, randomBytes: World['randomBytes']): Attempt {
  const random = (length: number) => randomBytes(length).toString('base64url')
  return { id: random(16), verifier: random(32), nonce: random(16), next, startedAt: now }
}

/**
 * The Set-Cookie values that keep an attempt for two hours. A long address has a place beside it, of which there are few: an
 * attempt that loses it ends at its page without the query, or at `/`.
 */
export function attemptCookies(attempt: Attempt, request: ViewerRequest, sealer: Sealer): readonly string[] {
  if (jsonLength(attempt.next) <= LONGEST_SHORT) return [ownCookie(attempt, request, sealer)]
  const cut = { ...attempt, next: withoutQuery(attempt.next) }
  return [ownCookie(cut, request, sealer), ...longAddressCookie(attempt, request, sealer, KEPT_SECONDS)]
}

function ownCookie({ id, ...kept }: Attempt, { host }: ViewerRequest, sealer: Sealer): string {
  const value = sealer.seal(purposeOf('attempt', host, id), kept)
  return setCookie({ name: ATTEMPT_PREFIX + id, value, maxAgeSeconds: KEPT_SECONDS, sameSite: 'Lax' })
}

function withoutQuery(next: string): string {
  const path = plainPath(next)
  return jsonLength(path) <= LONGEST_CUT ? path : '/'
}

function jsonLength(text: string): number {
  return JSON.stringify(text).length
}

/** The attempt that `state` names, if this browser began it on this host within the last 15 minutes; `now` in seconds. */
export function openAttempt(
  request: ViewerRequest,
  state: string | undefined,
  sealer: Sealer,
  now: number,
): Attempt | undefined {
  return attemptsOf(request, state, sealer).find((attempt) => isYoungerThan(ATTEMPT_SECONDS, attempt, now))
}

function isYoungerThan(seconds: number, { startedAt }: Attempt, now: number): boolean {
  return now - startedAt >= -SKEW_SECONDS && now - startedAt <= seconds
}

/** Where the attempt that `state` names was to end, good or not: nobody is signed in by it. */
export function nextOfAttempt(request: ViewerRequest, state: string | undefined, sealer: Sealer): string | undefined {
  return attemptsOf(request, state, sealer)[0]?.next
}

function attemptsOf(request: ViewerRequest, state: string | undefined, sealer: Sealer): readonly Attempt[] {
  const attempts = keptAttempts(request, state, sealer)
  const next = state === undefined || attempts.length === 0 ? undefined : longAddressOf(request, state, sealer)
  return next === undefined ? attempts : attempts.map((attempt) => ({ ...attempt, next }))
}

/** What stands in the cookies of that name alone. */
function keptAttempts(request: ViewerRequest, id: string | undefined, sealer: Sealer): readonly Attempt[] {
  if (id === undefined || !ID.test(id)) return []
  return request
    .cookies(ATTEMPT_PREFIX + id)
    .flatMap((value) => attemptIn(sealer.open(purposeOf('attempt', request.host, id), value), id) ?? [])
}

/** The Set-Cookie values that delete one attempt. */
export function deletedAttempt(request: ViewerRequest, { id }: Attempt, sealer: Sealer): readonly string[] {
  return [...deletedById([id]), ...deletedLongAddresses(request, sealer, (other) => other === id)]
}

/** The Set-Cookie values that delete all attempts that the request shows. */
export function deletedAttempts(request: ViewerRequest, sealer: Sealer): readonly string[] {
  return [...deletedLongAddresses(request, sealer, () => true), ...deletedById(attemptIds(request))]
}

function deletedById(ids: readonly string[]): readonly string[] {
  return ids
    .filter((id) => ID.test(id))
    .slice(0, MOST_DELETED)
    .map((id) => deleteCookie({ name: ATTEMPT_PREFIX + id, sameSite: 'Lax' }))
}

/**
 * The Set-Cookie values that make room for one more attempt: they delete what does not open any more and the oldest
 * ones beyond twenty, and the long addresses of those that are gone; and the oldest of many long ones lose their query.
 */
export function surplusAttempts(request: ViewerRequest, sealer: Sealer, now: number): readonly string[] {
  const ids = attemptIds(request)
  const found = ids.flatMap((id) => keptAttempts(request, id, sealer)[0] ?? [])
  const good = found.filter((attempt) => isYoungerThan(KEPT_SECONDS, attempt, now))
  const kept = good.sort((one, other) => other.startedAt - one.startedAt).slice(0, MOST - 1)
  const isKept = new Set<string | undefined>(kept.map(({ id }) => id))
  return [
    ...deletedById(ids.filter((id) => !isKept.has(id))),
    ...deletedLongAddresses(request, sealer, (id) => !isKept.has(id)),
    ...shortened(kept, request, sealer),
  ]
}

/** Those for which there is no room any more, newest first, anew without their query. */
function shortened(attempts: readonly Attempt[], request: ViewerRequest, sealer: Sealer): readonly string[] {
  let bytes = 0
  return attempts.flatMap((attempt) => {
    bytes += (request.cookies(ATTEMPT_PREFIX + attempt.id)[0] ?? '').length
    const next = withoutQuery(attempt.next)
    return bytes <= MOST_BYTES || next === attempt.next ? [] : [ownCookie({ ...attempt, next }, request, sealer)]
  })
}

function attemptIds(request: ViewerRequest): readonly string[] {
  return request
    .cookieNames()
    .flatMap((name) => (name.startsWith(ATTEMPT_PREFIX) ? [name.slice(ATTEMPT_PREFIX.length)] : []))
}

function attemptIn(opened: Unsealed | undefined, id: string): Attempt | undefined {
  const { verifier, nonce, next, startedAt } = opened ?? {}
  const sound =
    typeof verifier === 'string' &&
    typeof nonce === 'string' &&
    typeof next === 'string' &&
    typeof startedAt === 'number'
  return sound ? { id, verifier, nonce, next, startedAt } : undefined
}

// Paths too long for the cookie of one sign-in lie in four cookies that all sign-ins under way share. Browsers send all
// cookies with every request, CloudFront accepts 32 KB with all headers (Quotas), and tabs that are opened at the same
// moment cannot see each other's cookies: only a fixed number of names bounds their size.

/** The address at which a sign-in is to end. */
export interface LongAddress {
  /** Of the attempt. */
  readonly id: string
  readonly next: string
  /** Seconds since the epoch. */
  readonly startedAt: number
}

/** After so many seconds a sign-in is mostly over. */
const OLD_SECONDS = 900

/**
 * The Set-Cookie value that keeps an address for `maxAgeSeconds`: in an empty place, otherwise in one that is older than
 * 15 minutes, otherwise in that of the oldest, whose sign-in ends at its page without the query. None for what fits no
 * cookie.
 */
export function longAddressCookie(
  address: LongAddress,
  request: ViewerRequest,
  sealer: Sealer,
  maxAgeSeconds: number,
): readonly string[] {
  const name = placeFor(address, request, sealer)
  const value = sealer.seal(purposeOf('long-address', request.host), address)
  return fits(name, value) ? [setCookie({ name, value, maxAgeSeconds, sameSite: 'Lax' })] : []
}

/** The address of an attempt, if it was a long one and no other took its place. */
export function longAddressOf(request: ViewerRequest, id: string, sealer: Sealer): string | undefined {
  return LONG_ADDRESS_COOKIES.flatMap((name) => addressIn(name, request, sealer) ?? []).find(
    (address) => address.id === id,
  )?.next
}

/** The Set-Cookie values that delete the addresses that the request shows and whose attempts are over; unreadable ones too. */
export function deletedLongAddresses(
  request: ViewerRequest,
  sealer: Sealer,
  isOver: (id: string | undefined) => boolean,
): readonly string[] {
  const shown = LONG_ADDRESS_COOKIES.filter((name) => request.cookies(name).length > 0)
  return shown
    .filter((name) => isOver(addressIn(name, request, sealer)?.id))
    .map((name) => deleteCookie({ name, sameSite: 'Lax' }))
}

/** Of the best places one by the id, which is drawn by chance: tabs that see the same cookies rarely choose the same. */
function placeFor({ id, startedAt }: LongAddress, request: ViewerRequest, sealer: Sealer): string {
  const places = LONG_ADDRESS_COOKIES.map((name) => ({
    name,
    taken: takenSince(addressIn(name, request, sealer), startedAt),
  }))
  const longest = Math.min(...places.map(({ taken }) => taken))
  const best = places.filter(({ taken }) => taken === longest)
  return best[(Buffer.from(id, 'base64url')[0] ?? 0) % best.length]?.name ?? ''
}

/** Since when a place is taken, in seconds since the epoch; 0 for a while ago, less for never. */
function takenSince(address: LongAddress | undefined, now: number): number {
  if (address === undefined) return -1
  return address.startedAt < now - OLD_SECONDS ? 0 : address.startedAt
}

function addressIn(name: string, request: ViewerRequest, sealer: Sealer): LongAddress | undefined {
  const [value = ''] = request.cookies(name)
  const { id, next, startedAt } = sealer.open(purposeOf('long-address', request.host), value) ?? {}
  const sound = typeof id === 'string' && typeof next === 'string' && typeof startedAt === 'number'
  return sound ? { id, next, startedAt } : undefined
}
