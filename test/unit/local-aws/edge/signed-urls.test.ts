import { credentialsOfUrl, withoutSignature } from '../../../../local-aws/edge/signed-urls.js'

const NONE = {
  keyPairId: undefined,
  signature: undefined,
  policy: undefined,
  expires: undefined,
  hashAlgorithm: undefined,
  ambiguous: false,
}

describe('credentialsOfUrl', () => {
  test('are all parameters of a signature, and the URL without them', () => {
    const url = 'https://h/a?x=1&Expires=2&Policy=p=&Signature=s~&Key-Pair-Id=K&Hash-Algorithm=SHA256&y'
    expect(credentialsOfUrl(url)).toEqual({
      url: 'https://h/a?x=1&y',
      keyPairId: 'K',
      signature: 's~',
      policy: 'p=',
      expires: '2',
      hashAlgorithm: 'SHA256',
      ambiguous: false,
    })
  })

  test.each<[string, object]>([
    ['Expires=1', { expires: '1' }],
    ['Policy=1', { policy: '1' }],
    ['Signature=1', { signature: '1' }],
    ['Key-Pair-Id=1', { keyPairId: '1' }],
    ['Hash-Algorithm=1', { hashAlgorithm: '1' }],
    ['%45xpires=1', { expires: '1' }],
    ['Expires=', { expires: '' }],
    // What has no value gives its name for one: no number, and so no expiry.
    ['Expires', { expires: 'Expires' }],
    ['Expires=1&Expires=1', { expires: '1', ambiguous: true }],
    ['Expires=1&%45xpires=2', { expires: '1', ambiguous: true }],
  ])('of ?%s make it a signed URL', (query, expected) => {
    expect(credentialsOfUrl(`https://h/a?${query}`)).toEqual({ url: 'https://h/a', ...NONE, ...expected })
  })

  test('of a query alone leave nothing', () => {
    expect(credentialsOfUrl('?Expires=1')).toEqual({ ...NONE, url: '', expires: '1' })
  })

  test.each([
    '',
    '?',
    '?a=b',
    '?expires=1',
    '?Expiresx=1',
    '?xExpires=1',
    '?a=Expires=1',
    '?%zz=1',
    '?%45xpires%zz=1',
    '&Expires=1',
  ])('are none in https://h/Expires=1%s', (query) => {
    expect(credentialsOfUrl(`https://h/Expires=1${query}`)).toBeUndefined()
  })
})

test.each([
  ['https://h/a', 'https://h/a'],
  ['https://h/a?', 'https://h/a?'],
  ['https://h/a?b=1&&c', 'https://h/a?b=1&&c'],
  ['https://h/a?Expires=1', 'https://h/a'],
  ['https://h/a?Expires=1&Key-Pair-Id=K&Signature=s', 'https://h/a'],
  ['https://h/a?b=%20&Policy&c=2', 'https://h/a?b=%20&c=2'],
  ['https://h/a?b&%45xpires=1', 'https://h/a?b'],
  ['https://h/a?%zz&Expires=1', 'https://h/a?%zz'],
  ['?Expires=1&b', '?b'],
  ['https://h/a&Expires=1', 'https://h/a&Expires=1'],
])('%s without a signature is %s', (url, expected) => {
  expect(withoutSignature(url)).toBe(expected)
})
