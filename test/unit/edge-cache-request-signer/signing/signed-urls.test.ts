import { getSignedUrl } from '@aws-sdk/cloudfront-signer'
import { signedUrl } from '../../../../edge-cache-request-signer/src/endpoints/signed-url.js'
import { createSigner } from '../../../../edge-cache-request-signer/src/signing/signer.js'
import { verifySignedRequest } from '../../../../local-aws/edge/signed-request.js'
import { keyPair, signingKey } from '../../../support/keys.js'

const URL = "https://d111111abcdef8.cloudfront.net/a/Zo%C3%AB's%20photo.jpg"
const UNTIL = 1_767_290_400

const allowed = (url: string, nowMs: number, algorithm: 'RSA-2048' | 'ECDSA-P256' = 'RSA-2048') =>
  verifySignedRequest(
    { url, cookieHeaders: [], clientIp: '192.0.2.1', nowMs },
    new Map([[signingKey().keyPairId, keyPair('signing', algorithm).publicPem]]),
  ).allowed

describe('signedUrl', () => {
  test.each(['SHA1', 'SHA256'] as const)('has the parameters of the AWS SDK, byte for byte: RSA, %s', (hash) => {
    const { keyPairId, privateKey } = signingKey()
    const theirs = getSignedUrl({
      url: URL,
      keyPairId,
      privateKey,
      dateLessThan: UNTIL * 1000,
      ...(hash === 'SHA256' ? { algorithm: 'SHA256' } : {}),
    })
    const [base, query] = signedUrl(URL, createSigner(signingKey(), hash), UNTIL).split('?')
    const parameters = (text = '') => text.split('&').sort()
    expect(base).toBe(theirs.split('?')[0])
    expect(parameters(query)).toEqual(parameters(theirs.split('?')[1]))
  })

  test.each([
    ['RSA-2048', 'SHA1'],
    ['RSA-2048', 'SHA256'],
    ['ECDSA-P256', 'SHA1'],
    ['ECDSA-P256', 'SHA256'],
  ] as const)('opens its object until its last second and nothing else: %s, %s', (algorithm, hash) => {
    const url = signedUrl(URL, createSigner(signingKey({ algorithm }), hash), UNTIL)
    expect(allowed(url, UNTIL * 1000 - 1, algorithm)).toBe(true)
    expect(allowed(url, UNTIL * 1000, algorithm)).toBe(false)
    for (const other of [
      url.replace('photo', 'photos'),
      url.replace('.jpg?', '.jpg?x=y&'),
      url.replace('d111111abcdef8', 'd222222abcdef8'),
      url.replace(`Expires=${UNTIL}`, `Expires=${UNTIL + 1}`),
    ]) {
      expect(other).not.toBe(url)
      expect(allowed(other, UNTIL * 1000 - 1, algorithm)).toBe(false)
    }
  })

  test.each([
    'https://h/*',
    'https://h/a?b',
    'https://h/a?b=c',
    'https://*/a',
    'https://h/a#b',
    'https://h/%2A',
    'https://h/%3f',
  ])('refuses %s', (url) => {
    expect(() => signedUrl(url, createSigner(signingKey(), 'SHA1'), UNTIL)).toThrow(
      new RangeError('a signed URL is for one object, and has no wildcard and no query string'),
    )
  })
})
