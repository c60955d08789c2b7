/** Key pairs, made once per test process: RSA takes its time. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { SigningAlgorithm, SigningKey } from '../../contract/secret.js'

/** Both halves, and both as PEM. */
export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** PKCS #8. */
  readonly privatePem: string
  /** SPKI. */
  readonly publicPem: string
}

/** A new key pair of one of the kinds that CloudFront verifies with. */
export function newKeyPair(algorithm: SigningAlgorithm = 'RSA-2048'): KeyPair {
  const { privateKey } =
    algorithm === 'RSA-2048'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const publicKey = createPublicKey(privateKey)
  return {
    privateKey,
    publicKey,
    privatePem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicPem: String(publicKey.export({ type: 'spki', format: 'pem' })),
  }
}

const made = new Map<string, KeyPair>()

/** The key pair of that name: the same one whenever it is asked for in this process. */
export function keyPair(name: string, algorithm: SigningAlgorithm = 'RSA-2048'): KeyPair {
  const label = `${algorithm} ${name}`
  const pair = made.get(label) ?? newKeyPair(algorithm)
  made.set(label, pair)
  return pair
}

/** A signing key as the secret holds it, made of the key pair `signing` of its algorithm. */
export function signingKey(changes: Partial<SigningKey> = {}): SigningKey {
  const algorithm = changes.algorithm ?? 'RSA-2048'
  return {
    version: 1,
    keyPairId: 'K2JCJMDEHXQW5F',
    algorithm,
    privateKey: keyPair('signing', algorithm).privatePem,
    createdAt: '2026-11-21T05:00:00.000Z',
    sealingKeys: [Buffer.alloc(32, 7).toString('base64url')],
    ...changes,
  }
}
