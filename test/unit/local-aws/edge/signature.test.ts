import { sign } from 'node:crypto'
import { decodeCloudFrontBase64, isSignedBy } from '../../../../local-aws/edge/signature.js'
import { keyPair } from '../../../support/keys.js'

describe('decodeCloudFrontBase64', () => {
  test.each([
    ['AA__', [0]],
    ['AAE_', [0, 1]],
    ['AAEC', [0, 1, 2]],
    ['-~-~', [0xfb, 0xff, 0xbf]],
    ['AAECAA__', [0, 1, 2, 0]],
  ])('reads %s', (text, bytes) => {
    expect(decodeCloudFrontBase64(text)).toEqual(Buffer.from(bytes))
  })

  test.each([
    '',
    'A',
    'AA',
    'AAE',
    'AAECA',
    'A___',
    '____',
    'AA_A',
    'AA==',
    '+/+/',
    'AAE\n',
    ' AAEC',
    'AAEC ',
    '"AAEC"',
    'AAE\u00c4',
    // A bit that belongs to no byte.
    'AB__',
    'AAF_',
  ])('refuses %j', (text) => {
    expect(decodeCloudFrontBase64(text)).toBeUndefined()
  })
})

describe('isSignedBy', () => {
  const message = Buffer.from('policy')

  test.each(['RSA-2048', 'ECDSA-P256'] as const)('knows a signature by its key and its hash: %s', (algorithm) => {
    const { privateKey, publicPem } = keyPair('edge', algorithm)
    const signatures = { SHA1: sign('sha1', message, privateKey), SHA256: sign('sha256', message, privateKey) }
    const hashes = ['SHA1', 'SHA256'] as const
    const verdicts = hashes.map((signed) =>
      hashes.map((said) => isSignedBy(publicPem, said, message, signatures[signed])),
    )
    expect(verdicts).toEqual([
      [true, false],
      [false, true],
    ])
    expect(isSignedBy(publicPem, 'SHA1', Buffer.from('polic'), signatures.SHA1)).toBe(false)
    expect(isSignedBy(keyPair('other', algorithm).publicPem, 'SHA1', message, signatures.SHA1)).toBe(false)
  })

  test('takes what is no signature for none', () => {
    expect(isSignedBy(keyPair('edge', 'ECDSA-P256').publicPem, 'SHA1', message, Buffer.from('no DER'))).toBe(false)
    expect(isSignedBy('no key', 'SHA1', message, Buffer.alloc(256))).toBe(false)
  })
})
