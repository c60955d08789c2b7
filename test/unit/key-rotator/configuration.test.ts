import { ConfigurationError, parseConfiguration } from '../../../key-rotator/src/configuration.js'
import { FURTHER_ARN, FURTHER_PROBE_URL, PROBE_URL, SECRET_ARN } from '../../support/aws-double/stack.js'

const SOUND = {
  name: 'photos',
  algorithm: 'RSA-2048',
  hashAlgorithm: 'SHA1',
  retireAfterSeconds: 8100,
  propagationSeconds: 300,
  sealingKeysKept: 2,
  signingKeys: { [SECRET_ARN]: { keyGroupId: 'group-1', probeUrl: PROBE_URL } },
}

function problemsOf(value: unknown): readonly string[] {
  try {
    parseConfiguration(JSON.stringify(value))
    return []
  } catch (error) {
    return error instanceof ConfigurationError ? error.problems : ['something else was thrown']
  }
}

describe('parseConfiguration', () => {
  it('reads what Terraform writes', () => {
    expect(parseConfiguration(JSON.stringify(SOUND))).toEqual(SOUND)
  })

  it('reads a probe address with a port', () => {
    const probeUrl = 'https://d0123456789abc.cloudfront.localhost:8443/.well-known/signing-key-probe'
    expect(problemsOf({ ...SOUND, signingKeys: { [SECRET_ARN]: { keyGroupId: 'g', probeUrl } } })).toEqual([])
  })

  it('reads a place where keys are not tried', () => {
    const sound = { ...SOUND, signingKeys: { [SECRET_ARN]: { keyGroupId: 'group-1' } } }
    expect(parseConfiguration(JSON.stringify(sound))).toEqual(sound)
  })

  const finance = { label: 'finance', keyGroupId: 'group-2', probeUrl: FURTHER_PROBE_URL }
  const two = { ...SOUND, signingKeys: { ...SOUND.signingKeys, [FURTHER_ARN]: finance } }

  it('reads a further signing key, told by its label', () => {
    expect(parseConfiguration(JSON.stringify(two))).toEqual(two)
  })

  it.each([
    ['an empty label', { label: '' }, ['label']],
    ['a label that is no text', { label: 7 }, ['label']],
    ['a label with an underscore', { label: 'a_b' }, ['label']],
    ['a label that is null', { label: null }, ['label']],
    ['the label main', { label: 'main' }, ['label']],
    ['a label in capitals', { label: 'Finance' }, ['label']],
    ['a label that is too long', { label: 'a'.repeat(21) }, ['label']],
    ['no label beside the main one', { label: undefined }, ['labels']],
    ['the key group of the main one', { keyGroupId: 'group-1' }, ['groups']],
  ])('refuses a further signing key with %s', (_, change, kinds) => {
    const sentences = {
      label: `signingKeys.${FURTHER_ARN.slice(0, 100)}.label must be up to 20 lower-case letters, digits and single dashes, and not main`,
      labels: 'signingKeys must have a label each, but for one secret',
      groups: 'signingKeys must have a key group each',
    }
    const signingKeys = { ...SOUND.signingKeys, [FURTHER_ARN]: { ...finance, ...change } }
    expect(problemsOf({ ...SOUND, signingKeys })).toEqual(kinds.map((kind) => Reflect.get(sentences, kind)))
  })

  it('refuses two further signing keys of one label', () => {
    const signingKeys = { ...two.signingKeys, [`${FURTHER_ARN}x`]: { ...finance, keyGroupId: 'group-3' } }
    expect(problemsOf({ ...SOUND, signingKeys })).toEqual(['signingKeys must have a label each, but for one secret'])
  })

  it.each(['photos_finance', 'Photos', 'p', 'photos-', 'photos.eu'])('refuses the name %s', (name) => {
    expect(problemsOf({ ...SOUND, name })).toEqual(['name must be the name of the stack'])
  })

  it('tells all errors at once', () => {
    expect(
      problemsOf({
        name: '',
        algorithm: 'RSA-4096',
        hashAlgorithm: 'MD5',
        retireAfterSeconds: 1.5,
        nmae: 1,
        signingKeys: { x: {} },
      }),
    ).toEqual([
      'name must be the name of the stack',
      'algorithm must be RSA-2048 or ECDSA-P256',
      'hashAlgorithm must be SHA1 or SHA256',
      'retireAfterSeconds must be a whole number from 60 to 34560000',
      'propagationSeconds must be a whole number from 0 to 780',
      'sealingKeysKept must be a whole number from 2 to 16',
      'nmae is not known',
      'signingKeys.x must be named by the ARN of a secret',
      'signingKeys.x.keyGroupId must be the id of a key group',
    ])
  })

  it.each([
    ['nothing', undefined, 'it must be JSON'],
    ['no JSON', '{', 'it must be JSON'],
    ['a list', '[]', 'it must be an object'],
    ['null', 'null', 'it must be an object'],
  ])('refuses %s', (_, text, problem) => {
    expect(() => parseConfiguration(text)).toThrow(`ROTATION_CONFIGURATION is not usable: ${problem}. Apply the`)
  })

  it.each([
    ['a query', `${PROBE_URL}?a=b`],
    ['a wildcard', 'https://d1.cloudfront.net/*'],
    ['plain http', 'http://d1.cloudfront.net/x'],
    ['a user', 'https://a@d1.cloudfront.net/x'],
  ])('refuses a probe address with %s', (_, probeUrl) => {
    expect(problemsOf({ ...SOUND, signingKeys: { [SECRET_ARN]: { keyGroupId: 'g', probeUrl } } })).toEqual([
      `signingKeys.${SECRET_ARN}.probeUrl must be an https address without query or wildcard`,
    ])
  })

  it('refuses a configuration without a secret', () => {
    expect(problemsOf({ ...SOUND, signingKeys: {} })).toEqual([
      'signingKeys must be an object with at least one secret',
    ])
  })
})
