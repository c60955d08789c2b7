import {
  bootstrapKeyPrefix,
  clientSecretName,
  clientSecretReferenceName,
  configurationParameterName,
  homeFunctionName,
  isBootstrapKey,
  isKeyLabel,
  keyGroupName,
  labelOfKeyGroup,
  labelOfPublicKey,
  publicKeyName,
  requestTokenOf,
  signingKeyOwner,
  signingKeyReferenceName,
  signingKeySecretName,
} from '../../../contract/names.js'

const uuid = '4f1c2f0e-7c54-4f8e-9d5e-0a1b2c3d4e5f'

describe('publicKeyName', () => {
  test.each([
    ['a UUID', uuid],
    ['the token of the Terraform provider', 'terraform-20261121051800123400000001'],
    ['32 letters and digits', '0123456789abcdef0123456789abcdef'],
    ['64 letters and digits', 'a'.repeat(64)],
  ])('carries %s, and requestTokenOf finds it again', (_, token) => {
    expect(publicKeyName('photos', token)).toBe(`photos-signing-key-${token}`)
    expect(requestTokenOf('photos', publicKeyName('photos', token))).toBe(token)
  })

  test.each([
    ['an empty token', ''],
    ['a token of 31 characters', 'a'.repeat(31)],
    ['a token of 65 characters', 'a'.repeat(65)],
    ['a token that claims a longer name', `prod-signing-key-${uuid}`],
    ['a token with a line break at its end', `${uuid}\n`],
  ])('refuses %s', (_, token) => {
    expect(() => publicKeyName('photos', token)).toThrow(
      new RangeError('the request token must be a UUID, or 32 to 64 letters and digits'),
    )
  })
})

describe('requestTokenOf', () => {
  test.each([
    ['another stack', `videos-signing-key-${uuid}`],
    ['a stack whose name continues ours', `photos-prod-signing-key-${uuid}`],
    ['a stack whose name imitates our prefix', `photos-signing-key-prod-signing-key-${uuid}`],
    ['a stack whose name ends like ours', `my-photos-signing-key-${uuid}`],
    ['the bare prefix', 'photos-signing-key-'],
    ['a UUID with a tail', `photos-signing-key-${uuid}-old`],
    ['a key somebody made by hand', 'photos-signing-key-manual'],
    ['the bootstrap key', 'photos-bootstrap-20261121051800123400000001'],
  ])('does not claim the key of %s', (_, keyName) => {
    expect(requestTokenOf('photos', keyName)).toBeUndefined()
  })

  test('reads a name with regular-expression characters as text', () => {
    expect(requestTokenOf('ph.tos', `photos-signing-key-${uuid}`)).toBeUndefined()
  })
})

describe('signingKeyOwner', () => {
  test('is the stack for its main key', () => {
    expect(signingKeyOwner('photos')).toBe('photos')
  })

  test('tells a further key from everything a stack can be called', () => {
    expect(signingKeyOwner('photos', 'finance')).toBe('photos_finance')
    expect(publicKeyName(signingKeyOwner('photos', 'finance'), uuid)).toBe(`photos_finance-signing-key-${uuid}`)
  })

  test.each([
    ['the main key, a further key', 'photos', `photos_finance-signing-key-${uuid}`],
    ['a further key, the main key', 'photos_finance', `photos-signing-key-${uuid}`],
    ['a further key, another further key', 'photos_finance', `photos_finance-eu-signing-key-${uuid}`],
    ['a further key, that of a stack called alike', 'photos_finance', `photos-finance-signing-key-${uuid}`],
    ['a further key, one of a longer stack name', 'photos_finance', `my-photos_finance-signing-key-${uuid}`],
  ])('%s is not claimed', (_, owner, keyName) => {
    expect(requestTokenOf(owner, keyName)).toBeUndefined()
  })

  test.each([
    [''],
    ['-a'],
    ['a-'],
    ['a--b'],
    ['A'],
    ['a_b'],
    ['main'],
    ['a/b'],
    ['a\n'],
    ['ä'],
    ['a'.repeat(21)],
    [`x-signing-key-${uuid}`],
  ])('refuses the label %j', (label) => {
    expect(isKeyLabel(label)).toBe(false)
    expect(() => signingKeyOwner('photos', label)).toThrow(RangeError)
    expect(() => signingKeySecretName('photos-signer-abcd1234', label)).toThrow(RangeError)
  })

  test.each([['a'], ['7'], ['finance'], ['finance-eu-2'], ['a'.repeat(20)]])('takes the label %j', (label) => {
    expect(isKeyLabel(label)).toBe(true)
  })
})

describe('labelOfPublicKey', () => {
  test.each([
    ['the main key', `photos-signing-key-${uuid}`, null],
    ['a further key', `photos_finance-signing-key-${uuid}`, 'finance'],
    ['a further key with an odd label', `photos_a-signing-key-b-signing-key-${uuid}`, 'a-signing-key-b'],
    ['another stack', `videos-signing-key-${uuid}`, undefined],
    ['a further key of another stack', `videos_finance-signing-key-${uuid}`, undefined],
    ['a further key of a stack with a longer name', `photos-eu_finance-signing-key-${uuid}`, undefined],
    ['a label that is none', `photos_Finance-signing-key-${uuid}`, undefined],
    ['two labels', `photos_a_b-signing-key-${uuid}`, undefined],
    ['no label after the underscore', `photos_-signing-key-${uuid}`, undefined],
    ['no token', 'photos_finance-signing-key-old', undefined],
    ['no mark', `photos_finance-${uuid}`, undefined],
    ['the bootstrap key', 'photos-bootstrap-20261121051800123400000001', undefined],
    ['nothing', '', undefined],
  ])('of %s', (_, keyName, label) => {
    expect(labelOfPublicKey('photos', keyName)).toBe(label)
  })
})

describe('labelOfKeyGroup', () => {
  test.each([
    ['the main key', 'photos-signing-keys', null],
    ['a further key', 'photos_finance-signing-keys', 'finance'],
    ['another stack', 'videos-signing-keys', undefined],
    ['a stack with a longer name', 'photos-eu-signing-keys', undefined],
    ['something else', 'photos-signing-keys-old', undefined],
  ])('of %s', (_, group, label) => {
    expect(labelOfKeyGroup('photos', group)).toBe(label)
  })

  test('reads what keyGroupName makes', () => {
    expect(keyGroupName(signingKeyOwner('photos'))).toBe('photos-signing-keys')
    expect(labelOfKeyGroup('photos', keyGroupName(signingKeyOwner('photos', 'finance')))).toBe('finance')
  })
})

describe('isBootstrapKey', () => {
  test.each([
    ['the name that Terraform makes from the prefix', 'photos-bootstrap-20261121051800123400000001', true],
    ['the bare prefix', 'photos-bootstrap-', false],
    ['a hand-made tail', 'photos-bootstrap-manual', false],
    ['another stack', 'photos-eu-bootstrap-20261121051800123400000001', false],
    ['a stack named like our prefix', 'photos-bootstrap-bootstrap-20261121051800123400000001', false],
    ['a rotated key', `photos-signing-key-${uuid}`, false],
  ])('of %s', (_, keyName, expected) => {
    expect(isBootstrapKey('photos', keyName)).toBe(expected)
  })

  test('has the prefix that Terraform uses', () => {
    expect(bootstrapKeyPrefix('photos')).toBe('photos-bootstrap-')
  })
})

describe('the names of the edge function', () => {
  test.each([
    ['us-east-1.photos-signer-abcd1234', 'photos-signer-abcd1234'],
    ['photos-signer-abcd1234', 'photos-signer-abcd1234'],
    ['us-east-1.us-east-1.x', 'us-east-1.x'],
    ['us-east-1-signer', 'us-east-1-signer'],
  ])('finds the home of %s', (running, home) => {
    expect(homeFunctionName(running)).toBe(home)
  })

  test('derives parameter, secret and reference', () => {
    expect(configurationParameterName('photos-signer-abcd1234')).toBe('/photos-signer-abcd1234/configuration')
    expect(signingKeySecretName('photos-signer-abcd1234')).toBe('photos-signer-abcd1234/signing-key')
    expect(signingKeyReferenceName('photos-signer-abcd1234')).toBe(
      '/aws/reference/secretsmanager/photos-signer-abcd1234/signing-key',
    )
  })

  test('derives the secret of a further key, and of the client', () => {
    expect(signingKeySecretName('photos-signer-abcd1234', 'finance')).toBe('photos-signer-abcd1234/signing-key-finance')
    expect(signingKeyReferenceName('photos-signer-abcd1234', 'finance')).toBe(
      '/aws/reference/secretsmanager/photos-signer-abcd1234/signing-key-finance',
    )
    expect(clientSecretName('photos-signer-abcd1234')).toBe('photos-signer-abcd1234/client-secret')
    expect(clientSecretReferenceName('photos-signer-abcd1234')).toBe(
      '/aws/reference/secretsmanager/photos-signer-abcd1234/client-secret',
    )
  })
})
