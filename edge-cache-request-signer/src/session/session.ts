/**
 * Who is signed in, kept by the browser: a sealed cookie that only `/cookie/` sees, and a small random one that binds
 * it to this browser. A sibling host can set the first for everybody under the common domain, but not the second, whose
 * prefix makes browsers refuse it (draft RFC 6265bis section 4.1.3.2); and the first opens with its own second only.
 */

import type { World } from '../dependencies.js'
import { BINDING_COOKIE, FRESH_COOKIE, SESSION_COOKIE } from '../http/cookie-names.js'
import type { ViewerRequest } from '../http/request.js'
import { deleteCookie, fits, setCookie } from '../http/set-cookie.js'
import { byDirectory } from '../paths.js'
import { purposeOf, type Sealer, type Unsealed } from '../signing/seal.js'

/** Who is signed in. */
export interface Session {
  /** `sub`. */
  readonly subject: string
  readonly email?: string | undefined
  /** Absent where none was issued, or one too long for a cookie: then nothing can be renewed. */
  readonly refreshToken?: string | undefined
  /** When the signed cookies end, in seconds since the epoch. */
  readonly expiresAt: number
  /** What the signed cookies open, each ending with `*`, by the id of the key that signed them. */
  readonly opened: Readonly<Record<string, readonly string[]>>
}

/** A session, and the value that binds its cookie to this browser. */
export interface BoundSession {
  readonly session: Session
  readonly binding: string
}

/** What the cookies of a session depend on; see `RequestContext`. */
interface CookieContext {
  readonly request: Pick<ViewerRequest, 'host'>
  readonly settings: { readonly sealer: Sealer }
  readonly now: number
  readonly world: Pick<World, 'randomBytes'>
  /** What the browser holds so far. */
  readonly boundSession: BoundSession | undefined
}

/** What the signed cookies of a session open, in one order; nothing without one. */
export function pathsOf(session: Session | undefined): readonly string[] {
  return Object.values(session?.opened ?? {})
    .flat()
    .sort(byDirectory)
}

const SESSION = { name: SESSION_COOKIE, path: '/cookie/', sameSite: 'Lax' } as const
const BINDING = { name: BINDING_COOKIE, sameSite: 'Lax' } as const
const FRESH = { name: FRESH_COOKIE, httpOnly: false, sameSite: 'Lax' } as const

const BINDING_VALUE = /^[A-Za-z0-9_-]{22}$/
const FRESH_SECONDS = 30

// A browser has one of each, and those that sibling hosts set; whoever sends more than this is none.
const MOST_TRIED = 50

/**
 * The Set-Cookie values that keep a session for `maxAgeSeconds` from `now` on. The binding stays while the same person
 * stays, so that tabs that renew at the same moment cannot part the two cookies; for anybody else it is a new one.
 *
 * What is too long for a cookie is left out: the refresh token first, then the paths, in the end the session.
 */
export function sessionCookies(
  session: Session,
  { request, settings, now, world, boundSession }: CookieContext,
  maxAgeSeconds: number,
): readonly string[] {
  const isSamePerson = boundSession?.session.subject === session.subject
  const binding = isSamePerson ? boundSession.binding : world.randomBytes(16).toString('base64url')
  const { refreshToken: _, ...unrenewable } = session
  for (const kept of [session, unrenewable, { ...unrenewable, opened: {} }]) {
    const value = settings.sealer.seal(purposeOf('session', request.host, binding), {
      ...kept,
      endsAt: now + maxAgeSeconds,
    })
    if (fits(SESSION.name, value)) {
      return [setCookie({ ...SESSION, value, maxAgeSeconds }), setCookie({ ...BINDING, value: binding, maxAgeSeconds })]
    }
  }
  return deletedSession()
}

/** The Set-Cookie values that end the session in this browser. */
export function deletedSession(): readonly string[] {
  return [SESSION, BINDING, FRESH].map(deleteCookie)
}

/**
 * The Set-Cookie value that says, to scripts too, that cookies were handed out a moment ago: whoever is refused
 * nevertheless need not ask for new ones again.
 */
export function freshCookie(): string {
  return setCookie({ ...FRESH, value: '1', maxAgeSeconds: FRESH_SECONDS })
}

/** Whether they were, to this browser. */
export function isFresh(request: ViewerRequest): boolean {
  return request.cookies(FRESH.name).includes('1')
}

/**
 * The session of this browser on this host, if there is one that has not ended; `now` in seconds. Of several cookies of
 * either name, the first two that belong together count.
 */
export function openSession(request: ViewerRequest, sealer: Sealer, now: number): BoundSession | undefined {
  const bindings = request.cookies(BINDING.name).filter((value) => BINDING_VALUE.test(value))
  const values = request.cookies(SESSION.name).slice(0, MOST_TRIED)
  const pairs = bindings.slice(0, MOST_TRIED).flatMap((binding) => values.map((value) => ({ binding, value })))
  for (const { binding, value } of pairs.slice(0, MOST_TRIED)) {
    const session = sessionIn(sealer.open(purposeOf('session', request.host, binding), value), now)
    if (session !== undefined) return { session, binding }
  }
  return undefined
}

function sessionIn(unsealed: Unsealed | undefined, now: number): Session | undefined {
  const { subject, email, refreshToken, expiresAt, opened, endsAt } = unsealed ?? {}
  if (typeof endsAt !== 'number' || endsAt <= now) return undefined
  if (typeof subject !== 'string' || typeof expiresAt !== 'number' || !isOpened(opened)) return undefined
  return {
    subject,
    ...(typeof email === 'string' ? { email } : {}),
    ...(typeof refreshToken === 'string' ? { refreshToken } : {}),
    expiresAt,
    opened,
  }
}

function isOpened(value: unknown): value is Session['opened'] {
  if (typeof value !== 'object' || value === null) return false
  const isPath = (path: unknown) => typeof path === 'string'
  return Object.values(value).every((paths) => Array.isArray(paths) && paths.every(isPath))
}
