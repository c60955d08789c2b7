/** The endpoints under `/cookie/` that tell of the session. */
import { type Session, Unavailable } from './session.js'

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
  // Other refusals, such as that of an address, leave the session as it is.
  const ends = status === 401 || (status === 403 && (await answer.json().catch(() => null))?.error === 'not_admitted')
  if (ends) return undefined
  const now = Date.now()
  const ahead = now - Date.parse(headers.get('Date') ?? '')
  if (status !== 200) throw new Unavailable(address, status, Number(headers.get('Retry-After')) * 1000 || 0)
  const { expires_at: seconds, ...told } = await answer.json()
  // Their difference is the server's own, whatever this clock shows.
  const expiresAt = seconds * 1000 + (ahead || 0)
  const isWrong = method === 'POST' && Number.isNaN(ahead) && expiresAt <= now
  return { ...told, expiresAt: isWrong ? now + ASSUMED_MS : expiresAt }
}
