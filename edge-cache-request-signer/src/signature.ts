/** Signs policies with the current key and remembers the last signatures: sign-ins within one step share a policy. */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { type SigningAlgorithm, type SigningKey, SigningKeyError } from '../../signing-key/secret.js'
import type { CookieSettings } from './configuration.js'

/** A key that is ready to sign. It lives as long as the reading of the secret it came from, and its memory with it. */
export interface Signer {
  readonly keyPairId: string
  readonly hashAlgorithm: CookieSettings['hashAlgorithm']
  /**
   * The signature of a text: RSASSA-PKCS1-v1_5, or ECDSA in DER, which is what `openssl … -sign` makes in
   * CloudFront Developer Guide, Create a URL signature using Linux commands and OpenSSL.
   */
  readonly sign: (text: string) => Buffer
}

const REMEMBERED = 100

/**
 * The signer for a key.
 *
 * @throws SigningKeyError when the private key cannot be read or is not of the algorithm it says.
 */
export function createSigner(key: SigningKey, hashAlgorithm: CookieSettings['hashAlgorithm']): Signer {
  const privateKey = privateKeyOf(key)
  const remembered = new Map<string, Buffer>()
  return {
    keyPairId: key.keyPairId,
    hashAlgorithm,
    sign: (text) => {
      const known = remembered.get(text)
      if (known !== undefined) return known
      const signature = sign(hashAlgorithm, Buffer.from(text), privateKey)
      const oldest = remembered.keys().next()
      if (remembered.size >= REMEMBERED && !oldest.done) remembered.delete(oldest.value)
      remembered.set(text, signature)
      return signature
    },
  }
}

function privateKeyOf({ privateKey, algorithm }: SigningKey): KeyObject {
  let key: KeyObject | undefined
  try {
    key = createPrivateKey(privateKey)
  } catch {
    // OpenSSL's error is left behind: it can tell of the key's content.
  }
  if (key === undefined || algorithmOf(key) !== algorithm) {
    throw new SigningKeyError([`privateKey must hold a key of the algorithm ${algorithm}`])
  }
  return key
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm | undefined {
  if (asymmetricKeyType === 'rsa' && asymmetricKeyDetails?.modulusLength === 2048) return 'RSA-2048'
  return asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ECDSA-P256' : undefined
}
