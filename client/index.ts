/**
 * For apps behind the login: who is signed in, and cookies that are renewed before they end, once for all tabs.
 *
 * Every distribution serves this module at `/.sign-in/client.js`. It has no dependencies, keeps nothing, and sees no token.
 */
import { ask } from './ask.js'
import { next } from './next.js'
import { later, look, never, renewalDelay, retryDelay } from './schedule.js'
import { type Session, Unavailable } from './session.js'
import { alone, hear, type Learnt, tell } from './tabs.js'

export { type Session, Unavailable } from './session.js'

/** Told of a new session, of its renewal in any tab, and with undefined of its end. */
export type Listener = (session: Session | undefined) => void

/** How long nobody may look at a page that goes on renewing. Music still plays; a forgotten tab lets the session end. */
const HIDDEN_MS = 1_800_000

/** How long another tab may take that is at the renewal. */
const OTHER_TAB_MS = 10_000

/** For how long a sign-out waits for a renewal that is under way, in this tab or another one. */
const RENEWAL_MS = 4_000

/** Signs out by POST, and asks a person by GET. */
const SIGN_OUT = '/cookie/sign-out'

/** Two readings of one expiry differ by the way of the answer and the full seconds of its date. */
const SAME_MS = 3_000

const listeners = new Set<Listener>()
let known: Session | undefined
let failures = 0
let renewals = 0
let isBusy = false
let isStarted = false
let hiddenSince = 0
let flight: Promise<Session | undefined> | undefined

/**
 * Who is signed in, as the server sees it now; undefined when nobody is. From the first call on, the session is renewed
 * before it ends, for as long as it can be and somebody looks at the page at least every half an hour.
 *
 * A session whose cookies have ended is renewed at once, if it can be.
 *
 * @throws Unavailable when the server cannot tell; TypeError or DOMException (as of `fetch`) when it cannot be reached.
 *   It is asked again by itself then, and listeners hear of the answer.
 */
export async function getSession(): Promise<Session | undefined> {
  start()
  try {
    const session = await ask('GET', 'session')
    if (session === undefined || session.expiresAt > Date.now()) return learn(session)
    if (!session.renewable) return learn(undefined)
    return await renew()
  } catch (error) {
    if (known === undefined || known.expiresAt <= Date.now()) again(error, inspect)
    throw error
  }
}

/**
 * Renews the cookies now; undefined when the session is over. It need not be called for sessions to last: it is for what
 * was refused all the same, and for groups that changed. Calls at the same time, in any tab, become one.
 *
 * @throws as {@link getSession}
 */
export function renew(): Promise<Session | undefined> {
  start()
  flight ??= renewal(true)
    .then(() => known)
    .finally(() => {
      flight = undefined
    })
  return flight
}

/**
 * Leaves for the login, which comes back to `returnTo`: a path of this host with query and fragment, this page if not
 * given. Whoever is still signed in at the login comes back without being asked.
 */
export function signIn(returnTo = location.pathname + location.search + location.hash): void {
  location.assign(`/cookie/sign-in?${next(returnTo)}`)
}

/**
 * Signs out, here and at the login, and leaves this page for the one that says so. Once it has happened here, the other
 * tabs are told; the listeners of this one are not, because it is left.
 *
 * What fails leads to the page that asks whether to sign out: the person is still signed in then, and sees it.
 */
export function signOut(): void {
  never()
  let departure: Promise<void> | undefined
  const once = () => {
    departure ??= depart()
    return departure
  }
  // What a renewal under way brings would come after all was deleted, and the person would be signed in again.
  alone(true, once).catch(once)
  setTimeout(once, RENEWAL_MS)
}

async function depart(): Promise<void> {
  let target = SIGN_OUT
  try {
    const answer = await fetch(target, { method: 'POST', headers: { Accept: 'application/json' }, keepalive: true })
    if (answer.ok) {
      target = (await answer.json()).logout_url
      tell({ session: undefined, isRenewal: false })
    }
  } catch {
    // Not reached: the browser says so itself, at the address that is shown next.
  }
  location.assign(target)
}

/** Has `listener` told of every change from now on. Returns the function that ends that. */
export function onChange(listener: Listener): () => void {
  start()
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Not at import: a server may import this as well, to render the page. */
function start(): void {
  if (isStarted) return
  isStarted = true
  hear((message) => (message === 'look' ? inspect() : adopt(message)))
  const seen = () => {
    hiddenSince = document.hidden ? Date.now() : 0
    look()
  }
  seen()
  document.addEventListener('visibilitychange', seen)
  addEventListener('online', () => failures && later(0, inspect))
  // The back button brings pages back as they were left, in the middle of a session that may be over.
  addEventListener('pageshow', ({ persisted }) => persisted && inspect())
}

/** Looks who is signed in, for the listeners. Its failure has been seen to. */
function inspect(): void {
  getSession().catch(() => undefined)
}

/** Takes what the server said for the truth, and tells the other tabs. */
function learn(session: Session | undefined, isRenewal = false): Session | undefined {
  adopt({ session, isRenewal })
  tell({ session, isRenewal })
  return session
}

/** Takes what was learnt, here or in another tab, for the truth: plans by it, and tells the listeners. */
function adopt({ session, isRenewal }: Learnt): void {
  const isNew = !isSame(known, session)
  known = session
  failures = 0
  if (isRenewal) renewals += 1
  never()
  if (session !== undefined) {
    const left = session.expiresAt - Date.now()
    if (session.renewable) later(renewalDelay(left), keep)
    else later(left, inspect)
  }
  if (isNew) for (const listener of listeners) queueMicrotask(() => listener(session))
}

function isSame(one: Session | undefined, other: Session | undefined): boolean {
  const [a, b] = [one, other].map((session) => JSON.stringify({ ...session, expiresAt: 0 }))
  return a === b && Math.abs((one?.expiresAt ?? 0) - (other?.expiresAt ?? 0)) < SAME_MS
}

/** Renews, unless another tab has done so while this one waited. Returns whether it was this one's turn. */
function renewal(waits: boolean): Promise<boolean> {
  const before = renewals
  return alone(waits, async () => {
    // The tab before may have let go of the lock before its message came.
    if (waits) await new Promise((resolve) => setTimeout(resolve))
    if (renewals === before) learn(await renewed(), true)
  })
}

async function renewed(): Promise<Session | undefined> {
  const before = known
  const fresh = await ask('POST', 'refresh')
  if (fresh && fresh.subject === before?.subject) return { ...before, ...fresh }
  // Nothing is known yet, or somebody else has signed in meanwhile.
  const told = await ask('GET', 'session')
  if (fresh) return told && { ...told, expiresAt: fresh.expiresAt }
  // A page that was opened meanwhile may have been faster, with a refresh token that is good once.
  return told && before && told.expiresAt > before.expiresAt + SAME_MS ? told : undefined
}

/** Renews because it is time to. */
async function keep(): Promise<void> {
  // When the page is seen again, it is still time to.
  if (isBusy || (hiddenSince && Date.now() - hiddenSince > HIDDEN_MS)) return
  isBusy = true
  try {
    // The tab that is at it will tell. If it was closed in the middle, it is somebody else's turn.
    if (!(await renewal(false))) later(OTHER_TAB_MS * (1 + Math.random()), keep)
  } catch (error) {
    again(error, keep)
  }
  isBusy = false
}

/** Tries again after a failure that may pass: not reached, busy, or out of order. */
function again(error: unknown, act: () => unknown): void {
  if (error instanceof Unavailable && error.status < 500 && error.status !== 429) return
  later(retryDelay(failures, error instanceof Unavailable ? error.retryAfter : 0), act)
  failures += 1
}

// However a sign-out came about, the page at its end has the other tabs look.
if (globalThis.location?.pathname === '/.sign-in/signed-out.html') tell('look')
