import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { createSealer, purposeOf } from '../../../../edge-cache-request-signer/src/signing/seal.js'
import { OTHER_KEY, SEALING_KEY, sealer } from '../browser.js'

const value = { subject: 'ann', list: ['é', 1, null] }

describe('createSealer', () => {
  test('opens what it sealed, for the same purpose', () => {
    expect(sealer.open('session', sealer.seal('session', value))).toEqual(value)
  })

  test('writes nothing that can be read, and nothing twice alike', () => {
    const [one, other] = [sealer.seal('session', value), sealer.seal('session', value)]
    expect(one).toMatch(/^[A-Za-z0-9_-]+$/)
    expect(Buffer.from(one, 'base64url').includes('ann')).toBe(false)
    expect(one).not.toBe(other)
  })

  test('is AES-256-GCM as OpenSSL has it: version, id of the key, nonce, ciphertext, tag', () => {
    const nonce = Buffer.alloc(12, 3)
    const cipher = createCipheriv('aes-256-gcm', Buffer.from(SEALING_KEY, 'base64url'), nonce)
    cipher.setAAD(Buffer.from('1\nsession'))
    const ciphertext = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()])
    const id = createHash('sha256').update(Buffer.from(SEALING_KEY, 'base64url')).digest().subarray(0, 4)
    const expected = Buffer.concat([Buffer.of(1), id, nonce, ciphertext, cipher.getAuthTag()]).toString('base64url')
    expect(createSealer([SEALING_KEY], () => nonce).seal('session', value)).toBe(expected)
  })

  test('opens with the previous key what was sealed before the rotation, and seals with the current one', () => {
    const rotated = createSealer([OTHER_KEY, SEALING_KEY], randomBytes)
    expect(rotated.open('session', sealer.seal('session', value))).toEqual(value)
    expect(sealer.open('session', rotated.seal('session', value))).toBeUndefined()
  })

  test('opens with each of the earlier keys', () => {
    const keys = Array.from({ length: 16 }, (_, index) => Buffer.alloc(32, index).toString('base64url'))
    const { open } = createSealer(keys, randomBytes)
    const sealed = keys.map((key) => createSealer([key], randomBytes).seal('session', value))
    expect(sealed.map((text) => open('session', text))).toEqual(keys.map(() => value))
  })

  test('opens nothing of a key that is not kept any more', () => {
    const third = Buffer.alloc(32, 9).toString('base64url')
    expect(createSealer([third, OTHER_KEY], randomBytes).open('session', sealer.seal('session', value))).toBeUndefined()
  })

  test('opens nothing that has no fields', () => {
    expect(sealer.open('session', sealer.seal('session', new Date(0)))).toBeUndefined()
    expect(sealer.open('session', sealer.seal('session', { toJSON: () => null }))).toBeUndefined()
  })

  test('opens nothing that is longer than a cookie', () => {
    const opens = (length: number) =>
      sealer.open('session', sealer.seal('session', { text: 'a'.repeat(length) })) !== undefined
    expect([opens(3_028), opens(3_029)]).toEqual([true, false])
  })

  const sealed = sealer.seal('session', value)
  const bytes = Buffer.from(sealed, 'base64url')
  const changed = (index: number, mask = 1) => {
    const copy = Buffer.from(bytes)
    copy[index] = (copy[index] ?? 0) ^ mask
    return copy.toString('base64url')
  }

  test.each<[string, string, string]>([
    ['another purpose', 'attempt', sealed],
    ['an empty purpose', '', sealed],
    ['nothing', 'session', ''],
    ['a word', 'session', 'undefined'],
    ['JSON', 'session', '{"subject":"ann"}'],
    ['an unknown version', 'session', changed(0, 2)],
    ['an unknown key', 'session', changed(1)],
    ['another nonce', 'session', changed(9)],
    ['another text', 'session', changed(20)],
    ['another tag', 'session', changed(bytes.length - 1)],
    ['a tag cut off', 'session', bytes.subarray(0, -16).toString('base64url')],
    ['a shorter tag', 'session', bytes.subarray(0, -4).toString('base64url')],
    ['the version alone', 'session', bytes.subarray(0, 1).toString('base64url')],
    ['no ciphertext', 'session', bytes.subarray(0, 33).toString('base64url')],
    ['a character more', 'session', `${sealed}A`],
    ['padding', 'session', `${sealed}=`],
    ['a character that decoders skip', 'session', `${sealed.slice(0, 9)}!${sealed.slice(9)}`],
    ['a space before it', 'session', ` ${sealed}`],
    [
      'the other alphabet of base64',
      'session',
      Buffer.concat([Buffer.of(1), Buffer.alloc(59, 0xff)]).toString('base64'),
    ],
    ['letters that are not ASCII', 'session', 'ﬀ'.repeat(60)],
    ['more than a cookie holds', 'session', 'A'.repeat(1_000_000)],
  ])('does not open %s', (_, purpose, text) => {
    expect(sealer.open(purpose, text)).toBeUndefined()
  })

  test('opens nothing under a key whose id was taken over', () => {
    const id = Buffer.from(createSealer([OTHER_KEY], randomBytes).seal('session', value), 'base64url').subarray(0, 5)
    const forged = Buffer.concat([id, bytes.subarray(5)]).toString('base64url')
    expect(createSealer([OTHER_KEY, SEALING_KEY], randomBytes).open('session', forged)).toBeUndefined()
  })

  test.each<[string, string, boolean]>([
    ['what it sealed itself', sealed, false],
    ['what was sealed with the previous key', createSealer([SEALING_KEY], randomBytes).seal('x', value), false],
    ['what was sealed with a newer key', createSealer([OTHER_KEY], randomBytes).seal('x', value), true],
    ['the shortest that could be sealed', Buffer.from([1, ...Buffer.alloc(32)]).toString('base64url'), true],
    ['a byte less', Buffer.from([1, ...Buffer.alloc(31)]).toString('base64url'), false],
    ['rubbish', 'AQ', false],
    ['what no cookie could hold', `${'A'.repeat(5000)}`, false],
    ['another version', changed(0, 2), false],
  ])('tells by the key: %s', (_, text, expected) => {
    const third = Buffer.alloc(32, 9).toString('base64url')
    expect(createSealer([third, SEALING_KEY], randomBytes).isOfUnknownKey(text)).toBe(expected)
  })

  test('needs a key', () => {
    expect(() => createSealer([], randomBytes)).toThrow(new RangeError('a sealer needs a key'))
  })
})

describe('purposeOf', () => {
  test('is the kind, the host and the rest, a line each', () => {
    expect(purposeOf('session', 'photos.example.com')).toBe('session\nphotos.example.com')
    expect(purposeOf('attempt', 'photos.example.com', 'id', 'a\nb')).toBe('attempt\nphotos.example.com\nid\na\nb')
  })
})
