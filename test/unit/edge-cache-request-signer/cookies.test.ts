import { setCookie } from '../../../edge-cache-request-signer/src/cookies.js'

const cookie = { name: 'CloudFront-Policy', value: 'eyJ-_~', maxAgeSeconds: 60, sameSite: 'Lax' } as const

describe('setCookie', () => {
  test('writes every attribute', () => {
    expect(setCookie(cookie)).toBe('CloudFront-Policy=eyJ-_~; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax')
  })

  test.each<[string, object]>([
    ['a value that ends early', { value: 'a; Domain=example.com' }],
    ['a value with a space', { value: 'a b' }],
    ['a value with a comma', { value: 'a,b' }],
    ['a value in quotes', { value: '"a"' }],
    ['a value with a backslash', { value: 'a\\b' }],
    ['a line break', { value: 'a\r\nSet-Cookie: b=c' }],
    ['a line break at the end', { value: 'a\n' }],
    ['a letter that is not ASCII', { value: 'é' }],
    ['no name', { name: '' }],
    ['a name with an equals sign', { name: 'a=b' }],
  ])('refuses %s', (_, changes) => {
    expect(() => setCookie({ ...cookie, ...changes })).toThrow(
      new RangeError('the cookie has a character that no cookie may have'),
    )
  })

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses the age %d', (maxAgeSeconds) => {
    expect(() => setCookie({ ...cookie, maxAgeSeconds })).toThrow(new RangeError('Max-Age must be whole seconds'))
  })
})
