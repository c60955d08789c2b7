import type { Call, Outcome } from '../context.js'
import { json } from '../http/response.js'
import { issueInPlace } from '../session/issue-cookies.js'
import { bearerToken } from './bearer-content.js'

/**
 * `GET` or `POST /cookie/`: a bearer token for signed cookies. The body says until when they are good, in seconds since
 * the epoch like `exp` of the token, and for which paths. A session of the same person stays renewable; that of somebody
 * else ends as by a sign-out. `next` names a path that the app is about to load; it matters to people with several
 * exclusive subtrees only.
 */
export async function exchange(call: Call): Promise<Outcome> {
  const { request, settings, session, next } = call
  const identity = await settings.verifyToken(bearerToken(request))
  const refreshToken = session?.subject === identity.subject ? session.refreshToken : undefined
  const { cookies, body } = await issueInPlace(call, { identity, refreshToken, wanted: next })
  return { response: json(200, body, { 'Set-Cookie': cookies }), subject: identity.subject, success: 'Exchanges' }
}
