import { serializeSigningKey } from '../../../../contract/secret.js'
import { START } from '../../../support/clock.js'
import { HOST } from '../../../support/events.js'
import { signingKey } from '../../../support/keys.js'
import { CLIENT_ID, SUBJECT } from '../../../support/tokens.js'
import {
  configuration,
  FETCH,
  NAVIGATION,
  outcomeOf,
  type Site,
  setCookies,
  signIn,
  site,
  type Visitor,
  visitor,
} from '../visitor.js'
import { parameters } from '../world.js'

const NOW = START / 1000
const UNKNOWN = ['400', 'This sign-in cannot be finished']
const FAILED = ['400', 'Signing in did not work']

/** What the log says of the last request. */
const lastReasons = (world: Site) => {
  const { reason, because } = world.logged().at(-1) ?? {}
  return [reason, because]
}

/** The names of the cookies for content and for the session that somebody holds. */
const held = ({ jar }: Visitor) => jar.names().filter((name) => !name.startsWith('__Host-sign-in-'))

const SESSION = ['__Host-fresh', '__Host-session', '__Secure-session']
const SIGNED = ['CloudFront-Key-Pair-Id', 'CloudFront-Policy', 'CloudFront-Signature']

afterEach(() => jest.restoreAllMocks())

describe('GET /cookie/callback', () => {
  test.each(['/', '/photos/2026/?sort=name&x=%26#anchor', '/%E4%BD%A0'])('signs in and goes on to %s', async (next) => {
    const somebody = visitor(site())
    expect(outcomeOf(await somebody.signIn(next))).toEqual(['302', `https://${HOST}${next}`])
    expect(somebody.jar.names()).toEqual([...SIGNED, ...SESSION])
  })

  test('gives signed cookies for an hour, a session for thirty days, and a mark for half a minute', async () => {
    const answer = await visitor(site()).signIn()
    const lives = setCookies(answer).map((line) => [line.split('=')[0], /Max-Age=(\d+)/.exec(line)?.[1]])
    expect(lives).toEqual([
      [expect.stringMatching(/^__Host-sign-in-/), '0'],
      ['CloudFront-Policy', '3600'],
      ['CloudFront-Signature', '3600'],
      ['CloudFront-Key-Pair-Id', '3600'],
      ['CloudFront-Hash-Algorithm', '0'],
      ['__Secure-session', '2592000'],
      ['__Host-session', '2592000'],
      ['__Host-fresh', '30'],
    ])
  })

  test('tells the token endpoint what RFC 6749 and RFC 7636 want, and nothing else', async () => {
    const world = site()
    await visitor(world).signIn()
    expect(world.provider.posted).toEqual([
      {
        uri: 'https://login.example.com/oauth2/token',
        form: {
          grant_type: 'authorization_code',
          code: expect.stringMatching(/^code-1-/),
          code_verifier: expect.stringMatching(/^[\w-]{43}$/),
          redirect_uri: `https://${HOST}/cookie/callback`,
          client_id: CLIENT_ID,
        },
        headers: {},
      },
    ])
  })

  test.each([
    ['client_secret_basic', 'p+w:ö %&'],
    ['client_secret_post', 'p+w:ö %&'],
  ] as const)('proves who asks with %s', async (authentication, clientSecret) => {
    const world = site(
      {},
      { authentication, clientSecret },
      {
        getParameters: async () => {
          const values = parameters({ ...configuration, signIn: { ...signIn, clientAuthentication: authentication } })
          return new Map([
            ...values,
            ['/aws/reference/secretsmanager/photos-signer-abcd1234/client-secret', `${clientSecret}\n`],
          ])
        },
      },
    )
    expect(outcomeOf(await visitor(world).signIn('/a'))).toEqual(['302', `https://${HOST}/a`])
    expect(world.lines.join()).not.toContain('p+w')
  })

  test('shows the session afterwards', async () => {
    const somebody = visitor(site())
    await somebody.signIn('/', { email: 'ada@example.com', email_verified: true })
    const { body = '' } = await somebody.ask('/cookie/session', FETCH)
    expect(JSON.parse(body)).toEqual({
      subject: SUBJECT,
      email: 'ada@example.com',
      expires_at: NOW + 3600,
      paths: ['/*'],
      renewable: true,
    })
  })

  test.each([
    [320, true],
    [321, false],
  ])('remembers an address that mail could reach: %d characters, %s', async (length, isKept) => {
    const somebody = visitor(site())
    const email = `${'a'.repeat(length - 12)}@example.com`
    await somebody.signIn('/', { email, email_verified: true })
    const { body = '' } = await somebody.ask('/cookie/session', FETCH)
    expect(JSON.parse(body).email).toBe(isKept ? email : undefined)
  })

  test('logs one line with its metric, and nothing of the person or the way', async () => {
    const world = site()
    await visitor(world).signIn('/secret-project/')
    expect(world.logged().at(-1)).toMatchObject({
      event: 'request',
      route: 'GET /cookie/callback',
      status: 302,
      reason: 'ok',
      subject: 'feaccd25ce867dc9',
      SignIns: 1,
    })
    for (const canary of ['secret-project', SUBJECT, 'code-1-', 'refresh-']) {
      expect(world.lines.join()).not.toContain(canary)
    }
  })

  test('sets the additional cookies, and those that an app reads, when asked to', async () => {
    const world = site({ signIn: { ...signIn, additionalCookies: { tenant: 'photos' }, tokenCookies: 'opensearch' } })
    const somebody = visitor(world)
    await somebody.signIn()
    expect(somebody.jar.names()).toEqual(
      [...SIGNED, ...SESSION, 'tenant', 'ACCESS-TOKEN', 'COGNITO-ENABLED', 'ID-TOKEN', 'REFRESH-TOKEN'].sort(),
    )
    expect(somebody.jar.value('tenant')).toBe('photos')
  })

  test.each<[string, string, readonly string[]]>([
    ['the provider refused', 'error=access_denied', ['/cookie/sign-in?next=%2Fa%3Fb%23c', '/']],
    ['there is no code', '', ['/cookie/sign-in?next=%2Fa%3Fb%23c', '/']],
    ['the code is not taken', 'code=other', ['/cookie/sign-in?next=%2Fa%3Fb%23c', '/']],
  ])('still knows the way afterwards when %s', async (_, query, expected) => {
    const world = site()
    const somebody = visitor(world)
    const state = new URL(await somebody.begin('/a?b#c')).searchParams.get('state')
    const { body = '' } = await somebody.ask(`/cookie/callback?state=${state}&${query}`)
    expect([...body.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(expected)
  })

  test('knows the way of whoever was too slow, and leads there who signed in meanwhile', async () => {
    const world = site()
    const somebody = visitor(world)
    const url = await somebody.begin('/a?b#c')
    world.clock.jump(901_000)
    const late = world.provider.signIn(url)
    const answer = await somebody.ask(late)
    expect(outcomeOf(answer)).toEqual(UNKNOWN)
    expect(answer.body).toContain('href="/cookie/sign-in?next=%2Fa%3Fb%23c"')
    expect(held(somebody)).toEqual([])
    const cookie = somebody.jar.header('/cookie/callback')
    await somebody.signIn()
    const headers = { ...NAVIGATION, cookie: `${cookie}; ${somebody.jar.header('/cookie/callback')}` }
    expect(outcomeOf(await visitor(world).ask(late, headers))).toEqual(['302', `https://${HOST}/a?b#c`])
    expect(world.provider.posted).toHaveLength(1)
  })

  describe('with several attempts at once', () => {
    test('lets ten tabs succeed, in any order', async () => {
      const world = site()
      const somebody = visitor(world)
      const begun: string[] = []
      for (let tab = 0; tab < 10; tab += 1) begun.push(world.provider.signIn(await somebody.begin(`/${tab}`)))
      const ends = [3, 9, 0, 1, 8, 2, 7, 4, 6, 5]
      for (const tab of ends) {
        expect(outcomeOf(await somebody.ask(begun[tab] ?? ''))).toEqual(['302', `https://${HOST}/${tab}`])
      }
      expect(somebody.jar.names()).toEqual([...SIGNED, ...SESSION])
    })

    test('sends whoever comes back a second time to the start, once signed in', async () => {
      const world = site()
      const somebody = visitor(world)
      const back = world.provider.signIn(await somebody.begin('/a'))
      await somebody.ask(back)
      expect(outcomeOf(await somebody.ask(back))).toEqual(['302', `https://${HOST}/`])
      expect(world.provider.posted).toHaveLength(1)
    })
  })

  describe('when the identity provider', () => {
    test('refuses, shows its words and ends the attempt', async () => {
      const world = site()
      const somebody = visitor(world)
      const answer = await somebody.ask(
        world.provider.refuse(await somebody.begin(), 'access_denied', '<b>Ada</b> & "friends" only'),
      )
      expect(outcomeOf(answer)).toEqual(['403', 'You are not signed in'])
      expect(answer.body).toContain('&lt;b&gt;Ada&lt;/b&gt; &amp; &quot;friends&quot; only')
      expect(somebody.jar.names()).toEqual([])
    })

    test('refuses at length, shows 200 characters', async () => {
      const world = site()
      const somebody = visitor(world)
      const { body = '' } = await somebody.ask(
        world.provider.refuse(await somebody.begin(), 'access_denied', 'ab'.repeat(4_000)),
      )
      expect(body.split('ab').length - 1).toBeLessThanOrEqual(101)
    })

    const answers: readonly (readonly [string, number, string, readonly [string, string], string])[] = [
      ['says invalid_grant', 400, '{"error":"invalid_grant"}', ['400', 'Signing in did not work'], 'code_refused'],
      ['says invalid_request', 400, '{"error":"invalid_request"}', ['400', 'Signing in did not work'], 'code_refused'],
      ['does not know us', 401, '{"error":"invalid_client"}', ['500', 'Something is wrong here'], 'client_refused'],
      [
        'says an error of 100 KB',
        400,
        `{"error":"${'x'.repeat(1e5)}"}`,
        ['500', 'Something is wrong here'],
        'client_refused',
      ],
      ['says 404', 404, '<html>', ['500', 'Something is wrong here'], 'client_refused'],
      ['fails', 500, '{}', ['503', 'The login page does not answer'], 'identity_provider_unavailable'],
      ['is busy', 429, '', ['503', 'The login page does not answer'], 'identity_provider_unavailable'],
      ['says nothing', 200, '', ['503', 'The login page does not answer'], 'identity_provider_unavailable'],
      ['says null', 200, 'null', ['503', 'The login page does not answer'], 'identity_provider_unavailable'],
      [
        'gives a token of another type',
        200,
        '{"token_type":"DPoP","access_token":"a","id_token":"a"}',
        ['503', 'The login page does not answer'],
        'identity_provider_unavailable',
      ],
      [
        'gives no ID token',
        200,
        '{"token_type":"bearer","access_token":"a"}',
        ['503', 'The login page does not answer'],
        'identity_provider_unavailable',
      ],
      [
        'gives an ID token of 20 KB',
        200,
        `{"token_type":"bearer","access_token":"a","id_token":"${'a'.repeat(20_000)}"}`,
        ['503', 'The login page does not answer'],
        'identity_provider_unavailable',
      ],
      [
        'gives an ID token that is none',
        200,
        '{"token_type":"bearer","access_token":"a","id_token":"a"}',
        ['400', 'Signing in did not work'],
        'id_token_refused',
      ],
    ]
    test.each(answers)('%s, says so and ends the attempt', async (_, status, body, expected, reason) => {
      const world = site()
      world.provider.instead = async () => ({ status, body })
      const somebody = visitor(world)
      expect(outcomeOf(await somebody.signIn())).toEqual(expected)
      expect([lastReasons(world)[0], somebody.jar.names()]).toEqual([reason, []])
      expect(world.lines.every((line) => line.length < 2_000)).toBe(true)
    })

    test('does not answer, says when to try again', async () => {
      const world = site()
      world.provider.instead = () => Promise.reject(new Error('connect ETIMEDOUT'))
      const answer = await visitor(world).signIn()
      expect(outcomeOf(answer)).toEqual(['503', 'The login page does not answer'])
      expect(answer.headers?.['retry-after']?.[0]?.value).toBe('5')
      expect(world.logged().at(-2)).toMatchObject({
        event: 'unexpected',
        message: 'identity_provider_unavailable',
        cause: { message: 'the token endpoint gave no answer', cause: { message: 'connect ETIMEDOUT' } },
      })
    })

    test('gives no refresh token, the session ends with the cookies', async () => {
      const { provider } = site()
      const postForm = async (...asked: Parameters<typeof provider.postForm>) => {
        const { status, body } = await provider.postForm(...asked)
        return { status, body: JSON.stringify({ ...JSON.parse(body), refresh_token: undefined }) }
      }
      const world = { ...site({}, {}, { postForm }), provider }
      const somebody = visitor(world)
      await somebody.signIn()
      const { body = '' } = await somebody.ask('/cookie/session', FETCH)
      expect(JSON.parse(body)).toMatchObject({ renewable: false })
      world.clock.jump(3_600_000)
      expect(somebody.jar.names()).toEqual([])
    })
  })

  test('finishes what was begun before the sealing key rotated, and after one rotation only', async () => {
    const keys = [1, 2, 3].map((byte) => Buffer.alloc(32, byte).toString('base64url'))
    let sealingKeys = keys.slice(0, 1)
    const getParameters = async () => parameters(configuration, serializeSigningKey(signingKey({ sealingKeys })))
    const world = site({}, {}, { getParameters })
    const somebody = visitor(world)
    const [once, twice] = [await somebody.begin('/once'), await somebody.begin('/twice')]
    sealingKeys = [keys[1] ?? '', keys[0] ?? '']
    world.clock.jump(300_000)
    expect(outcomeOf(await somebody.ask(world.provider.signIn(once)))).toEqual(['302', `https://${HOST}/once`])
    sealingKeys = [keys[2] ?? '', keys[1] ?? '']
    world.clock.jump(300_000)
    const other = visitor(world)
    const answer = await other.ask(world.provider.signIn(twice), { ...NAVIGATION, cookie: somebody.jar.header('/') })
    expect(outcomeOf(answer)).toEqual(UNKNOWN)
  })

  describe('for somebody without a grant', () => {
    const rules = { grants: [{ paths: ['/*'], groups: ['staff'] }] }

    test('says so, deletes what was there before and gives the refresh token back', async () => {
      const world = site(rules)
      const somebody = visitor(world)
      await somebody.signIn('/', { 'cognito:groups': ['staff'] })
      expect(held(somebody)).toEqual([...SIGNED, ...SESSION])
      const answer = await somebody.signIn('/', { sub: 'bob', 'cognito:groups': ['guests'] })
      expect(outcomeOf(answer)).toEqual(['403', 'This account has no access'])
      expect(somebody.jar.names()).toEqual([])
      expect(world.provider.goodRefreshTokens()).toEqual([])
      expect(world.logged().at(-1)).toMatchObject({ reason: 'not_admitted', subject: expect.any(String), Refusals: 1 })
    })

    test('lets the sign-ins of other tabs go on', async () => {
      const world = site(rules)
      const somebody = visitor(world)
      const otherTab = await somebody.begin('/other')
      expect(outcomeOf(await somebody.signIn())[0]).toBe('403')
      const answer = await somebody.ask(world.provider.signIn(otherTab, { 'cognito:groups': ['staff'] }))
      expect(outcomeOf(answer)).toEqual(['302', `https://${HOST}/other`])
    })

    test('lets in who has it', async () => {
      const answer = await visitor(site(rules)).signIn('/', { 'cognito:groups': ['guests', 'staff'] })
      expect(outcomeOf(answer)).toEqual(['302', `https://${HOST}/`])
    })
  })

  test('takes away what the former person in this browser could see', async () => {
    const world = site({ grants: [{ paths: ['/users/{sub}/*'] }, { paths: ['/all/*'] }] })
    const somebody = visitor(world)
    await somebody.signIn('/', { sub: 'ada' })
    expect(somebody.jar.value('CloudFront-Policy', '/users/ada/')).toEqual(expect.any(String))
    await somebody.signIn('/', { sub: 'bob' })
    expect(somebody.jar.value('CloudFront-Policy', '/users/ada/')).toBe(undefined)
    expect(somebody.jar.value('CloudFront-Policy', '/users/bob/')).toEqual(expect.any(String))
    expect(somebody.jar.value('CloudFront-Policy', '/all/')).toEqual(expect.any(String))
  })

  describe('of another OpenID Connect provider', () => {
    const issuer = 'https://idp.example.com'
    const { userPool: _, ...rest } = configuration
    const oidc = { issuer, jwksUri: `${issuer}/jwks`, audiences: ['api'], groupsClaim: 'roles' }
    const elsewhere = (claims: Readonly<Record<string, unknown>> = {}, more: { namesItself?: boolean } = {}) => {
      const getParameters = async () =>
        parameters({ ...rest, oidc: { ...oidc, ...more }, grants: [{ paths: ['/*'], groups: ['staff'] }] })
      return site({}, { issuer, claims: { token_use: undefined, roles: ['staff'], ...claims } }, { getParameters })
    }

    test('signs in', async () => {
      expect(outcomeOf(await visitor(elsewhere()).signIn('/a'))).toEqual(['302', `https://${HOST}/a`])
    })

    test.each<[string, Readonly<Record<string, unknown>>, string]>([
      ['another issuer', { iss: `${issuer}/` }, 'token_issuer'],
      ['the audience of the interface', { aud: 'api' }, 'token_client'],
      ['several audiences and no party', { aud: [CLIENT_ID, 'other'] }, 'token_client'],
      ['several audiences and another party', { aud: [CLIENT_ID, 'other'], azp: 'other' }, 'token_client'],
    ])('refuses an ID token with %s', async (_, claims, because) => {
      const world = elsewhere(claims)
      expect(outcomeOf(await visitor(world).signIn())).toEqual(FAILED)
      expect(lastReasons(world)).toEqual(['id_token_refused', because])
    })

    test('takes a token for several audiences that names this client as its party', async () => {
      const world = elsewhere({ aud: ['other', CLIENT_ID], azp: CLIENT_ID })
      expect(outcomeOf(await visitor(world).signIn())[0]).toBe('302')
    })

    test.each([
      [issuer, '302'],
      ['https://evil.example', '400'],
    ])('looks at who answers, when the answer says so: %s', async (iss, status) => {
      const world = elsewhere()
      const somebody = visitor(world)
      const back = `${world.provider.signIn(await somebody.begin())}&iss=${encodeURIComponent(iss)}`
      expect((await somebody.ask(back)).status).toBe(status)
    })

    test('insists on it where the provider promised to say so', async () => {
      const world = elsewhere({}, { namesItself: true })
      const [somebody, other] = [visitor(world), visitor(world)]
      const back = `${world.provider.signIn(await somebody.begin())}&iss=${encodeURIComponent(issuer)}`
      expect((await somebody.ask(back)).status).toBe('302')
      expect(outcomeOf(await other.ask(world.provider.signIn(await other.begin())))).toEqual(FAILED)
    })
  })
})
