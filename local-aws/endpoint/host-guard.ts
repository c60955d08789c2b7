/**
 * Keeps web pages of strangers away from the endpoint, which otherwise lets everybody do everything, run code included.
 *
 * Rule: whoever speaks to it must use a name that means this machine, or one of AWS that the edge answers for; a page
 * that rebinds its own name to loopback cannot. A page must come from this machine as well: browsers say where it is
 * from in Origin (Fetch Standard, Origin header) and, without one, in Sec-Fetch-Site.
 */
import type { IncomingHttpHeaders } from 'node:http'

const OF_THIS_MACHINE = /^(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9_-]+\.)*localhost)(?::\d+)?$/
const OF_AWS = /^(?:[a-z0-9_-]+\.)+amazonaws\.com(?::\d+)?$/

/** Why a request must not be answered, as a sentence; undefined for one that may. */
export function whyNotFromHere({ host = '', origin, ...rest }: IncomingHttpHeaders): string | undefined {
  const name = host.toLowerCase()
  if (!OF_THIS_MACHINE.test(name) && !OF_AWS.test(name)) {
    return 'The local AWS answers under 127.0.0.1, localhost and the names of AWS only.'
  }
  if (origin === undefined && rest['sec-fetch-site'] !== 'cross-site') return undefined
  const [, originHost = ''] = /^[a-z][a-z0-9+.-]*:\/\/(.+)$/.exec(origin?.toLowerCase() ?? '') ?? []
  return OF_THIS_MACHINE.test(originHost) ? undefined : 'The local AWS answers web pages of this machine only.'
}
