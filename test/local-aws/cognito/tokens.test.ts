/**
 * What an app does with codes and tokens of the hosted login, and what others verify them by.
 */
import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider'
import type { Jwks } from 'aws-jwt-verify/jwk'
import type { Answer } from '../../support/viewer.js'
import { type Parameters, search, startLogin, type TokenSet, VERIFIER } from './login-world.js'
import { CALLBACK, LOGOUT } from './pool.js'

let app: Awaited<ReturnType<typeof startLogin>>

beforeAll(async () => {
  app = await startLogin()
})

afterAll(() => app.stop())

beforeEach(() => {
  app.offset.ms = 0
})

describe('/oauth2/token', () => {
  const error = (answer: Answer) => ({ status: answer.status, ...JSON.parse(answer.body) })

  test.each([
    ['another verifier', { code_verifier: `${VERIFIER}x` }, 'invalid_grant'],
    ['no verifier', { code_verifier: undefined }, 'invalid_grant'],
    ['another redirect_uri', { redirect_uri: 'https://app.example.com/other' }, 'invalid_grant'],
    ['no redirect_uri', { redirect_uri: undefined }, 'invalid_request'],
    ['no code', { code: undefined }, 'invalid_request'],
    ['an unknown code', { code: 'x' }, 'invalid_grant'],
    ['no grant type', { grant_type: undefined }, 'invalid_request'],
    ['an unknown grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['no client', { client_id: undefined }, 'invalid_request'],
    ['an unknown client', { client_id: 'nobody' }, 'invalid_client'],
    ['a secret for a client without one', { client_secret: 'x' }, 'invalid_client'],
  ])('refuses %s', async (_name, changes, expected) => {
    expect(error(await app.trade(await app.codeOf(app.newViewer()), changes))).toEqual({ status: 400, error: expected })
  })

  it('refuses a body that is no form, and a method that is not POST', async () => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ grant_type: 'authorization_code' })

    expect(error(await app.newViewer().ask(app.at('/oauth2/token'), { method: 'POST', headers, body }))).toEqual({
      status: 400,
      error: 'invalid_request',
    })
    expect(await app.newViewer().ask(app.at('/oauth2/token'))).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    })
  })

  it('refuses a code after five minutes', async () => {
    const code = await app.codeOf(app.newViewer())
    app.offset.ms = 300_000

    expect(error(await app.trade(code))).toEqual({ status: 400, error: 'invalid_grant' })
  })

  it('takes a code once, and a second use ends the tokens of the first', async () => {
    const code = await app.codeOf(app.newViewer())
    const set = JSON.parse((await app.trade(code)).body) as TokenSet
    expect((await app.refresh(set.refresh_token)).status).toBe(200)

    expect(error(await app.trade(code))).toEqual({ status: 400, error: 'invalid_grant' })
    expect(error(await app.refresh(set.refresh_token))).toEqual({ status: 400, error: 'invalid_grant' })
  })

  it('wants the secret of a client that has one, in a header or in the form', async () => {
    const { clientId, secret } = app.pool.confidential
    const query = app.authorization({ client_id: clientId })
    const code = () => app.codeOf(app.newViewer(), query)
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
    const byHeader = async (text: string, form: Parameters = {}) =>
      app.post(
        app.newViewer(),
        '/oauth2/token',
        {
          grant_type: 'authorization_code',
          redirect_uri: CALLBACK,
          code: await code(),
          code_verifier: VERIFIER,
          ...form,
        },
        basic(text),
      )

    expect((await byHeader(`${clientId}:${secret}`)).status).toBe(200)
    expect((await app.trade(await code(), { client_id: clientId, client_secret: secret })).status).toBe(200)
    expect(error(await app.trade(await code(), { client_id: clientId }))).toMatchObject({ error: 'invalid_client' })
    expect(error(await byHeader(`${clientId}:wrong`))).toMatchObject({ error: 'invalid_client' })
    expect(error(await byHeader('nonsense'))).toMatchObject({ error: 'invalid_client' })
    expect(error(await byHeader(`${clientId}:${secret}`, { client_secret: secret }))).toMatchObject({
      error: 'invalid_request',
    })
    expect(error(await app.trade(await code()))).toMatchObject({ error: 'invalid_grant' })
  })

  it('refreshes without a new refresh token, keeping the sign-in’s time and identity', async () => {
    const set = await app.tokens()
    app.offset.ms = 60_000
    const answer = await app.refresh(set.refresh_token)
    const fresh = JSON.parse(answer.body) as TokenSet
    const before = await app.verified(set.access_token, 'access')
    app.offset.ms = 0
    const after = JSON.parse(Buffer.from(fresh.access_token.split('.')[1] ?? '', 'base64url').toString())

    expect(Object.keys(fresh).sort()).toEqual(['access_token', 'expires_in', 'id_token', 'token_type'])
    expect(after).toMatchObject({ auth_time: before.auth_time, origin_jti: before.origin_jti, scope: 'openid email' })
    expect(after.jti).not.toBe(before.jti)
    expect(after.iat - before.iat).toBeGreaterThanOrEqual(60)
  })

  it('refuses a refresh token of another client, an expired one, and one of a user who was disabled', async () => {
    const set = await app.tokens()
    expect(error(await app.refresh(set.refresh_token, { client_id: app.pool.rotatingClientId }))).toMatchObject({
      error: 'invalid_grant',
    })

    await app.pool.setEnabled('ann@example.com', false)
    const whileDisabled = await app.refresh(set.refresh_token)
    await app.pool.setEnabled('ann@example.com', true)
    expect(error(whileDisabled)).toMatchObject({ error: 'invalid_grant' })

    app.offset.ms = 86_400_000
    expect(error(await app.refresh(set.refresh_token))).toMatchObject({ error: 'invalid_grant' })
  })

  it('rotates refresh tokens where the client asks for it, with a grace period', async () => {
    const client = { client_id: app.pool.rotatingClientId }
    const first = await app.tokens(app.authorization(client), client)
    const second = JSON.parse((await app.refresh(first.refresh_token, client)).body) as TokenSet
    expect(second.refresh_token).not.toBe(first.refresh_token)

    app.offset.ms = 9_000
    expect((await app.refresh(first.refresh_token, client)).status).toBe(200)
    app.offset.ms = 11_000
    expect((await app.refresh(first.refresh_token, client)).status).toBe(400)
    expect((await app.refresh(second.refresh_token, client)).status).toBe(200)
    app.offset.ms = 86_400_000
    expect((await app.refresh(second.refresh_token, client)).status).toBe(400)
  })

  it('gives each of several requests that come at once a refresh token that lasts', async () => {
    const client = { client_id: app.pool.rotatingClientId }
    const { refresh_token } = await app.tokens(app.authorization(client), client)
    const answers = await Promise.all(Array.from({ length: 5 }, () => app.refresh(refresh_token, client)))
    const fresh = answers.map(({ body }) => (JSON.parse(body) as TokenSet).refresh_token)
    expect(new Set(fresh).size).toBe(5)

    app.offset.ms = 3_600_000
    const later = await Promise.all(fresh.map((token) => app.refresh(token, client)))
    expect(later.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  })
})

describe('/oauth2/revoke', () => {
  const revoke = (token: string, changes: Parameters = {}) =>
    app.post(app.newViewer(), '/oauth2/revoke', { client_id: app.pool.clientId, token, ...changes })

  it('ends a refresh token and the access tokens of its sign-in', async () => {
    const set = await app.tokens()

    expect(await revoke(set.refresh_token)).toMatchObject({ status: 200, body: '' })
    expect((await app.refresh(set.refresh_token)).status).toBe(400)
    const bearer = { authorization: `Bearer ${set.access_token}` }
    expect((await app.newViewer().ask(app.at('/oauth2/userInfo'), { headers: bearer })).status).toBe(401)
    expect((await revoke(set.refresh_token)).status).toBe(200)
  })

  it('ends all refresh tokens of a sign-in that rotated, the one in its grace period too', async () => {
    const client = { client_id: app.pool.rotatingClientId }
    const first = await app.tokens(app.authorization(client), client)
    const second = JSON.parse((await app.refresh(first.refresh_token, client)).body) as TokenSet

    expect((await revoke(second.refresh_token, client)).status).toBe(200)
    expect((await app.refresh(first.refresh_token, client)).status).toBe(400)
    expect((await app.refresh(second.refresh_token, client)).status).toBe(400)
  })

  it('is content with an unknown token, and refuses an access token', async () => {
    const set = await app.tokens()

    expect((await revoke('unknown')).status).toBe(200)
    expect(await revoke(set.access_token)).toMatchObject({ status: 400, body: '{"error":"unsupported_token_type"}' })
    expect(await revoke('')).toMatchObject({ status: 400, body: '{"error":"invalid_request"}' })
    expect((await revoke(set.refresh_token, { client_id: app.pool.rotatingClientId })).body).toBe(
      '{"error":"invalid_client"}',
    )
  })
})

describe('/oauth2/userInfo', () => {
  const ask = (authorizationHeader: string) =>
    app.newViewer().ask(app.at('/oauth2/userInfo'), { headers: { authorization: authorizationHeader } })

  it('gives the attributes of the scopes', async () => {
    const set = await app.tokens()
    const { sub } = await app.verified(set.access_token, 'access')

    expect(JSON.parse((await ask(`Bearer ${set.access_token}`)).body)).toEqual({
      sub,
      username: sub,
      email: 'ann@example.com',
      email_verified: 'true',
    })
  })

  it('refuses an ID token, a changed token and an expired one', async () => {
    const set = await app.tokens()
    const refused = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }

    expect(await ask(`Bearer ${set.id_token}`)).toMatchObject(refused)
    expect(await ask(`Bearer ${set.access_token.slice(0, -6)}AAAAAA`)).toMatchObject(refused)
    expect(await ask('Basic x')).toMatchObject(refused)
    app.offset.ms = 1_801_000
    expect(await ask(`Bearer ${set.access_token}`)).toMatchObject(refused)
  })
})

describe('/logout', () => {
  it('ends the session and leads to a registered address', async () => {
    const browser = app.newViewer()
    await app.codeOf(browser)
    const query = search({ client_id: app.pool.clientId, logout_uri: LOGOUT, state: 's' })

    expect(await browser.ask(app.at(`/logout?${query}`))).toMatchObject({
      status: 302,
      headers: { location: `${LOGOUT}?state=s` },
      setCookies: ['cognito=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax'],
    })
    expect((await browser.ask(app.at(`/oauth2/authorize?${app.authorization()}`))).headers.location).toMatch(
      /^\/login\?/,
    )
  })

  it('leads to a new login with redirect_uri and response_type', async () => {
    const query = app.authorization()

    expect((await app.newViewer().ask(app.at(`/logout?${query}`))).headers.location).toBe(`/login?${query}`)
  })

  test.each([
    ['another address', { logout_uri: 'https://evil.example/' }],
    ['a longer address', { logout_uri: `${LOGOUT}/` }],
    ['an address with a query string', { logout_uri: `${LOGOUT}?x=1` }],
    ['an address in capitals', { logout_uri: LOGOUT.replace('app', 'APP') }],
    ['an address that is registered for sign-in only', { logout_uri: CALLBACK }],
    [
      'another address beside a redirect_uri',
      { logout_uri: 'https://evil.example/', redirect_uri: CALLBACK, response_type: 'code' },
    ],
    ['no address', {}],
    ['an unknown client', { client_id: 'nobody', logout_uri: LOGOUT }],
  ])('shows an error page for %s', async (_name, changes) => {
    const answer = await app.newViewer().ask(app.at(`/logout?${search({ client_id: app.pool.clientId, ...changes })}`))

    expect(answer.status).toBe(400)
    expect(answer.headers.location).toBeUndefined()
  })
})

describe('wellKnown', () => {
  it('publishes the keys of both kinds of tokens and moto’s own', async () => {
    const { keys } = (await app.login.wellKnown(`/${app.pool.id}/.well-known/jwks.json`)) as Jwks
    expect(keys).toHaveLength(3)
    expect(keys.every((key) => key.kty === 'RSA' && !('d' in key))).toBe(true)

    const signedIn = await app.pool.client.send(
      new InitiateAuthCommand({
        ClientId: app.pool.apiClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'ann@example.com', PASSWORD: app.pool.password },
      }),
    )
    const token = signedIn.AuthenticationResult?.AccessToken ?? ''
    expect(await app.verified(token, 'access', app.pool.apiClientId)).toMatchObject({
      scope: 'aws.cognito.signin.user.admin',
    })
  })

  it('describes the endpoints at the pool’s domain', async () => {
    expect(await app.login.wellKnown(`/${app.pool.id}/.well-known/openid-configuration`)).toMatchObject({
      issuer: `https://cognito-idp.eu-west-1.amazonaws.com/${app.pool.id}`,
      token_endpoint: expect.stringMatching(/^https:\/\/(photos\.auth\.|login\.localhost:).*\/oauth2\/token$/),
      jwks_uri: `https://cognito-idp.eu-west-1.amazonaws.com/${app.pool.id}/.well-known/jwks.json`,
    })
  })

  test.each([
    '/eu-west-1_Nobody/.well-known/jwks.json',
    '/x/.well-known/jwks.json',
    '/',
    '/moon-1_a/.well-known/jwks.json',
  ])('has nothing at %s', async (path) => {
    expect(await app.login.wellKnown(path)).toBeUndefined()
  })
})
