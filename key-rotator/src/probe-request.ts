/**
 * A signed request through the distribution. The rule: CloudFront checks the cookies before anything else happens to a
 * request, and refuses with 403 (Developer Guide, Using signed cookies); so any other answer proves that it knows
 * the key, if it does refuse requests without cookies there (trial.ts).
 */
import { createPrivateKey, sign } from 'node:crypto'
import { cloudFrontBase64, policyText, SIGNED_COOKIES } from '../../contract/cloudfront-signature.js'
import type { SigningKey } from '../../contract/secret.js'
import type { RotationConfiguration } from './configuration.js'
import type { Answer } from './http.js'

/** What an answer says about the key: accepted, refused, or nothing, because the edge or the origin is busy. */
export type Finding = 'accepted' | 'refused' | 'undecided'

/** How long the cookies of a probe are good for: longer than clocks disagree. */
export const PROBE_LIFETIME_SECONDS = 300

/**
 * The Cookie header of a request for exactly this address: a custom policy, three cookies, and a fourth that names the
 * hash where it is not SHA-1 (Developer Guide, Setting signed cookies using a custom policy).
 */
export function probeCookies(
  key: Pick<SigningKey, 'keyPairId' | 'privateKey'>,
  url: string,
  hashAlgorithm: RotationConfiguration['hashAlgorithm'],
  nowMs: number,
): string {
  const expiry = Math.floor(nowMs / 1000) + PROBE_LIFETIME_SECONDS
  const policy = policyText({ resource: url, expiresAt: expiry })
  const signature = sign(hashAlgorithm, Buffer.from(policy), createPrivateKey(key.privateKey))
  const cookies = [
    `${SIGNED_COOKIES.policy}=${cloudFrontBase64(Buffer.from(policy))}`,
    `${SIGNED_COOKIES.signature}=${cloudFrontBase64(signature)}`,
    `${SIGNED_COOKIES.keyPairId}=${key.keyPairId}`,
    ...(hashAlgorithm === 'SHA1' ? [] : [`${SIGNED_COOKIES.hashAlgorithm}=${hashAlgorithm}`]),
  ]
  return cookies.join('; ')
}

/**
 * What an answer says about the key. A 403 can also be S3's, in a bucket that may not be listed: it bears S3's request
 * id and is `application/xml`, CloudFront's own is `text/xml`. The type matters, because a custom error page for 403
 * that lies in a bucket bears a request id as well.
 */
export function findingOf({ status, header }: Answer): Finding {
  if (status === 429 || status >= 500) return 'undecided'
  if (status !== 403) return 'accepted'
  const isOfS3 = header('x-amz-request-id') !== null && header('content-type')?.startsWith('application/xml') === true
  return isOfS3 ? 'accepted' : 'refused'
}
