import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { parseSigningKey, type SigningKey, SigningKeyError, serializeSigningKey } from '../../../contract/secret.js'

const pem = (key: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer }) =>
  String(key.export({ type: 'pkcs8', format: 'pem' }))
const rsa = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
const ec = pem(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey)
const sealing = () => randomBytes(32).toString('base64url')

const key: SigningKey = {
  version: 1,
  keyPairId: 'K2JCJMDEHXQW5F',
  algorithm: 'RSA-2048',
  privateKey: rsa,
  createdAt: '2026-11-21T05:00:00.000Z',
  sealingKeys: [sealing()],
}

function problemsOf(text: unknown): readonly string[] {
  try {
    parseSigningKey(text)
    return []
  } catch (error) {
    if (error instanceof SigningKeyError) return error.problems
    throw error
  }
}

describe('parseSigningKey', () => {
  test.each([
    ['RSA, one sealing key', key],
    ['RSA, two sealing keys', { ...key, sealingKeys: [sealing(), sealing()] }],
    ['as many sealing keys as there may be', { ...key, sealingKeys: Array.from({ length: 16 }, sealing) }],
    ['ECDSA', { ...key, algorithm: 'ECDSA-P256' as const, privateKey: ec }],
  ])('reads what serializeSigningKey wrote: %s', (_, value) => {
    expect(parseSigningKey(serializeSigningKey(value))).toEqual(value)
  })

  const wrong = {
    version: 'version must be 1',
    keyPairId: 'keyPairId must be the id of a CloudFront public key',
    algorithm: 'algorithm must be RSA-2048 or ECDSA-P256',
    privateKey: 'privateKey must be a PKCS #8 private key in PEM',
    createdAt: 'createdAt must be a UTC time like 2026-01-31T00:00:00.000Z',
    sealingKeys: 'sealingKeys must be a list of 1 to 16 base64url keys of 32 bytes',
  }

  test.each<[string, object, string]>([
    ['another version', { version: 2 }, wrong.version],
    ['a version in quotes', { version: '1' }, wrong.version],
    ['an empty key id', { keyPairId: '' }, wrong.keyPairId],
    ['a key id that would end the cookie', { keyPairId: 'K1; Domain=example.com' }, wrong.keyPairId],
    ['a key id with a line break', { keyPairId: 'K1\n' }, wrong.keyPairId],
    ['RSA of another size', { algorithm: 'RSA-4096' }, wrong.algorithm],
    ['a public key', { privateKey: rsa.replaceAll('PRIVATE', 'PUBLIC') }, wrong.privateKey],
    ['PKCS #1', { privateKey: rsa.replaceAll('PRIVATE KEY', 'RSA PRIVATE KEY') }, wrong.privateKey],
    ['a key without its line breaks', { privateKey: rsa.replaceAll('\n', '') }, wrong.privateKey],
    ['a key with text before it', { privateKey: `x${rsa}` }, wrong.privateKey],
    ['a date without time', { createdAt: '2026-11-21' }, wrong.createdAt],
    ['a day that does not exist', { createdAt: '2026-02-30T00:00:00.000Z' }, wrong.createdAt],
    ['no time at all', { createdAt: 'yesterday' }, wrong.createdAt],
    ['no sealing key', { sealingKeys: [] }, wrong.sealingKeys],
    ['seventeen sealing keys', { sealingKeys: Array.from({ length: 17 }, sealing) }, wrong.sealingKeys],
    ['a sealing key of 31 bytes', { sealingKeys: [randomBytes(31).toString('base64url')] }, wrong.sealingKeys],
    ['a padded sealing key', { sealingKeys: [randomBytes(32).toString('base64')] }, wrong.sealingKeys],
    ['a sealing key that is not canonical', { sealingKeys: [`${'A'.repeat(42)}B`] }, wrong.sealingKeys],
    ['sealing keys that are text', { sealingKeys: sealing() }, wrong.sealingKeys],
    ['an unknown field', { comment: 'x' }, 'comment is not known'],
    ['an unknown field that may be a value', { [rsa]: 'x' }, 'a field is not known'],
  ])('refuses %s', (_, change, problem) => {
    expect(problemsOf(JSON.stringify({ ...key, ...change }))).toEqual([problem])
  })

  test.each([
    ['no text', undefined],
    ['an object that was not parsed', key],
    ['an empty text', ''],
    ['text that is not JSON', rsa],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '1'],
  ])('refuses %s', (_, text) => {
    expect(problemsOf(text)).toEqual(['it must be a JSON object'])
  })

  test('names every wrong field at once', () => {
    expect(problemsOf('{"extra":1}')).toEqual([...Object.values(wrong), 'extra is not known'])
  })

  test('takes no field from the prototype', () => {
    expect(problemsOf(`{"__proto__":${JSON.stringify(key)}}`)).toEqual([
      ...Object.values(wrong),
      'a field is not known',
    ])
  })

  test.each([
    ['a wrong field beside it', JSON.stringify({ ...key, version: 2, algorithm: rsa, createdAt: rsa, keyPairId: rsa })],
    ['broken JSON', JSON.stringify(key).slice(0, -1)],
  ])('never puts the key into its error: %s', (_, text) => {
    const secret = rsa.split('\n')[3] ?? ''
    let message = ''
    try {
      parseSigningKey(text)
    } catch (error) {
      message = JSON.stringify(error, Object.getOwnPropertyNames(error))
    }
    expect(message).toMatch(/the signing-key secret is not usable/)
    expect(message).not.toContain(secret)
    expect(message).not.toContain(key.sealingKeys[0])
  })
})

describe('serializeSigningKey', () => {
  test('writes the fields in a fixed order and nothing else', () => {
    const { version, ...others } = key
    const shuffled = { note: 'x', ...others, version }
    expect(serializeSigningKey(shuffled)).toBe(
      JSON.stringify({
        version: 1,
        keyPairId: key.keyPairId,
        algorithm: key.algorithm,
        privateKey: key.privateKey,
        createdAt: key.createdAt,
        sealingKeys: key.sealingKeys,
      }),
    )
  })

  test('refuses a key that could not be read again', () => {
    expect(() => serializeSigningKey({ ...key, sealingKeys: [] })).toThrow(SigningKeyError)
  })

  test('fits the 4 KB of a parameter', () => {
    expect(serializeSigningKey({ ...key, sealingKeys: Array.from({ length: 16 }, sealing) }).length).toBeLessThan(4096)
  })
})
