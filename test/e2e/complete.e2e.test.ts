/**
 * What `npm start` applies: the gallery's page is public, its photos are not, a hosted login gives the tokens, and whatever
 * else arrives at /cookie/ gets a clear answer from the real zip behind the real edge. The page itself, whose script signs
 * people in and out, runs in a real browser.
 */
import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { CognitoIdentityClient, GetCredentialsForIdentityCommand, GetIdCommand } from '@aws-sdk/client-cognito-identity'
import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { GetBucketEncryptionCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { Page } from 'playwright-core'
import { createKmsKey } from '../support/aws-json.js'
import { logIn, open, startBrowser, type TestBrowser, watch } from '../support/browser.js'
import { createUser, signInAtHostedLogin, type TestUser, type Tokens } from '../support/hosted-login.js'
import { clientOptions, setClockAhead, startTestAws, type TestAws } from '../support/local-aws.js'
import { audit, policyFindings } from '../support/page-audit.js'
import { applyExample, type TestStack } from '../support/stack.js'
import type { Answer, Question, Viewer } from '../support/viewer.js'
import { planExitCode } from '../terratest/src/index.js'

let aws: TestAws
let stack: TestStack
let user: TestUser
let tokens: Tokens
let url: string
let key: string

beforeAll(async () => {
  aws = await startTestAws()
  key = await createKmsKey(aws, 'eu-west-1')
  const vars = {
    login_domain: `login.localhost:${aws.edgePort}`,
    login_domain_certificate_arn: 'arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555',
  }
  // Every page is public, but for those that people upload. And a key of the operator's encrypts the bucket.
  const moduleArguments = `  public_paths = ["gallery/*", "*.html"]\n  kms_key_arns = { bucket = "${key}" }\n`
  stack = await applyExample(aws, 'complete', { settings: { vars }, moduleArguments, waits: true })
  await stack.firstRotation()
  url = stack.output('url')
  user = await createUser(aws, stack.output('user_pool_id'), 'ada@example.com', ['viewers'])
  tokens = await signInAtHostedLogin(stack.viewer(), app(), user)
})

afterAll(async () => {
  await aws?.stop()
})

function app() {
  return {
    loginUrl: stack.output('login_url'),
    clientId: stack.output('user_pool_client_id'),
    redirectUri: `${url}/gallery/index.html`,
  }
}

function cognito(): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient(clientOptions(aws, 'eu-west-1'))
}

/** Asks the cookie endpoint, as somebody with no cookies. */
function ask(question: Question = {}, path = '/cookie/'): Promise<Answer> {
  return stack.viewer().ask(`${url}${path}`, question)
}

function bearer(token: string): Question {
  return { headers: { authorization: `Bearer ${token}` } }
}

function decoded(token: string): { header: Record<string, unknown>; payload: Record<string, unknown> } {
  const [header = '', payload = ''] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'))
  return { header: JSON.parse(header), payload: JSON.parse(payload) }
}

function unsigned(header: object, payload: object): string {
  return [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
}

/** The public key that signed the token, as the pool publishes it. */
async function publishedKey(viewer: Viewer, token: string): Promise<JsonWebKey> {
  const { header, payload } = decoded(token)
  const answer = await viewer.ask(`${payload.iss}/.well-known/jwks.json`)
  const { keys } = JSON.parse(answer.body) as { keys: (JsonWebKey & { kid: string })[] }
  const key = keys.find(({ kid }) => kid === header.kid)
  if (key === undefined) throw new Error(`the pool does not publish the key ${String(header.kid)}`)
  return key
}

describe('the gallery', () => {
  it('opens for everybody, settings included, and shows no photo', async () => {
    const anonymous = stack.viewer()
    const page = await anonymous.ask(`${url}/gallery/index.html`)
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['strict-transport-security']).toBe('max-age=31536000')
    const settings = await anonymous.ask(`${url}/gallery/settings.json`)
    expect(JSON.parse(settings.body)).toEqual({
      clientId: stack.output('user_pool_client_id'),
      loginUrl: stack.output('login_url'),
    })
    expect((await anonymous.ask(`${url}/photos/index.json`)).status).toBe(403)
  })

  it.each(['access_token', 'id_token'] as const)('shows its photos to somebody who traded the %s', async (kind) => {
    const viewer = stack.viewer()
    expect((await viewer.ask(`${url}/cookie/`, bearer(tokens[kind]))).status).toBe(200)
    const photo = await viewer.ask(`${url}/photos/lighthouse.svg`)
    expect([photo.status, photo.headers['content-type']]).toEqual([200, 'image/svg+xml'])
  })

  it('has its photos encrypted with the key of the operator, by a key of the bucket', async () => {
    const s3 = new S3Client({ ...clientOptions(aws, 'eu-west-1'), forcePathStyle: true })
    const Bucket = stack.output('bucket_name')
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }))
    expect(ServerSideEncryptionConfiguration?.Rules).toEqual([
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
        BucketKeyEnabled: true,
      },
    ])
    const viewer = stack.viewer()
    await viewer.ask(`${url}/cookie/`, bearer(tokens.access_token))
    const { headers, body } = await viewer.ask(`${url}/photos/harbour.svg`)
    expect(headers['x-amz-server-side-encryption']).toBe('aws:kms')
    expect(body).toBe(readFileSync('examples/complete/photos/harbour.svg', 'utf8'))
  })

  it('takes a token from the API sign-in too, by POST', async () => {
    const { AuthenticationResult } = await cognito().send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: stack.output('user_pool_client_id'),
        AuthParameters: { USERNAME: user.email, PASSWORD: user.password },
      }),
    )
    const answer = await ask({ ...bearer(AuthenticationResult?.AccessToken ?? ''), method: 'POST' })
    expect(answer.status).toBe(200)
  })
})

describe('the page of the gallery, in a browser', () => {
  const list: readonly { readonly file: string }[] = JSON.parse(
    readFileSync('examples/complete/photos/index.json', 'utf8'),
  )
  const photos = list.map(({ file }) => `/photos/${file}`)

  let browser: TestBrowser

  beforeAll(async () => {
    browser = await startBrowser(aws)
  })

  afterAll(async () => {
    await browser?.stop()
    await setClockAhead(aws, 0)
  })

  async function newPage(): Promise<Page> {
    return (await browser.person()).newPage()
  }

  /** The page as a newcomer finds it. */
  async function find(page: Page, query = ''): Promise<void> {
    const answer = await open(page, `${app().redirectUri}${query}`)
    expect(policyFindings({ header: (await answer?.headerValue('content-security-policy')) ?? undefined })).toEqual([])
    await page.getByText('Sign in to see the photos.', { exact: true }).waitFor()
  }

  async function signIn(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Sign in' }).click()
    await logIn(page, user)
    await page.getByText(/^You are signed in\. Your cookies are good until /).waitFor()
  }

  /** The addresses of the photos that the page shows, each of them loaded and decoded. */
  function shownPhotos(page: Page): Promise<unknown> {
    const images = "[...document.querySelectorAll('main img')]"
    return page.evaluate(`Promise.all(${images}.map((i) => i.decode().then(() => new URL(i.src).pathname)))`)
  }

  /** The status of a photo, asked for by the page with the cookies that the browser has. */
  function statusOf(page: Page, path: string): Promise<unknown> {
    return page.evaluate(`fetch('${path}', { cache: 'no-store' }).then(({ status }) => status)`)
  }

  it('signs in, shows the photos, and has neither photos nor cookies after the sign-out', async () => {
    const page = await newPage()
    const log = watch(page)
    await find(page)
    expect(await audit(page, 'gallery-signed-out', 'Sign in')).toEqual([])
    expect([await shownPhotos(page), await statusOf(page, '/photos/night.svg')]).toEqual([[], 403])

    await signIn(page)
    expect([page.url(), await shownPhotos(page)]).toEqual([app().redirectUri, photos])
    expect(await audit(page, 'gallery', 'Sign out')).toEqual([])

    const logout = page.waitForRequest((request) => request.url().startsWith(`${app().loginUrl}/logout?`))
    await page.getByRole('button', { name: 'Sign out' }).click()
    await logout
    await page.getByText('Sign in to see the photos.', { exact: true }).waitFor()
    expect([await shownPhotos(page), await statusOf(page, '/photos/night.svg')]).toEqual([[], 403])
    const { hostname } = new URL(url)
    expect((await page.context().cookies()).filter(({ domain }) => domain === hostname)).toEqual([])
    expect(log.problems).toEqual([])
    // The login page has forgotten them as well.
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Password').waitFor()
  })

  it('takes the photos away when the cookies end', async () => {
    const page = await newPage()
    await page.clock.install()
    await find(page)
    await signIn(page)
    await setClockAhead(aws, 31 * 60_000)
    await page.clock.fastForward(31 * 60_000)
    await page.getByText('Your cookies have ended. Sign in to see the photos again.').waitFor()
    expect(await shownPhotos(page)).toEqual([])
    expect(await audit(page, 'gallery-ended', 'Sign in')).toEqual([])
  })

  it('does not count a sign-in that began elsewhere', async () => {
    const page = await newPage()
    await find(page, '?code=somebody-elses&state=unknown')
    await page.getByRole('alert').getByText('That sign-in did not begin in this tab, so it does not count.').waitFor()
    expect([page.url(), await shownPhotos(page)]).toEqual([app().redirectUri, []])
    expect(await audit(page, 'gallery-problem', 'Sign in')).toEqual([])
  })
})

describe('the cookies of the exchange', () => {
  it('are Secure, HttpOnly, for this host alone, and never outlive half an hour', async () => {
    const before = Math.floor(Date.now() / 1000)
    const answer = await ask(bearer(tokens.access_token))
    expect(
      answer.setCookies.map((cookie) => cookie.replace(/=[^;]*/, '=…').replace(/Max-Age=[1-9]\d*/, 'Max-Age=…')),
    ).toEqual([
      'CloudFront-Policy=…; Path=/; Max-Age=…; Secure; HttpOnly; SameSite=Lax',
      'CloudFront-Signature=…; Path=/; Max-Age=…; Secure; HttpOnly; SameSite=Lax',
      'CloudFront-Key-Pair-Id=…; Path=/; Max-Age=…; Secure; HttpOnly; SameSite=Lax',
      // One that SHA-256 left behind would make every signature wrong.
      'CloudFront-Hash-Algorithm=…; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax',
      '__Secure-session=…; Path=/cookie/; Max-Age=…; Secure; HttpOnly; SameSite=Lax',
      '__Host-session=…; Path=/; Max-Age=…; Secure; HttpOnly; SameSite=Lax',
      '__Host-fresh=…; Path=/; Max-Age=…; Secure; SameSite=Lax',
    ])
    const { expires_at } = JSON.parse(answer.body)
    expect(expires_at).toBeGreaterThan(before + 1600)
    expect(expires_at).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + 1800)
    expect(answer.headers['cache-control']).toBe('no-store')
  })
})

describe('uploads', () => {
  async function uploader(IdentityId: string, Logins: Record<string, string>): Promise<S3Client> {
    const { Credentials } = await identities().send(new GetCredentialsForIdentityCommand({ IdentityId, Logins }))
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    }
    return new S3Client({ ...clientOptions(aws, 'eu-west-1'), credentials, forcePathStyle: true })
  }

  function identities(): CognitoIdentityClient {
    return new CognitoIdentityClient(clientOptions(aws, 'eu-west-1'))
  }

  function upload(s3: S3Client, Key: string, Body: string, ContentType: string) {
    return s3.send(new PutObjectCommand({ Bucket: stack.output('bucket_name'), Key, Body, ContentType }))
  }

  it('go under the own prefix only, and are served to those with cookies, in a sandbox', async () => {
    const IdentityPoolId = stack.output('identity_pool_id')
    const ellen = await createUser(aws, stack.output('user_pool_id'), 'ellen@example.com', ['viewers', 'editors'])
    const { id_token } = await signInAtHostedLogin(stack.viewer(), app(), ellen)
    const Logins = { [stack.output('user_pool_issuer').replace('https://', '')]: id_token }
    const { IdentityId = '' } = await identities().send(new GetIdCommand({ IdentityPoolId, Logins }))
    const s3 = await uploader(IdentityId, Logins)
    const page = '<script>alert(document.domain)</script>'
    await upload(s3, `uploads/${IdentityId}/page.html`, page, 'text/html')
    for (const key of ['uploads/somebody-else/1.jpg', 'gallery/index.html', 'photos/lighthouse.svg']) {
      await expect(upload(s3, key, 'x', 'image/jpeg')).rejects.toThrow('is not authorized to perform')
    }

    const address = `${url}/uploads/${encodeURIComponent(IdentityId)}/page.html`
    expect((await stack.viewer().ask(address)).status).toBe(403)
    const viewer = stack.viewer()
    await viewer.ask(`${url}/cookie/`, bearer(tokens.access_token))
    const served = await viewer.ask(address)
    expect([served.status, served.body]).toEqual([200, page])
    expect(served.headers['content-security-policy']).toMatch(/default-src 'none'.*; sandbox$/)
  })

  it('are for the groups that may, and not for everybody who signs in', async () => {
    const IdentityPoolId = stack.output('identity_pool_id')
    const Logins = { [stack.output('user_pool_issuer').replace('https://', '')]: tokens.id_token }
    const { IdentityId = '' } = await identities().send(new GetIdCommand({ IdentityPoolId, Logins }))
    await expect(uploader(IdentityId, Logins)).rejects.toMatchObject({ name: 'NotAuthorizedException' })
  })

  it('are not for guests', async () => {
    const IdentityPoolId = stack.output('identity_pool_id')
    await expect(identities().send(new GetIdCommand({ IdentityPoolId }))).rejects.toThrow(
      'Unauthenticated access is not supported',
    )
  })
})

describe('a bad request', () => {
  const refusals: readonly (readonly [string, Question | (() => Question | Promise<Question>), number, string])[] = [
    ['no Authorization header', {}, 401, 'token_required'],
    ['an empty Authorization header', { headers: { authorization: '' } }, 401, 'token_required'],
    ['two Authorization headers', { headers: { authorization: ['Bearer a', 'Bearer b'] } }, 400, 'invalid_request'],
    ['Basic', { headers: { authorization: 'Basic YTpi' } }, 401, 'token_required'],
    ['Bearer without token', { headers: { authorization: 'Bearer' } }, 400, 'invalid_request'],
    ['garbage', bearer('garbage'), 401, 'invalid_token'],
    [
      'alg none',
      () => bearer(`${unsigned({ alg: 'none' }, decoded(tokens.access_token).payload)}.`),
      401,
      'invalid_token',
    ],
    ['HS256 signed with the public key', hmacToken, 401, 'invalid_token'],
    ['an unknown kid', () => bearer(forged({ kid: 'unknown' })), 401, 'invalid_token'],
    ['a known kid and another key', () => bearer(forged({})), 401, 'invalid_token'],
    ['a changed claim', () => bearer(changedClaim()), 401, 'invalid_token'],
    ["another client's token", otherClientsToken, 401, 'invalid_token'],
  ]

  it.each(refusals)('with %s is refused', async (_name, question, status, error) => {
    const answer = await ask(typeof question === 'function' ? await question() : question)
    expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { error, message: expect.any(String) }])
    expect(answer.setCookies).toEqual([])
    expect(answer.headers['cache-control']).toBe('no-store')
    if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Bearer /)
  })

  it('with 100 KB of token is refused before it reaches the function, as CloudFront limits headers', async () => {
    const answer = await ask(bearer('a'.repeat(100_000)))
    expect([answer.status >= 400 && answer.status < 500, answer.setCookies]).toEqual([true, []])
  })

  it('for a path that is not there is a 404, for a method that is not taken a 405 with Allow', async () => {
    expect((await ask({}, '/cookie/unknown')).status).toBe(404)
    const answer = await ask({ method: 'DELETE' })
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, POST, OPTIONS'])
  })

  it('with a strange Host reaches no distribution', async () => {
    const answer = await ask({ headers: { host: 'evil.example', authorization: `Bearer ${tokens.access_token}` } })
    expect([answer.status, answer.setCookies]).toEqual([403, []])
  })

  it('from a foreign origin gets no CORS header, from the allowed one it does', async () => {
    const preflight = (origin: string): Question => ({
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    })
    const foreign = await ask(preflight('https://evil.example'))
    expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([403, undefined])
    const allowed = await ask(preflight('http://localhost:5173'))
    expect([allowed.status, allowed.headers['access-control-allow-origin'], allowed.headers.vary]).toEqual([
      204,
      'http://localhost:5173',
      'Accept, Cookie, Origin, Sec-Fetch-Mode, Sec-Fetch-Site',
    ])
  })

  function forged(header: Record<string, unknown>): string {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const { header: real, payload } = decoded(tokens.access_token)
    const input = unsigned({ ...real, ...header }, payload)
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`
  }

  function changedClaim(): string {
    const { header, payload } = decoded(tokens.access_token)
    return `${unsigned(header, { ...payload, sub: 'somebody-else' })}.${tokens.access_token.split('.')[2]}`
  }

  async function hmacToken(): Promise<Question> {
    const key = await publishedKey(stack.viewer(), tokens.access_token)
    const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
    const { header, payload } = decoded(tokens.access_token)
    const input = unsigned({ ...header, alg: 'HS256' }, payload)
    return bearer(`${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`)
  }

  async function otherClientsToken(): Promise<Question> {
    const { UserPoolClient } = await cognito().send(
      new CreateUserPoolClientCommand({
        UserPoolId: stack.output('user_pool_id'),
        ClientName: 'another',
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      }),
    )
    const { AuthenticationResult } = await cognito().send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: UserPoolClient?.ClientId,
        AuthParameters: { USERNAME: user.email, PASSWORD: user.password },
      }),
    )
    return bearer(AuthenticationResult?.AccessToken ?? '')
  }
})

describe('the stack', () => {
  it('says nothing secret anywhere: no token and no key in any line of the local AWS', () => {
    const said = aws.lines.join('\n')
    expect(said).not.toContain(tokens.access_token.split('.')[2])
    expect(said).not.toContain('PRIVATE KEY')
  })

  it('plans no change, before and after a rotation, and is destroyed at the first try', async () => {
    expect(await planExitCode(stack.options)).toBe(0)
    await stack.rotate()
    expect(await planExitCode(stack.options)).toBe(0)
    expect(await stack.destroy()).toContain('Destroy complete!')
  })
})
