/**
 * A sign-in under way, kept by the browser in a sealed cookie of its own, so that parallel tabs cannot collide.
 * `__Host-` makes browsers refuse the cookie from a sibling host (draft RFC 6265bis section 4.1.3.2): nobody can finish
 * their own sign-in in somebody else's browser.
 */
import { deleteCookie, fits, setCookie } from './cookies.js'
import type { ViewerRequest } from './request.js'
import type { Sealer } from './sealing.js'
import type { World } from './world.js'

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

/** How long a browser keeps one, so that whoever took longer, over a new password or a night, still gets to the page. */
const KEPT_SECONDS = 86_400

const PREFIX = '__Host-sign-in-'
const ID = /^[A-Za-z0-9_-]{22}$/

// Clocks of edge locations may differ a little.
const SKEW_SECONDS = 60

// They travel with every request for content, of which CloudFront takes 32 KB with all its headers.
const MOST = 20
const MOST_BYTES = 12_000

/** Of a page that is remembered without its query, in characters. */
const LONGEST_SHORT = 300

// Browsers keep some hundred cookies of a host; the response has 40 KB.
const MOST_DELETED = 100

/** A new attempt that ends at `next`; `now` in seconds. */
export function newAttempt(next: string, now: number, randomBytes: World['randomBytes']): Attempt {
  const random = (length: number) => randomBytes(length).toString('base64url')
  return { id: random(16), verifier: random(32), nonce: random(16), next, startedAt: now }
}

/**
 * The Set-Cookie value that keeps an attempt for a day from its beginning; `now` in seconds. A path too long for a cookie
 * is left behind: the attempt then ends at `/`.
 */
export function attemptCookie(attempt: Attempt, sealer: Sealer, host: string, now = attempt.startedAt): string {
  const { id, ...kept } = attempt
  const name = PREFIX + id
  const value = sealer.seal(purposeOf(host, id), kept)
  if (!fits(name, value)) return attemptCookie({ ...attempt, next: '/' }, sealer, host, now)
  const maxAgeSeconds = Math.max(0, KEPT_SECONDS - Math.max(0, now - attempt.startedAt))
  return setCookie({ name, value, maxAgeSeconds, sameSite: 'Lax' })
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
  if (state === undefined || !ID.test(state)) return []
  return request
    .cookies(PREFIX + state)
    .flatMap((value) => attemptIn(sealer.open(purposeOf(request.host, state), value), state) ?? [])
}

/** The Set-Cookie values that delete the attempts of these ids, or all attempts that the request shows. */
export function deletedAttempts(
  request: ViewerRequest,
  ids: readonly string[] = attemptIds(request),
): readonly string[] {
  return ids
    .filter((id) => ID.test(id))
    .slice(0, MOST_DELETED)
    .map((id) => deleteCookie({ name: PREFIX + id, sameSite: 'Lax' }))
}

/**
 * The Set-Cookie values that make room for one more attempt: they delete what does not open any more and the oldest
 * ones beyond twenty. Those for which the headers of a request have no room any more forget the query of their page, the
 * oldest first, and still end there.
 */
export function surplusAttempts(request: ViewerRequest, sealer: Sealer, now: number): readonly string[] {
  const ids = attemptIds(request)
  const found = ids.flatMap((id) => attemptsOf(request, id, sealer)[0] ?? [])
  const good = found.filter((attempt) => isYoungerThan(KEPT_SECONDS, attempt, now))
  const kept = good.sort((one, other) => other.startedAt - one.startedAt).slice(0, MOST - 1)
  const isKept = new Set(kept.map(({ id }) => id))
  const shortened: string[] = []
  let bytes = 0
  for (const attempt of kept) {
    const size = request.cookies(PREFIX + attempt.id).join().length
    const next = withoutQuery(attempt.next)
    const isTooLong = bytes + size > MOST_BYTES && next.length < attempt.next.length
    if (isTooLong) shortened.push(attemptCookie({ ...attempt, next }, sealer, request.host, now))
    else bytes += size
  }
  return [
    ...deletedAttempts(
      request,
      ids.filter((id) => !isKept.has(id)),
    ),
    ...shortened,
  ]
}

function withoutQuery(next: string): string {
  const [path = '/'] = next.split(/[?#]/)
  return path.length > LONGEST_SHORT ? '/' : path
}

function attemptIds(request: ViewerRequest): readonly string[] {
  return request.cookieNames().flatMap((name) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []))
}

/** No host has a line break, and an id is checked before. */
function purposeOf(host: string, id: string): string {
  return `attempt\n${host}\n${id}`
}

function attemptIn(opened: unknown, id: string): Attempt | undefined {
  if (typeof opened !== 'object' || opened === null) return undefined
  const { verifier, nonce, next, startedAt }: Partial<Record<keyof Attempt, unknown>> = opened
  const sound =
    typeof verifier === 'string' &&
    typeof nonce === 'string' &&
    typeof next === 'string' &&
    typeof startedAt === 'number'
  return sound ? { id, verifier, nonce, next, startedAt } : undefined
}
