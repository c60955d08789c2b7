import fc from 'fast-check'
import { isPlainPath } from '../../../edge-cache-request-signer/src/paths.js'
import { normalisePath } from '../../../local-aws/edge/behaviors.js'

test.each([
  '/',
  '/a',
  '/a/',
  '/a/b.jpg',
  '/a/.hidden',
  '/a/..b/c..',
  '/a/...',
  '/a/b..;x/..c;y',
  '/a%20b',
  '/%E6%9D%B1',
  '/%e6',
  '/a%5Bb%5D',
  '/me%40example.com/me@example.com',
  "/a!$&'()*+,;=:~_-",
])('%s means the same to everybody', (path) => {
  expect(isPlainPath(path)).toBe(true)
})

test.each([
  '',
  'a',
  '*',
  '//',
  '/a//b',
  '/./a',
  '/a/..',
  '/a/../b',
  '/a/%2e%2e/b',
  '/a/.%2E/b',
  '/a/..;/b',
  '/a/..;x=y/b',
  '/a/.;',
  '/a/..%09/b',
  '/a/..%20',
  '/a/..%3B/b',
  '/a/..%7F/b',
  '/%66inance',
  '/%46',
  '/%7e',
  '/%50',
  '/%7A',
  '/%5f',
  '/%2d',
  '/%39',
  '/a%2fb',
  '/a%5Cb',
  '/a\\b',
  '/a%00',
  '/a%252e',
  '/a%',
  '/a%2',
  '/a%zz',
  '/a b',
  '/\u6771',
  '/a\n',
  '/a?b',
  '/a#b',
  '/a"b',
  '/{a}',
])('%j may mean another path to somebody', (path) => {
  expect(isPlainPath(path)).toBe(false)
})

test('whatever is plain is in the normal form by which CloudFront chooses behaviours', () => {
  const piece = fc.oneof(
    fc.constantFrom('/', '.', '..', '%2e', '%2F', '%66', '%41', '%c3', 'a', 'B', '*'),
    fc.string({ maxLength: 2 }),
  )
  const paths = fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join('')}`)
  const upper = (path: string) => path.replace(/%../g, (encoded) => encoded.toUpperCase())
  fc.assert(
    fc.property(paths, (path) => {
      if (!isPlainPath(path)) return
      expect(normalisePath(path)).toBe(upper(path))
      expect(new URL(`https://h${path}`).pathname).toBe(path)
    }),
    { numRuns: 5_000 },
  )
})
