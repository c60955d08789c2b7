import { createSign, verify } from 'node:crypto'
import { serializeSigningKey } from '../../../../contract/secret.js'
import type { Configuration } from '../../../../edge-cache-request-signer/src/configuration/configuration.js'
import { START } from '../../../support/clock.js'
import { HOST } from '../../../support/events.js'
import { keyPair, signingKey } from '../../../support/keys.js'
import { accessClaims, idClaims, mint, SUBJECT, updatedIssuerOf } from '../../../support/tokens.js'
import { configuration, fields, JSON_TYPE, KEY_NAME, parameters, refusal, testWorld } from '../world.js'

const NOW = START / 1000
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const encoded = (bytes: Buffer) =>
  bytes.toString('base64').replace(/[+=/]/g, (character) => ({ '+': '-', '=': '_', '/': '~' })[character] ?? '')
const decoded = (text: string) =>
  Buffer.from(
    text.replace(/[-_~]/g, (character) => ({ '-': '+', _: '=', '~': '/' })[character] ?? ''),
    'base64',
  )

const dateOnly = (host: string, expiresAt: number) =>
  `{"Statement":[{"Resource":"https://${host}/*","Condition":{"DateLessThan":{"AWS:EpochTime":${expiresAt}}}}]}`

/** The cookies that AWS's page on custom policies asks for, put together by hand. RSA signatures are deterministic. */
function rsaCookies(policy: string, maxAge: number, sameSite: string = 'Lax'): readonly string[] {
  const signature = createSign('RSA-SHA1').update(policy).sign(keyPair('signing').privatePem)
  const attributes = `Path=/; Max-Age=${maxAge}; Secure; HttpOnly; SameSite=${sameSite}`
  return [
    `CloudFront-Policy=${encoded(Buffer.from(policy))}; ${attributes}`,
    `CloudFront-Signature=${encoded(signature)}; ${attributes}`,
    `CloudFront-Key-Pair-Id=K2JCJMDEHXQW5F; ${attributes}`,
    `CloudFront-Hash-Algorithm=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=${sameSite}`,
  ]
}

/** The session of as many seconds that goes with them; what is sealed is never the same twice. */
const sessionCookies = (maxAge: number) => [
  expect.stringMatching(
    new RegExp(`^__Secure-session=[\\w-]+; Path=/cookie/; Max-Age=${maxAge}; Secure; HttpOnly; SameSite=Lax$`),
  ),
  expect.stringMatching(
    new RegExp(`^__Host-session=[\\w-]{22}; Path=/; Max-Age=${maxAge}; Secure; HttpOnly; SameSite=Lax$`),
  ),
  '__Host-fresh=1; Path=/; Max-Age=30; Secure; SameSite=Lax',
]

/** What is deleted where the whole host is not granted. */
const expired = ['Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'].map(
  (name) => `CloudFront-${name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`,
)

const success = (cookies: readonly string[], expiresAt: number, paths: readonly string[] = ['/*']) => ({
  status: '200',
  statusDescription: 'OK',
  headers: fields({
    ...JSON_TYPE,
    'Set-Cookie': [
      ...cookies,
      ...(paths.includes('/*') ? [] : expired),
      ...sessionCookies(Number(/Max-Age=(\d+)/.exec(cookies[0] ?? '')?.[1])),
    ],
  }),
  body: JSON.stringify({ expires_at: expiresAt, paths }),
})

const withCookies = (changes: Partial<Configuration['cookies']>): Configuration => ({
  ...configuration,
  cookies: { ...configuration.cookies, ...changes },
})

afterEach(() => jest.restoreAllMocks())

describe('GET /cookie/', () => {
  test.each([
    ['an access token', 'GET', accessClaims()],
    ['an ID token', 'GET', idClaims()],
    ['an access token by POST', 'POST', accessClaims()],
    ['a token of the updated issuer', 'GET', accessClaims({ iss: updatedIssuerOf() })],
    ['a token that has just become valid', 'GET', accessClaims({ nbf: NOW })],
    ['an ID token for several audiences of which none is a list', 'GET', idClaims({ azp: 'other' })],
  ])('exchanges %s for signed cookies', async (_, method, claims) => {
    expect(await testWorld().ask({ method, headers: bearer(mint(claims)) })).toEqual(
      success(rsaCookies(dateOnly(HOST, NOW + 3600), 3600), NOW + 3600),
    )
  })

  test.each([
    ['a scheme in lower case', (token: string) => `bearer ${token}`],
    ['a scheme in capitals', (token: string) => `BEARER ${token}`],
    ['several spaces', (token: string) => `Bearer    ${token} `],
  ])('takes %s', async (_, authorization) => {
    const response = await testWorld().ask({ headers: { authorization: authorization(mint()) } })
    expect(response.status).toBe('200')
  })

  test('names the host that the viewer uses in the policy', async () => {
    const answer = await testWorld().ask({ headers: { ...bearer(mint()), host: 'photos.example.com' } })
    expect(answer).toEqual(success(rsaCookies(dateOnly('photos.example.com', NOW + 3600), 3600), NOW + 3600))
  })

  test('knows a host whatever its case', async () => {
    const answer = await testWorld().ask({ headers: { ...bearer(mint()), host: 'Photos.Example.COM' } })
    expect(answer).toEqual(success(rsaCookies(dateOnly('photos.example.com', NOW + 3600), 3600), NOW + 3600))
  })

  test.each<[string, object, string, number]>([
    ['the token expires first', {}, 'exp', NOW + 900],
    ['the lifetime ends first', { lifetimeSeconds: 600 }, 'lifetime', NOW + 600],
  ])('lets cookies expire as early as must be: %s', async (_, changes, which, expiresAt) => {
    const world = testWorld({ getParameters: async () => parameters(withCookies(changes)) })
    const exp = which === 'exp' ? NOW + 900 : NOW + 3600
    expect(await world.ask({ headers: bearer(mint(accessClaims({ exp }))) })).toEqual(
      success(rsaCookies(dateOnly(HOST, expiresAt), expiresAt - NOW), expiresAt),
    )
  })

  test('rounds the expiry down, so that two sign-ins minutes apart share policy and signature', async () => {
    const world = testWorld()
    const first = await world.ask({ headers: bearer(mint(accessClaims({ exp: NOW + 3601 }))) })
    world.clock.jump(59_000)
    const second = await world.ask({ headers: bearer(mint(accessClaims({ exp: NOW + 3659 }))) })
    expect(first).toEqual(success(rsaCookies(dateOnly(HOST, NOW + 3600), 3600), NOW + 3600))
    expect(second).toEqual(success(rsaCookies(dateOnly(HOST, NOW + 3600), 3541), NOW + 3600))
  })

  test('gives the last seconds of a token rather than none', async () => {
    const world = testWorld()
    world.clock.jump(500)
    const answer = await world.ask({ headers: bearer(mint(accessClaims({ exp: NOW + 1 }))) })
    expect(answer).toEqual(success(rsaCookies(dateOnly(HOST, NOW + 1), 1), NOW + 1))
  })

  test('grants the configured path', async () => {
    const world = testWorld({
      getParameters: async () => parameters({ ...configuration, grants: [{ paths: ['/albums/2026/*'] }] }),
    })
    const policy = dateOnly(HOST, NOW + 3600).replace('/*', '/albums/2026/*')
    const cookies = rsaCookies(policy, 3600).map((line) => line.replace('Path=/', 'Path=/albums/2026/'))
    expect(await world.ask({ headers: bearer(mint()) })).toEqual(success(cookies, NOW + 3600, ['/albums/2026/*']))
  })

  test('grants each of several paths with cookies of its own', async () => {
    const grants = [{ paths: ['/b/*', '/a/*'] }, { paths: ['/users/{sub}/*'] }]
    const world = testWorld({ getParameters: async () => parameters({ ...configuration, grants }) })
    const paths = ['/a/*', '/b/*', `/users/${SUBJECT}/*`]
    const cookies = paths.flatMap((path) =>
      rsaCookies(dateOnly(HOST, NOW + 3600).replace('/*', path), 3600).map((line) =>
        line.replace('Path=/', `Path=${path.slice(0, -1)}`),
      ),
    )
    expect(await world.ask({ headers: bearer(mint()) })).toEqual(success(cookies, NOW + 3600, paths))
  })

  test('signs for an exclusive path with its own key', async () => {
    const grants = [{ paths: ['/finance/*'], signingKey: 'finance' }, { paths: ['/a/*'] }]
    const secret = serializeSigningKey(signingKey({ keyPairId: 'KFINANCE' }))
    const world = testWorld({
      getParameters: async () =>
        new Map([
          ...parameters({ ...configuration, grants, exclusiveSigningKeys: ['finance'] }),
          [`${KEY_NAME}-finance`, secret],
        ]),
    })
    const { headers = {} } = await world.ask({ headers: bearer(mint()) })
    const ids = (headers['set-cookie'] ?? []).flatMap(
      ({ value }) => /^CloudFront-Key-Pair-Id=(.+?); (Path=.*?);/.exec(value)?.slice(1).join() ?? [],
    )
    expect(ids).toEqual(['K2JCJMDEHXQW5F,Path=/a/', 'KFINANCE,Path=/finance/'])
  })

  test('asks for patience while an exclusive key has no value', async () => {
    const grants = [{ paths: ['/finance/*'], signingKey: 'finance' }]
    const document = { ...configuration, grants, exclusiveSigningKeys: ['finance'] }
    const world = testWorld({ getParameters: async () => parameters(document) })
    expect(await world.ask({ headers: bearer(mint()) })).toEqual(
      refusal(
        [503, 'Service Unavailable'],
        'signing_key_unavailable',
        'The site has no signing key yet. Try again shortly.',
        {
          'Retry-After': '60',
        },
      ),
    )
    expect(world.logged()[0]).toMatchObject({
      event: 'unexpected',
      cause: { message: 'the exclusive signing key finance has no value; rotate it, or see why its rotation fails' },
    })
  })

  test('refuses whoever has no grant, and deletes what an earlier one had', async () => {
    const grants = [{ paths: ['/*'], groups: ['staff'] }]
    const world = testWorld({ getParameters: async () => parameters({ ...configuration, grants }) })
    const answer = await world.ask({ headers: bearer(mint(accessClaims({ 'cognito:groups': ['guests'] }))) })
    expect([answer.status, JSON.parse(answer.body ?? '').error]).toEqual(['403', 'not_admitted'])
    expect((answer.headers?.['set-cookie'] ?? []).map(({ value }) => /Max-Age=(\d+)/.exec(value)?.[1])).toEqual(
      Array.from({ length: 7 }, () => '0'),
    )
    const staff = await world.ask({ headers: bearer(mint(accessClaims({ 'cognito:groups': ['staff'] }))) })
    expect(staff.status).toBe('200')
  })

  test('remembers of a token what the rules ask for', async () => {
    const grants = [{ paths: ['/{custom:tenant}/*'], scopes: ['read'], claims: { level: ['2'] } }]
    const world = testWorld({ getParameters: async () => parameters({ ...configuration, grants }) })
    const token = mint(accessClaims({ 'custom:tenant': 'acme', level: 2, scope: 'openid read' }))
    for (const _ of [1, 2]) {
      expect(JSON.parse((await world.ask({ headers: bearer(token) })).body ?? '').paths).toEqual(['/acme/*'])
    }
  })

  test.each(['Strict', 'None'] as const)('sets SameSite=%s when asked to', async (sameSite) => {
    const world = testWorld({ getParameters: async () => parameters(withCookies({ sameSite })) })
    expect(await world.ask({ headers: bearer(mint()) })).toEqual(
      success(rsaCookies(dateOnly(HOST, NOW + 3600), 3600, sameSite), NOW + 3600),
    )
  })

  test('signs with SHA-256 and says so, when asked to', async () => {
    const world = testWorld({ getParameters: async () => parameters(withCookies({ hashAlgorithm: 'SHA256' })) })
    const policy = dateOnly(HOST, NOW + 3600)
    const signature = createSign('RSA-SHA256').update(policy).sign(keyPair('signing').privatePem)
    const cookies = rsaCookies(policy, 3600)
    expect(await world.ask({ headers: bearer(mint()) })).toEqual(
      success(
        [
          cookies[0] ?? '',
          `CloudFront-Signature=${encoded(signature)}; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax`,
          cookies[2] ?? '',
          'CloudFront-Hash-Algorithm=SHA256; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax',
        ],
        NOW + 3600,
      ),
    )
  })

  test('signs with an ECDSA key in DER', async () => {
    const key = signingKey({ algorithm: 'ECDSA-P256' })
    const world = testWorld({ getParameters: async () => parameters(configuration, serializeSigningKey(key)) })
    const { headers = {} } = await world.ask({ headers: bearer(mint()) })
    const [policy = '', signature = ''] = (headers['set-cookie'] ?? []).map(({ value }) => /=([^;]*)/.exec(value)?.[1])
    const publicKey = keyPair('signing', 'ECDSA-P256').publicKey
    expect(decoded(policy).toString()).toBe(dateOnly(HOST, NOW + 3600))
    expect(verify('sha1', decoded(policy), { key: publicKey, dsaEncoding: 'der' }, decoded(signature))).toBe(true)
  })

  test('signs anew with a new key once the old settings are no longer fresh', async () => {
    const keys = ['K1OLD', 'K2NEW'].map((keyPairId) => serializeSigningKey(signingKey({ keyPairId })))
    const world = testWorld({ getParameters: async () => parameters(configuration, keys.shift()) })
    const idsAfter = async (ms: number) => {
      world.clock.jump(ms)
      const { headers = {} } = await world.ask({ headers: bearer(mint()) })
      return headers['set-cookie']?.[2]?.value.split(';')[0]
    }
    expect(await idsAfter(0)).toBe('CloudFront-Key-Pair-Id=K1OLD')
    expect(await idsAfter(299_999)).toBe('CloudFront-Key-Pair-Id=K1OLD')
    expect(await idsAfter(1)).toBe('CloudFront-Key-Pair-Id=K2NEW')
  })

  describe('with cookies bound to an IP address', () => {
    const bound = () => testWorld({ getParameters: async () => parameters(withCookies({ bindToIp: true })) })

    test('names the viewer in the policy', async () => {
      const policy = dateOnly(HOST, NOW + 3600).replace(
        '}}}]}',
        '},"IpAddress":{"AWS:SourceIp":"203.0.113.178/32"}}}]}',
      )
      expect(await bound().ask({ headers: bearer(mint()) })).toEqual(success(rsaCookies(policy, 3600), NOW + 3600))
    })

    test.each([['2001:db8::1'], ['::ffff:203.0.113.178'], ['203.0.113.0/24'], ['']])(
      'refuses a viewer at %s',
      async (clientIp) => {
        expect(await bound().ask({ clientIp, headers: bearer(mint()) })).toEqual(
          refusal(
            [403, 'Forbidden'],
            'ipv4_required',
            'Cookies are bound to an IPv4 address here, and this request came over IPv6.',
          ),
        )
      },
    )
  })
})
