import { fetchSite, isNavigation } from '../../../../edge-cache-request-signer/src/http/request.js'
import { request } from '../browser.js'

describe('parameter', () => {
  test.each<[string, string, string | undefined]>([
    ['is decoded', 'next=%2Fa%3Fb%3D1%23c', '/a?b=1#c'],
    ['is UTF-8', 'next=/caf%C3%A9', '/café'],
    ['has a space for a plus', 'next=/a+b', '/a b'],
    ['stays what cannot be decoded', 'next=/%zz%', '/%zz%'],
    ['has a mark for what is no UTF-8', 'next=/%FF', '/\uFFFD'],
    ['may be empty', 'next=', ''],
    ['may have no equals sign', 'next', ''],
    ['may have several', 'next=a=b', 'a=b'],
    ['is one among others', 'x=1&next=/a&y=2', '/a'],
    ['is not another whose name begins alike', 'nextpage=/a', undefined],
    ['is absent', '', undefined],
    ['is not there when it is there twice', 'next=/a&next=/b', undefined],
    ['is not there when it is there twice alike', 'next=/a&next=/a', undefined],
    ['is there when its name is encoded', 'n%65xt=/a', '/a'],
  ])('%s: %j', (_, querystring, expected) => {
    expect(request({ querystring }).parameter('next')).toBe(expected)
  })

  test('is absent in an event without a query string', () => {
    expect(request().parameter('__proto__')).toBeUndefined()
  })
})

describe('cookies', () => {
  test.each<[string, string | readonly string[], readonly string[]]>([
    ['one', 'a=1', ['1']],
    ['one among others', 'b=2; a=1; c=3', ['1']],
    ['several in the order of arrival', 'a=long; b=x; a=short', ['long', 'short']],
    ['those of several headers', ['a=1; b=2', 'a=3'], ['1', '3']],
    ['without the space around', ' a = 1 ;b=2', ['1']],
    ['with the equals signs inside', 'a=1=2==', ['1=2==']],
    ['empty ones', 'a=', ['']],
    ['quotes as they are', 'a="1"', ['"1"']],
    ['none of a name that differs in case', 'A=1', []],
    ['none of a name that is part of another', 'aa=1; xa=2', []],
    ['none without an equals sign', 'a; b', []],
    ['none of an empty header', '', []],
    ['none that a comma hides', 'b=1, a=2', []],
  ])('gives %s', (_, cookie, expected) => {
    expect(request({ headers: { cookie } }).cookies('a')).toEqual(expected)
  })

  test('gives none without the header', () => {
    expect(request().cookies('a')).toEqual([])
    expect(request().cookieNames()).toEqual([])
  })

  test('takes no property of an object for a cookie', () => {
    const asked = request({ headers: { cookie: '__proto__=1; constructor=2' } })
    expect([asked.cookies('toString'), asked.cookies('__proto__')]).toEqual([[], ['1']])
  })
})

describe('cookieNames', () => {
  test('gives each name once', () => {
    expect(request({ headers: { cookie: ['a=1; b=2; a=3', 'c=4; b=5; d'] } }).cookieNames()).toEqual(['a', 'b', 'c'])
  })
})

describe('isNavigation', () => {
  const html = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
  test.each<[string, Parameters<typeof request>[0], boolean]>([
    ['a navigation', { headers: { 'sec-fetch-mode': 'navigate', accept: html } }, true],
    ['a form that is posted', { method: 'POST', headers: { 'sec-fetch-mode': 'navigate', accept: html } }, true],
    ['fetch', { headers: { 'sec-fetch-mode': 'cors', accept: '*/*' } }, false],
    ['fetch that asks for HTML', { headers: { 'sec-fetch-mode': 'same-origin', accept: html } }, false],
    ['an image', { headers: { 'sec-fetch-mode': 'no-cors', accept: 'image/*' } }, false],
    ['a mode said twice', { headers: { 'sec-fetch-mode': ['navigate', 'navigate'], accept: html } }, false],
    ['an old browser', { headers: { accept: html } }, true],
    ['an old browser with a form', { method: 'POST', headers: { accept: html } }, true],
    ['HTML among others', { headers: { accept: 'application/json, TEXT/HTML ;q=0.1' } }, true],
    ['curl', { headers: { accept: '*/*' } }, false],
    ['a client without Accept', {}, false],
    ['an app', { headers: { accept: 'application/json' } }, false],
    ['a type that begins alike', { headers: { accept: 'text/html-sandboxed' } }, false],
    ['another method', { method: 'PUT', headers: { accept: html } }, false],
  ])('%s', (_, asks, expected) => {
    expect(isNavigation(request(asks))).toBe(expected)
  })
})

describe('fetchSite', () => {
  test.each<[string | readonly string[], string | undefined]>([
    ['same-origin', 'same-origin'],
    ['same-site', 'same-site'],
    ['cross-site', 'cross-site'],
    ['none', 'none'],
    ['SAME-ORIGIN', 'cross-site'],
    ['', 'cross-site'],
    ['something new', 'cross-site'],
    [['same-origin', 'same-origin'], 'cross-site'],
  ])('reads %j as %s', (value, expected) => {
    expect(fetchSite(request({ headers: { 'sec-fetch-site': value } }))).toBe(expected)
  })

  test('knows nothing of a client that says nothing', () => {
    expect(fetchSite(request())).toBeUndefined()
  })
})
