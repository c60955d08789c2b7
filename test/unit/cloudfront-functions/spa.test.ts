import type { HeaderList } from '../../../local-aws/edge/headers.js'
import { atEdge, sourceOf } from './edge.js'

const NAVIGATION: HeaderList = [
  ['Sec-Fetch-Mode', 'navigate'],
  ['Sec-Fetch-Dest', 'document'],
  ['Accept', 'text/html,application/xhtml+xml'],
]
const FETCH: HeaderList = [
  ['Sec-Fetch-Mode', 'cors'],
  ['Sec-Fetch-Dest', 'empty'],
  ['Accept', '*/*'],
]
const OLD_NAVIGATION: HeaderList = [['Accept', 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8']]

describe('spa.js', () => {
  test.each([
    ['the root', '/', '/index.html'],
    ['a route', '/albums/7', '/index.html'],
    ['a route that ends with a slash', '/albums/', '/index.html'],
    ['a route with a query', '/albums/7?sort=name&sort=date', '/index.html?sort=name&sort=date'],
    ['a route below a dot', '/v1.2/albums', '/index.html'],
    ['two slashes', '//evil', '/index.html'],
  ])('shows the app to whoever opens %s', async (_what, url, expected) => {
    expect(await atEdge('spa.js', url, { headers: NAVIGATION })).toEqual({ path: expected })
    expect(await atEdge('spa.js', url, { headers: OLD_NAVIGATION })).toEqual({ path: expected })
    expect(await atEdge('spa.js', url, { headers: NAVIGATION, method: 'HEAD' })).toEqual({ path: expected })
  })

  test.each([
    ['a file', '/photos/a.png', NAVIGATION],
    ['a file without a name', '/.env', NAVIGATION],
    ['what the standards put there', '/.well-known/security', NAVIGATION],
    ['what a script fetches', '/albums/7', FETCH],
    [
      'a fetch that would like a page',
      '/albums/7',
      [
        ['Sec-Fetch-Mode', 'cors'],
        ['Accept', 'text/html'],
      ] as HeaderList,
    ],
    [
      'an image',
      '/albums/7',
      [
        ['Sec-Fetch-Mode', 'no-cors'],
        ['Accept', 'image/avif,*/*'],
      ] as HeaderList,
    ],
    ['a program', '/albums/7', [['Accept', '*/*']] as HeaderList],
    ['a program that says nothing', '/albums/7', []],
  ])('leaves %s alone', async (_what, url, headers) => {
    expect(await atEdge('spa.js', url, { headers })).toEqual({ path: url })
  })

  test.each([['POST'], ['PUT'], ['PATCH'], ['DELETE'], ['OPTIONS']])('leaves a %s alone', async (method) => {
    expect(await atEdge('spa.js', '/albums', { method, headers: NAVIGATION })).toEqual({ path: '/albums' })
  })

  test('is far below the 10 KB of a function', () => {
    expect(Buffer.byteLength(sourceOf('spa.js'))).toBeLessThan(5_000)
  })
})
