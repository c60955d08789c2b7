/** Key pairs as CloudFront takes them: RSA of 2048 bits, or ECDSA on P-256 (Developer Guide, Creating key pairs for your signers). */
import { createPublicKey, generateKeyPair as generate } from 'node:crypto'
import type { SigningAlgorithm } from '../../../contract/secret.js'

/** Both halves as PEM: PKCS #8 and SPKI. */
export interface KeyPair {
  readonly privateKey: string
  readonly publicKey: string
}

const ENCODING = {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
} as const

/** A new key pair. */
export function generateKeyPair(algorithm: SigningAlgorithm): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, publicKey: string, privateKey: string) =>
      error === null ? resolve({ privateKey, publicKey }) : reject(error)
    if (algorithm === 'RSA-2048') generate('rsa', { modulusLength: 2048, ...ENCODING }, done)
    else generate('ec', { namedCurve: 'prime256v1', ...ENCODING }, done)
  })
}

/** The public half of a private key, as PEM. Undefined when the text is no private key: OpenSSL's error could quote from it. */
export function publicHalf(privateKey: string): string | undefined {
  try {
    return String(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }))
  } catch {
    return undefined
  }
}

/** Whether two PEM texts are the same key. CloudFront appends a line feed to what it was given, hence the trimming. */
export function isSamePem(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one.trim() === other.trim()
}
