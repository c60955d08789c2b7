/**
 * What CloudFront checks: cookies, their encoding, and the policy document (CloudFront Developer Guide, Setting signed
 * cookies using a custom policy). The policy has one statement, one resource and no white space; the bytes that are
 * signed are the bytes that are sent.
 */

/** The cookies that CloudFront checks. The names are CloudFront's; no prefix can protect them. */
export const SIGNED_COOKIES = {
  policy: 'CloudFront-Policy',
  signature: 'CloudFront-Signature',
  keyPairId: 'CloudFront-Key-Pair-Id',
  hashAlgorithm: 'CloudFront-Hash-Algorithm',
} as const

/** What a policy allows. */
export interface Permission {
  /** URL with wildcards, e.g. `https://d111111abcdef8.cloudfront.net/*`; with a scheme. */
  readonly resource: string
  /** Seconds since the epoch; CloudFront refuses from this second on. */
  readonly expiresAt: number
  /** The only IPv4 address that may use the cookies, when they are bound to one. */
  readonly ipv4?: string | undefined
}

/** The text of the policy. */
export function policyText({ resource, expiresAt, ipv4 }: Permission): string {
  const Condition = {
    DateLessThan: { 'AWS:EpochTime': expiresAt },
    ...(ipv4 === undefined ? {} : { IpAddress: { 'AWS:SourceIp': `${ipv4}/32` } }),
  }
  return JSON.stringify({ Statement: [{ Resource: resource, Condition }] })
}

/** Standard base64 with the three characters replaced that a cookie or URL may not hold. It is not base64url. */
export function cloudFrontBase64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~')
}
