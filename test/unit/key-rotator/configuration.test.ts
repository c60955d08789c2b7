import { ConfigurationError, parseConfiguration } from '../../../key-rotator/src/configuration.js'
import { PROBE_URL, SECRET_ARN } from '../../support/aws-double/stack.js'

const SOUND = {
  name: 'photos',
  algorithm: 'RSA-2048',
  hashAlgorithm: 'SHA1',
  retireAfterSeconds: 8100,
  propagationSeconds: 300,
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
      'nmae is not known',
      'signingKeys.x must be named by the ARN of a secret',
      'signingKeys.x.keyGroupId must be the id of a key group',
      'signingKeys.x.probeUrl must be an https address without query or wildcard',
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
