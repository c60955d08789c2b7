/**
 * The app that people copy, built as they build it, in a real browser: a gallery behind the login, pages of the app by
 * their address, and uploads straight into the bucket by the identity pool.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { delimiter, extname, join, resolve } from 'node:path'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { BrowserContext, Page } from 'playwright-core'
import { arrival, logIn, open, startBrowser, type TestBrowser, watch } from '../support/browser.js'
import { isDestroyed } from '../support/destroyed.js'
import { createUser, disableUser, type TestUser } from '../support/hosted-login.js'
import { clientOptions, setClockAhead, startTestAws, type TestAws } from '../support/local-aws.js'
import { audit, policyFindings } from '../support/page-audit.js'
import { applyExample, type TestStack } from '../support/stack.js'
import { planExitCode } from '../terratest/src/index.js'

const MINUTE_MS = 60_000

/** As in the example, without the rule for uploads that were never finished: it takes the provider a minute. */
const UPLOADS = '  uploads = { read_enabled = true, abandoned_after_days = 0 }\n'

let aws: TestAws
let browser: TestBrowser
let stack: TestStack
let user: TestUser
let url: string
const people: BrowserContext[] = []

beforeAll(async () => {
  aws = await startTestAws()
  browser = await startBrowser(aws)
  stack = await applyExample(aws, 'spa', {
    settings: { vars: { first_user: 'ada@example.com' } },
    moduleArguments: UPLOADS,
  })
  url = stack.output('url')
  build()
  await publish()
  await stack.firstRotation()
  user = await createUser(aws, stack.output('user_pool_id'), 'grace@example.com')
})

afterEach(async () => {
  for (const person of people.splice(0)) await person.close()
})

afterAll(async () => {
  await browser?.stop()
  await aws?.stop()
})

/** As the example's README says, in the copy that Terraform was applied in. Vite needs a newer Node than the tools here. */
function build(): void {
  const PATH = [resolve('node_modules/node/bin'), process.env.PATH].join(delimiter)
  for (const args of [
    ['ci', '--no-audit', '--no-fund'],
    ['run', 'build'],
  ])
    execFileSync('npm', args, { cwd: stack.options.terraformDir, env: { ...process.env, PATH }, stdio: 'pipe' })
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
}

/** What the two commands of the README do. */
async function publish(): Promise<void> {
  const s3 = new S3Client({ ...clientOptions(aws, 'eu-west-1'), forcePathStyle: true })
  const dist = join(stack.options.terraformDir, 'dist')
  const assets = readdirSync(join(dist, 'assets')).map((name) => `assets/${name}`)
  for (const Key of [...assets, 'index.html'])
    await s3.send(
      new PutObjectCommand({
        Bucket: stack.output('bucket_name'),
        Key,
        Body: readFileSync(join(dist, Key)),
        ContentType: contentTypes[extname(Key)],
        CacheControl: Key === 'index.html' ? 'no-cache' : 'max-age=31536000, immutable',
      }),
    )
  s3.destroy()
}

async function newPerson(): Promise<BrowserContext> {
  const person = await browser.person()
  people.push(person)
  return person
}

/** Somebody who has signed in and looks at the gallery. */
async function signedIn(who = user): Promise<{ person: BrowserContext; page: Page }> {
  const person = await newPerson()
  const page = await person.newPage()
  await open(page, `${url}/`)
  await logIn(page, who)
  await isShown(page, 'Your photos')
  return { person, page }
}

/**
 * The same for somebody who has no photos yet. Pictures still on their way would be refused once the cookies are gone, and
 * the page would look why, at a moment that nobody knows.
 */
async function newcomer(name: string): Promise<{ person: BrowserContext; page: Page }> {
  const visit = await signedIn(await createUser(aws, stack.output('user_pool_id'), `${name}@example.com`))
  await visit.page.getByText('No photos yet').waitFor()
  return visit
}

async function isShown(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { name: heading, exact: true }).waitFor()
}

const picture = (name: string) => `examples/complete/photos/${name}.svg`

async function choose(page: Page, ...files: readonly string[]): Promise<void> {
  await page.getByLabel('Add photos').setInputFiles([...files])
}

/** Uploads a picture, and gives the address that it is shown from. */
async function upload(page: Page, name: string): Promise<string> {
  // There may be a picture of this name from before.
  const sent = page.waitForResponse(
    (answer) => answer.request().method() === 'PUT' && answer.url().endsWith(`/${name}.svg`),
  )
  await choose(page, picture(name))
  await sent
  return loaded(page, `${name}.svg`)
}

const photoLink = (page: Page, name: string) => page.getByRole('link', { name }).first()

/** Waits until the picture in it has loaded, and gives its address. */
async function loaded(page: Page, name: string): Promise<string> {
  const image = photoLink(page, name).locator('img')
  await image.scrollIntoViewIfNeeded()
  const isThere = (element: unknown) => (element as { readonly naturalWidth: number }).naturalWidth > 0
  await page.waitForFunction(isThere, await image.elementHandle())
  return `${url}${await image.getAttribute('src')}`
}

/** Status, Cache-Control and Content-Security-Policy of what the page gets from an address of the site. */
function answerTo(page: Page, address: string): Promise<unknown> {
  const headers = "['cache-control', 'content-security-policy'].map((name) => a.headers.get(name))"
  return page.evaluate(`fetch('${address}', { cache: 'no-store' }).then((a) => [a.status, ...${headers}])`)
}

/** The requests to S3 that write, from now on. */
function writes(page: Page): readonly string[] {
  const seen: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'PUT') seen.push(request.url())
  })
  return seen
}

describe('an address of the app', () => {
  it('leads to the login, and back to exactly where it was', async () => {
    const page = await (await newPerson()).newPage()
    const address = `${url}/photos/unknown?from=mail#top`
    expect((await open(page, address))?.status()).toBe(403)
    await logIn(page, user)
    await arrival(page, address)
    await isShown(page, 'Photo not found')
    await page.getByText(user.email).waitFor()
    expect(await audit(page, 'spa-photo-not-found', 'All photos')).toEqual([])
  })

  it('is answered by the app in navigations only: what is missing stays missing', async () => {
    const { page } = await signedIn()
    const ask = (path: string) =>
      page.evaluate(`fetch(${JSON.stringify(path)}).then(async (a) => [a.status, (await a.text()).includes('<main')])`)
    expect(await ask('/assets/none.js')).toEqual([404, false])
    expect(await ask('/photos/none')).toEqual([404, false])
    expect(await ask('/index.html')).toEqual([200, true])
    expect((await open(page, `${url}/assets/none.js`))?.status()).toBe(404)
    const answer = await open(page, `${url}/nowhere`)
    await isShown(page, 'Page not found')
    expect(answer?.status()).toBe(200)
    expect(policyFindings({ header: (await answer?.headerValue('content-security-policy')) ?? undefined })).toEqual([])
  })
})

describe('a photo', () => {
  it('is uploaded with progress, appears, has a page of its own, and is served to those with cookies only', async () => {
    const { person, page } = await signedIn()
    const log = watch(page)
    await page.getByText('No photos yet').waitFor()
    expect(await audit(page, 'spa-empty')).toEqual([])

    await slowUploads(page)
    const large = { name: 'a large one.svg', mimeType: 'image/svg+xml', buffer: padded(picture('night'), 400_000) }
    await page.getByLabel('Add photos').setInputFiles(large)
    await page.getByText(/^[1-9]\d? %$/).waitFor()
    await page.getByRole('progressbar', { name: 'Upload of a large one.svg' }).waitFor()
    expect(await audit(page, 'spa-uploading')).toEqual([])
    await photoLink(page, 'a large one.svg').waitFor()
    expect(await page.getByRole('progressbar').count()).toBe(0)

    await choose(page, ...['dunes', 'forest', 'harbour', 'lighthouse', 'mountains'].map(picture))
    for (const name of ['dunes', 'forest', 'harbour', 'lighthouse', 'mountains']) await loaded(page, `${name}.svg`)
    expect(await audit(page, 'spa-gallery')).toEqual([])

    const address = await loaded(page, 'lighthouse.svg')
    expect(address).toMatch(/\/uploads\/eu-west-1%3A[0-9a-f-]{36}\/[0-9a-f-]{36}\/lighthouse\.svg$/)
    expect((await stack.viewer().ask(address)).status).toBe(403)
    expect(await answerTo(page, address)).toEqual([200, 'no-cache', expect.stringMatching(/sandbox$/)])

    await page.evaluate('window.isSamePage = true')
    await photoLink(page, 'lighthouse.svg').click()
    await isShown(page, 'lighthouse.svg')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('lighthouse.svg')
    expect(await audit(page, 'spa-photo')).toEqual([])
    const deepLink = page.url()
    expect(deepLink).toMatch(new RegExp(`^${url}/photos/[0-9a-f-]{36}$`))
    await page.goBack()
    await isShown(page, 'Your photos')
    expect(await page.evaluate('window.isSamePage')).toBe(true)

    const other = await person.newPage()
    await open(other, deepLink)
    await isShown(other, 'lighthouse.svg')
    expect(log.problems).toEqual([])
  })

  it('is nobody else’s', async () => {
    await newcomer('alan')
  })

  it('that is none is refused, and one that did not arrive can be tried again', async () => {
    const { person, page } = await signedIn()
    await choose(page, 'package.json')
    await page.getByRole('alert').getByText('package.json is not a picture.').waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await person.setOffline(true)
    await choose(page, picture('night'))
    await page.getByRole('alert').getByText('night.svg could not be uploaded. Please check the connection.').waitFor()
    await person.setOffline(false)
    expect(await audit(page, 'spa-upload-failed', 'Try again')).toEqual([])
    await page.getByRole('button', { name: 'Try again' }).click()
    await loaded(page, 'night.svg')
    expect(await page.getByRole('alert').count()).toBe(0)
  })
})

describe('the session', () => {
  afterAll(async () => {
    await setClockAhead(aws, 0)
  })

  it('is renewed silently before the cookies end, and with it the permission to upload', async () => {
    const person = await newPerson()
    const page = await person.newPage()
    await page.clock.install()
    await open(page, `${url}/`)
    await logIn(page, user)
    await isShown(page, 'Your photos')
    const address = await upload(page, 'dunes')
    const log = watch(page)
    const renewal = page.waitForResponse(`${url}/cookie/refresh`)
    await setClockAhead(aws, 55 * MINUTE_MS)
    await page.clock.fastForward(55 * MINUTE_MS)
    expect((await renewal).status()).toBe(200)
    // What was given at sign-in has ended by now, cookies and tokens.
    await setClockAhead(aws, 70 * MINUTE_MS)
    await page.clock.fastForward(15 * MINUTE_MS)
    expect(await answerTo(page, address)).toEqual([200, 'no-cache', expect.stringMatching(/sandbox$/)])
    await choose(page, picture('harbour'))
    await page.getByText('harbour.svg is uploaded.').waitFor({ state: 'attached' })
    expect([log.visited, log.problems]).toEqual([[], []])
  })

  it('that may not be renewed any more ends in the open page, which shows it and is not left', async () => {
    const leaver = await createUser(aws, stack.output('user_pool_id'), 'leaver@example.com')
    const person = await newPerson()
    const page = await person.newPage()
    await page.clock.install()
    await open(page, `${url}/`)
    await logIn(page, leaver)
    await page.getByText(leaver.email).waitFor()
    await page.evaluate('window.isSamePage = true')
    const log = watch(page)
    await disableUser(aws, stack.output('user_pool_id'), leaver)
    const renewal = page.waitForResponse(`${url}/cookie/refresh`)
    await setClockAhead(aws, 125 * MINUTE_MS)
    await page.clock.fastForward(55 * MINUTE_MS)
    expect((await renewal).status()).toBe(401)
    await isShown(page, 'You are signed out')
    expect(await page.getByText(leaver.email).count()).toBe(0)
    expect([await page.evaluate('window.isSamePage'), log.visited]).toEqual([true, []])
  })
})

describe('signing out', () => {
  it('takes away the tokens that the sign-in put into cookies, by the names that Amplify gives them', async () => {
    const { person, page } = await signedIn()
    const prefix = `CognitoIdentityServiceProvider.${stack.output('user_pool_client_id')}`
    const readable = async () =>
      (await person.cookies())
        .filter(({ name }) => name.startsWith('Cognito'))
        .map(({ name, domain, path, secure, httpOnly, sameSite }) => [name, domain, path, secure, httpOnly, sameSite])
        .sort()
    const userName = (await person.cookies()).find(({ name }) => name === `${prefix}.LastAuthUser`)?.value
    const names = [
      `${prefix}.LastAuthUser`,
      ...['accessToken', 'idToken', 'refreshToken'].map((kind) => `${prefix}.${userName}.${kind}`),
    ]
    const { hostname } = new URL(url)
    expect(await readable()).toEqual(names.sort().map((name) => [name, hostname, '/', true, false, 'Lax']))
    await page.getByRole('button', { name: 'Sign out' }).click()
    await arrival(page, `${url}/.sign-in/signed-out.html`)
    expect((await person.cookies()).filter(({ domain }) => domain === hostname)).toEqual([])
  })

  it('in one tab is seen in the other, and leaves nothing to read there', async () => {
    const { person, page } = await signedIn()
    await upload(page, 'dunes')
    const other = await person.newPage()
    await open(other, `${url}/`)
    await loaded(other, 'dunes.svg')
    const log = watch(page)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${url}/.sign-in/signed-out.html`)
    await isShown(other, 'You are signed out')
    expect(await other.locator('main img').count()).toBe(0)
    expect(await other.getByText(user.email).count()).toBe(0)
    expect(await other.evaluate('document.cookie')).toBe('')
    expect(await audit(other, 'spa-signed-out', 'Sign in')).toEqual([])
    expect(log.problems).toEqual([])
    await other.getByRole('button', { name: 'Sign in' }).click()
    await logIn(other, user)
    await isShown(other, 'Your photos')
  })

  it('is what the page shows that the back button brings back', async () => {
    const { page } = await signedIn()
    await upload(page, 'dunes')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await arrival(page, `${url}/.sign-in/signed-out.html`)
    await page.goBack({ waitUntil: 'commit' })
    await isShown(page, 'You are signed out')
    expect(page.url()).toBe(`${url}/`)
    expect(await page.locator('main img').count()).toBe(0)
    expect(await page.getByText(user.email).count()).toBe(0)
  })

  it('waits for a renewal that another tab was sent to', async () => {
    const { person, page } = await newcomer('edsger')
    const other = await person.newPage()
    const asked: string[] = []
    person.on('requestfinished', (request) => {
      const { pathname } = new URL(request.url())
      if (['/cookie/refresh', '/cookie/sign-out'].includes(pathname)) asked.push(`${request.method()} ${pathname}`)
    })
    await other.route(`${url}/cookie/refresh**`, async (route) => {
      await page.getByRole('button', { name: 'Sign out' }).click()
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      await route.continue().catch(() => undefined)
    })
    // The sign-out does not wait for ever, and the machine may be slow.
    await page.clock.install()
    await page.clock.pauseAt(Date.now() + MINUTE_MS)
    await person.clearCookies({ name: /^CloudFront-|^__Host-fresh$/ })
    await open(other, `${url}/photos/unknown`)
    await page.waitForURL(`${url}/.sign-in/signed-out.html`)
    expect(asked).toEqual(['GET /cookie/refresh', 'POST /cookie/sign-out'])
    expect((await person.cookies()).filter(({ domain }) => url.includes(domain))).toEqual([])
  })

  it('has every upload refused, in a tab that was told nothing as well', async () => {
    const { person, page } = await newcomer('barbara')
    const [log, written] = [watch(page), writes(page)]
    await upload(page, 'forest')
    const silent = await person.newPage()
    await silent.goto(`${url}/config.json`)
    expect(await silent.evaluate("fetch('/cookie/sign-out', { method: 'POST' }).then(({ status }) => status)")).toBe(
      200,
    )
    await choose(page, picture('dunes'))
    await isShown(page, 'You are signed out')
    expect(written).toHaveLength(1)
    expect(log.visited).toEqual([])
  })
})

describe('the stack', () => {
  it('plans no change after all that', async () => {
    expect(await planExitCode(stack.options)).toBe(0)
  })

  if (isDestroyed('spa'))
    it('is destroyed at the first try', async () => {
      expect(await stack.destroy()).toContain('Destroy complete!')
    })
})

/** A slow line, so that progress can be seen. */
async function slowUploads(page: Page): Promise<void> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: 100_000,
  })
}

/** A picture with so many bytes of comment behind it. */
function padded(file: string, bytes: number): Buffer {
  return Buffer.concat([readFileSync(file), Buffer.from(`<!--${' '.repeat(bytes)}-->`)])
}
