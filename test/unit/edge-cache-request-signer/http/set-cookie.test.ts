import { deleteCookie, fits, setCookie } from '../../../../edge-cache-request-signer/src/http/set-cookie.js'

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

  test.each<[string, object, string]>([
    ['a path', { path: '/finance/' }, 'Path=/finance/; Max-Age=60; Secure; HttpOnly; SameSite=Lax'],
    ['a domain', { domain: 'example.com' }, 'Path=/; Domain=example.com; Max-Age=60; Secure; HttpOnly; SameSite=Lax'],
    ['scripts', { httpOnly: false }, 'Path=/; Max-Age=60; Secure; SameSite=Lax'],
    ['frames', { partitioned: true }, 'Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax; Partitioned'],
    [
      'nothing said twice',
      { path: undefined, domain: undefined, httpOnly: undefined, partitioned: undefined },
      'Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax',
    ],
  ])('writes attributes for %s', (_, changes, attributes) => {
    expect(setCookie({ ...cookie, ...changes })).toBe(`CloudFront-Policy=eyJ-_~; ${attributes}`)
  })

  const badPath = 'Path must begin with / and have no character that ends it'
  const badDomain = 'Domain must be a host name in lower case'
  const badHost = 'a cookie with the prefix __Host- is for the whole host and for no other'
  test.each<[string, object, string]>([
    ['a path without a slash', { path: 'finance' }, badPath],
    ['an empty path', { path: '' }, badPath],
    ['a path that ends early', { path: '/a; Domain=example.com' }, badPath],
    ['a path with a line break', { path: '/a\r\nSet-Cookie: b=c' }, badPath],
    ['a path that is not ASCII', { path: '/é' }, badPath],
    ['a domain that ends early', { domain: 'example.com; Path=/' }, badDomain],
    ['a domain with a dot before it', { domain: '.example.com' }, badDomain],
    ['an empty domain', { domain: '' }, badDomain],
    ['a host cookie for a path', { name: '__Host-a', path: '/cookie/' }, badHost],
    ['a host cookie for a domain', { name: '__Host-a', domain: 'example.com' }, badHost],
  ])('refuses %s', (_, changes, message) => {
    expect(() => setCookie({ ...cookie, ...changes })).toThrow(new RangeError(message))
  })
})

describe('deleteCookie', () => {
  test('has name, path and domain of the cookie, no value and no age', () => {
    expect(deleteCookie({ name: 'a', sameSite: 'None', path: '/b/', domain: 'example.com', partitioned: true })).toBe(
      'a=; Path=/b/; Domain=example.com; Max-Age=0; Secure; HttpOnly; SameSite=None; Partitioned',
    )
  })
})

describe('fits', () => {
  test.each([
    [4095, true],
    [4096, false],
  ])('says whether a browser keeps a value of %d bytes with a name of one', (length, expected) => {
    expect(fits('a', 'x'.repeat(length))).toBe(expected)
  })
})
