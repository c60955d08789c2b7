import * as crypto from 'node:crypto'
import { policyText } from '../../../../contract/cloudfront-signature.js'
import { SigningKeyError } from '../../../../contract/secret.js'
import { createSigner } from '../../../../edge-cache-request-signer/src/signing/signer.js'
import { keyPair, newKeyPair, signingKey } from '../../../support/keys.js'

/** Undoes what AWS's page says of base64 in cookies. */
const bytesOf = (text: string): Buffer =>
  Buffer.from(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64')

describe('createSigner', () => {
  const ecdsa = signingKey({ algorithm: 'ECDSA-P256' })

  const permission = { resource: 'https://photos.example.com/*', expiresAt: 1_767_290_400 }

  test('remembers a hundred signatures and lets the oldest go', () => {
    // ECDSA signatures of one text differ each time: an equal one was remembered.
    const { sign } = createSigner(ecdsa, 'SHA1')
    const signatureUntil = (expiresAt: number) => sign({ ...permission, expiresAt }).signature
    const first = Array.from({ length: 101 }, (_, index) => signatureUntil(index))
    expect(signatureUntil(100)).toBe(first[100])
    expect(signatureUntil(1)).toBe(first[1])
    expect(signatureUntil(0)).not.toBe(first[0])
  })

  test('mixes up no two permissions that it remembers', () => {
    const { sign } = createSigner(signingKey(), 'SHA1')
    const permissions = [
      permission,
      { ...permission, resource: 'https://photos.example.com/a/*' },
      { ...permission, resource: 'https://1.example.com/*' },
      { ...permission, expiresAt: permission.expiresAt + 1 },
      { ...permission, ipv4: '192.0.2.1' },
      { ...permission, ipv4: '192.0.2.11' },
    ]
    for (const one of [...permissions, ...permissions]) {
      const { policy, signature } = sign(one)
      expect(bytesOf(policy).toString()).toBe(policyText(one))
      expect(crypto.verify('sha1', bytesOf(policy), keyPair('signing').publicKey, bytesOf(signature))).toBe(true)
    }
  })

  test('shares nothing between two keys', () => {
    const other = newKeyPair()
    const signers = [signingKey(), signingKey({ privateKey: other.privatePem })].map((key) => createSigner(key, 'SHA1'))
    const [ours, theirs] = signers.map(({ sign }) => sign(permission).signature)
    const verifies = (publicKey: crypto.KeyObject, signature = '') =>
      crypto.verify('sha1', Buffer.from(policyText(permission)), publicKey, bytesOf(signature))
    expect([verifies(keyPair('signing').publicKey, ours), verifies(other.publicKey, theirs)]).toEqual([true, true])
    expect([verifies(keyPair('signing').publicKey, theirs), verifies(other.publicKey, ours)]).toEqual([false, false])
  })

  const pem = (key: crypto.KeyObject) => String(key.export({ type: 'pkcs8', format: 'pem' }))
  test.each<[string, 'RSA-2048' | 'ECDSA-P256', () => string]>([
    [
      'RSA of another size',
      'RSA-2048',
      () => pem(crypto.generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey),
    ],
    ['RSA-PSS', 'RSA-2048', () => pem(crypto.generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey)],
    [
      'another curve',
      'ECDSA-P256',
      () => pem(crypto.generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey),
    ],
    ['Ed25519', 'ECDSA-P256', () => pem(crypto.generateKeyPairSync('ed25519').privateKey)],
    ['RSA that calls itself ECDSA', 'ECDSA-P256', () => keyPair('signing').privatePem],
    ['no key', 'RSA-2048', () => 'no key'],
  ])('refuses %s without a word of the key', (_, algorithm, privateKey) => {
    const create = () => createSigner(signingKey({ algorithm, privateKey: privateKey() }), 'SHA1')
    expect(create).toThrow(new SigningKeyError([`privateKey must hold a key of the algorithm ${algorithm}`]))
  })
})
