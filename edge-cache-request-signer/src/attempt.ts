/**
 * A sign-in under way, kept by the browser in a sealed cookie of its own, so that parallel tabs cannot collide.
 * `__Host-` makes browsers refuse the cookie from a sibling host (draft RFC 6265bis section 4.1.3.2): nobody can finish
 * his own sign-in in somebody else's browser.
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

/** How long a browser keeps one, so that whoever took longer, over a new password or a night, still gets to his page. */
const KEPT_SECONDS = 86_400

const PREFIX = '__Host-sign-in-'
const ID = /^[A-Za-z0-9_-]{22}$/

// Clocks of edge locations may differ a little.
const SKEW_SECONDS = 60

// They travel with every request for content, of which CloudFront takes 32 KB with all its headers.
const MOST = 20
const MOST_BYTES = 12_000

// Browsers keep some hundred cookies of a host; the response has 40 KB.
const MOST_DELETED = 100

/** A new attempt that ends at `next`; `now` in seconds. */
export function newAttempt(next: string, now: number, randomBytes: World['randomBytes']): Attempt {
  const random = (length: number) => randomBytes(length).toString('base64url')
  return { id: random(16), verifier: random(32), nonce: random(16), next, startedAt: now }
}

/** The Set-Cookie value that keeps an attempt. A path too long for a cookie is left behind: the attempt then ends at `/`. */
export function attemptCookie(attempt: Attempt, sealer: Sealer, host: string): string {
  const { id, ...kept } = attempt
  const name = PREFIX + id
  const value = sealer.seal(purposeOf(host, id), kept)
  if (!fits(name, value)) return attemptCookie({ ...attempt, next: '/' }, sealer, host)
  return setCookie({ name, value, maxAgeSeconds: KEPT_SECONDS, sameSite: 'Lax' })
}

/** The attempt that `state` names, if this browser began it on this host within the last 15 minutes; `now` in seconds. */
export function openAttempt(
  request: ViewerRequest,
  state: string | undefined,
  sealer: Sealer,
  now: number,
): Attempt | undefined {
  return attemptsOf(request, state, sealer).find(({ startedAt }) => {
    const age = now - startedAt
    return age >= -SKEW_SECONDS && age <= ATTEMPT_SECONDS
  })
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
 * ones beyond twenty, or beyond what the headers of a request can carry.
 */
export function surplusAttempts(request: ViewerRequest, sealer: Sealer, now: number): readonly string[] {
  const ids = attemptIds(request)
  const good = ids.flatMap((id) => openAttempt(request, id, sealer, now) ?? [])
  good.sort((one, other) => other.startedAt - one.startedAt)
  const kept = new Set<string>()
  let bytes = 0
  for (const { id } of good) {
    bytes += request.cookies(PREFIX + id).join().length
    if (kept.size < MOST - 1 && bytes <= MOST_BYTES) kept.add(id)
  }
  return deletedAttempts(
    request,
    ids.filter((id) => !kept.has(id)),
  )
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
