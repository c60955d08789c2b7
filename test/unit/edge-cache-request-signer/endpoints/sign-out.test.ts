import { randomBytes } from 'node:crypto'
import type { Call } from '../../../../edge-cache-request-signer/src/context.js'
import { confirmSignOut, signOut } from '../../../../edge-cache-request-signer/src/endpoints/sign-out.js'
import { Refusal } from '../../../../edge-cache-request-signer/src/refusals/refusal.js'
import type { Session } from '../../../../edge-cache-request-signer/src/session/session.js'
import { HOST, type ViewerAsks } from '../../../support/events.js'
import {
  call,
  configuration,
  cookieHeader,
  deletedIn,
  NAVIGATION,
  NOW,
  opened,
  request,
  sealer,
  sessionCookiesFor,
} from '../browser.js'
import { APP, fields, JSON_TYPE, parameters, testWorld } from '../world.js'

const LOGOUT = `https://login.example.com/logout?client_id=1example23456789&logout_uri=${encodeURIComponent(`https://${HOST}/.sign-in/signed-out.html`)}`
const OWN = { 'sec-fetch-site': 'same-origin' }
const ann: Session = {
  subject: 'ann',
  email: 'ann@example.com',
  refreshToken: 'of ann',
  expiresAt: NOW + 60,
  opened: opened('/*'),
}
const cookieOf = (session: Session) =>
  cookieHeader(sessionCookiesFor(session, request(), sealer, randomBytes, 3600, NOW))
const cookie = cookieOf(ann)

type Post = Call['world']['postForm']
const posting = (headers: ViewerAsks['headers'], postForm: Post = async () => ({ status: 200, body: '' })) => {
  const posted: unknown[] = []
  const lines: string[] = []
  const world = {
    postForm: (...values: Parameters<Post>) => {
      posted.push(values)
      return postForm(...values)
    },
    log: (line: string) => lines.push(line),
  }
  const given = call({ method: 'POST', path: '/cookie/sign-out', headers: headers ?? {} }, {}, world)
  return { given, posted, lines }
}
const setCookies = ({ response }: Awaited<ReturnType<typeof signOut>>) =>
  response.headers?.['set-cookie']?.map(({ value }) => value) ?? []
const ALL = [
  ...['__Secure-session /cookie/', '__Host-session /', '__Host-fresh /'],
  ...['Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'].map((name) => `CloudFront-${name} /`),
]

describe('POST /cookie/sign-out', () => {
  test('revokes the refresh token, deletes everything and goes to the logout of the identity provider', async () => {
    const { given, posted } = posting({ ...NAVIGATION, ...OWN, cookie })
    const outcome = await signOut(given)
    expect(outcome).toEqual({
      response: {
        status: '303',
        statusDescription: 'See Other',
        headers: fields({ Location: LOGOUT, 'Set-Cookie': setCookies(outcome) }),
      },
      subject: 'ann',
      success: 'SignOuts',
    })
    expect(deletedIn(setCookies(outcome))).toEqual(ALL)
    expect(posted).toEqual([
      [
        'https://login.example.com/oauth2/revoke',
        { token: 'of ann', token_type_hint: 'refresh_token', client_id: '1example23456789' },
      ],
    ])
  })

  test('tells a program where the logout is', async () => {
    const outcome = await signOut(posting({ ...OWN, 'sec-fetch-mode': 'cors', cookie }).given)
    expect(outcome.response).toEqual({
      status: '200',
      statusDescription: 'OK',
      headers: fields({ ...JSON_TYPE, 'Set-Cookie': setCookies(outcome) }),
      body: JSON.stringify({ signed_out: true, logout_url: LOGOUT }),
    })
    expect(deletedIn(setCookies(outcome))).toEqual(ALL)
  })

  describe.each([
    ['a path', '/bye.html?from=site', `https://${HOST}/bye.html?from=site`],
    ['an address on another host', 'https://www.example.com/bye', 'https://www.example.com/bye'],
  ])('where sign_out_url is %s', (_, signOutUrl, back) => {
    const { userPool: __, ...withoutPool } = configuration
    const issuer = 'https://idp.example.com'
    const oidc = { issuer, jwksUri: `${issuer}/jwks`, audiences: ['api'], groupsClaim: 'groups' }
    const leading = async (base: typeof configuration, settings: object) => {
      const signIn = { ...configuration.signIn, signOutUrl, ...settings } as NonNullable<typeof configuration.signIn>
      const { given } = posting({ ...NAVIGATION, ...OWN, cookie })
      const { response } = await signOut({
        ...given,
        settings: { ...given.settings, configuration: { ...base, signIn } },
      })
      return response.headers?.location?.[0]?.value
    }
    const logout = (parameter: string) =>
      `https://login.example.com/logout?client_id=1example23456789&${parameter}=${encodeURIComponent(back)}`

    test('the logout of Cognito comes back there', async () => {
      expect(await leading(configuration, {})).toBe(logout('logout_uri'))
    })

    test('the logout of an OpenID Connect provider comes back there', async () => {
      expect(await leading({ ...withoutPool, oidc }, {})).toBe(logout('post_logout_redirect_uri'))
    })

    test('a provider without logout is left out of it', async () => {
      expect(await leading({ ...withoutPool, oidc }, { logoutEndpoint: undefined })).toBe(back)
    })
  })

  test.each<[string, Post]>([
    ['does not answer', () => Promise.reject(new Error('connect ECONNREFUSED'))],
    ['answers with an error', async () => ({ status: 500, body: '<html>' })],
    ['does not know the token', async () => ({ status: 400, body: '{"error":"invalid_request"}' })],
  ])('signs out although the identity provider %s, and logs it without the token', async (_, postForm) => {
    const { given, lines } = posting({ ...NAVIGATION, ...OWN, cookie }, postForm)
    const outcome = await signOut(given)
    expect([outcome.response.status, deletedIn(setCookies(outcome))]).toEqual(['303', ALL])
    expect(lines).toHaveLength(1)
    expect(lines.join()).not.toContain('of ann')
  })

  test.each([
    ['nobody is signed in', ''],
    ['the session is forged', '__Secure-session=AQAA; __Host-session=AAAAAAAAAAAAAAAAAAAAAA'],
    ['the session is truncated', cookie.replace(/(__Secure-session=[^;]*)./, '$1')],
    ['the binding is gone', cookie.replace(/__Host-session=.*/, '')],
    [
      'cookies have names that cannot be set',
      '__Host-sign-in-";;=; CognitoIdentityServiceProvider.1example23456789."=1',
    ],
    ['there is no refresh token', cookieOf({ subject: 'ann', expiresAt: NOW, opened: {} })],
  ])('deletes everything and asks nobody when %s', async (_, header) => {
    const { given, posted } = posting({ ...NAVIGATION, ...OWN, cookie: header })
    const outcome = await signOut(given)
    expect([outcome.response.status, deletedIn(setCookies(outcome)), posted]).toEqual(['303', ALL, []])
  })

  test.each<[string, ViewerAsks['headers']]>([
    ['a page of this host', OWN],
    ['the person', { 'sec-fetch-site': 'none' }],
    ['a page of an allowed origin', { 'sec-fetch-site': 'same-site', origin: APP }],
    ['a page of an allowed origin elsewhere', { 'sec-fetch-site': 'cross-site', origin: APP }],
    ['a page of this host that sends no Referer', { ...OWN, origin: 'null' }],
    ['an older browser', { origin: `https://${HOST}` }],
    ['an older browser on an allowed origin', { origin: APP }],
    ['a browser older still', { referer: `https://${HOST}/photos/` }],
  ])('obeys %s', async (_, headers) => {
    const { response } = await signOut(posting({ ...headers, cookie }).given)
    expect(response.status).toBe('200')
  })

  test.each<[string, ViewerAsks['headers']]>([
    ['a page of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a page of another site that hides where it is', { 'sec-fetch-site': 'cross-site', origin: 'null' }],
    ['a page of another site that claims our origin', { 'sec-fetch-site': 'cross-site', origin: `https://${HOST}` }],
    ['a page of another site that claims our Referer', { 'sec-fetch-site': 'cross-site', referer: `https://${HOST}/` }],
    ['a sibling host', { 'sec-fetch-site': 'same-site', origin: 'https://sibling.example.com' }],
    ['a value that is none', { 'sec-fetch-site': 'same-origin-allow-popups' }],
    ['two values', { 'sec-fetch-site': ['same-origin', 'cross-site'] }],
    ['an older browser elsewhere', { origin: 'https://evil.example' }],
    ['an older browser that hides where it is', { origin: 'null', referer: `https://${HOST}/` }],
    ['a browser older still, elsewhere', { referer: 'https://evil.example/' }],
    ['a host that begins with ours', { referer: `https://${HOST}.evil.example/` }],
    ['a page without encryption', { referer: `http://${HOST}/` }],
    ['two referers', { referer: ['https://evil.example/', `https://${HOST}/`] }],
    ['a client that says nothing', {}],
  ])('refuses %s, and nothing is done', async (_, headers) => {
    const { given, posted } = posting({ ...headers, cookie })
    await expect(signOut(given)).rejects.toEqual(new Refusal('cross_site'))
    expect(posted).toEqual([])
  })
})

describe('GET /cookie/sign-out', () => {
  const asking = (headers: ViewerAsks['headers'] = {}) =>
    call({ path: '/cookie/sign-out', headers: { ...NAVIGATION, 'sec-fetch-site': 'cross-site', ...headers } })

  test('asks, whoever led here, and does nothing', () => {
    const { response } = confirmSignOut(asking({ cookie }))
    expect([response.status, response.headers?.['set-cookie']]).toEqual(['200', undefined])
    expect(response.body).toContain(
      '<p>You are signed in as ann@example.com. This ends your session in this browser.</p>',
    )
    expect(response.body).toContain(
      '<form method="post" action="/cookie/sign-out"><button class="primary">Sign out</button></form><a href="/">Stay signed in</a>',
    )
    expect(response.headers?.['content-security-policy']?.[0]?.value).toContain(
      "form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'",
    )
  })

  test('asks who wants another account, and leads back to the page if they stay', () => {
    const asks = { path: '/cookie/sign-out', querystring: 'then=sign-in&next=%2Fa%3Fb%23c', headers: NAVIGATION }
    const { body } = confirmSignOut(call(asks)).response
    expect(body).toContain('<h1>Sign in as somebody else?</h1>')
    expect(body).toContain('action="/cookie/sign-out?then=sign-in&amp;next=%2Fa%3Fb%23c"')
    expect(body).toContain('<a href="/a?b#c">Stay signed in</a>')
  })

  test('escapes the address of the person', () => {
    const { response } = confirmSignOut(asking({ cookie: cookieOf({ ...ann, email: '<b>"@example.com' }) }))
    expect(response.body).toContain('<p>You are signed in as &lt;b&gt;&quot;@example.com. ')
  })

  test.each([
    [
      'somebody without an address',
      cookieOf({ subject: 'ann', expiresAt: NOW, opened: {} }),
      'You are signed in. This ends',
    ],
    ['nobody', '', 'This ends what is left of your session in this browser.'],
  ])('asks %s', (_, header, expected) => {
    expect(confirmSignOut(asking({ cookie: header })).response.body).toContain(expected)
  })

  test('is not for programs', () => {
    expect(() => confirmSignOut(call({ path: '/cookie/sign-out' }))).toThrow(new Refusal('method_unknown'))
  })
})

describe('the router', () => {
  const world = (document: object = configuration) => testWorld({ getParameters: async () => parameters(document) })
  const post = (headers: ViewerAsks['headers']) => ({
    method: 'POST',
    path: '/cookie/sign-out',
    headers: headers ?? {},
  })

  test.each<[string, ViewerAsks['headers'], string]>([
    ['a form of this host', { ...NAVIGATION, ...OWN, origin: `https://${HOST}` }, '303'],
    ['a form of a page of this host that sends no Referer', { ...NAVIGATION, ...OWN, origin: 'null' }, '303'],
    ['a form in a sandbox', { ...NAVIGATION, 'sec-fetch-site': 'cross-site', origin: 'null' }, '403'],
    ['a form elsewhere', { ...NAVIGATION, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, '403'],
  ])('answers %s with %s', async (_, headers, status) => {
    const answer = await world().ask(post(headers))
    expect([answer.status, answer.headers?.['set-cookie'] === undefined]).toEqual([status, status === '403'])
  })

  test('knows no way out where nobody can sign in', async () => {
    const { signIn: _, ...withoutSignIn } = configuration
    expect((await world(withoutSignIn).ask(post(OWN))).status).toBe('404')
  })
})
