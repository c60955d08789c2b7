import {
  locationOf,
  returnPath,
  returnPathOfReferer,
  withNext,
} from '../../../../edge-cache-request-signer/src/http/return-path.js'
import { HOST } from '../../../support/events.js'
import { request } from '../browser.js'

describe('returnPath', () => {
  test.each([
    '/',
    '/photos/',
    '/photos/a.jpg?size=large&x=1#top',
    '/a?b=/cookie/refresh#/cookie/',
    '/a?next=https://evil.example/#//evil.example',
    '/caf%C3%A9/%E2%98%83?q=%20+%2B',
    '/%zz?%',
    '/a%3/b',
    '/a/../b/./c',
    '/a//b',
    '/@evil.example',
    '/evil.example:443/',
    "/a;b,c=d!$&'()*+~",
    '/cookies/',
    '/cookie.html',
    '/Cookie/',
    '/a/cookie/',
    '/.sign-ins/',
    '/.well-known/',
    '/?',
    '/#',
    '/?a=\\b',
    `/${'a'.repeat(1999)}`,
  ])('gives back %s byte for byte', (path) => {
    expect(returnPath(path, HOST)).toBe(path)
  })

  test.each([
    ['/café/☃?q=é#ü', '/caf%C3%A9/%E2%98%83?q=%C3%A9#%C3%BC'],
    ['/😀', '/%F0%9F%98%80'],
    ['/a b', '/a%20b'],
    ['/a"<script>', '/a%22%3Cscript%3E'],
    ['/\u2028\u202e', '/%E2%80%A8%E2%80%AE'],
    ['/\uff0fevil.example', '/%EF%BC%8Fevil.example'],
    ['/\u010aevil', '/%C4%8Aevil'],
  ])('encodes what no header may carry, as a browser does: %j', (given, expected) => {
    expect(returnPath(given, HOST)).toBe(expected)
    expect(new URL(expected, `https://${HOST}`).href).toBe(new URL(given, `https://${HOST}`).href)
  })

  const signed = 'Expires=1&Key-Pair-Id=K2&Signature=a~b_&Hash-Algorithm=SHA256'
  test.each([
    [`/a.pdf?${signed}`, '/a.pdf'],
    [`/a.pdf?${signed}#page=2?Policy=1`, '/a.pdf#page=2?Policy=1'],
    [`/a?x=1&${signed}&y=%20&&Policy`, '/a?x=1&y=%20&'],
    ['/Policy=1?policy=1&Policyx=2&aPolicy=3', '/Policy=1?policy=1&Policyx=2&aPolicy=3'],
    ['/a#?Policy=1', '/a#?Policy=1'],
  ])('leaves out what would have CloudFront look at no cookie: %s', (given, expected) => {
    expect(returnPath(given, HOST)).toBe(expected)
  })

  test.each<[string, string | undefined]>([
    ['nothing', undefined],
    ['an empty text', ''],
    ['another host', '//evil.example'],
    ['another host with a port', '//evil.example:443/a'],
    ['another host that is none', '//%/a'],
    ['another host behind a name', `//${HOST}@evil.example/`],
    ['another host with three slashes', '///evil.example'],
    ['another host with four slashes', '////evil.example'],
    ['another host with a backslash', '/\\evil.example'],
    ['another host with two backslashes', '\\\\evil.example'],
    ['another host with a backslash before', '\\/evil.example'],
    ['a backslash further on', '/a\\..\\..\\evil.example'],
    ['an encoded slash', '/%2fevil.example'],
    ['an encoded slash in capitals', '/%2F/evil.example'],
    ['an encoded backslash', '/%5cevil.example'],
    ['an encoded backslash in capitals', '/%5C%5Cevil.example'],
    ['a dot before two slashes', '/.//evil.example'],
    ['an encoded dot before two slashes', '/%2e//evil.example'],
    ['two dots before two slashes', '/a/..//evil.example'],
    ['encoded dots before two slashes', '/a/.%2E//evil.example'],
    ['dots before an encoded backslash', '/./%5cevil.example'],
    ['a tab between the slashes', '/\t/evil.example'],
    ['a line feed between the slashes', '/\n/evil.example'],
    ['a carriage return between the slashes', '/\r/evil.example'],
    ['a header of its own', '/a\r\nSet-Cookie: b=c'],
    ['a line break alone', '/a\n'],
    ['a null byte', '/a\0'],
    ['a control character of the second set', '/a\u0085b'],
    ['a space before', ' //evil.example'],
    ['a space before a path', ' /a'],
    ['a tab before', '\t/a'],
    ['a fullwidth slash first', '\uff0f\uff0fevil.example'],
    ['a division slash first', '\u2215\u2215evil.example'],
    ['a fullwidth backslash first', '\uff3c\uff3cevil.example'],
    ['a byte order mark first', '\ufeff//evil.example'],
    ['a name at another host', '@evil.example'],
    ['a domain that continues ours', '.evil.example'],
    ['a port that continues ours', ':443@evil.example'],
    ['an absolute URL', 'https://evil.example/'],
    ['an absolute URL without slashes', 'https:evil.example'],
    ['an absolute URL in capitals', 'HTTPS://EVIL.EXAMPLE/'],
    ['an absolute URL of this host', `https://${HOST}/a`],
    ['a script', 'javascript:alert(1)'],
    ['a script after a comment', 'javascript://%0aalert(1)'],
    ['data', 'data:text/html,x'],
    ['a relative path', 'photos/'],
    ['a query string', '?a=b'],
    ['a fragment', '#a'],
    ['the function', '/cookie/'],
    ['the page with a letter of the second half encoded', '/.%73ign-in/denied.html'],
    ['the function without its slash', '/cookie'],
    ['the renewal, which would go in circles', '/cookie/refresh?next=/cookie/refresh'],
    ['the way out', '/cookie/sign-out'],
    ['the function behind dots', '/a/../cookie/remove'],
    ['the function behind encoded dots', '/%2e/a/%2e%2e/cookie/remove'],
    ['the function with an encoded letter', '/%63ookie/remove'],
    ['the function with encoded letters in capitals', '/%63%6F%6fkie/remove'],
    ['the function with an encoded slash', '/cookie%2Fremove'],
    ['the page that sends people here', '/.sign-in/denied.html'],
    ['that page with an encoded dot', '/%2Esign-in/denied.html'],
    ['that page with an encoded hyphen', '/.sign%2din/denied.html'],
    ['half a surrogate pair', '/\ud800'],
    ['the other half', '/a?\udc00'],
    ['more than 2,000 characters', `/${'a'.repeat(2000)}`],
    ['more than 2,000 characters once encoded', `/${'☃'.repeat(300)}`],
    ['a path that is too long, with a query', `/${'a'.repeat(2000)}?b#c`],
    ['a million characters', `/${'a/../'.repeat(200_000)}`],
  ])('refuses %s', (_, value) => {
    expect(returnPath(value, HOST)).toBeUndefined()
  })

  // Every entry has this: the page for refusals, links with `next`, the client, and the Referer of a link without scripts.
  test.each([
    ['a query of more than 2,000 characters', `/search?q=${'a'.repeat(2000)}#b`],
    ['a fragment of more than 2,000 characters', `/search#${'a/?'.repeat(1000)}`],
    ['a query of so many once encoded', `/search?q=${'☃'.repeat(300)}`],
    ['a query of so many once in JSON', `/search?${'\\'.repeat(1100)}`],
  ])('keeps the page, and not %s', (_, value) => {
    expect(returnPath(value, HOST)).toBe('/search')
  })

  test('keeps 2,000 characters as they are, and no page of this function for more', () => {
    const longest = `/search?q=${'a'.repeat(1990)}`
    expect(returnPath(longest, HOST)).toBe(longest)
    expect(returnPath(`/cookie/sign-out?a=${'a'.repeat(2000)}`, HOST)).toBeUndefined()
    expect(returnPath(`//evil.example?a=${'a'.repeat(2000)}`, HOST)).toBeUndefined()
  })

  test('knows a host with a port', () => {
    expect(returnPath('/a', 'd1.cloudfront.localhost:8443')).toBe('/a')
    expect(returnPath('//d1.cloudfront.localhost:8443/a', 'd1.cloudfront.localhost:8443')).toBeUndefined()
  })

  test('gives nothing for a host that is none', () => {
    expect(returnPath('/a', 'a b')).toBeUndefined()
    expect(returnPath('/a', 'user@evil.example')).toBeUndefined()
  })
})

describe('returnPathOfReferer', () => {
  const of = (referer: string | readonly string[]) => returnPathOfReferer(request({ headers: { referer } }))

  test.each([
    [`https://${HOST}/photos/?a=b`, '/photos/?a=b'],
    [`https://${HOST}/`, '/'],
  ])('gives the path of %s', (referer, expected) => {
    expect(of(referer)).toBe(expected)
  })

  test.each([
    'https://evil.example/photos/',
    `https://${HOST}`,
    `https://${HOST}.evil.example/`,
    `https://${HOST}@evil.example/`,
    // As long as ours.
    `https://${'e'.repeat(HOST.length)}/photos/`,
    `https://${HOST}//evil.example/`,
    `https://${HOST}/.sign-in/denied.html`,
    `http://${HOST}/photos/`,
    'about:client',
    '',
  ])('gives nothing for %j', (referer) => {
    expect(of(referer)).toBeUndefined()
  })

  test('gives nothing for two, and nothing for none', () => {
    expect(of([`https://${HOST}/a`, `https://${HOST}/b`])).toBeUndefined()
    expect(returnPathOfReferer(request())).toBeUndefined()
  })
})

test('locationOf is absolute', () => {
  expect(locationOf('/a?b#c', HOST)).toBe(`https://${HOST}/a?b#c`)
})

describe('withNext', () => {
  test('adds the page to an address of the function, with and without a query', () => {
    expect(withNext('/cookie/sign-in', '/a?b=c&d#e')).toBe('/cookie/sign-in?next=%2Fa%3Fb%3Dc%26d%23e')
    expect(withNext('/cookie/sign-out?then=sign-in', '/a')).toBe('/cookie/sign-out?then=sign-in&next=%2Fa')
    expect(withNext('/cookie/sign-in', undefined)).toBe('/cookie/sign-in')
  })
})
