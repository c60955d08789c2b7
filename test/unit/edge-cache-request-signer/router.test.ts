import { createRouter } from '../../../edge-cache-request-signer/src/router.js'
import { HOST, viewerRequest } from '../../support/events.js'
import { mint } from '../../support/tokens.js'
import { APP, badToken, CORS, fields, refusal, testWorld } from './world.js'

const bearer = { authorization: `Bearer ${mint()}` }
const notFound = refusal([404, 'Not Found'], 'not_found', 'There is no such endpoint.')
const foreign = refusal([403, 'Forbidden'], 'origin_not_allowed', 'Pages of this origin may not use the endpoint.')
const misdirected = refusal([421, 'Misdirected Request'], 'misdirected_request', 'This host name is not served here.')
const wrongMethod = (allow: string) =>
  refusal(
    [405, 'Method Not Allowed'],
    'method_not_allowed',
    'The endpoint does not take this method; see the Allow header.',
    { Allow: allow },
  )

afterEach(() => jest.restoreAllMocks())

describe('the router', () => {
  test.each([
    '/cookie',
    '/cookie/x',
    '/cookie//',
    '/Cookie/',
    '/cookie/%72emove',
    '/cookie/remove/',
    '/cookie/x/remove',
    '/cookie/constructor',
    '/',
    '',
    'constructor',
    '__proto__',
  ])('answers 404 to %j', async (path) => {
    expect(await testWorld().ask({ path, headers: bearer })).toEqual(notFound)
  })

  test.each([
    ['DELETE', '/cookie/', 'GET, POST, OPTIONS'],
    ['PUT', '/cookie/', 'GET, POST, OPTIONS'],
    ['PATCH', '/cookie/', 'GET, POST, OPTIONS'],
    ['get', '/cookie/', 'GET, POST, OPTIONS'],
    ['constructor', '/cookie/', 'GET, POST, OPTIONS'],
    ['POST', '/cookie/remove', 'GET, OPTIONS'],
  ])('answers 405 to %s %s and names what is allowed', async (method, path, allow) => {
    expect(await testWorld().ask({ method, path, headers: bearer })).toEqual(wrongMethod(allow))
  })

  test('answers HEAD without a body', async () => {
    const { body: _, ...expected } = wrongMethod('GET, POST, OPTIONS')
    expect(await testWorld().ask({ method: 'HEAD', headers: bearer })).toEqual(expected)
  })

  test.each<[string, string | readonly string[]]>([
    ['another distribution', 'd222222abcdef8.cloudfront.net'],
    ['a port', `${HOST}:443`],
    ['a dot at the end', `${HOST}.`],
    ['a subdomain', `a.${HOST}`],
    ['a suffix', `${HOST}.evil.example`],
    ['a wildcard', '*'],
    ['nothing', ''],
    ['two hosts', [HOST, HOST]],
  ])('refuses a strange Host: %s', async (_, host) => {
    expect(await testWorld().ask({ headers: { ...bearer, host } })).toEqual(misdirected)
  })

  test('refuses a request without Host', async () => {
    const event = viewerRequest({ headers: bearer })
    const request = event.Records[0]?.cf.request
    delete request?.headers.host
    expect(await createRouter(testWorld())(event)).toEqual(misdirected)
  })

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an empty object', {}],
    ['no records', { Records: [] }],
    ['a viewer response', { Records: [{ cf: { response: { status: '200' } } }] }],
  ])('fails on an event that is no request: %s', async (_, event) => {
    await expect(createRouter(testWorld())(event)).rejects.toEqual(
      new TypeError('the event is not a request of CloudFront; associate the function with viewer-request'),
    )
  })

  test('answers 500 to a mistake of its own, and tells only the log what it was', async () => {
    const world = testWorld({ now: () => Number.NaN })
    expect(await world.ask({ headers: bearer })).toEqual(
      refusal(
        [500, 'Internal Server Error'],
        'server_error',
        'Something went wrong. The operators of the site find the reason in the log.',
      ),
    )
    expect(world.logged()[0]).toEqual({
      level: 'error',
      event: 'unexpected',
      error: 'RangeError',
      message: 'Max-Age must be whole seconds',
    })
  })
})

describe('origins', () => {
  test.each([
    ['success', { headers: { ...bearer, origin: APP } }, '200'],
    ['401', { headers: { origin: APP } }, '401'],
    ['404', { path: '/cookie/x', headers: { origin: APP } }, '404'],
    ['405', { method: 'PUT', headers: { origin: APP } }, '405'],
    ['421', { headers: { origin: APP, host: 'x.example' } }, '421'],
  ])('lets a page of an allowed origin read the answer: %s', async (_, asks, status) => {
    const answer = await testWorld().ask(asks)
    const added = Object.entries(answer.headers ?? {}).filter(([name]) => name.startsWith('access-control'))
    expect([answer.status, Object.fromEntries(added)]).toEqual([
      status,
      Object.fromEntries(Object.entries(fields(CORS)).filter(([name]) => name.startsWith('access-control'))),
    ])
  })

  test.each([
    'https://evil.example',
    'null',
    '*',
    'https://app.example.com.evil.example',
    'https://app.example.com:8443',
    'https://app.example.com/',
    'HTTPS://APP.EXAMPLE.COM',
    'http://app.example.com',
    `http://${HOST}`,
    '',
  ])('refuses a page of origin %j and lets it read nothing', async (origin) => {
    expect(await testWorld().ask({ headers: { ...bearer, origin } })).toEqual(foreign)
  })

  test('refuses two origins of which one is allowed', async () => {
    expect(await testWorld().ask({ headers: { ...bearer, origin: [APP, 'https://evil.example'] } })).toEqual(foreign)
  })

  test.each([
    ['no Origin, as navigations, curl and same-origin GETs have it', {}],
    ['its own Origin, as same-origin POSTs have it', { origin: `https://${HOST}` }],
  ])('needs no list for %s', async (_, headers) => {
    const expired = await testWorld().ask({ method: 'POST', headers: { ...headers, authorization: 'Bearer x' } })
    expect(expired).toEqual(badToken('The token is not a JSON Web Token.'))
  })
})

describe('OPTIONS', () => {
  const preflight = (methods: string) => ({
    status: '204',
    statusDescription: 'No Content',
    headers: fields({
      ...CORS,
      Allow: methods,
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': 'Authorization, Content-Type',
      'Access-Control-Max-Age': '7200',
    }),
  })
  const asking = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' }

  test.each([
    ['/cookie/', 'GET, POST, OPTIONS'],
    ['/cookie/remove', 'GET, OPTIONS'],
    ['/cookie/unknown', 'OPTIONS'],
  ])('on %s names the methods of the path', async (path, methods) => {
    const answer = await testWorld().ask({ method: 'OPTIONS', path, headers: { ...asking, origin: APP } })
    expect(answer).toEqual(preflight(methods))
  })

  test('is refused for a foreign origin', async () => {
    const answer = await testWorld().ask({ method: 'OPTIONS', headers: { ...asking, origin: 'https://evil.example' } })
    expect(answer).toEqual(foreign)
  })

  test('is refused on a foreign host', async () => {
    const answer = await testWorld().ask({ method: 'OPTIONS', headers: { ...asking, host: 'x.example' } })
    expect(answer).toEqual(misdirected)
  })
})
