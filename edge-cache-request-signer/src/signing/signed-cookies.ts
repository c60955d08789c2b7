/** The cookies that CloudFront checks (CloudFront Developer Guide, Setting signed cookies using a custom policy). */

import { SIGNED_COOKIES } from '../../../contract/cloudfront-signature.js'
import type { Grant } from '../access/grants.js'
import type { CookieSettings } from '../configuration/configuration.js'
import { setCookie } from '../http/set-cookie.js'
import { cookiePath } from '../paths.js'
import { resourceOf } from './policy.js'
import type { Signer } from './signer.js'

/** For whom and until when cookies are made. */
export interface CookieTerms {
  /** The host that the viewer uses. */
  readonly host: string
  /** Seconds since the epoch, both. */
  readonly expiresAt: number
  readonly now: number
  /** The only IPv4 address that may use the cookies, when they are bound to one. */
  readonly ipv4?: string | undefined
}

/**
 * The Set-Cookie values that give a viewer one cookie set, good for its whole path until it expires. SHA-1 is what
 * CloudFront assumes without a hash-algorithm cookie, so for SHA-1 that cookie is deleted: one that is left from SHA-256
 * times would make every new signature wrong.
 */
export function signedCookies(
  { path }: Grant,
  signer: Signer,
  settings: CookieSettings,
  { host, expiresAt, now, ipv4 }: CookieTerms,
): readonly string[] {
  const { policy, signature } = signer.sign({ resource: resourceOf(reach(host, settings), path), expiresAt, ipv4 })
  const set = writerFor(path, settings)
  const age = expiresAt - now
  return [
    set(SIGNED_COOKIES.policy, policy, age),
    set(SIGNED_COOKIES.signature, signature, age),
    set(SIGNED_COOKIES.keyPairId, signer.keyPairId, age),
    signer.hashAlgorithm === 'SHA1'
      ? set(SIGNED_COOKIES.hashAlgorithm, '', 0)
      : set(SIGNED_COOKIES.hashAlgorithm, signer.hashAlgorithm, age),
  ]
}

/**
 * The hosts that a policy names. Cookies of a domain come along to every host below it and replace those that were made
 * there, so they have to open the content on all of them; who else is below that domain does not trust these keys.
 */
function reach(host: string, { domain }: CookieSettings): string {
  const [name, port] = host.split(':')
  if (domain === undefined || name === domain) return host
  return `*.${domain}${port === undefined ? '' : `:${port}`}`
}

/** The Set-Cookie values that delete the sets of these granted paths: same names, same Paths, same attributes. */
export function expiredCookies(settings: CookieSettings, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => Object.values(SIGNED_COOKIES).map((name) => writerFor(path, settings)(name, '', 0)))
}

function writerFor(path: string, { sameSite, domain, partitioned }: CookieSettings) {
  return (name: string, value: string, maxAgeSeconds: number) =>
    setCookie({ name, value, maxAgeSeconds, sameSite, path: cookiePath(path), domain, partitioned })
}
