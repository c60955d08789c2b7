/**
 * The independent OpenID Connect provider of the tests, as an app and a browser meet it.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JwtVerifier } from 'aws-jwt-verify'
import type { Jwks } from 'aws-jwt-verify/jwk'
import { openAuthority } from '../../local-aws/edge/tls.js'
import {
  type OidcAccount,
  type OidcClient,
  type OidcProvider,
  sendToOidcProvider,
  startOidcProvider,
  throughOidcProvider,
  visitOidcProvider,
} from '../support/oidc-provider.js'
import { type Answer, type Viewer, viewer } from '../support/viewer.js'

const CALLBACK = 'https://dcontent.cloudfront.localhost:8443/cookie/callback'
const GOODBYE = 'https://dcontent.cloudfront.localhost:8443/.sign-in/signed-out.html'
const ADDRESSES = { redirectUris: [CALLBACK], postLogoutRedirectUris: [GOODBYE] }
const SECRET = randomBytes(32).toString('base64url')
const PUBLIC: OidcClient = { clientId: 'public', authentication: 'none', ...ADDRESSES }
const CLIENTS: readonly OidcClient[] = [
  PUBLIC,
  { clientId: 'basic', clientSecret: SECRET, authentication: 'client_secret_basic', ...ADDRESSES },
  { clientId: 'post', clientSecret: SECRET, authentication: 'client_secret_post', ...ADDRESSES },
]
const ANN = {
  email: 'ann@example.com',
  password: 'Passw0rd!one',
  groups: ['finance', 'staff'],
  claims: { tenant: 'acme' },
}
const BOB = { email: 'bob@example.com', password: 'Passw0rd!two', emailVerified: false }
const VERIFIER = randomBytes(32).toString('base64url')

type Form = Readonly<Record<string, string>>
interface TokenSet {
  readonly id_token: string
  readonly refresh_token?: string
}

const directory = mkdtempSync(join(tmpdir(), 'oidc-provider-'))
let caFile: string
let provider: OidcProvider

beforeAll(async () => {
  ;({ caFile } = await openAuthority(directory))
  provider = await startOidcProvider(caFile, { accounts: [ANN, BOB], clients: [] })
  await provider.configure({ clients: CLIENTS })
})

afterAll(async () => {
  await provider?.stop()
  rmSync(directory, { recursive: true, force: true })
})

const newViewer = () => viewer(caFile, 443)
const post = (browser: Viewer, url: string, form: Form, headers: Form = {}) =>
  browser.ask(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  })

/** The discovery document (OpenID Connect Discovery 1.0). */
async function discovered(): Promise<Readonly<Record<string, string>>> {
  return JSON.parse((await newViewer().ask(`${provider.issuer}/.well-known/openid-configuration`)).body)
}

/** An authorization request. */
async function authorization(changes: Form = {}): Promise<URL> {
  const url = new URL((await discovered()).authorization_endpoint ?? '')
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: 'public',
    redirect_uri: CALLBACK,
    scope: 'openid email groups',
    state: 'the state',
    nonce: 'the nonce',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  }).toString()
  return url
}

const authorize = async (browser: Viewer, changes: Form = {}) =>
  visitOidcProvider(browser, await authorization(changes))

/** Signs in, and gives the parameters that come back to the app. */
async function signIn(browser: Viewer, account: OidcAccount, changes: Form = {}): Promise<URLSearchParams> {
  return (await throughOidcProvider(browser, await authorization(changes), account)).searchParams
}

async function token(form: Form, headers: Form = {}): Promise<Answer> {
  return post(newViewer(), (await discovered()).token_endpoint ?? '', { client_id: 'public', ...form }, headers)
}

async function trade(code: string | null, form: Form = {}, headers: Form = {}): Promise<Answer> {
  const more = { grant_type: 'authorization_code', code: code ?? '', redirect_uri: CALLBACK, code_verifier: VERIFIER }
  return token({ ...more, ...form }, headers)
}

const refresh = (refreshToken: string | undefined) =>
  token({ grant_type: 'refresh_token', refresh_token: refreshToken ?? '' })
const read = (answer: Answer): TokenSet => JSON.parse(answer.body)

async function claimsOf(idToken: string) {
  const document = await discovered()
  const verifier = JwtVerifier.create({
    issuer: provider.issuer,
    audience: 'public',
    jwksUri: document.jwks_uri ?? '',
  })
  verifier.cacheJwks(JSON.parse((await newViewer().ask(document.jwks_uri ?? '')).body) as Jwks)
  return verifier.verify(idToken)
}

test('signs a person in with PKCE, and the ID token says who it is', async () => {
  const back = await signIn(newViewer(), ANN)
  const set = read(await trade(back.get('code')))

  expect(back.get('state')).toBe('the state')
  expect(await claimsOf(set.id_token)).toMatchObject({
    iss: provider.issuer,
    aud: 'public',
    nonce: 'the nonce',
    email: 'ann@example.com',
    email_verified: true,
    groups: ['finance', 'staff'],
    tenant: 'acme',
  })
})

test('says that an address is not verified', async () => {
  const back = await signIn(newViewer(), BOB)

  expect(await claimsOf(read(await trade(back.get('code'))).id_token)).toMatchObject({
    email: 'bob@example.com',
    email_verified: false,
    groups: [],
  })
})

test.each([
  ['another verifier', { code_verifier: randomBytes(32).toString('base64url') }, 'invalid_grant'],
  ['no verifier', { code_verifier: '' }, 'invalid_grant'],
  ['an unknown client', { client_id: 'nobody' }, 'invalid_client'],
])('gives no token to %s', async (_name, form, error) => {
  const back = await signIn(newViewer(), ANN)

  expect(JSON.parse((await trade(back.get('code'), form)).body)).toMatchObject({ error })
})

test('rotates refresh tokens, and a replayed one ends the sign-in', async () => {
  const back = await signIn(newViewer(), ANN)
  const first = read(await trade(back.get('code')))
  const second = read(await refresh(first.refresh_token))

  expect(second.refresh_token).not.toBe(first.refresh_token)
  expect((await claimsOf(second.id_token)).sub).toBe((await claimsOf(first.id_token)).sub)
  expect(JSON.parse((await refresh(first.refresh_token)).body)).toMatchObject({ error: 'invalid_grant' })
  expect(JSON.parse((await refresh(second.refresh_token)).body)).toMatchObject({ error: 'invalid_grant' })
})

test('wants the secret of a confidential client in the way that it is registered for', async () => {
  const code = async (clientId: string) => (await signIn(newViewer(), ANN, { client_id: clientId })).get('code')
  const basic = (secret: string) => ({
    authorization: `Basic ${Buffer.from(`basic:${secret}`).toString('base64')}`,
  })
  const inForm = { client_id: 'post', client_secret: SECRET }

  expect((await trade(await code('basic'), { client_id: 'basic' }, basic(SECRET))).status).toBe(200)
  expect((await trade(await code('basic'), { client_id: 'basic' }, basic('wrong'))).status).toBe(401)
  expect((await trade(await code('post'), inForm)).status).toBe(200)
  expect((await trade(await code('post'), { client_id: 'post' })).status).toBe(401)
})

test('ends a revoked refresh token', async () => {
  const back = await signIn(newViewer(), ANN)
  const set = read(await trade(back.get('code')))
  const { revocation_endpoint: revocation = '' } = await discovered()
  const form = { client_id: 'public', token: set.refresh_token ?? '' }

  expect((await post(newViewer(), revocation, form)).status).toBe(200)
  expect(JSON.parse((await refresh(set.refresh_token)).body)).toMatchObject({ error: 'invalid_grant' })
})

test('leads a wrong password back to the form, and a change of mind back to the app', async () => {
  const browser = newViewer()
  const { answer, url } = await authorize(browser, { login_hint: 'ann@"example.com' })
  expect(answer.body).toContain('value="ann@&quot;example.com"')
  expect(answer.headers['content-security-policy']).toContain(`form-action 'self' ${new URL(CALLBACK).origin}`)

  const wrong = await post(browser, url.href, { email: ANN.email, password: 'wrong', decision: 'go' })
  expect(wrong).toMatchObject({ status: 303, headers: { location: expect.stringMatching(/\?wrong=1$/) } })
  const again = await visitOidcProvider(browser, new URL(wrong.headers.location ?? '', url))
  expect(again.answer.body).toContain('Wrong e-mail address or password.')

  const cancelled = await sendToOidcProvider(browser, url, { decision: 'cancel' })
  expect(cancelled.url.searchParams.get('error')).toBe('access_denied')
})

test('signs in without a form until the person signs out, and leads back to a registered address only', async () => {
  const browser = newViewer()
  await signIn(browser, ANN)
  expect((await authorize(browser)).url.href).toMatch(/^https:\/\/dcontent\..*[?&]code=/)

  const endSession = new URL((await discovered()).end_session_endpoint ?? '')
  endSession.search = new URLSearchParams({ client_id: 'public', post_logout_redirect_uri: GOODBYE }).toString()
  const asked = await browser.ask(endSession.href)
  const xsrf = /name="xsrf" value="([^"]*)"/.exec(asked.body)?.[1] ?? ''
  const action = /action="([^"]*)"/.exec(asked.body)?.[1] ?? ''
  const out = await post(browser, action, { xsrf, logout: 'yes' })
  expect([out.status, out.headers.location]).toEqual([303, GOODBYE])
  expect((await authorize(browser)).answer.body).toContain('<h1>Sign in</h1>')

  endSession.searchParams.set('post_logout_redirect_uri', 'https://evil.example/')
  expect(await browser.ask(endSession.href)).toMatchObject({ status: 400 })
})

test('sends errors back to a registered address, and to no other', async () => {
  expect((await authorize(newViewer(), { prompt: 'none' })).url.search).toContain('error=login_required')
  const stranger = await authorize(newViewer(), { redirect_uri: 'https://evil.example/' })

  expect(stranger.answer.status).toBe(400)
  expect(stranger.answer.headers.location).toBeUndefined()
})

test('gives refresh tokens for offline_access with consent only, where that is wanted', async () => {
  await provider.configure({ refreshTokens: 'offline_access' })
  const browser = newViewer()
  const without = await signIn(browser, ANN)
  expect(read(await trade(without.get('code'))).refresh_token).toBeUndefined()

  const scope = { scope: 'openid offline_access', prompt: 'consent' }
  const { url, answer } = await authorize(browser, scope)
  expect(answer.body).toContain('Let public know who you are?')
  const allowed = await sendToOidcProvider(browser, url, { decision: 'go' })
  const code = allowed.url.searchParams.get('code')
  expect(read(await trade(code)).refresh_token).toEqual(expect.any(String))
  await provider.configure({ refreshTokens: 'always' })
})

test('says what it does not like about its settings', async () => {
  const settings = { accounts: [], clients: [{ ...PUBLIC, redirectUris: ['https://app.example.com/#fragment'] }] }

  await expect(startOidcProvider(caFile, settings)).rejects.toThrow(/^oidc-provider: .*redirect_uris/)
})
