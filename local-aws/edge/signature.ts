/**
 * The alphabet and the signatures of CloudFront's signed URLs and cookies.
 *
 * Rule: base64 with `+`, `=`, `/` replaced by `-`, `_`, `~`; RSASSA-PKCS1-v1_5 or ECDSA (DER) over SHA-1 or SHA-256.
 * Pages: "Set signed cookies using a custom policy", "Linux commands and OpenSSL for base64 encoding and encryption".
 */
import { createPublicKey, verify } from 'node:crypto'

/** The hash a signature was made with; `SHA1` where the request does not say. */
export type HashAlgorithm = 'SHA1' | 'SHA256'

/**
 * The bytes behind CloudFront's base64, or undefined for anything that its encoder cannot have written: a character
 * outside the alphabet, missing or superfluous padding, bits set in the last character that belong to no byte.
 */
export function decodeCloudFrontBase64(text: string): Buffer | undefined {
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9~-]+_{0,2}$/.test(text)) return undefined
  const bytes = Buffer.from(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64')
  const canonical = bytes.toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~')
  return canonical === text ? bytes : undefined
}

/** Whether `signature` is one over `message` by the private half of a PEM public key (RSA 2048 or ECDSA P-256). */
export function isSignedBy(pem: string, hash: HashAlgorithm, message: Buffer, signature: Buffer): boolean {
  try {
    return verify(hash === 'SHA1' ? 'RSA-SHA1' : 'RSA-SHA256', message, createPublicKey(pem), signature)
  } catch {
    // A malformed DER signature throws where a wrong one returns false.
    return false
  }
}
