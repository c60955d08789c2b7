/**
 * The signature in the cookies of a request.
 *
 * Rule: CloudFront-Key-Pair-Id, CloudFront-Signature, and CloudFront-Policy (custom) or CloudFront-Expires (canned),
 * with CloudFront-Hash-Algorithm beside them for SHA-256; names are case-sensitive. Page: "Use signed cookies".
 */
import type { Credentials } from './credentials.js'

const PREFIX = 'CloudFront-'

/** Name and value pairs of Cookie headers (RFC 6265 section 4.2.1); quotes stay part of a value. */
export function parseCookies(headers: readonly string[]): (readonly [name: string, value: string])[] {
  return headers.flatMap((header) =>
    header.split(';').flatMap((pair) => {
      const equals = pair.indexOf('=')
      return equals < 0 ? [] : [[pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()] as const]
    }),
  )
}

/** What the cookies of a request to `url` say. */
export function credentialsOfCookies(url: string, cookieHeaders: readonly string[]): Credentials {
  const ours = parseCookies(cookieHeaders).filter(([name]) => name.startsWith(PREFIX))
  const value = (name: string) => ours.find(([ownName]) => ownName === PREFIX + name)?.[1]
  return {
    url,
    keyPairId: value('Key-Pair-Id'),
    signature: value('Signature'),
    policy: value('Policy'),
    expires: value('Expires'),
    hashAlgorithm: value('Hash-Algorithm'),
    // Which of two cookies of one name CloudFront takes is documented nowhere: the stricter reading takes neither.
    ambiguous: new Set(ours.map(([name]) => name)).size !== ours.length,
  }
}
