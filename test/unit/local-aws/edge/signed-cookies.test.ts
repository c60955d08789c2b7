import { credentialsOfCookies, parseCookies } from '../../../../local-aws/edge/signed-cookies.js'

test.each<[readonly string[], readonly (readonly [string, string])[]]>([
  [[], []],
  [[''], []],
  [['a=b'], [['a', 'b']]],
  [
    ['a=b; c=d', 'e=f'],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ],
  ],
  [
    [' a = b ;c=d'],
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [['a; b=c'], [['b', 'c']]],
  [['=a'], [['', 'a']]],
  [['a='], [['a', '']]],
  [['a=b=c'], [['a', 'b=c']]],
  [['a="b"'], [['a', '"b"']]],
])('the cookies of %j are %j', (headers, expected) => {
  expect(parseCookies(headers)).toEqual(expected)
})

describe('credentialsOfCookies', () => {
  const none = {
    url: 'https://h/a?Expires=1',
    keyPairId: undefined,
    signature: undefined,
    policy: undefined,
    expires: undefined,
    hashAlgorithm: undefined,
    ambiguous: false,
  }

  test.each<[string, object]>([
    ['CloudFront-Key-Pair-Id=K', { keyPairId: 'K' }],
    ['CloudFront-Signature=s', { signature: 's' }],
    ['CloudFront-Policy=p', { policy: 'p' }],
    ['CloudFront-Expires=1', { expires: '1' }],
    ['CloudFront-Hash-Algorithm=SHA256', { hashAlgorithm: 'SHA256' }],
    ['CloudFront-Policy=p; CloudFront-Policy=q', { policy: 'p', ambiguous: true }],
    ['CloudFront-Policy=p; CloudFront-Signature=p', { policy: 'p', signature: 'p' }],
    ['CloudFront-Viewer=1; CloudFront-Viewer=2', { ambiguous: true }],
    // Cookies of an application may have one name as often as they like.
    ['a=1; a=2; Policy=p; x-CloudFront-Policy=p; cloudfront-policy=p', {}],
    ['', {}],
  ])('of %j', (header, expected) => {
    expect(credentialsOfCookies(none.url, [header])).toEqual({ ...none, ...expected })
  })
})
