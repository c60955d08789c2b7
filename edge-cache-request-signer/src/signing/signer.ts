/** Signs permissions with the current key and remembers the last ones: sign-ins within one step share a policy. */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { cloudFrontBase64, type Permission, policyText } from '../../../contract/cloudfront-signature.js'
import { type SigningAlgorithm, type SigningKey, SigningKeyError } from '../../../contract/secret.js'
import type { CookieSettings } from '../configuration/configuration.js'
import { remember } from '../memory.js'

/** A policy and its signature in CloudFront's base64, as cookies carry them. */
export interface SignedPolicy {
  readonly policy: string
  readonly signature: string
}

/** A key that is ready to sign. It lives as long as the reading of the secret it came from, and its memory with it. */
export interface Signer {
  readonly keyPairId: string
  readonly hashAlgorithm: CookieSettings['hashAlgorithm']
  /**
   * The policy for a permission, signed: RSASSA-PKCS1-v1_5, or ECDSA in DER, which is what `openssl … -sign` makes in
   * CloudFront Developer Guide, Create a URL signature using Linux commands and OpenSSL.
   */
  readonly sign: (permission: Permission) => SignedPolicy
  /** The same signature over any policy, which is not remembered. */
  readonly signText: (policy: string) => Buffer
}

const REMEMBERED = 100

/**
 * The signer for a key.
 *
 * @throws SigningKeyError when the private key cannot be read or is not of the algorithm it says.
 */
export function createSigner(key: SigningKey, hashAlgorithm: CookieSettings['hashAlgorithm']): Signer {
  const privateKey = privateKeyOf(key)
  const remembered = new Map<string, SignedPolicy>()
  const signText = (policy: string) => sign(hashAlgorithm, Buffer.from(policy), privateKey)
  return {
    keyPairId: key.keyPairId,
    hashAlgorithm,
    sign: (permission) => {
      // Everything that a policy is made of; neither an expiry nor an address holds a space.
      const name = `${permission.expiresAt} ${permission.ipv4 ?? ''} ${permission.resource}`
      const known = remembered.get(name)
      if (known !== undefined) return known
      const policy = policyText(permission)
      const signed = { policy: cloudFrontBase64(Buffer.from(policy)), signature: cloudFrontBase64(signText(policy)) }
      remember(remembered, name, signed, REMEMBERED)
      return signed
    },
    signText,
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
