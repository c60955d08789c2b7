import type { Call, Outcome } from '../context.js'
import { json } from '../http/response.js'
import { Refusal } from '../refusals/refusal.js'
import { pathsOf } from '../session/session.js'

/**
 * `GET /cookie/session`: who is signed in, until when in seconds since the epoch, for which paths, and whether that can
 * be renewed. A session that ended and cannot be renewed is nobody's.
 */
export function session({ session: found, now }: Call): Outcome {
  const renewable = found?.refreshToken !== undefined
  if (found === undefined || (found.expiresAt <= now && !renewable)) throw new Refusal('no_session')
  const { subject, email, expiresAt } = found
  return { response: json(200, { subject, email, expires_at: expiresAt, paths: pathsOf(found), renewable }), subject }
}
