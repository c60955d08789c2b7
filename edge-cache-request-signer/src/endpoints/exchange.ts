import { isIPv4 } from 'node:net'
import { bearerToken } from '../bearer.js'
import { grantedPaths } from '../grants.js'
import { cookieExpiry } from '../policy.js'
import { Refusal } from '../refusals.js'
import { json } from '../responses.js'
import { signedCookies } from '../signed-cookies.js'
import type { Call, Outcome } from './endpoint.js'

/**
 * `GET` or `POST /cookie/`: a bearer token for signed cookies. The body says until when they are good, in seconds since
 * the epoch like `exp` of the token, and for which paths.
 */
export async function exchange({ request, settings, now }: Call): Promise<Outcome> {
  const { configuration, signer, verifyToken } = settings
  const { subject, expiresAt: tokenExpiry } = await verifyToken(bearerToken(request))
  const ipv4 = configuration.cookies.bindToIp ? request.clientIp : undefined
  if (ipv4 !== undefined && !isIPv4(ipv4)) throw new Refusal('ipv4_needed')

  const expiresAt = cookieExpiry(now, tokenExpiry, configuration.cookies.lifetimeSeconds)
  const paths = grantedPaths(configuration)
  const cookies: string[] = []
  for (const path of paths) {
    cookies.push(
      ...signedCookies({ path }, signer, configuration.cookies, { host: request.host, expiresAt, now, ipv4 }),
    )
  }
  return {
    response: json(200, { expires_at: expiresAt, paths }, { 'Set-Cookie': cookies }),
    subject,
    exchanged: true,
  }
}
