import { randomBytes } from 'node:crypto'
import type { CloudFrontResultResponse } from 'aws-lambda'
import { parseViewerRequest } from '../../../edge-cache-request-signer/src/http/request.js'
import { authorizationUrl } from '../../../edge-cache-request-signer/src/oidc/authorization-url.js'
import { surplusAttempts } from '../../../edge-cache-request-signer/src/session/login-state.js'
import { openSession } from '../../../edge-cache-request-signer/src/session/session.js'
import { testClock } from '../../support/clock.js'
import { HOST } from '../../support/events.js'
import { CLIENT_ID } from '../../support/tokens.js'
import { NOW, request, sealer } from './browser.js'
import { configuration, NAVIGATION, outcomeOf, setCookies, signIn, site, visitor } from './visitor.js'
import { parameters } from './world.js'

/** What JavaScript takes for space around a word, and browsers for part of a cookie's name. */
const SPACES = ['\u00a0', '\ufeff', '\u2000', '\u2028', '\u3000', '\v', '\f']

describe('a sibling host that sets cookies for the whole domain', () => {
  test.each(SPACES)('cannot pass a name off as one with a prefix: %j', async (space) => {
    const world = site()
    const [mallory, victim] = [visitor(world), visitor(world)]
    const back = world.provider.signIn(await mallory.begin(), { sub: 'mallory' })
    const tossed = mallory.jar.header('/cookie/callback').replace(/^/gm, space)
    const answer = await victim.ask(back, { ...NAVIGATION, cookie: tossed })
    expect(outcomeOf(answer)).toEqual(['400', 'This sign-in cannot be finished'])
  })

  test.each(SPACES)('cannot have its session taken for the one of this browser: %j', async (space) => {
    const world = site()
    const mallory = visitor(world)
    await mallory.signIn('/', { sub: 'mallory' })
    const own = mallory.jar.header('/cookie/session')
    const tossed = own.replace('__Host-session=', `__Host-session${space}=`)
    expect(own).not.toBe(tossed)
    const asked = await world.ask({ path: '/cookie/session', headers: { cookie: tossed } })
    expect(outcomeOf(asked)).toEqual(['401', 'no_session'])
  })
})

test('a link cannot say what the sign-in says itself, even if a configuration let it', () => {
  const own = [
    'client_id',
    'code_challenge',
    'code_challenge_method',
    'nonce',
    'redirect_uri',
    'response_type',
    'scope',
    'state',
  ]
  const attempt = { state: 'i', codeVerifier: 'v', nonce: 'n' }
  const querystring = own.map((name) => `${name}=mallory`).join('&')
  const lax = {
    ...signIn,
    viewerParams: own,
    authorizeParams: Object.fromEntries(own.map((name) => [name, 'mallory'])),
  }
  expect(authorizationUrl(lax, request({ querystring }), attempt)).not.toContain('mallory')
})

describe('a cheap request', () => {
  /** A request, and which parts of its event were read. */
  function watched(cookie: string, querystring: string) {
    const read: string[] = []
    const part = <T>(name: string, value: T) => ({
      get [name]() {
        read.push(name)
        return value
      },
    })
    const headers = part('cookie', [{ key: 'Cookie', value: cookie }])
    const asked = { method: 'GET', uri: '/cookie/sign-in', headers }
    Object.defineProperties(asked, Object.getOwnPropertyDescriptors(part('querystring', querystring)))
    return { request: parseViewerRequest({ Records: [{ cf: { request: asked } }] }), read }
  }

  test('has its cookies and parameters taken apart once, however many names are looked up', () => {
    const ids = Array.from({ length: 700 }, () => randomBytes(16).toString('base64url'))
    const cookie = ids.map((id) => `__Host-sign-in-${id}=x`).join('; ')
    const { request, read } = watched(cookie, 'a&'.repeat(4_000))
    expect(surplusAttempts(request, sealer, NOW)).toHaveLength(100)
    expect(['next', 'state', 'code'].map(request.parameter)).toEqual([undefined, undefined, undefined])
    expect(read).toEqual(['cookie', 'querystring'])
  })

  test('has fifty pairs of session cookies tried, and no more', () => {
    const pairs = Array.from(
      { length: 300 },
      (_, i) => `__Host-session=${String(i).padStart(22, 'A')}; __Secure-session=x`,
    )
    const tried: string[] = []
    const counting = { ...sealer, open: (purpose: string) => void tried.push(purpose) }
    expect(openSession(request({ headers: { cookie: pairs.join('; ') } }), counting, NOW)?.session).toBeUndefined()
    expect(tried).toHaveLength(50)
  })
})

describe('an answer', () => {
  /** As CloudFront counts it: everything between the status line and the end of the body. */
  const sizeOf = ({ headers = {}, body = '' }: CloudFrontResultResponse) =>
    Object.values(headers)
      .flat()
      .reduce((size, { key = '', value }) => size + key.length + value.length + 4, Buffer.byteLength(body))

  test.each([
    ['POST', '/cookie/sign-out', '303'],
    ['GET', '/cookie/remove', '200'],
    ['GET', '/cookie/callback', '403'],
  ])('is never more than CloudFront sends, whatever the request shows: %s %s', async (method, path, status) => {
    const paths = Array.from({ length: 50 }, (_, i) => `/a-rather-long-name-of-some-department-${i}/*`)
    const world = site({ grants: [{ paths, groups: ['staff'] }], signIn: { ...signIn, tokenCookies: 'amplify' } })
    const somebody = visitor(world)
    const { search } = new URL(world.provider.signIn(await somebody.begin(`/${'%25'.repeat(600)}`)))
    const ids = Array.from({ length: 100 }, () => randomBytes(16).toString('base64url'))
    const rubbish = [
      ...ids.map((id) => `__Host-sign-in-${id}=x`),
      ...ids.map((id) => `CognitoIdentityServiceProvider.${CLIENT_ID}.${id.repeat(12)}=x`),
    ]
    const cookie = [somebody.jar.header(path), ...rubbish].join('; ')
    const headers = { ...NAVIGATION, cookie, referer: `https://${HOST}/${'%25'.repeat(600)}` }
    const answer = await world.ask({ method, path, querystring: search.slice(1), headers })
    expect(answer.status).toBe(status)
    expect(sizeOf(answer)).toBeLessThanOrEqual(40_960)
    expect(sizeOf(answer)).toBeGreaterThan(40_000)
    expect(setCookies(answer)[0]).toMatch(/^__Secure-session=; Path=\/cookie\/; Max-Age=0;/)
  })

  test('is left as it is when it fits', async () => {
    const world = site()
    const answer = await visitor(world).signIn('/a')
    expect(setCookies(answer).map((line) => line.split('=')[0])).toEqual([
      expect.stringMatching(/^__Host-sign-in-/),
      'CloudFront-Policy',
      'CloudFront-Signature',
      'CloudFront-Key-Pair-Id',
      'CloudFront-Hash-Algorithm',
      '__Secure-session',
      '__Host-session',
      '__Host-fresh',
    ])
  })
})

describe('a provider that takes all the time there is', () => {
  const SETTINGS_MS = 2_000

  test.each(['/cookie/callback', '/cookie/refresh'])(
    'gets people our page, and none of CloudFront: %s',
    async (path) => {
      const before = site()
      const [somebody, other] = [visitor(before), visitor(before)]
      const { search } = new URL(before.provider.signIn(await somebody.begin('/a')))
      await other.signIn()
      const cookie = [somebody.jar.header(path), other.jar.header(path)].join('; ')
      const late = testClock()
      const getParameters = () =>
        new Promise<ReadonlyMap<string, string>>((resolve) =>
          late.after(SETTINGS_MS, () => resolve(parameters(configuration))),
        )
      const world = site({}, {}, { ...late, getParameters, postForm: () => new Promise(() => undefined) })
      const asked = world.ask({ path, querystring: search.slice(1), headers: { ...NAVIGATION, cookie } })
      await late.advance(13_500)
      const answer = await asked
      expect(outcomeOf(answer)).toEqual(['503', 'The login page does not answer'])
      expect(answer.headers?.['retry-after']?.[0]?.value).toBe('5')
      if (path === '/cookie/callback') expect(answer.body).toContain('href="/cookie/sign-in?next=%2Fa"')
      expect(world.logged().at(-1)).toMatchObject({ status: 503, reason: 'identity_provider_unavailable', ms: 13_500 })
      expect(late.pending()).toBe(0)
    },
  )
})
