import { createHash } from 'node:crypto'
import { HOST } from '../../../support/events.js'
import { CLIENT_ID } from '../../../support/tokens.js'
import {
  configuration,
  FETCH,
  locationIn,
  NAVIGATION,
  outcomeOf,
  setCookies,
  signIn,
  site,
  visitor,
} from '../visitor.js'
import { parameters, refusal } from '../world.js'

afterEach(() => jest.restoreAllMocks())

describe('GET /cookie/sign-in', () => {
  test('sends the browser to the identity provider with state, nonce and proof key', async () => {
    const somebody = visitor(site())
    const url = new URL(await somebody.begin('/photos/?a=b#c'))
    const { state = '', nonce = '', code_challenge: challenge = '', ...others } = Object.fromEntries(url.searchParams)
    expect(url.origin + url.pathname).toBe('https://login.example.com/oauth2/authorize')
    expect(others).toEqual({
      response_type: 'code',
      client_id: CLIENT_ID,
      redirect_uri: `https://${HOST}/cookie/callback`,
      scope: 'openid email',
      code_challenge_method: 'S256',
    })
    expect([state, nonce, challenge].map((value) => Buffer.from(value, 'base64url').length)).toEqual([16, 16, 32])
    expect(somebody.jar.names()).toEqual([`__Host-sign-in-${state}`])
  })

  test('answers 302 with one cookie, which no script and no other site can use', async () => {
    const answer = await visitor(site()).ask('/cookie/sign-in')
    expect(answer.status).toBe('302')
    expect(setCookies(answer)).toEqual([
      expect.stringMatching(/^__Host-sign-in-[\w-]{22}=[\w-]+; Path=\/; Max-Age=7200; Secure; HttpOnly; SameSite=Lax$/),
    ])
  })

  test.each<[string, Record<string, string>]>([
    ['fetch', FETCH],
    ['an image', { accept: 'image/*', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['an image in a browser that does not say so', { accept: 'image/webp,*/*;q=0.8' }],
    ['a program', { accept: '*/*' }],
    ['a client that wants nothing in particular', {}],
  ])('begins nothing for %s, which could not read the page', async (_, headers) => {
    const answer = await visitor(site()).ask('/cookie/sign-in', headers)
    expect([outcomeOf(answer), setCookies(answer)]).toEqual([['403', 'navigation_required'], []])
  })

  test('begins nothing in a frame, which a sibling host could have many of', async () => {
    const answer = await visitor(site()).ask('/cookie/sign-in', { ...NAVIGATION, 'sec-fetch-dest': 'iframe' })
    expect([outcomeOf(answer), setCookies(answer)]).toEqual([['403', 'Please sign in'], []])
    expect((await visitor(site()).ask('/cookie/sign-in', { ...NAVIGATION, 'sec-fetch-dest': 'document' })).status).toBe(
      '302',
    )
  })

  test('begins in a browser that says nothing but that it wants a page', async () => {
    const { accept } = NAVIGATION
    expect((await visitor(site()).ask('/cookie/sign-in', { accept })).status).toBe('302')
  })

  test('says nothing in the clear about the attempt', async () => {
    const somebody = visitor(site())
    const url = new URL(await somebody.begin('/secret-project/'))
    const cookie = somebody.jar.header('/')
    expect(cookie).not.toContain(url.searchParams.get('nonce'))
    expect(cookie).not.toContain(Buffer.from('secret-project').toString('base64url').slice(0, 12))
    expect(url.href).not.toContain('secret-project')
  })

  test('begins each attempt anew', async () => {
    const somebody = visitor(site())
    const [first, second] = [new URL(await somebody.begin()), new URL(await somebody.begin())]
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first.searchParams.get(name)).not.toBe(second.searchParams.get(name))
    }
    expect(somebody.jar.names()).toHaveLength(2)
  })

  test('keeps twenty attempts of one browser at most, the youngest', async () => {
    const world = site()
    const somebody = visitor(world)
    const states: (string | null)[] = []
    for (let count = 0; count < 25; count += 1) {
      states.push(new URL(await somebody.begin()).searchParams.get('state'))
      world.clock.jump(1_000)
    }
    expect(somebody.jar.names()).toEqual(
      states
        .slice(5)
        .map((state) => `__Host-sign-in-${state}`)
        .sort(),
    )
  })

  test('adds what the configuration and the link say, and nothing that is not allowed', async () => {
    const world = site({
      signIn: {
        ...signIn,
        authorizeParams: { prompt: 'login', ui_locales: 'de' },
        viewerParams: ['login_hint', 'prompt'],
      },
    })
    const asked =
      '/cookie/sign-in?login_hint=ada%40example.com&prompt=none&identity_provider=Evil&state=mine&nonce=mine'
    const url = new URL(locationIn(await visitor(world).ask(asked)))
    const { state, nonce, code_challenge: _, ...others } = Object.fromEntries(url.searchParams)
    expect(others).toEqual({
      response_type: 'code',
      client_id: CLIENT_ID,
      redirect_uri: `https://${HOST}/cookie/callback`,
      scope: 'openid email',
      code_challenge_method: 'S256',
      login_hint: 'ada@example.com',
      prompt: 'none',
      ui_locales: 'de',
    })
    expect([state, nonce]).not.toContain('mine')
  })

  test.each([
    ['twice', 'login_hint=a&login_hint=b'],
    ['with a line break', 'login_hint=a%0d%0aSet-Cookie:%20x'],
    ['with 300 characters', `login_hint=${'a'.repeat(300)}`],
    ['empty', 'login_hint='],
  ])('leaves out a parameter of the link that comes %s', async (_, query) => {
    const world = site({ signIn: { ...signIn, viewerParams: ['login_hint'] } })
    const url = new URL(locationIn(await visitor(world).ask(`/cookie/sign-in?${query}`)))
    expect(url.searchParams.has('login_hint')).toBe(false)
  })

  test('keeps the query of an authorization endpoint that has one', async () => {
    const world = site({ signIn: { ...signIn, authorizationEndpoint: `${signIn.authorizationEndpoint}?tenant=a` } })
    const url = new URL(await visitor(world).begin())
    expect(url.searchParams.get('tenant')).toBe('a')
  })

  test('comes back to the host that the visitor uses', async () => {
    const answer = await visitor(site()).ask('https://photos.example.com/cookie/sign-in')
    expect(new URL(locationIn(answer)).searchParams.get('redirect_uri')).toBe(
      'https://photos.example.com/cookie/callback',
    )
  })

  test('is not there without sign-in', async () => {
    const world = site({}, {}, { getParameters: async () => parameters() })
    for (const path of ['/cookie/sign-in', '/cookie/callback', '/cookie/refresh', '/cookie/sign-out']) {
      expect(await visitor(world).ask(path, FETCH)).toEqual(
        refusal([404, 'Not Found'], 'not_found', 'There is no such endpoint.'),
      )
    }
  })

  test('does not send anybody off to sign in while the secret of the client is missing', async () => {
    const world = site({ signIn: { ...signIn, clientAuthentication: 'client_secret_basic' } })
    const answer = await visitor(world).ask('/cookie/sign-in', NAVIGATION)
    expect(outcomeOf(answer)).toEqual(['503', 'One moment, please'])
    expect(setCookies(answer)).toEqual([])
    expect(world.logged()[0]).toMatchObject({ level: 'error', event: 'unexpected', message: 'client_secret_absent' })
  })

  test('derives the challenge from what the cookie seals, by SHA-256', async () => {
    const world = site({}, {}, { randomBytes: (length) => Buffer.alloc(length, length) })
    const url = new URL(await visitor(world).begin())
    const verifier = Buffer.alloc(32, 32).toString('base64url')
    expect(url.searchParams.get('code_challenge')).toBe(createHash('sha256').update(verifier).digest('base64url'))
    expect(configuration.signIn?.scopes).toContain('openid')
  })
})
