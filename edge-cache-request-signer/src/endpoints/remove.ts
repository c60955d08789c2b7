import { isFromElsewhere } from '../cors.js'
import { allDeleted } from '../departure.js'
import { Refusal } from '../refusals.js'
import { json } from '../responses.js'
import type { Call, Outcome } from './endpoint.js'

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
