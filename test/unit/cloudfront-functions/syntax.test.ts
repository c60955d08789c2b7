/**
 * The language of the functions is what cloudfront-js-2.0 knows: ECMAScript 5.1 with const, let, arrow functions and
 * template literals (CloudFront Developer Guide, JavaScript runtime 2.0 features). Node knows more, so it could not tell.
 */
import { transformSync } from 'esbuild'
import { sourceOf } from './edge.js'

const RUNTIME = { 'const-and-let': true, arrow: true, 'template-literal': true }

const inRuntime = (source: string) => transformSync(source, { target: 'es5', supported: RUNTIME }).code
const asWritten = (source: string) => transformSync(source, { target: 'esnext' }).code

/** The built-in methods that the page of the runtime lists and that are used here. */
const METHODS = ['charAt', 'endsWith', 'forEach', 'includes', 'join', 'keys', 'lastIndexOf', 'push', 'replace', 'slice']
const ALLOWED = [...METHODS, 'startsWith', 'test', 'rawQueryString']

describe.each([['website.js'], ['spa.js'], ['files.js'], ['uploads.js'], ['dot-segments.js']])('%s', (name) => {
  test('needs no syntax that the runtime does not know', () => {
    expect(inRuntime(sourceOf(name))).toBe(asWritten(sourceOf(name)))
  })

  test('calls no method that the runtime does not know', () => {
    const called = [...sourceOf(name).matchAll(/\.(\w+)\(/g)].map(([, method = '']) => method)

    expect(called.filter((method) => !ALLOWED.includes(method))).toEqual([])
    expect(called.length > 0).toBe(name !== 'uploads.js')
  })
})

test.each([['a?.b'], ['a ?? b'], ['({ ...a })'], ['for (const a of b) f(a)']])('the check sees %s', (source) => {
  let lowered: string
  try {
    lowered = inRuntime(source)
  } catch {
    lowered = 'refused'
  }

  expect(lowered).not.toBe(asWritten(source))
})
