import type { Call, Outcome } from '../context.js'
import { json } from '../http/response.js'
import { returnPath } from '../http/return-path.js'
import { openSession } from '../session/session.js'
import { issueInPlace } from '../session/succeeding.js'
import { bearerToken } from './bearer.js'

/**
 * `GET` or `POST /cookie/`: a bearer token for signed cookies. The body says until when they are good, in seconds since
 * the epoch like `exp` of the token, and for which paths. A session of the same person stays renewable; that of somebody
 * else ends as by a sign-out. `next` names a path that the app is about to load; it matters to people with several
 * exclusive subtrees only.
 */
export async function exchange(call: Call): Promise<Outcome> {
  const { request, settings, now } = call
  const identity = await settings.verifyToken(bearerToken(request))
  const former = openSession(request, settings.sealer, now)
  const refreshToken = former?.subject === identity.subject ? former.refreshToken : undefined
  const wanted = returnPath(request.parameter('next'), request.host)
  const { cookies, body } = await issueInPlace(call, { identity, refreshToken, wanted })
  return { response: json(200, body, { 'Set-Cookie': cookies }), subject: identity.subject, success: 'Exchanges' }
}
