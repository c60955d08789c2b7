import { atEdge, call, HOST, sourceOf } from './edge.js'

describe('website.js', () => {
  test.each([
    ['the root', '/', '/index.html'],
    ['a folder', '/docs/', '/docs/index.html'],
    ['a folder with a query', '/docs/?page=2&page=3', '/docs/index.html?page=2&page=3'],
    ['a folder with a dot in its name', '/v1.2/', '/v1.2/index.html'],
    ['a file', '/docs/a.png', '/docs/a.png'],
    ['a file by its name of a folder', '/docs/index.html', '/docs/index.html'],
    [
      'what the standards put there',
      '/.well-known/apple-app-site-association',
      '/.well-known/apple-app-site-association',
    ],
    ['a hidden file', '/docs/.htaccess', '/docs/.htaccess'],
  ])('goes on for %s', async (_what, url, expected) => {
    expect(await atEdge('website.js', url)).toEqual({ path: expected })
  })

  test.each([
    ['its slash', '/docs', '/docs/'],
    ['a query', '/a/docs?x=1&x=2&flag', '/a/docs/?x=1&x=2&flag'],
    ['a query that is encoded', '/docs?q=%2F%2Fevil.example%0d%0a', '/docs/?q=%2F%2Fevil.example%0d%0a'],
    ['encoded characters', '/caf%C3%A9', '/caf%C3%A9/'],
    ['a dot further up', '/v1.2/docs', '/v1.2/docs/'],
  ])('redirects a folder, keeping %s', async (_what, url, location) => {
    expect(await atEdge('website.js', url)).toEqual({ status: 302, location })
  })

  test('keeps the query byte for byte where the runtime gives it', () => {
    const request = {
      method: 'GET',
      uri: '/docs',
      headers: {},
      querystring: {},
      rawQueryString: () => '2=b&1=a&2=c&&d=',
    }

    expect(call('website.js', request)).toMatchObject({ headers: { location: { value: '/docs/?2=b&1=a&2=c&&d=' } } })
  })

  test.each([['POST'], ['PUT'], ['DELETE'], ['OPTIONS']])('leaves a %s alone', async (method) => {
    expect(await atEdge('website.js', '/docs', { method })).toEqual({ path: '/docs' })
    expect(await atEdge('website.js', '/docs/', { method })).toEqual({ path: '/docs/' })
  })

  test('answers a HEAD as it answers a GET', async () => {
    expect(await atEdge('website.js', '/docs', { method: 'HEAD' })).toEqual({ status: 302, location: '/docs/' })
  })

  const HOSTILE = [
    '//evil',
    '///evil',
    '/\\evil',
    '\\\\evil',
    '/\t/evil',
    '/\n/evil',
    '/\r/evil',
    '/ /evil',
    '/\u0000/evil',
    '//evil%2eexample',
    '//user@evil',
    '//evil:443',
    '/\u00a0/evil',
    '/\uff0f/evil',
    '/./\\/evil',
    '/docs\\..\\..\\evil',
    '/%2fevil',
    '/%5cevil',
    '/.//evil',
    '/..//evil',
    '/%2e//evil',
    '/;//evil',
    '/@evil',
    '/:443',
    '/javascript:alert(1)',
    'javascript:alert(1)',
    'https://evil',
  ]

  test.each(HOSTILE.map((uri) => [JSON.stringify(uri), uri]))('never leads to another host: %s', (_what, uri) => {
    const answer = call('website.js', { method: 'GET', uri, headers: {}, querystring: {} })

    const location = Object(answer).headers.location?.value ?? '/'
    // Node's URL is the WHATWG parser of browsers.
    expect(new URL(location, `https://${HOST}/x/y`).origin).toBe(`https://${HOST}`)
  })

  test('does not redirect what could be taken for a host', () => {
    for (const uri of ['//evil', '/\\evil', '/\t/evil', 'https://evil']) {
      expect(call('website.js', { method: 'GET', uri, headers: {}, querystring: {} })).toMatchObject({ uri })
    }
  })

  test('is far below the 10 KB of a function', () => {
    expect(Buffer.byteLength(sourceOf('website.js'))).toBeLessThan(5_000)
  })
})
