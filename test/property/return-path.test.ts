/** Nobody leaves this host by a return path, and nobody comes back to another page than the one that was wanted. */
import fc from 'fast-check'
import { locationOf, returnPath } from '../../edge-cache-request-signer/src/http/return-path.js'
import { runs } from '../support/tier.js'

const HOST = 'photos.example.com'
const ORIGIN = `https://${HOST}`

const pieces = fc.constantFrom(
  ...[
    '/',
    '//',
    '\\',
    '.',
    '..',
    '%2e',
    '%2f',
    '%5c',
    '@',
    ':',
    '?',
    '#',
    '\t',
    '\n',
    '\r',
    ' ',
    '\0',
    '%00',
    '%0d%0a',
  ],
  ...[
    'evil.example',
    HOST,
    'https:',
    'javascript:',
    'cookie',
    '.sign-in',
    '%63ookie',
    'a',
    '\uff0f',
    '\u2215',
    '\ufeff',
  ],
  ...['&', ';', '[', ']', '<', '"', '\u{1f600}', '\ud800', '\u00ad', '\u3002'],
)
const hostile = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''))
const anything = fc.oneof(
  hostile,
  hostile.map((text) => `/${text}`),
  fc.string({ unit: 'binary' }),
  fc.webUrl(),
)

describe('returnPath', () => {
  test('leads to this host and to content, read absolutely as well as relatively, or is nothing', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const path = returnPath(value, HOST)
        if (path === undefined) return
        const location = locationOf(path, HOST)
        expect(location).toMatch(/^https:\/\/photos\.example\.com\/[\x21-\x7e]*$/)
        for (const url of [new URL(location), new URL(path, `${ORIGIN}/some/where?else`)]) {
          expect([url.origin, url.username, url.password]).toEqual([ORIGIN, '', ''])
          expect(decodeURIComponent(url.pathname.replace(/%(?![0-9a-f]{2})|%[89a-f]./gi, 'x'))).not.toMatch(
            /^\/(?:[/\\]|cookie(?:\/|$)|\.sign-in(?:\/|$))/,
          )
        }
        expect(returnPath(path, HOST)).toBe(path)
      }),
      runs(1_000, 3_000),
    )
  })

  const segment = fc.oneof(
    fc.string({ minLength: 1, unit: 'binary' }),
    fc.constantFrom('a', 'é', '%2f', 'a b', '+', '☃'),
  )
  const wellFormed = (text: string) => !/\p{Cs}/u.test(text)

  test('brings a browser back to exactly the page it was on', () => {
    fc.assert(
      fc.property(
        fc.array(segment.filter(wellFormed), { minLength: 1, maxLength: 6 }),
        fc.string({ unit: 'binary' }).filter(wellFormed),
        fc.string({ unit: 'binary' }).filter(wellFormed),
        (segments, query, fragment) => {
          const url = new URL(`${ORIGIN}/x${segments.map(encodeURIComponent).join('/')}`)
          url.search = query
          url.hash = fragment
          const wanted = url.pathname + url.search + url.hash
          fc.pre(JSON.stringify(wanted).length <= 2_002)
          const path = returnPath(wanted, HOST)
          expect(path).toBe(wanted)
          const { origin, pathname, search, hash } = new URL(locationOf(path ?? '', HOST))
          expect([origin, pathname, search, hash]).toEqual([ORIGIN, url.pathname, url.search, url.hash])
        },
      ),
      runs(500, 1_000),
    )
  })
})
