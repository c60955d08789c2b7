import { createPrivateKey } from 'node:crypto'
import { generateKeyPair, isSamePem, publicHalf } from '../../../../key-rotator/src/keys/key-pair.js'

describe('generateKeyPair', () => {
  it.each([
    ['RSA-2048', 'rsa', { modulusLength: 2048, publicExponent: 65537n }],
    ['ECDSA-P256', 'ec', { namedCurve: 'prime256v1' }],
  ] as const)('makes %s as PKCS #8 and SPKI', async (algorithm, type, details) => {
    const { privateKey, publicKey } = await generateKeyPair(algorithm)
    const key = createPrivateKey(privateKey)

    expect([key.asymmetricKeyType, key.asymmetricKeyDetails]).toEqual([type, details])
    expect(privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
    expect(publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----\n/)
    expect(publicHalf(privateKey)).toBe(publicKey)
  })
})

describe('publicHalf', () => {
  it.each(['', 'no key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'])(
    'is undefined for %j',
    (text) => {
      expect(publicHalf(text)).toBeUndefined()
    },
  )
})

describe('isSamePem', () => {
  it.each([
    ['the line feed that CloudFront appends', 'PEM', 'PEM\n', true],
    ['other keys', 'PEM', 'PEN', false],
    ['nothing on both sides', undefined, undefined, false],
  ])('compares %s', (_, one, other, expected) => {
    expect(isSamePem(one, other)).toBe(expected)
  })
})
