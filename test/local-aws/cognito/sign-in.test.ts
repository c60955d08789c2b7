/**
 * Signing in at the hosted login, as a person and as an app; tokens are judged by aws-jwt-verify.
 */
import { createHash } from 'node:crypto'
import type { Answer } from '../../support/viewer.js'
import { hidden, type Parameters, startLogin, type TokenSet } from './login-world.js'
import { CALLBACK } from './pool.js'

let app: Awaited<ReturnType<typeof startLogin>>

beforeAll(async () => {
  app = await startLogin()
})

afterAll(() => app.stop())

beforeEach(() => {
  app.offset.ms = 0
})

describe('a sign-in', () => {
  it('leads from the app to the form, back with a code, and to tokens that verify', async () => {
    const browser = app.newViewer()
    const start = await browser.ask(app.at(`/oauth2/authorize?${app.authorization()}`))
    expect(start).toMatchObject({ status: 302, headers: { location: `/login?${app.authorization()}` } })

    const answer = await app.submit(browser, 'ann@example.com', app.pool.password)
    const back = new URL(answer.headers.location ?? '')
    expect(answer.status).toBe(303)
    expect(back.origin + back.pathname).toBe(CALLBACK)
    expect(back.searchParams.get('state')).toBe('the state')

    const response = await app.trade(back.searchParams.get('code') ?? '')
    expect(response.status).toBe(200)
    expect(response.headers).toMatchObject({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' })
    const set = JSON.parse(response.body) as TokenSet & { token_type: string }
    expect(set).toMatchObject({ token_type: 'Bearer', expires_in: 1800 })

    const access = await app.verified(set.access_token, 'access')
    expect(access).toMatchObject({
      iss: `https://cognito-idp.eu-west-1.amazonaws.com/${app.pool.id}`,
      client_id: app.pool.clientId,
      token_use: 'access',
      scope: 'openid email',
      version: 2,
      'cognito:groups': ['first', 'second', 'unranked'],
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(access.exp - access.iat).toBe(1800)
    const id = await app.verified(set.id_token, 'id')
    expect(id).toMatchObject({
      aud: app.pool.clientId,
      sub: access.sub,
      nonce: 'the nonce',
      email: 'ann@example.com',
      email_verified: true,
      'cognito:username': access.username,
      origin_jti: access.origin_jti,
      at_hash: createHash('sha256').update(set.access_token).digest().subarray(0, 16).toString('base64url'),
    })
    expect(Object.keys(id)).not.toContain('name')
    const kid = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
    expect(kid(set.access_token)).not.toBe(kid(set.id_token))
  })

  it('works at the prefix domain too', async () => {
    const host = 'photos.auth.eu-west-1.amazoncognito.com'
    const page = await app.newViewer().ask(`https://${host}/login?${app.authorization()}`)

    expect(page.status).toBe(200)
    expect((await app.newViewer().ask(`https://nobody.auth.eu-west-1.amazoncognito.com/login`)).status).toBe(403)
    expect((await app.newViewer().ask(`https://photos.auth.eu-west-2.amazoncognito.com/login`)).status).toBe(403)
  })

  it('shows a page that needs nothing from elsewhere, with labels and a strict policy', async () => {
    const { headers, body } = await app.newViewer().ask(app.at(`/login?${app.authorization({ login_hint: '"><b>' })}`))

    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; img-src data:; style-src 'sha256-[^']+'; form-action 'self' https:\/\/app\.example\.com; base-uri 'none'; frame-ancestors 'none'$/,
    )
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-frame-options': 'DENY' })
    expect(body).toContain('<h1>Sign in to Photos &amp; &lt;friends&gt;</h1>')
    expect(body).toContain('<label for="username">E-mail or username</label>')
    expect(body).toContain('<label for="password">Password</label>')
    expect(body).toContain('value="&quot;&gt;&lt;b&gt;"')
    expect(body).not.toMatch(/https?:\/\/(?!login\.localhost)[^"]*\.(js|css|woff)/)
  })

  test.each([
    ['a wrong password', 'ann@example.com', 'wrong', 'Incorrect username or password.'],
    ['an unknown user', 'nobody@example.com', 'wrong', 'Incorrect username or password.'],
    ['a disabled user', 'off@example.com', 'Passw0rd!one', 'Incorrect username or password.'],
    ['an empty password', 'ann@example.com', '', 'Please fill in both fields.'],
  ])('says so for %s on a page of its own, and keeps the name', async (_name, username, password, message) => {
    const browser = app.newViewer()
    const sent = await app.submit(browser, username, password)
    const answer = await app.followed(browser, sent)

    expect(sent.status).toBe(303)
    expect(sent.headers.location).not.toContain(encodeURIComponent(username))
    expect(answer.status).toBe(200)
    expect(answer.body).toContain(`<p id="message" role="alert">${message}</p>`)
    expect(answer.body).toContain(`value="${username}"`)
    expect(answer.body.match(/<input [^>]*autofocus[^>]*>/g)).toEqual([
      '<input id="password" name="password" type="password" value="" autocomplete="current-password" autocapitalize="none" spellcheck="false" required autofocus aria-describedby="message">',
    ])
    expect(answer.headers['set-cookie']?.join()).not.toContain('cognito=')
    expect((await app.followed(browser, sent)).body).toContain(message)
    app.offset.ms = 180_000
    expect((await app.followed(browser, sent)).body).not.toContain(message)
  })

  it('refuses a form that another site sends', async () => {
    const form = { username: 'ann@example.com', password: app.pool.password }
    const path = `/login?${app.authorization()}`

    for (const foreign of [form, { ...form, _csrf: 'a'.repeat(43) }]) {
      const browser = app.newViewer()
      const answer = await app.post(browser, path, foreign)
      expect(answer.headers.location).toMatch(/^\/login\?/)
      expect(answer.setCookies).toEqual([])
      expect((await app.followed(browser, answer)).body).toContain('This page was open too long.')
    }
  })

  it('asks for a new password where the first one was temporary', async () => {
    const browser = app.newViewer()
    const { headers } = await app.submit(browser, 'new@example.com', 'Temporary1!')
    const address = headers.location ?? ''
    const page = await browser.ask(app.at(address))
    expect(page.body).toContain('<h1>Choose a new password</h1>')
    const send = (password: string, repeated = password) =>
      app.post(browser, address, {
        _csrf: hidden(page, '_csrf'),
        new_password: password,
        repeated_password: repeated,
      })
    const told = async (answer: Promise<Answer>) => (await app.followed(browser, await answer)).body

    expect(await told(send('Another1!x', 'Another1!y'))).toContain('The two passwords are not the same.')
    expect(await told(send('short'))).toContain('This password is too simple for this user pool.')
    expect((await send('Another1!x')).headers.location).toMatch(/^https:\/\/app\.example\.com\/callback\?code=/)
    const later = await app.submit(app.newViewer(), 'new@example.com', 'Another1!x')
    expect(later.headers.location).toMatch(/^https:\/\/app\.example\.com\/callback\?code=/)
    expect(await told(send('Another1!x'))).toContain('Choosing the password took too long.')
    expect(await told(browser.ask(app.at(address)))).toContain('Choosing the password took too long.')
  })
})

describe('/oauth2/authorize', () => {
  test.each([
    ['no client', { client_id: undefined }],
    ['an unknown client', { client_id: 'nobody' }],
    ['a client without the hosted login', { client_id: 'API' }],
    ['no redirect_uri', { redirect_uri: undefined }],
    ['another redirect_uri', { redirect_uri: 'https://evil.example/' }],
    ['a longer redirect_uri', { redirect_uri: `${CALLBACK}/x` }],
    ['a redirect_uri with a query string', { redirect_uri: `${CALLBACK}?x=1` }],
  ])('shows an error page for %s, and redirects nowhere', async (_name, changes) => {
    const known = 'client_id' in changes && changes.client_id === 'API' ? { client_id: app.pool.apiClientId } : changes
    const answer = await app.newViewer().ask(app.at(`/oauth2/authorize?${app.authorization(known)}`))

    expect(answer).toMatchObject({ status: 400, headers: { 'content-type': 'text/html; charset=utf-8' } })
    expect(answer.headers.location).toBeUndefined()
  })

  it('shows an error page when a parameter is there twice', async () => {
    expect((await app.newViewer().ask(app.at(`/oauth2/authorize?${app.authorization()}&state=x`))).status).toBe(400)
  })

  test.each([
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['an unknown response_type', { response_type: 'id_token' }, 'invalid_request'],
    ['the implicit grant', { response_type: 'token' }, 'unauthorized_client'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a challenge without a method', { code_challenge_method: undefined }, 'invalid_request'],
    ['a method without a challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a challenge that is too short', { code_challenge: 'abc' }, 'invalid_request'],
    ['a scope that the client may not have', { scope: 'openid phone' }, 'invalid_scope'],
    ['email without openid', { scope: 'email' }, 'invalid_scope'],
    ['no session and no page allowed', { prompt: 'none' }, 'login_required'],
    ['a prompt that contradicts itself', { prompt: 'none login' }, 'invalid_request'],
    ['an identity provider that is not the client’s', { identity_provider: 'Google' }, 'invalid_request'],
    ['an identity provider by its domain', { idp_identifier: 'example.com' }, 'invalid_request'],
  ])('sends %s back to the app', async (_name, changes, error) => {
    const answer = await app.newViewer().ask(app.at(`/oauth2/authorize?${app.authorization(changes)}`))
    const back = new URL(answer.headers.location ?? '')

    expect(answer.status).toBe(302)
    expect(back.origin + back.pathname).toBe(CALLBACK)
    expect(back.searchParams.get('error')).toBe(error)
    expect(back.searchParams.get('state')).toBe('the state')
  })

  it('gives a code at once for an hour after a sign-in', async () => {
    const browser = app.newViewer()
    await app.codeOf(browser)
    const location = async (changes: Parameters = {}) =>
      (await browser.ask(app.at(`/oauth2/authorize?${app.authorization(changes)}`))).headers.location ?? ''

    expect(await location()).toMatch(/^https:\/\/app\.example\.com\/callback\?code=/)
    expect(await location({ prompt: 'none' })).toMatch(/\?code=/)
    expect(await location({ prompt: 'login' })).toMatch(/^\/login\?/)
    expect(await location({ identity_provider: 'COGNITO', lang: 'de' })).toMatch(/\?code=/)
    app.offset.ms = 3_599_000
    expect(await location()).toMatch(/\?code=/)
    app.offset.ms = 3_601_000
    expect(await location()).toMatch(/^\/login\?/)
  })
})
