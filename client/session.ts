/** The session as the endpoints under `/cookie/` tell it. */

/** Who is signed in on this browser, and until when. */
export interface Session {
  /** Who it is: the `sub` of the ID token (OpenID Connect Core 1.0, section 2). */
  readonly subject: string
  /** The person's e-mail address, where the login tells one. */
  readonly email?: string
  /** When the cookies end, in milliseconds on this browser's own clock, right or wrong: comparable to `Date.now()`. */
  readonly expiresAt: number
  /** What the cookies open: paths of this host that end with `*`. */
  readonly paths: readonly string[]
  /** Whether they can be renewed without another sign-in. */
  readonly renewable: boolean
}

/** The endpoint cannot tell at the moment: `status` says why, and nobody is signed out by it. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
  /** The status of the answer, 503 for instance. */
  readonly status: number
  /** In how many milliseconds the endpoint wants to be asked again; 0 where it does not say. */
  readonly retryAfter: number

  constructor(address: string, status: number, retryAfter: number) {
    super(`${address} answered ${status}`)
    this.status = status
    this.retryAfter = retryAfter
  }
}

/** The edge function itself may take 15 s. */
const PATIENCE_MS = 20_000

/** For how long cookies count as good whose end lies in the past as soon as they come: a clock is wrong, and no header tells by how much. */
const ASSUMED_MS = 60_000

/**
 * Asks an endpoint under `/cookie/`. What `refresh` leaves out of a session is missing.
 *
 * @returns undefined when nobody is signed in, or may be any more
 * @throws Unavailable when the endpoint cannot tell; what `fetch` throws when it cannot be reached
 */
export async function ask(method: 'GET' | 'POST', endpoint: 'session' | 'refresh'): Promise<Session | undefined> {
  const address = `/cookie/${endpoint}`
  const answer = await fetch(address, {
    method,
    headers: { Accept: 'application/json' },
    cache: 'no-store',
    signal: AbortSignal.timeout?.(PATIENCE_MS) ?? null,
  })
  const { status, headers } = answer
  if (status === 401 || status === 403) return undefined
  const now = Date.now()
  const ahead = now - Date.parse(headers.get('Date') ?? '')
  if (status !== 200) throw new Unavailable(address, status, Number(headers.get('Retry-After')) * 1000 || 0)
  const { expires_at: seconds, ...told } = await answer.json()
  // Their difference is the server's own, whatever this clock shows.
  const expiresAt = seconds * 1000 + (ahead || 0)
  const isWrong = method === 'POST' && Number.isNaN(ahead) && expiresAt <= now
  return { ...told, expiresAt: isWrong ? now + ASSUMED_MS : expiresAt }
}
