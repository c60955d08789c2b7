import { originOf } from '../cors.js'
import { allDeleted } from '../departure.js'
import { Refusal } from '../refusals.js'
import { fetchSite } from '../request.js'
import { json } from '../responses.js'
import type { Call, Outcome } from './endpoint.js'

/**
 * `GET /cookie/remove`: deletes the cookies, all of them. It needs no token, since whoever holds none should be able to
 * leave.
 *
 * A link or an image of another host must not sign people out, be it a stranger's or a sibling's: browsers say so in
 * Sec-Fetch-Site (Fetch Metadata Request Headers, section 2.4), and then only a page of an allowed origin may. The host's
 * own pages, the address bar and clients that are no browsers may always.
 */
export function remove(call: Call): Outcome {
  const { request, settings } = call
  const { allowedOrigins } = settings.configuration.cors
  const site = fetchSite(request)
  const isElsewhere = site === 'cross-site' || site === 'same-site'
  if (isElsewhere && originOf(request, allowedOrigins).kind !== 'allowed') {
    throw new Refusal('cross_site')
  }
  return { response: json(200, { removed: true }, { 'Set-Cookie': allDeleted(call) }) }
}
