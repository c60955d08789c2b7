/**
 * Signed cookies with SameSite=Strict in a real browser: the login page's form ends in a request of another site, which
 * comes without the cookies that it has just brought. And a sign-out that ends at a page of the operator's.
 */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { Page } from 'playwright-core'
import { arrival, logIn, open, startBrowser, type TestBrowser } from '../support/browser.js'
import { clientOptions, startTestAws, type TestAws } from '../support/local-aws.js'
import { type OidcProvider, startOidcProvider } from '../support/oidc-provider.js'
import { applyExample, type TestStack } from '../support/stack.js'

const ANN = { email: 'ann@example.com', password: 'Passw0rd!one' }
const ELSEWHERE = 'https://elsewhere.example/'
// The login asks every time, so that no second sign-in could pass unseen.
const STRICT = `
  cookie_same_site = "Strict"
  public_paths     = ["goodbye.html"]

  sign_in = {
    scopes           = ["openid", "email"]
    authorize_params = { prompt = "login" }
    sign_out_url     = "/goodbye.html"
  }
`

let aws: TestAws
let idp: OidcProvider
let browser: TestBrowser
let stack: TestStack

beforeAll(async () => {
  aws = await startTestAws()
  ;[idp, browser] = await Promise.all([
    startOidcProvider(aws.caFile, { accounts: [ANN], clients: [] }),
    startBrowser(aws),
  ])
  stack = await applyExample(aws, 'oidc', {
    settings: { vars: { issuer: idp.issuer, client_id: 'site' } },
    moduleArguments: STRICT,
  })
  await stack.firstRotation()
  const redirectUris = stack.outputs.callback_urls_to_register as string[]
  const postLogoutRedirectUris = stack.outputs.sign_out_urls_to_register as string[]
  await idp.configure({ clients: [{ clientId: 'site', authentication: 'none', redirectUris, postLogoutRedirectUris }] })
})

afterAll(async () => {
  await browser?.stop()
  await idp?.stop()
  await aws?.stop()
})

/** The paths of this site that the page's navigations ask for, from now on. */
function navigations(page: Page): string[] {
  const paths: string[] = []
  page.on('request', (request) => {
    const { origin, pathname } = new URL(request.url())
    if (request.isNavigationRequest() && origin === stack.output('url')) paths.push(pathname)
  })
  return paths
}

describe.each([
  ['with a refresh token', 'always'],
  ['without a refresh token', 'offline_access'],
] as const)('a login %s', (_what, refreshTokens) => {
  it('takes one password, although its last step comes without the cookies', async () => {
    await idp.configure({ refreshTokens })
    const person = await browser.person()
    const page = await person.newPage()
    const address = `${stack.output('url')}/index.html?month=11#low-water`
    const paths = navigations(page)
    await open(page, address)
    await logIn(page, ANN)
    await arrival(page, address)
    const detour = ['/index.html', '/cookie/refresh', '/index.html']
    expect(paths.splice(0)).toEqual([
      '/index.html',
      '/cookie/refresh',
      '/cookie/sign-in',
      '/cookie/callback',
      ...detour,
    ])
    const cookies = (await person.cookies()).filter(({ name }) => name.startsWith('CloudFront-'))
    expect(new Set(cookies.map(({ sameSite }) => sameSite))).toEqual(new Set(['Strict']))

    await person.route(`${ELSEWHERE}**`, (route) =>
      route.fulfill({ contentType: 'text/html', body: `<a href="${address}">There</a>` }),
    )
    await page.goto(ELSEWHERE)
    await page.getByRole('link').click()
    await arrival(page, address)
    expect(paths).toEqual(detour)
    await person.close()
  })
})

describe('a sign-out', () => {
  it('ends at the page that the operator has chosen, by way of the logout of the provider', async () => {
    const page = {
      Key: 'goodbye.html',
      ContentType: 'text/html',
      Body: '<!doctype html><title>Bye</title><h1>Goodbye</h1>',
    }
    const s3 = new S3Client({ ...clientOptions(aws, 'eu-west-1'), forcePathStyle: true })
    await s3.send(new PutObjectCommand({ Bucket: stack.output('bucket_name'), ...page }))
    const person = await browser.person()
    const tab = await person.newPage()
    await open(tab, `${stack.output('url')}/index.html`)
    await logIn(tab, ANN)
    await arrival(tab, `${stack.output('url')}/index.html`)

    await tab.getByRole('link', { name: 'Sign out' }).click()
    await tab.getByRole('button', { name: 'Sign out' }).click()
    await tab.getByRole('button', { name: 'Yes, sign me out' }).click()
    await arrival(tab, `${stack.output('url')}/goodbye.html`)
    expect(await tab.getByRole('heading').textContent()).toBe('Goodbye')
    expect(await person.cookies(`${stack.output('url')}/cookie/`)).toEqual([])
    await person.close()
  })
})
