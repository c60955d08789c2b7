import {
  byDirectory,
  contains,
  cookiePath,
  covers,
  exclusiveKey,
  mayLieInside,
} from '../../../edge-cache-request-signer/src/paths.js'

describe('covers', () => {
  test.each([
    ['/*', '/', true],
    ['/*', '/a/b', true],
    ['/*', '/a?x=y', true],
    ['/a/*', '/a/', true],
    ['/a/*', '/a/b/c', true],
    ['/a/*', '/a', false],
    ['/a/*', '/ab', false],
    ['/a/*', '/b?/a/', false],
    ['/a/*', '/A/b', false],
    ['/a/*', '/%61/b', false],
    ['/a', '/a', true],
    ['/a', '/a?x', false],
    ['/a?', '/ab', true],
    ['/a?', '/a?', false],
    ['/a?', '/a/', true],
    ['/a?*', '/ab?x', true],
    ['/a?*', '/a?x', false],
    ['/a*c', '/abbc', true],
    ['/a*c', '/ac', true],
    ['/a*c', '/abbd', false],
    ['/a*c', '/a/c/c', true],
    ['/**', '/', true],
    ['/*?', '/', false],
    ['', '/', false],
    ['', '?x', false],
    ['?*', '?x', false],
    ['*', '/a', true],
    ['/a.c', '/abc', false],
  ])('%s covers %s: %s', (pattern, path, expected) => {
    expect(covers(pattern, path)).toBe(expected)
  })

  test('takes no time that grows with the number of stars', () => {
    expect(covers(`/${'*a'.repeat(200)}`, `/${'a'.repeat(5_000)}b`)).toBe(false)
  })
})

test.each([
  ['/*', '/'],
  ['/a/*', '/a/'],
  ['/users/a%40b/*', '/users/a%40b/'],
])('the Path of cookies for %s is %s', (path, expected) => {
  expect(cookiePath(path)).toBe(expected)
})

test.each([
  ['/*', '/a/*', true],
  ['/a/*', '/a/*', true],
  ['/a/*', '/a/b/*', true],
  ['/a/*', '/ab/*', false],
  ['/a/b/*', '/a/*', false],
])('%s contains %s: %s', (outer, inner, expected) => {
  expect(contains(outer, inner)).toBe(expected)
})

test.each([
  ['/a/b/*', '/a/*', true],
  ['/a/*', '/*', true],
  ['/a/*', '/a/*', true],
  ['/a/*', '/a/b/*', false],
  ['/{x}/b/*', '/a/*', true],
  ['/{x}/b/*', '/a/b/*', true],
  ['/{x}/b/*', '/a/c/*', false],
  ['/a/b/*', '/{x}/*', true],
  ['/a/*', '/{x}/*', true],
  ['/*', '/{x}/*', false],
  ['/ab/*', '/a/*', false],
])('%s may lie inside %s: %s', (inner, outer, expected) => {
  expect(mayLieInside(inner, outer)).toBe(expected)
})

test.each([
  ['/f/', 'f'],
  ['/f/g/x', 'f'],
  ['/f/{sub}/', 'f'],
  ['/f', undefined],
  ['/fg/', undefined],
  ['/', undefined],
  ['/u/', undefined],
  ['/u/a', undefined],
  ['/u/a/', 'u'],
  ['/u/{tenant}/x/', 'u'],
])('the exclusive key of %s is %s', (path, expected) => {
  const grants = [{ paths: ['/f/*'], signingKey: 'f' }, { paths: ['/g/*'] }, { paths: ['/u/{sub}/*'], signingKey: 'u' }]
  expect(exclusiveKey(path, { grants })).toBe(expected)
})

test.each([
  ['/a/*', '/a/*', 0],
  ['/a/*', '/a/b/*', -1],
  ['/a/b/*', '/a/*', 1],
  ['/*', '/!/*', -1],
  // The star would sort behind the exclamation mark.
  ['/a/*', '/a/!/*', -1],
])('by directory, %s and %s: %i', (one, other, expected) => {
  expect(byDirectory(one, other)).toBe(expected)
})
