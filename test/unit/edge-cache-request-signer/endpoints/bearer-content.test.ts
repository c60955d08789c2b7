import type { CloudFrontRequest } from 'aws-lambda'
import type { Configuration } from '../../../../edge-cache-request-signer/src/configuration/configuration.js'
import { createRouter } from '../../../../edge-cache-request-signer/src/router.js'
import { runViewerRequest } from '../../../../local-aws/edge/lambda-at-edge.js'
import { START } from '../../../support/clock.js'
import { HOST, type ViewerAsks, viewerRequest } from '../../../support/events.js'
import { accessClaims, mint, SUBJECT } from '../../../support/tokens.js'
import { distribution, viewerRequest as edgeRequest } from '../../local-aws/edge/fixtures.js'
import { APP, configuration, parameters, testWorld } from '../world.js'

const GRANTS: Configuration['grants'] = [
  { paths: ['/api/public/*', '/api/users/{sub}/*'] },
  { paths: ['/api/*'], groups: ['staff'] },
  { paths: ['/api/finance/*'], groups: ['finance'], signingKey: 'finance' },
  { paths: ['/site/*'] },
]

function world(changes: Partial<Configuration> = {}) {
  const document: Configuration = {
    ...configuration,
    grants: GRANTS,
    exclusiveSigningKeys: ['finance'],
    bearerPaths: ['/api/*', '/v2/*'],
    ...changes,
  }
  const place = testWorld({ getParameters: async () => parameters(document) })
  return { ...place, answer: createRouter(place) }
}

const bearer = (claims = accessClaims()) => ({ authorization: `Bearer ${mint(claims)}` })

/** `through`, or the status with which the request is refused. */
async function outcome(asks: ViewerAsks, changes: Partial<Configuration> = {}): Promise<string> {
  const answer = await world(changes).answer(viewerRequest(asks))
  return 'uri' in answer ? 'through' : answer.status
}

describe('content behind a bearer token', () => {
  test('goes on to the cache as it came, less the token', async () => {
    const headers = { ...bearer(), accept: 'image/*', cookie: 'a=b', 'x-list': ['1', '2'] }
    const asks = { path: '/api/public/a.jpg', querystring: 'x=%20y', headers }
    const { authorization, ...others } = viewerRequest(asks).Records[0]?.cf.request.headers ?? {}
    const place = world()
    const event = viewerRequest(asks)

    const answer = (await place.answer(event)) as CloudFrontRequest

    expect(authorization).toHaveLength(1)
    expect(answer).toEqual({ ...event.Records[0]?.cf.request, headers: others })
    expect(place.lines).toEqual([])
  })

  test('goes on to the cache of the local AWS too, whose rules for what a function returns are those of AWS', async () => {
    const { answer } = world()
    const invoke = async (_: string, event: unknown) => ({ ok: true, payload: await answer(event) }) as const
    const headers = [
      ['Host', HOST],
      ['Accept', '*/*'],
    ] as const
    const sent = edgeRequest({
      host: HOST,
      path: '/api/public/a',
      query: 'x=y',
      headers: [...headers, ['Authorization', bearer().authorization]],
    })
    const trigger = { functionArn: 'arn', includeBody: false }
    const ran = await runViewerRequest(
      { lambda: { invoke }, log: (line) => expect(line).toBe('') },
      distribution('E1'),
      trigger,
      sent,
      'id',
    )
    expect(ran).toEqual({ request: { ...sent, headers } })
  })

  test.each(['GET', 'HEAD', 'POST', 'DELETE'])('leaves the method %s to the behaviour', async (method) => {
    expect(await outcome({ method, path: '/api/public/a', headers: bearer() })).toBe('through')
    expect(await outcome({ method, path: '/api/public/a' })).toBe('401')
  })

  test.each<[string, readonly string[], string]>([
    ['/api/public/a', [], 'through'],
    ['/api/public', [], '403'],
    ['/api/staff/a', [], '403'],
    ['/api/staff/a', ['staff'], 'through'],
    [`/api/users/${SUBJECT}/a`, [], 'through'],
    ['/api/users/somebody/a', [], '403'],
    ['/api/users/somebody/a', ['staff'], 'through'],
    ['/api/finance/a', ['staff'], '403'],
    ['/api/finance/a', ['finance'], 'through'],
    ['/v2/a', ['staff', 'finance'], '403'],
  ])('is subject to the rules: %s for %j is %s', async (path, groups, expected) => {
    expect(await outcome({ path, headers: bearer(accessClaims({ 'cognito:groups': groups })) })).toBe(expected)
  })

  test('is there only where the configuration says, granted or not', async () => {
    const headers = bearer()
    expect(await outcome({ path: '/site/a', headers })).toBe('404')
    expect(await outcome({ path: '/api/public/a', headers }, { bearerPaths: ['/v2/*'] })).toBe('404')
    expect((await testWorld().ask({ path: '/api/public/a', headers })).status).toBe('404')
  })

  test.each([
    '/api/public/../staff/a',
    '/api/public/%2e%2e/staff/a',
    '/api/public//a',
    '/api/public/%61',
    '/api/public/..%2fstaff/a',
    '/api/public/a%5c..%5cb',
    '/api/public/%252e%252e/a',
    '/api/./public/a',
  ])('refuses a path that an origin could read as another one: %s', async (path) => {
    expect(await outcome({ path, headers: bearer() })).toBe('400')
  })

  test.each(['/cookie/x', '/cookie/', '/%63ookie/', '/api/../cookie/x', '//cookie/x', '/cookie/%2e%2e/api/public/a'])(
    'never lets a request to the function itself through: %s',
    async (path) => {
      const all = { bearerPaths: ['/*'], grants: [{ paths: ['/*'] }] }
      expect(await outcome({ path, headers: bearer(), method: 'GET' }, all)).toMatch(/^[24]\d\d$/)
    },
  )

  test.each<[string, ViewerAsks['headers'], string, string]>([
    ['no token', {}, '401', `Bearer realm="${HOST}"`],
    [
      'a token that has expired',
      bearer(accessClaims({ exp: START / 1000 })),
      '401',
      `Bearer realm="${HOST}", error="invalid_token", error_description="The token has expired."`,
    ],
    [
      'a token for other paths',
      bearer(),
      '403',
      `Bearer realm="${HOST}", error="insufficient_scope", error_description="The token gives no access to this path."`,
    ],
    [
      'two tokens',
      { authorization: [bearer().authorization, bearer().authorization] },
      '400',
      `Bearer realm="${HOST}", error="invalid_request", error_description="The request has more than one Authorization header."`,
    ],
  ])('answers %s as RFC 6750 says', async (_, headers = {}, status, challenge) => {
    const place = world()
    const answer = await place.ask({ path: '/api/staff/a', headers })
    expect([answer.status, answer.headers?.['www-authenticate']?.[0]?.value]).toEqual([status, challenge])
    expect(place.logged()).toMatchObject([{ event: 'request', route: 'unknown', status: Number(status) }])
    expect(place.lines.join()).not.toContain('/api/')
  })

  test('refuses pages of foreign origins and unknown hosts before it looks at the token', async () => {
    const path = '/api/public/a'
    expect(await outcome({ path, headers: { ...bearer(), origin: 'https://evil.example' } })).toBe('403')
    expect(await outcome({ path, headers: { ...bearer(), host: 'evil.example' } })).toBe('421')
    expect(await outcome({ path, headers: { ...bearer(), origin: APP } })).toBe('through')
  })

  test('answers the preflight of an allowed origin without a token', async () => {
    const answer = await world().ask({ method: 'OPTIONS', path: '/api/public/a', headers: { origin: APP } })
    expect(answer.status).toBe('204')
    expect(answer.headers?.['access-control-allow-headers']?.[0]?.value).toContain('Authorization')
  })

  test('looks at the rules anew with every reading of the configuration', async () => {
    let grants = GRANTS
    const place = testWorld({
      getParameters: async () =>
        parameters({ ...configuration, grants, exclusiveSigningKeys: ['finance'], bearerPaths: ['/api/*'] }),
    })
    const answer = createRouter(place)
    const event = viewerRequest({ path: '/api/public/a', headers: bearer() })
    expect('uri' in (await answer(event))).toBe(true)
    grants = [{ paths: ['/api/*'], groups: ['staff'] }]
    expect('uri' in (await answer(event))).toBe(true)
    place.clock.jump(300_000)
    expect('uri' in (await answer(event))).toBe(false)
  })
})
