import { whyNotFromHere } from '../../../../local-aws/endpoint/host-guard.js'

const host = '127.0.0.1:4566'
const NAMES = 'The local AWS answers under 127.0.0.1, localhost and the names of AWS only.'
const PAGES = 'The local AWS answers web pages of this machine only.'

describe('whyNotFromHere', () => {
  test.each([
    ['a program', { host }],
    ['a program that uses a name', { host: 'localhost' }],
    ['a program that puts the bucket before the name', { host: 'photos-1.localhost:4566' }],
    ['a program that speaks IPv6', { host: '[::1]:4566' }],
    ['a function, under the name of AWS', { host: 'SSM.us-east-1.amazonaws.com' }],
    [
      'a page behind the edge',
      { host, origin: 'https://d111.cloudfront.localhost:8443', 'sec-fetch-site': 'cross-site' },
    ],
    ['a page in development', { host, origin: 'http://localhost:5173' }],
    ['a native app', { host, origin: 'capacitor://localhost' }],
    ['an address typed by hand', { host, 'sec-fetch-site': 'none' }],
  ])('lets in %s', (_name, headers) => {
    expect(whyNotFromHere(headers)).toBeUndefined()
  })

  test.each([
    [
      'a name that was rebound to loopback',
      { host: 'rebind.example:4566', origin: 'http://rebind.example:4566' },
      NAMES,
    ],
    ['a name that ends like one of ours', { host: 'evillocalhost' }, NAMES],
    ['a name that begins like one of ours', { host: '127.0.0.1.example' }, NAMES],
    ['a name that ends like one of AWS', { host: 'evilamazonaws.com' }, NAMES],
    ['no name', {}, NAMES],
    ['a page of a stranger', { host, origin: 'https://evil.example' }, PAGES],
    ['a page of a stranger with a name in its path', { host, origin: 'https://evil.example/localhost' }, PAGES],
    ['a page that hides its origin', { host, origin: 'null' }, PAGES],
    ['an image on a page of a stranger', { host, 'sec-fetch-site': 'cross-site' }, PAGES],
  ])('keeps out %s', (_name, headers, why) => {
    expect(whyNotFromHere(headers)).toBe(why)
  })
})
