/** URLs that CloudFront opens by themselves (CloudFront Developer Guide, Create a signed URL using a canned policy). */
import { policyText } from './policy.js'
import { cloudFrontBase64, type Signer } from './signer.js'

/**
 * The URL of one object, good for everybody until `expiresAt`, in seconds since the epoch. CloudFront builds the policy
 * again from the URL and its parameters, so that no policy travels along.
 *
 * @throws RangeError for a URL with a query string or a wildcard, which CloudFront would match and so open more. An
 * encoded wildcard is none by the documentation, but AWS's own signer writes it as one.
 */
export function signedUrl(url: string, signer: Signer, expiresAt: number): string {
  if (!isOneObject(url)) throw new RangeError('a signed URL is for one object, and has no wildcard and no query string')
  const signature = signer.signText(policyText({ resource: url, expiresAt }))
  const parameters = [
    `Expires=${expiresAt}`,
    `Key-Pair-Id=${signer.keyPairId}`,
    `Signature=${cloudFrontBase64(signature)}`,
    // Without it CloudFront assumes SHA-1.
    ...(signer.hashAlgorithm === 'SHA1' ? [] : [`Hash-Algorithm=${signer.hashAlgorithm}`]),
  ]
  return `${url}?${parameters.join('&')}`
}

/** Whether a URL, or its path, can be that of one object only. */
export function isOneObject(url: string): boolean {
  return !/[*?#]|%2a|%3f/i.test(url)
}
