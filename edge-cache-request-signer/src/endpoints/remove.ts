import type { Call, Outcome } from '../context.js'
import { isFromElsewhere } from '../http/cors.js'
import { json } from '../http/response.js'
import { Refusal } from '../refusals/refusal.js'
import { allDeleted } from '../session/clear-cookies.js'

/**
 * `GET /cookie/remove`: deletes the cookies, all of them. It needs no token, since whoever holds none should be able to
 * leave.
 *
 * A link or an image of another host must not sign people out, be it a stranger's or a sibling's.
 */
export function remove(call: Call): Outcome {
  const { request, settings } = call
  if (isFromElsewhere(request, settings.configuration.cors.allowedOrigins)) throw new Refusal('cross_site')
  return { response: json(200, { removed: true }, { 'Set-Cookie': allDeleted(call) }) }
}
