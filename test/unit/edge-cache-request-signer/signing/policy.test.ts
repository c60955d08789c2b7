import { policyText } from '../../../../contract/cloudfront-signature.js'
import { cookieExpiry, resourceOf } from '../../../../edge-cache-request-signer/src/signing/policy.js'

describe('policyText', () => {
  test('is the statement of the developer guide without its whitespace', () => {
    expect(policyText({ resource: 'https://d111111abcdef8.cloudfront.net/*', expiresAt: 1_426_500_000 })).toBe(
      '{"Statement":[{"Resource":"https://d111111abcdef8.cloudfront.net/*","Condition":{"DateLessThan":{"AWS:EpochTime":1426500000}}}]}',
    )
  })

  test('has the condition of the developer guide on the address', () => {
    const text = policyText({ resource: 'https://*', expiresAt: 1_357_034_400, ipv4: '192.0.2.10' })
    expect(JSON.parse(text)).toEqual({
      Statement: [
        {
          Resource: 'https://*',
          Condition: {
            IpAddress: { 'AWS:SourceIp': '192.0.2.10/32' },
            DateLessThan: { 'AWS:EpochTime': 1_357_034_400 },
          },
        },
      ],
    })
    expect(text).not.toMatch(/\s/)
  })
})

describe('resourceOf', () => {
  test.each([
    ['d111111abcdef8.cloudfront.net', '/*', 'https://d111111abcdef8.cloudfront.net/*'],
    ['localhost:8443', '/photos/*', 'https://localhost:8443/photos/*'],
  ])('on %s for %s', (host, path, expected) => {
    expect(resourceOf(host, path)).toBe(expected)
  })
})

describe('cookieExpiry', () => {
  test.each([
    ['the lifetime, on a step', 6_000, 99_999, 3_600, 9_600],
    ['the lifetime, rounded to five minutes', 6_001, 99_999, 3_600, 9_600],
    ['the token', 6_000, 7_201, 3_600, 7_200],
    ['a token with a fraction', 6_000, 6_011.9, 3_600, 6_011],
    ['the token to the second, when rounding would cost half of the rest', 6_200, 6_590, 3_600, 6_590],
    ['the token to the second, when rounding would cost exactly half', 6_200, 6_400, 3_600, 6_400],
    ['rounded, when more than half of the rest remains', 6_000, 6_601, 3_600, 6_600],
    ['a long lifetime, by five minutes', 6_301, 99_999, 36_000, 42_300],
    ['a short lifetime, by a twelfth of it', 6_001, 99_999, 60, 6_060],
    ['one second', 6_000, 6_001, 3_600, 6_001],
  ])('is %s', (_, now, tokenExpiry, lifetime, expected) => {
    expect(cookieExpiry(now, tokenExpiry, lifetime)).toBe(expected)
  })
})
