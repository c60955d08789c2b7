import * as crypto from 'node:crypto'
import { createSigner } from '../../../edge-cache-request-signer/src/signature.js'
import { SigningKeyError } from '../../../signing-key/secret.js'
import { keyPair, newKeyPair, signingKey } from '../../support/keys.js'

describe('createSigner', () => {
  const ecdsa = signingKey({ algorithm: 'ECDSA-P256' })

  test('remembers a hundred signatures and lets the oldest go', () => {
    // ECDSA signatures of one text differ each time: an equal one was remembered.
    const { sign } = createSigner(ecdsa, 'SHA1')
    const texts = Array.from({ length: 101 }, (_, index) => `policy ${index}`)
    const first = texts.map((text) => sign(text).toString('hex'))
    expect(sign('policy 100').toString('hex')).toBe(first[100])
    expect(sign('policy 1').toString('hex')).toBe(first[1])
    expect(sign('policy 0').toString('hex')).not.toBe(first[0])
  })

  test('shares nothing between two keys', () => {
    const other = newKeyPair()
    const signers = [signingKey(), signingKey({ privateKey: other.privatePem })].map((key) => createSigner(key, 'SHA1'))
    const [ours, theirs] = signers.map(({ sign }) => sign('the same policy'))
    const verifies = (publicKey: crypto.KeyObject, signature: Buffer | undefined) =>
      crypto.verify('sha1', Buffer.from('the same policy'), publicKey, signature ?? Buffer.alloc(0))
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
