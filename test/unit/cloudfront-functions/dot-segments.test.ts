/** What an origin that is not S3 never sees: an address that it could take for one of another directory. */
import { normalisePath } from '../../../local-aws/edge/behaviors.js'
import { atEdge } from './edge.js'

const NAME = 'dot-segments.js'

test.each([
  ['/press/../app/list'],
  ['/press/./app/list'],
  ['/press/..'],
  ['/..'],
  ['/press/%2e%2E/app/list'],
  ['/press/.%2e/app/list'],
  ['/press/..%2fapp/list'],
  ['/press%2F../app/list'],
  ['/press%2f..%2Fapp/list'],
  ['/press/..%5capp\\list'],
  ['/press\\..\\app'],
  ['/press/..;/app/list'],
  ['/press/..;x=y/app/list'],
  ['/press/..%3B/app/list'],
  ['/press/..%20/app/list'],
  ['/press/..%09/app/list'],
  ['/press/..%00'],
  ['/press/..%252fapp/list'],
  ['/press/%25252e%2e/app/list'],
  ['/press%255c..%2500'],
])('is not found: %s', async (url) => {
  expect(await atEdge(NAME, url)).toEqual({ status: 404, location: '' })
  expect(await atEdge(NAME, url, { method: 'POST' })).toEqual({ status: 404, location: '' })
})

test.each([
  ['/'],
  ['/app/list'],
  ['/app/.well-known/x'],
  ['/app/..list/...'],
  ['/app/list..;v=1/x'],
  ['/app/a%2Fb?next=/../x'],
  ['/app/%E6%9D%B1.json?x=%2e%2e'],
  ['/compare/v1...v2'],
  ['/app/a%252Fb/..c%25'],
  ['/app/a%25/x'],
  ['/compare/v1..v2'],
])('goes on as it came: %s', async (url) => {
  expect(await atEdge(NAME, url)).toEqual({ path: url })
})

test('whatever CloudFront resolves to choose a behaviour is refused', async () => {
  for (const url of ['/a/../b', '/a/%2e%2e/b', '/a/./b', '/a/b/..', '/a/.']) {
    expect(normalisePath(url)).not.toBe(url)
    expect(await atEdge(NAME, url)).toEqual({ status: 404, location: '' })
  }
})
