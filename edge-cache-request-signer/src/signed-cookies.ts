/** The cookies that CloudFront checks (CloudFront Developer Guide, Setting signed cookies using a custom policy). */

import type { CookieSettings } from './configuration.js'
import { setCookie } from './cookies.js'
import type { Permission } from './policy.js'
import type { Signer } from './signature.js'

/** The names are CloudFront's; no prefix can protect them. */
const POLICY = 'CloudFront-Policy'
const SIGNATURE = 'CloudFront-Signature'
const KEY_PAIR_ID = 'CloudFront-Key-Pair-Id'
const HASH_ALGORITHM = 'CloudFront-Hash-Algorithm'

/**
 * The Set-Cookie values that give a viewer this permission until it expires. SHA-1 is what CloudFront assumes without
 * a hash-algorithm cookie, so for SHA-1 that cookie is deleted: one that is left from SHA-256 times would make every
 * new signature wrong.
 *
 * `now` is in seconds, like the permission's expiry.
 */
export function signedCookies(
  permission: Permission,
  signer: Signer,
  { sameSite }: CookieSettings,
  now: number,
): readonly string[] {
  const { policy, signature } = signer.sign(permission)
  const age = permission.expiresAt - now
  const set = (name: string, value: string, maxAgeSeconds = age) => setCookie({ name, value, maxAgeSeconds, sameSite })
  return [
    set(POLICY, policy),
    set(SIGNATURE, signature),
    set(KEY_PAIR_ID, signer.keyPairId),
    signer.hashAlgorithm === 'SHA1' ? set(HASH_ALGORITHM, '', 0) : set(HASH_ALGORITHM, signer.hashAlgorithm),
  ]
}

/** The Set-Cookie values that delete all of them: same names, same path, same attributes. */
export function expiredCookies({ sameSite }: CookieSettings): readonly string[] {
  return [POLICY, SIGNATURE, KEY_PAIR_ID, HASH_ALGORITHM].map((name) =>
    setCookie({ name, value: '', maxAgeSeconds: 0, sameSite }),
  )
}
