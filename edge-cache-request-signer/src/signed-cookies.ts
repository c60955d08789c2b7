/** The cookies that CloudFront checks (CloudFront Developer Guide, Setting signed cookies using a custom policy). */

import type { CookieSettings } from './configuration.js'
import { setCookie } from './cookies.js'
import { type Permission, policyText } from './policy.js'
import type { Signer } from './signature.js'

/** The names are CloudFront's; no prefix can protect them. */
const POLICY = 'CloudFront-Policy'
const SIGNATURE = 'CloudFront-Signature'
const KEY_PAIR_ID = 'CloudFront-Key-Pair-Id'
const HASH_ALGORITHM = 'CloudFront-Hash-Algorithm'

/** Standard base64 with the three characters replaced that a cookie or URL may not hold. It is not base64url. */
export function cloudFrontBase64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~')
}

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
  const policy = policyText(permission)
  const maxAgeSeconds = permission.expiresAt - now
  const values = [
    [POLICY, cloudFrontBase64(Buffer.from(policy))],
    [SIGNATURE, cloudFrontBase64(signer.sign(policy))],
    [KEY_PAIR_ID, signer.keyPairId],
  ] as const
  return [
    ...values.map(([name, value]) => setCookie({ name, value, maxAgeSeconds, sameSite })),
    signer.hashAlgorithm === 'SHA1'
      ? setCookie({ name: HASH_ALGORITHM, value: '', maxAgeSeconds: 0, sameSite })
      : setCookie({ name: HASH_ALGORITHM, value: signer.hashAlgorithm, maxAgeSeconds, sameSite }),
  ]
}

/** The Set-Cookie values that delete all of them: same names, same path, same attributes. */
export function expiredCookies({ sameSite }: CookieSettings): readonly string[] {
  return [POLICY, SIGNATURE, KEY_PAIR_ID, HASH_ALGORITHM].map((name) =>
    setCookie({ name, value: '', maxAgeSeconds: 0, sameSite }),
  )
}
