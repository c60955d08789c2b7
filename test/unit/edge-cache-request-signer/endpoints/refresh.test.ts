import { serializeSigningKey } from '../../../../contract/secret.js'
import { START } from '../../../support/clock.js'
import { HOST } from '../../../support/events.js'
import { keyPair, signingKey } from '../../../support/keys.js'
import { accessClaims, mint, SUBJECT } from '../../../support/tokens.js'
import {
  configuration,
  FETCH,
  locationIn,
  NAVIGATION,
  outcomeOf,
  type Site,
  setCookies,
  signIn,
  site,
  type Visitor,
  visitor,
} from '../visitor.js'
import { APP, CORS, KEY_NAME, parameters, refusal } from '../world.js'

const NOW = START / 1000
const SESSION = ['__Host-fresh', '__Host-session', '__Secure-session']
const SIGNED = ['CloudFront-Key-Pair-Id', 'CloudFront-Policy', 'CloudFront-Signature']
const SIGN_IN = `https://${HOST}/cookie/sign-in`

const over = refusal([401, 'Unauthorized'], 'session_over', 'The session has ended. Sign in again.', {
  'WWW-Authenticate': `Bearer realm="${HOST}"`,
})

/** Somebody who signed in a while ago. */
async function returning(
  world: Site,
  person?: Readonly<Record<string, unknown>>,
  seconds: number = 7_200,
): Promise<Visitor> {
  const somebody = visitor(world)
  await somebody.signIn('/', person)
  world.clock.jump(seconds * 1000)
  return somebody
}

const renewals = ({ provider }: Site) => provider.posted.filter(({ form }) => form.grant_type === 'refresh_token')

afterEach(() => jest.restoreAllMocks())

/** A navigation of a browser without Fetch Metadata. */
const NO_METADATA = { accept: NAVIGATION.accept }

describe('GET /cookie/refresh as a navigation', () => {
  test.each(['/photos/?a=b&c=%26#d', '/', '/%E4%BD%A0'])('gives new cookies and goes back to %s', async (next) => {
    const world = site()
    const somebody = await returning(world)
    expect(somebody.jar.names()).toEqual(['__Host-session', '__Secure-session'])
    const answer = await somebody.ask(`/cookie/refresh?next=${encodeURIComponent(next)}`)
    expect(outcomeOf(answer)).toEqual(['302', `https://${HOST}${next}`])
    expect(somebody.jar.names()).toEqual([...SIGNED, ...SESSION])
  })

  test('takes the page with the link for its end, where scripts are off', async () => {
    const somebody = await returning(site())
    const answer = await somebody.ask('/cookie/refresh', { ...NAVIGATION, referer: `https://${HOST}/a/?b` })
    expect(outcomeOf(answer)).toEqual(['302', `https://${HOST}/a/?b`])
  })

  test('goes to the start without any end', async () => {
    const somebody = await returning(site({ grants: [{ paths: ['/a/*'] }] }))
    expect(outcomeOf(await somebody.ask('/cookie/refresh'))).toEqual(['302', `https://${HOST}/`])
  })

  test('answers a form with 303', async () => {
    const somebody = await returning(site())
    const answer = await somebody.ask('/cookie/refresh?next=/a', { ...NAVIGATION, origin: `https://${HOST}` }, 'POST')
    expect(outcomeOf(answer)).toEqual(['303', `https://${HOST}/a`])
  })

  test.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/cookie/sign-out', 'javascript:alert(1)'])(
    'never leads to %s',
    async (next) => {
      const somebody = await returning(site())
      const answer = await somebody.ask(`/cookie/refresh?next=${encodeURIComponent(next)}`)
      expect(outcomeOf(answer)).toEqual(['302', `https://${HOST}/`])
    },
  )

  test('leads to the sign-in without a session, and from there to the same end', async () => {
    const world = site()
    const somebody = visitor(world)
    const answer = await somebody.ask('/cookie/refresh?next=%2Fa%3Fb%23c')
    expect(outcomeOf(answer)).toEqual(['302', `${SIGN_IN}?next=%2Fa%3Fb%23c`])
    const back = world.provider.signIn(locationIn(await somebody.ask(locationIn(answer))))
    expect(outcomeOf(await somebody.ask(back))).toEqual(['302', `https://${HOST}/a?b#c`])
    expect(world.logged()[0]).toMatchObject({ status: 302, reason: 'ok', because: 'session_over' })
  })

  const failures: readonly (readonly [string, (world: Site) => void, string])[] = [
    ['the refresh token was revoked', ({ provider }) => revoke(provider), 'session_over'],
    ['the provider fails', answers(500, '{}'), 'identity_provider_unavailable'],
    ['the provider is not there', unreachable, 'identity_provider_unavailable'],
    ['the provider does not know us', answers(401, '{"error":"invalid_client"}'), 'client_refused'],
    ['the provider gives nothing', answers(200, ''), 'identity_provider_unavailable'],
    ['the provider gives no ID token', answers(200, '{"token_type":"Bearer","access_token":"a"}'), 'session_over'],
    ['the token is for somebody else', changes({ sub: 'mallory' }), 'session_over'],
    ['the token is of another client', changes({ aud: 'other' }), 'session_over'],
    ['the token is of another issuer', changes({ iss: 'https://evil.example' }), 'session_over'],
    ['the token has expired', changes({ exp: NOW }), 'session_over'],
  ]
  test.each(failures)('leads to the sign-in when %s', async (_, change, because) => {
    const world = site()
    const somebody = await returning(world)
    change(world)
    const answer = await somebody.ask('/cookie/refresh?next=/a')
    expect(outcomeOf(answer)).toEqual(['302', `${SIGN_IN}?next=%2Fa`])
    expect(world.logged().at(-1)).toMatchObject({ reason: 'ok', because })
  })

  test.each(failures)('gives a program no redirect but a status when %s', async (_, change, because) => {
    const world = site()
    const somebody = await returning(world)
    change(world)
    const { status, headers = {} } = await somebody.ask('/cookie/refresh', FETCH)
    const expected = { session_over: '401', client_refused: '500', identity_provider_unavailable: '503' }[because]
    expect([status, headers.location]).toEqual([expected, undefined])
    expect(headers['retry-after']?.[0]?.value).toBe(because === 'identity_provider_unavailable' ? '5' : undefined)
    expect(world.logged().at(-1)).toMatchObject({ reason: because })
  })

  test('deletes everything of somebody who has lost his access, and gives the refresh token back', async () => {
    const world = site({ grants: [{ paths: ['/*'], groups: ['staff'] }] })
    const somebody = await returning(world, { 'cognito:groups': ['staff'] }, 60)
    world.provider.claims = { 'cognito:groups': [] }
    expect(outcomeOf(await somebody.ask('/cookie/refresh?next=/'))).toEqual(['403', 'This account has no access'])
    expect([somebody.jar.names(), world.provider.goodRefreshTokens()]).toEqual([[], []])
  })

  test('says what somebody may not open, and keeps what he may', async () => {
    const world = site({ grants: [{ paths: ['/a/*'] }, { paths: ['/b/*'], groups: ['b'] }] })
    const somebody = await returning(world)
    expect(outcomeOf(await somebody.ask('/cookie/refresh?next=/b/c%3Fd%23e'))).toEqual([
      '403',
      'This page is not for your account',
    ])
    expect((await somebody.ask('/cookie/refresh?next=/')).body).toContain('<a class="primary" href="/a/">Go to /a/</a>')
    expect(somebody.jar.names()).toEqual([...SIGNED, ...SESSION])
    expect(outcomeOf(await somebody.ask('/cookie/refresh?next=/a/c%3Fd%23e'))).toEqual([
      '302',
      `https://${HOST}/a/c?d#e`,
    ])
  })

  test('leads nobody to what only a token opens', async () => {
    const somebody = await returning(site({ grants: [{ paths: ['/a/*', '/b/*'] }], bearerPaths: ['/a/*'] }))
    const { body = '' } = await somebody.ask('/cookie/refresh?next=/')
    expect([...body.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(['/b/', '/cookie/refresh?next=%2F'])
  })

  test('gives and takes away what rules and claims now say', async () => {
    const world = site({
      grants: [
        { paths: ['/a/*'], groups: ['a'] },
        { paths: ['/b/*'], groups: ['b'] },
      ],
    })
    const somebody = await returning(world, { 'cognito:groups': ['a'] }, 60)
    expect(somebody.jar.value('CloudFront-Policy', '/a/x')).toEqual(expect.any(String))
    world.provider.claims = { 'cognito:groups': ['b'] }
    const { body = '' } = await somebody.ask('/cookie/refresh', FETCH)
    expect(JSON.parse(body).paths).toEqual(['/b/*'])
    expect(somebody.jar.value('CloudFront-Policy', '/a/x')).toBe(undefined)
    expect(somebody.jar.value('CloudFront-Policy', '/b/x')).toEqual(expect.any(String))
  })
})

describe('/cookie/refresh by fetch', () => {
  test.each(['GET', 'POST'])('answers %s like the exchange, and says for whom', async (method) => {
    const world = site()
    const somebody = await returning(world)
    const answer = await somebody.ask('/cookie/refresh', { ...FETCH, origin: `https://${HOST}` }, method)
    expect([answer.status, JSON.parse(answer.body ?? '')]).toEqual([
      '200',
      { subject: SUBJECT, expires_at: NOW + 7_200 + 3_600, paths: ['/*'] },
    ])
    expect(world.logged().at(-1)).toMatchObject({ reason: 'ok', Renewals: 1, subject: 'feaccd25ce867dc9' })
  })

  test('tells nothing more than that the session is over', async () => {
    expect(await visitor(site()).ask('/cookie/refresh', FETCH)).toEqual(over)
  })

  test('cannot renew the session of an app that brought a token', async () => {
    const world = site()
    const somebody = visitor(world)
    await somebody.ask('/cookie/', { ...FETCH, authorization: `Bearer ${mint()}` })
    expect(somebody.jar.names()).toEqual([...SIGNED, ...SESSION])
    expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('401')
  })

  test('stays renewable when an app brings a token of the same person, not of another one', async () => {
    const world = site()
    const somebody = await returning(world)
    const bring = (claims: object) => {
      const token = mint(accessClaims({ exp: NOW + 10_000, ...claims }))
      return somebody.ask('/cookie/', { ...FETCH, authorization: `Bearer ${token}` })
    }
    await bring({})
    expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('200')
    await bring({ sub: 'bob' })
    expect(JSON.parse((await somebody.ask('/cookie/session', FETCH)).body ?? '')).toMatchObject({ renewable: false })
    expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('401')
  })

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, '403'],
    ['an image on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, '403'],
    ['a link on another site', { ...NAVIGATION, 'sec-fetch-site': 'cross-site' }, '403'],
    ['a page of a sibling host', { 'sec-fetch-site': 'same-site' }, '403'],
    [
      'a page of a sibling host that is not allowed',
      { 'sec-fetch-site': 'same-site', origin: 'https://b.example' },
      '403',
    ],
    ['an older browser on another site', { ...NO_METADATA, referer: 'https://evil.example/' }, '403'],
    ['an older browser on a page of the host', { ...NO_METADATA, referer: `https://${HOST}/a` }, '302'],
    ['something unheard of', { 'sec-fetch-site': 'friendly' }, '403'],
    ['a page of an allowed origin', { 'sec-fetch-site': 'same-site', origin: APP }, '200'],
    ['the address bar', { ...NAVIGATION, 'sec-fetch-site': 'none' }, '302'],
    ['a client that is no browser', {}, '200'],
  ])('asked for by %s', async (_, headers, status) => {
    const world = site()
    const somebody = await returning(world)
    const answer = await somebody.ask('/cookie/refresh', headers)
    expect(answer.status).toBe(status)
    expect(renewals(world)).toHaveLength(status === '403' ? 0 : 1)
    if (status === '403') expect(setCookies(answer)).toEqual([])
  })

  test('lets a page of an allowed origin read the answer', async () => {
    const somebody = await returning(site())
    const { headers = {} } = await somebody.ask('/cookie/refresh', { 'sec-fetch-site': 'same-site', origin: APP })
    expect(headers['access-control-allow-origin']?.[0]?.value).toBe(CORS['Access-Control-Allow-Origin'])
  })
})

describe('a session that is renewed', () => {
  test('uses the refresh token that it has, as long as none replaces it', async () => {
    const world = site()
    const somebody = await returning(world)
    for (let hour = 0; hour < 3; hour += 1) {
      expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('200')
      world.clock.jump(3_600_000)
    }
    expect(new Set(renewals(world).map(({ form }) => form.refresh_token)).size).toBe(1)
  })

  test('takes the new refresh token where tokens rotate', async () => {
    const world = site({}, { rotationGraceSeconds: 0 })
    const somebody = await returning(world)
    for (let hour = 0; hour < 5; hour += 1) {
      expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('200')
      world.clock.jump(3_600_000)
    }
    expect(new Set(renewals(world).map(({ form }) => form.refresh_token)).size).toBe(5)
  })

  test('survives ten tabs that renew at once, within the grace of a rotation', async () => {
    const world = site({}, { rotationGraceSeconds: 60 })
    const somebody = await returning(world)
    const answers = await Promise.all(Array.from({ length: 10 }, () => somebody.ask('/cookie/refresh?next=/a')))
    expect(answers.map(outcomeOf)).toEqual(Array.from({ length: 10 }, () => ['302', `https://${HOST}/a`]))
    world.clock.jump(3_600_000)
    expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('200')
  })

  test('is not lost by tabs that come too late where there is no grace', async () => {
    const world = site({}, { rotationGraceSeconds: 0 })
    const somebody = await returning(world)
    const late = somebody.jar.header('/cookie/refresh')
    expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('200')
    const answer = await visitor(world).ask('/cookie/refresh', { ...FETCH, cookie: late })
    expect([answer.status, setCookies(answer)]).toEqual(['401', []])
    expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('200')
  })

  test('keeps a new refresh token although the rest of the renewal fails', async () => {
    let clientIp = '203.0.113.178'
    const cookies = { ...configuration.cookies, bindToIp: true }
    const world = site({ cookies }, { rotationGraceSeconds: 0 })
    const { ask } = world
    const roaming = { ...world, ask: (asks = {}) => ask({ ...asks, clientIp }) }
    const somebody = await returning(roaming)
    clientIp = '2001:db8::1'
    expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('403')
    clientIp = '203.0.113.178'
    expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('200')
  })

  test('ends when it was not used for as long as is configured, and not before', async () => {
    const world = site({ signIn: { ...signIn, sessionSeconds: 86_400 } })
    const somebody = await returning(world, undefined, 86_000)
    expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('200')
    world.clock.jump(86_000_000)
    expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('200')
    const cookie = somebody.jar.header('/cookie/refresh')
    world.clock.jump(86_400_000)
    expect(somebody.jar.names()).toEqual([])
    expect((await visitor(world).ask('/cookie/refresh', { ...FETCH, cookie })).status).toBe('401')
  })

  test('works without renewal when the refresh token is too long for a cookie, and says so in the log', async () => {
    const world = site()
    const { provider } = world
    const postForm = async (...asked: Parameters<typeof provider.postForm>) => {
      const { status, body } = await provider.postForm(...asked)
      return { status, body: JSON.stringify({ ...JSON.parse(body), refresh_token: 'r'.repeat(4_000) }) }
    }
    const long = { ...site({}, {}, { postForm }), provider }
    const somebody = visitor(long)
    expect(outcomeOf(await somebody.signIn('/a'))).toEqual(['302', `https://${HOST}/a`])
    expect((await somebody.ask('/cookie/refresh', FETCH)).status).toBe('401')
    expect(long.logged()).toContainEqual({
      level: 'warn',
      event: 'session_not_renewable',
      message: 'the refresh token is too long for a cookie',
    })
    expect(long.lines.join()).not.toContain('rrrr')
  })
})

describe('GET /cookie/refresh with a session that cannot be renewed', () => {
  /** Somebody who signed in for /docs/a so many seconds ago. */
  async function unrenewable(seconds: number, settings: object = {}): Promise<Visitor> {
    const rules = { grants: [{ paths: ['/docs/*'] }], ...settings }
    const key = signingKey({ keyPairId: 'KOWN', privateKey: keyPair('own').privatePem })
    const all = new Map([...parameters({ ...configuration, ...rules }), [`${KEY_NAME}-own`, serializeSigningKey(key)]])
    const { provider } = site(rules)
    const postForm = async (...asked: Parameters<typeof provider.postForm>) => {
      const { status, body } = await provider.postForm(...asked)
      return { status, body: JSON.stringify({ ...JSON.parse(body), refresh_token: undefined }) }
    }
    const world = { ...site({}, {}, { postForm, getParameters: async () => all }), provider }
    const somebody = visitor(world)
    await somebody.signIn('/docs/a')
    world.clock.jump(seconds * 1000)
    return somebody
  }
  const refresh = async (somebody: Visitor, next: string) =>
    outcomeOf(await somebody.ask(`/cookie/refresh?next=${encodeURIComponent(next)}`))

  test('says that the page is not for the person, rather than to have him sign in for it again and again', async () => {
    for (const seconds of [1, 60]) {
      const somebody = await unrenewable(seconds)
      const answer = await somebody.ask(`/cookie/refresh?next=${encodeURIComponent('/finance/x?y#z')}`)
      expect(outcomeOf(answer)).toEqual(['403', 'This page is not for your account'])
      expect(answer.body).toContain('<a class="primary" href="/docs/">')
    }
  })

  test('leads to the login for a page that the session opens, and without a session', async () => {
    const toSignIn = (next: string) => ['302', `${SIGN_IN}?next=${encodeURIComponent(next)}`]
    expect(await refresh(await unrenewable(31), '/docs/b')).toEqual(toSignIn('/docs/b'))
    expect(await refresh(visitor(site()), '/finance/x')).toEqual(toSignIn('/finance/x'))
  })

  const exclusive = {
    grants: [{ paths: ['/docs/*'] }, { paths: ['/docs/own/*'], signingKey: 'own' }],
    exclusiveSigningKeys: ['own'],
  }
  const strict = { cookies: { ...configuration.cookies, sameSite: 'Strict' as const } }

  // With SameSite=Strict the request in which the login page's form ends comes without the cookies that it has just
  // brought.
  test('leads back at once who signed in for the page seconds ago, for a login would end the same way', async () => {
    const somebody = await unrenewable(1, strict)
    const before = somebody.jar.header('/docs/b')
    expect(await refresh(somebody, '/docs/b?c#d')).toEqual(['302', `https://${HOST}/docs/b?c#d`])
    expect(somebody.jar.header('/docs/b')).toBe(before)
  })

  test.each([
    ['with other cookies, which come along', {}],
    ['where one of two paths has cookies at a time', { ...strict, ...exclusive }],
  ])('leads to the login %s', async (_, settings) => {
    expect((await refresh(await unrenewable(1, settings), '/docs/own/b'))[1]).toMatch(/\/cookie\/sign-in\?/)
  })
})

function revoke(provider: Site['provider']): void {
  for (const token of provider.goodRefreshTokens()) {
    void provider.postForm('https://login.example.com/oauth2/revoke', { token, client_id: signIn.clientId })
  }
}

function answers(status: number, body: string): (world: Site) => void {
  return ({ provider }) => {
    provider.instead = async () => ({ status, body })
  }
}

function unreachable({ provider }: Site): void {
  provider.instead = () => Promise.reject(new Error('connect ECONNREFUSED'))
}

function changes(claims: Readonly<Record<string, unknown>>): (world: Site) => void {
  return ({ provider }) => {
    provider.claims = claims
  }
}
