/**
 * People who sign in elsewhere: examples/existing-user-pool, and examples/oidc at a certified OpenID Connect provider that
 * is not ours. Both stacks are applied side by side in one local AWS.
 */
import { randomBytes } from 'node:crypto'
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolCommand,
  CreateUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import type { BrowserContext, Page } from 'playwright-core'
import { arrival, logIn, open, startBrowser, type TestBrowser, watch } from '../support/browser.js'
import { isDestroyed } from '../support/destroyed.js'
import { createUser, signInAtHostedLogin, type TestUser, throughLoginPage } from '../support/hosted-login.js'
import { clientOptions, setClockAhead, startTestAws, type TestAws } from '../support/local-aws.js'
import {
  idTokenOf,
  type OidcClient,
  type OidcProvider,
  startOidcProvider,
  throughOidcProvider,
} from '../support/oidc-provider.js'
import { applyExample, type TestStack } from '../support/stack.js'
import { amount } from '../support/tier.js'
import type { Answer, Viewer } from '../support/viewer.js'
import { apply, destroy, planExitCode } from '../terratest/src/index.js'

const ANN = { email: 'ann@example.com', password: 'Passw0rd!one' }
const BOB = { email: 'bob@example.com', password: 'Passw0rd!two' }
// Characters that Basic credentials carry encoded (RFC 6749 section 2.3.1).
const SECRET = `${randomBytes(32).toString('base64url')}:+ %&=`
const APP: OidcClient = {
  clientId: 'app',
  authentication: 'none',
  redirectUris: ['https://app.example.com/callback'],
}
// Another than that of the bucket.
const POOL_REGION = 'us-west-2'
const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' }
const FETCH = { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' }
// The provider's tokens of apps count as well.
const OIDC = '  oidc = { issuer = var.issuer, client_id = var.client_id, audiences = ["app"] }\n'
const PAGE = '/index.html?month=11&note=%C3%BC%26+x#low-water'

/** How many tabs somebody has open who has several. */
const TABS = amount(3, 5)

let aws: TestAws
let idp: OidcProvider
let browser: TestBrowser
let pool: TestStack
let oidc: TestStack
const people: BrowserContext[] = []

beforeAll(async () => {
  aws = await startTestAws()
  ;[idp, browser] = await Promise.all([
    startOidcProvider(aws.caFile, { accounts: [ANN, BOB], clients: [] }),
    startBrowser(aws),
  ])
  const vars = { issuer: idp.issuer, client_id: 'site' }
  ;[pool, oidc] = await Promise.all([
    applyExample(aws, 'existing-user-pool', { settings: { vars: { user_pool_region: POOL_REGION } } }),
    applyExample(aws, 'oidc', { settings: { vars }, moduleArguments: OIDC }),
  ])
  await Promise.all([pool.firstRotation(), oidc.firstRotation()])
  await idp.configure({ clients: [site('client_secret_basic'), APP, { ...APP, clientId: 'other' }] })
})

afterEach(async () => {
  for (const person of people.splice(0)) await person.close()
})

afterAll(async () => {
  await browser?.stop()
  await idp?.stop()
  await aws?.stop()
})

/** The site's registration at the provider. */
function site(authentication: OidcClient['authentication']): OidcClient {
  return {
    clientId: 'site',
    ...(authentication === 'none' ? {} : { clientSecret: SECRET }),
    authentication,
    redirectUris: oidc.outputs.callback_urls_to_register as string[],
    postLogoutRedirectUris: oidc.outputs.sign_out_urls_to_register as string[],
  }
}

async function stranger(): Promise<{ readonly person: BrowserContext; readonly page: Page }> {
  const person = await browser.person()
  people.push(person)
  return { person, page: await person.newPage() }
}

/** Somebody who has signed in a moment ago, and sees the page. */
async function signedIn(stack: TestStack, user: TestUser) {
  const visitor = await stranger()
  await open(visitor.page, `${stack.output('url')}${PAGE}`)
  await logIn(visitor.page, user)
  await arrival(visitor.page, `${stack.output('url')}${PAGE}`)
  return visitor
}

/** What the browser has dropped after an hour, and nobody is known any more where people sign in. */
async function anHourPasses(person: BrowserContext, loginHost?: string): Promise<void> {
  await person.clearCookies({ name: /^CloudFront-|^__Host-fresh$/ })
  if (loginHost !== undefined) await person.clearCookies({ domain: loginHost })
}

/** Longer than the edge function keeps its configuration. */
let minutesAhead = 0
async function configurationIsReadAnew(): Promise<void> {
  minutesAhead += 6
  await setClockAhead(aws, minutesAhead * 60_000)
}

/** Begins a sign-in over plain HTTP; gives the address that the browser is sent to. */
async function beginSignIn(stack: TestStack, viewer: Viewer): Promise<URL> {
  const answer = await viewer.ask(`${stack.output('url')}/cookie/sign-in?next=/index.html`, { headers: NAVIGATION })
  return new URL(answer.headers.location ?? `no Location in a ${answer.status}`)
}

const navigate = (viewer: Viewer, url: URL | string) => viewer.ask(String(url), { headers: NAVIGATION })
const post = (stack: TestStack, viewer: Viewer, path: string) =>
  viewer.ask(`${stack.output('url')}${path}`, { method: 'POST', headers: FETCH })
const exchange = (stack: TestStack, token: string) =>
  stack.viewer().ask(stack.output('cookie_endpoint'), { headers: { authorization: `Bearer ${token}` } })
const errorOf = ({ status, body }: Answer) => [status, JSON.parse(body).error]

/** A viewer with the same cookies. */
function copyOf(stack: TestStack, { jar }: Viewer): Viewer {
  const copy = stack.viewer()
  for (const cookie of jar.all()) copy.jar.put(cookie)
  return copy
}

/** A viewer that has signed in at the provider over plain HTTP, and the callback by which it came. */
async function signedInAtIdp(user: TestUser): Promise<{ readonly viewer: Viewer; readonly callback: URL }> {
  const viewer = oidc.viewer()
  const callback = await throughOidcProvider(viewer, await beginSignIn(oidc, viewer), user)
  const answer = await navigate(viewer, callback)
  expect([answer.status, answer.headers.location]).toEqual([302, `${oidc.output('url')}/index.html`])
  return { viewer, callback }
}

/** An ID token that an app of this id gets at the provider. */
const idTokenFor = (clientId: string) => idTokenOf(oidc.viewer(), idp.issuer, { ...APP, clientId }, ANN)

describe('a user pool that was there before', () => {
  let grace: TestUser

  beforeAll(async () => {
    grace = await createUser(aws, pool.output('user_pool_id'), 'grace@example.com', ['staff'])
  })

  it('may be in another region than the bucket', () => {
    expect([pool.output('user_pool_id').split('_')[0], pool.output('region')]).toEqual([POOL_REGION, 'eu-west-1'])
  })

  it('has people sign in and come back, once it knows the way', async () => {
    const { page } = await signedIn(pool, grace)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('For the staff')
  })

  it('does so over plain HTTP', async () => {
    const viewer = pool.viewer()
    const callback = await throughLoginPage(viewer, await beginSignIn(pool, viewer), grace)
    const answer = await navigate(viewer, callback)
    expect([answer.status, answer.headers.location]).toEqual([302, `${pool.output('url')}/index.html`])
    expect((await viewer.ask(`${pool.output('url')}/index.html`)).body).toContain('For the staff')
  })

  it('may have people whom the rules keep out, and who can sign in as somebody else', async () => {
    const guest = await createUser(aws, pool.output('user_pool_id'), 'guest@example.com')
    const { person, page } = await stranger()
    await open(page, `${pool.output('url')}${PAGE}`)
    await logIn(page, guest)
    await page.getByRole('heading', { name: 'This account has no access' }).waitFor()
    expect((await person.cookies(pool.output('url'))).map(({ name }) => name)).toEqual([])
    await page.getByRole('button', { name: 'Sign in as somebody else' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await logIn(page, grace)
    await arrival(page, `${pool.output('url')}${PAGE}`)
    await page.getByRole('heading', { name: 'For the staff' }).waitFor()
  })

  it('renews sessions unseen', async () => {
    const { person, page } = await signedIn(pool, grace)
    const loginHost = new URL(pool.output('login_url')).host
    await anHourPasses(person, loginHost)
    const log = watch(page)
    await open(page, `${pool.output('url')}${PAGE.replace('#', '&again=1#')}`)
    await page.getByRole('heading', { name: 'For the staff' }).waitFor()
    expect(log.visited.filter((visited) => new URL(visited).host === loginHost)).toEqual([])
  })

  it('signs people out, here and at its login page', async () => {
    const { person, page } = await signedIn(pool, grace)
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${pool.output('url')}/.sign-in/signed-out.html`)
    expect((await person.cookies(`${pool.output('url')}/cookie/`)).map(({ name }) => name)).toEqual([])
    await open(page, `${pool.output('url')}${PAGE}`)
    expect(await page.getByLabel('Password').inputValue()).toBe('')
  })

  it('plans no change', async () => {
    expect(await planExitCode(pool.options)).toBe(0)
  })
})

describe('the discovery of a provider', () => {
  const discover = async (issuer: string) => {
    const lambda = new LambdaClient(clientOptions(aws, 'us-east-1'))
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({
        FunctionName: oidc.output('rotator_function_arn'),
        Payload: JSON.stringify({ task: 'discover-issuer', issuer }),
      }),
    )
    expect(FunctionError).toBe('Unhandled')
    return JSON.parse(Buffer.from(Payload ?? []).toString('utf8')).errorMessage
  }

  it('stops the apply where nobody answers, says what to do, and leaves the site alone', async () => {
    const vars = { ...oidc.options.vars, issuer: 'https://nobody.localhost:1' }
    const targets = ['module.content.aws_lambda_invocation.discovery']
    const failure = await apply({ ...oidc.options, vars, targets }).then(
      () => 'applied',
      (error: Error) => error.message.replace(/[│\s]+/g, ' '),
    )
    expect(failure).toContain('https://nobody.localhost:1/.well-known/openid-configuration could not be read')
    expect(failure).toContain('Check the issuer, and that its host is reachable from the internet; then apply again')
  })

  it.each([
    ['another path', '/elsewhere', 'answered with status 404'],
    ['a slash too many', '/', 'both must be the same, to the last slash'],
  ])('refuses an issuer with %s', async (_name, path, message) => {
    expect(await discover(`${idp.issuer}${path}`)).toContain(message)
  })
})

describe('a confidential client', () => {
  it('signs nobody in before its secret is there, and says so', async () => {
    const answer = await navigate(oidc.viewer(), `${oidc.output('url')}/cookie/sign-in`)
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '60'])
    expect(answer.body).toContain('One moment, please')
  })

  it('does with the secret, whose place the output tells', async () => {
    const secrets = new SecretsManagerClient(clientOptions(aws, 'us-east-1'))
    const SecretId = oidc.output('client_secret_arn')
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: SECRET }))
    await configurationIsReadAnew()
    const { viewer } = await signedInAtIdp(ANN)
    const session = await viewer.ask(`${oidc.output('url')}/cookie/session`, { headers: FETCH })
    expect(JSON.parse(session.body)).toMatchObject({ email: ANN.email, paths: ['/*'], renewable: true })
  })
})

describe('a sign-in at another provider', () => {
  it('that is cancelled says so in words, and leads on to the wanted page at the next try', async () => {
    const { page } = await stranger()
    await open(page, `${oidc.output('url')}${PAGE}`)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('heading', { name: 'You are not signed in' }).waitFor()
    expect(await page.getByRole('main').textContent()).toContain('“The person cancelled the sign-in.”')
    await page.getByRole('link', { name: 'Try again' }).click()
    await logIn(page, ANN)
    await arrival(page, `${oidc.output('url')}${PAGE}`)
  })

  it('leads back to exactly the address it was for', async () => {
    const { page } = await signedIn(oidc, ANN)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Welcome')
  })

  it('is good for one time: its callback address opens nothing again', async () => {
    const viewer = oidc.viewer()
    const callback = await throughOidcProvider(viewer, await beginSignIn(oidc, viewer), ANN)
    const before = copyOf(oidc, viewer)
    expect((await navigate(viewer, callback)).status).toBe(302)
    // Who is signed in is sent on.
    expect(await navigate(viewer, callback)).toMatchObject({
      status: 302,
      headers: { location: `${oidc.output('url')}/` },
    })
    const elsewhere = await navigate(oidc.viewer(), callback)
    expect([elsewhere.status, elsewhere.setCookies]).toEqual([400, []])
    expect(elsewhere.body).toContain('This sign-in cannot be finished')
    const replayed = await navigate(before, callback)
    expect(replayed.status).toBe(400)
    expect(replayed.body).toContain('Signing in did not work')
    expect((await before.ask(`${oidc.output('url')}/index.html`)).status).toBe(403)
  })

  it('cannot be finished in the browser of somebody else', async () => {
    const [ann, bob] = [oidc.viewer(), oidc.viewer()]
    const annsCallback = await throughOidcProvider(ann, await beginSignIn(oidc, ann), ANN)
    const bobsCallback = await throughOidcProvider(bob, await beginSignIn(oidc, bob), BOB)
    const swapped = await navigate(ann, bobsCallback)
    expect([swapped.status, swapped.setCookies]).toEqual([400, []])
    const mixed = new URL(annsCallback)
    mixed.searchParams.set('code', bobsCallback.searchParams.get('code') ?? '')
    expect((await navigate(ann, mixed)).body).toContain('Signing in did not work')
    expect((await ann.ask(`${oidc.output('url')}/index.html`)).status).toBe(403)
  })
})

describe('a session of another provider', () => {
  const loginHost = () => new URL(idp.issuer).hostname

  it('is renewed time after time, with a new refresh token each', async () => {
    const { person, page } = await signedIn(oidc, ANN)
    const log = watch(page)
    for (const round of [1, 2, 3]) {
      await anHourPasses(person, loginHost())
      await open(page, `${oidc.output('url')}/index.html?round=${round}`)
      await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    }
    expect(log.visited.filter((visited) => visited.startsWith(idp.issuer))).toEqual([])
  })

  // The provider takes a refresh token that comes twice for a stolen one, and ends the whole sign-in.
  it('is renewed in several tabs at once, and each ends at its own address', async () => {
    const { person } = await signedIn(oidc, ANN)
    const tabs = await Promise.all(Array.from({ length: TABS }, () => person.newPage()))
    const addresses = tabs.map((_, tab) => `${oidc.output('url')}/index.html?tab=${tab}#low-water`)
    await anHourPasses(person)
    await Promise.all(tabs.map((page, tab) => open(page, addresses[tab] ?? '')))
    await Promise.all(tabs.map((page) => page.getByRole('heading', { name: 'Welcome' }).waitFor()))
    expect(tabs.map((page) => page.url())).toEqual(addresses)
  })

  it('leads to the login, at worst, where several tabs renew at once and the provider knows nobody any more', async () => {
    const { person } = await signedIn(oidc, ANN)
    const tabs = await Promise.all(Array.from({ length: TABS }, () => person.newPage()))
    const addresses = tabs.map((_, tab) => `${oidc.output('url')}/index.html?tab=${tab}#low-water`)
    await anHourPasses(person, loginHost())
    await Promise.all(tabs.map((page, tab) => open(page, addresses[tab] ?? '')))
    for (const page of tabs) {
      const heading = page.getByRole('heading', { name: /^(Welcome|Sign in)$/ })
      if ((await heading.textContent()) === 'Sign in') await logIn(page, ANN)
      await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    }
    expect(tabs.map((page) => page.url())).toEqual(addresses)
  })

  it('ends at the login once the refresh token has expired', async () => {
    await idp.configure({ lifetimeSeconds: { refreshToken: 1 } })
    const { person, page } = await signedIn(oidc, ANN)
    await idp.configure({ lifetimeSeconds: {} })
    await page.waitForTimeout(1500)
    await anHourPasses(person, loginHost())
    await open(page, `${oidc.output('url')}/index.html#later`)
    await logIn(page, ANN)
    await arrival(page, `${oidc.output('url')}/index.html#later`)
  })

  it('ends at the login once the provider has let go of the person', async () => {
    const { person, page } = await signedIn(oidc, ANN)
    await idp.configure({ accounts: [BOB] })
    await anHourPasses(person)
    await open(page, `${oidc.output('url')}/index.html#later`)
    await logIn(page, BOB)
    await arrival(page, `${oidc.output('url')}/index.html#later`)
    await idp.configure({ accounts: [ANN, BOB] })
  })

  it('ends at the provider too, and the way out leads back to the signed-out page', async () => {
    const { person, page } = await signedIn(oidc, ANN)
    const log = watch(page)
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Yes, sign me out' }).click()
    expect(log.visited.filter((visited) => visited.includes('id_token_hint=eyJ'))).toHaveLength(1)
    await page.waitForURL(`${oidc.output('url')}/.sign-in/signed-out.html`)
    expect((await person.cookies(`${oidc.output('url')}/cookie/`)).map(({ name }) => name)).toEqual([])
    await open(page, `${oidc.output('url')}${PAGE}`)
    expect(await page.getByLabel('Password').inputValue()).toBe('')
  })

  it('gives way to that of somebody else, whom the provider asks for even if it goes on itself', async () => {
    const { page } = await signedIn(oidc, ANN)
    await open(page, `${oidc.output('url')}/cookie/sign-out?then=sign-in&next=${encodeURIComponent(PAGE)}`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'No, stay signed in' }).click()
    await arrival(page, `${oidc.output('url')}/.sign-in/signed-out.html`)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await logIn(page, BOB)
    await arrival(page, `${oidc.output('url')}${PAGE}`)
    const session = await page.evaluate(`fetch('/cookie/session').then((answer) => answer.json())`)
    expect(session).toMatchObject({ email: BOB.email })
  })
})

describe('a token that an app brings along', () => {
  it('is exchanged for cookies when that provider issued it, for an app that counts', async () => {
    const answer = await exchange(oidc, await idTokenFor('app'))
    expect([answer.status, JSON.parse(answer.body).paths]).toEqual([200, ['/*']])
  })

  it('is refused when it is for another app', async () => {
    expect(errorOf(await exchange(oidc, await idTokenFor('other')))).toEqual([401, 'invalid_token'])
  })

  it('is refused at the other stack, whose issuer is another', async () => {
    const grace = await createUser(aws, pool.output('user_pool_id'), 'eve@example.com', ['staff'])
    const app = {
      loginUrl: pool.output('login_url'),
      clientId: pool.output('user_pool_client_id'),
      redirectUri: 'https://intranet.example.com/',
    }
    const tokens = await signInAtHostedLogin(pool.viewer(), app, grace)
    expect((await exchange(pool, tokens.access_token)).status).toBe(200)
    expect(errorOf(await exchange(oidc, tokens.id_token))).toEqual([401, 'invalid_token'])
    expect(errorOf(await exchange(pool, await idTokenFor('app')))).toEqual([401, 'invalid_token'])
  })
})

describe('another registration of the client', () => {
  it.each(['client_secret_post', 'none'] as const)('as %s signs people in, renews and signs out', async (way) => {
    await idp.configure({ clients: [site(way), APP] })
    await oidc.change(`${OIDC}  sign_in = { client_authentication = "${way}" }\n`)
    await configurationIsReadAnew()
    const { viewer } = await signedInAtIdp(ANN)
    expect((await post(oidc, viewer, '/cookie/refresh')).status).toBe(200)
    expect((await post(oidc, viewer, '/cookie/refresh')).status).toBe(200)
    expect((await viewer.ask(`${oidc.output('url')}/index.html`)).status).toBe(200)

    const thief = copyOf(oidc, viewer)
    const out = JSON.parse((await post(oidc, viewer, '/cookie/sign-out')).body)
    expect(new URL(out.logout_url).searchParams.get('client_id')).toBe('site')
    expect(viewer.jar.all().filter(({ host }) => host === new URL(oidc.output('url')).host)).toEqual([])
    // The refresh token was revoked at the provider.
    expect(errorOf(await post(oidc, thief, '/cookie/refresh'))).toEqual([401, 'session_over'])
  })
})

describe('a user pool that was there before, and has no client for this', () => {
  const login = { Domain: 'subsidiary', host: 'subsidiary.auth.eu-west-1.amazoncognito.com' }
  let subsidiary: string

  beforeAll(async () => {
    const cognito = new CognitoIdentityProviderClient(clientOptions(aws, 'eu-west-1'))
    const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: 'subsidiary' }))
    subsidiary = UserPool?.Id ?? ''
    await cognito.send(new CreateUserPoolDomainCommand({ UserPoolId: subsidiary, Domain: login.Domain }))
    await pool.change(`
  user_pool    = { id = "${subsidiary}", login_host = "${login.host}" }
  access_rules = [{ paths = ["/*"], everybody_allowed = true }]
  sign_in      = { sign_out_url = "${elsewhere()}" }
`)
    await configurationIsReadAnew()
  })

  /** A page of another host. */
  const elsewhere = () => `${oidc.output('url')}/.sign-in/signed-out.html`

  it('gets one from the module, by which people sign in, and out to where the operator wants them', async () => {
    const { person, page } = await signedIn(pool, await createUser(aws, subsidiary, 'hedy@example.com'))
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await arrival(page, elsewhere())
    expect(await person.cookies(`${pool.output('url')}/cookie/`)).toEqual([])
  })
})

describe('the end', () => {
  it('leaves nothing to change before', async () => {
    expect(await planExitCode(oidc.options)).toBe(0)
  })

  it('takes the module away and leaves the pool and its people', async () => {
    expect(await destroy({ ...pool.options, targets: ['module.content'] })).toContain('Destroy complete!')
    const cognito = new CognitoIdentityProviderClient(clientOptions(aws, POOL_REGION))
    const grace = { UserPoolId: pool.output('user_pool_id'), Username: 'grace@example.com' }
    expect((await cognito.send(new AdminGetUserCommand(grace))).Enabled).toBe(true)
  })

  if (isDestroyed('oidc'))
    it('takes the rest away as well', async () => {
      const said = await Promise.all([pool.destroy(), oidc.destroy()])
      expect(said.map((text) => text.includes('Destroy complete!'))).toEqual([true, true])
    })
})
