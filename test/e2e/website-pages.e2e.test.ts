/**
 * Every page that a person can meet on the way in, around and out: accessible, readable on a phone, in light and dark,
 * and strict about what it loads. The exhaustive tier leaves pictures of them in .screenshots/. And a walk that takes people round in between.
 */
import { PutObjectCommand, type PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3'
import type { BrowserContext, Page, Response } from 'playwright-core'
import { arrival, logIn, open, watch } from '../support/browser.js'
import { clientOptions } from '../support/local-aws.js'
import { audit, type Policies, policyFindings } from '../support/page-audit.js'
import { startWebsite, type Website } from '../support/website.js'

let site: Website
let url: string

beforeAll(async () => {
  const rules = `
    groups       = { crew = {}, guests = {}, officers = {}, pursers = {} }
    access_rules = [
      { paths = ["/*"], groups = ["crew"] },
      { paths = ["/log/*"], groups = ["officers"], exclusive = true },
      { paths = ["/purse/*"], groups = ["pursers"], exclusive = true },
      { paths = ["/docs/*"], groups = ["guests"], overlap_allowed = true },
    ]
    uploads = { groups = ["crew"], abandoned_after_days = 0 }
  `
  site = await startWebsite(rules, ['crew'])
  url = site.url
})

afterEach(async () => {
  await site.everybodyLeaves()
})

afterAll(async () => {
  await site?.stop()
})

/** Puts a file into the bucket, and gives its address. */
async function put(file: Omit<PutObjectCommandInput, 'Bucket'>): Promise<string> {
  const s3 = new S3Client({ ...clientOptions(site.aws, 'eu-west-1'), forcePathStyle: true })
  await s3.send(new PutObjectCommand({ Bucket: site.stack.output('bucket_name'), ...file }))
  s3.destroy()
  return `${url}/${file.Key}`
}

/** Somebody with a session, whose signed cookies have ended. */
async function withEndedCookies(): Promise<{ readonly person: BrowserContext; readonly page: Page }> {
  const visitor = await site.signedIn()
  await visitor.person.clearCookies({ name: /^(?:CloudFront-|__Host-fresh)/ })
  return visitor
}

/** Makes every content request of a person be refused, though cookies are there: as a sibling's cookies can. */
async function spoilCookies(person: BrowserContext): Promise<void> {
  const spoilt = { name: 'CloudFront-Policy', value: 'spoilt', path: '/docs/', secure: true }
  await person.addCookies([{ ...spoilt, domain: new URL(url).hostname }])
}

/** The last document that the page was given, as headers and status. */
function lastDocument(page: Page): () => Response | undefined {
  let last: Response | undefined
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.status() !== 302) last = response
  })
  return () => last
}

interface Meeting {
  readonly status: number
  readonly title: string
  /** What the keyboard must reach. */
  readonly primary: string
  readonly who?: () => Promise<{ readonly person: BrowserContext; readonly page: Page }>
  /** Leads the page there. */
  readonly meet: (page: Page, person: BrowserContext) => Promise<unknown>
}

const meetings: Readonly<Record<string, Meeting>> = {
  'denied-without-scripts': {
    status: 403,
    title: 'Please sign in',
    primary: 'Sign in',
    who: () => site.stranger({ javaScriptEnabled: false }),
    meet: (page) => open(page, `${url}/docs/`),
  },
  'denied-without-cookies': {
    status: 403,
    title: 'Cookies are switched off',
    primary: 'Try again',
    who: () => site.strangerWithoutCookies(),
    meet: (page) => open(page, `${url}/docs/`),
  },
  'denied-for-ever': {
    status: 403,
    title: 'This page does not open',
    primary: 'Try again',
    who: () => site.signedIn(),
    meet: async (page, person) => {
      await spoilCookies(person)
      await open(page, `${url}/docs/`)
    },
  },
  'login-page': {
    status: 200,
    title: 'Sign in to handbook',
    primary: 'Sign in',
    meet: (page) => site.beginSignIn(page),
  },
  'login-page-wrong-password': {
    status: 200,
    title: 'Sign in to handbook',
    primary: 'Sign in',
    meet: async (page) => {
      await site.beginSignIn(page)
      await logIn(page, { ...site.user, password: 'wrong' })
      await page.getByRole('alert').waitFor()
    },
  },
  'login-page-first-password': {
    status: 200,
    title: 'Choose a new password',
    primary: 'Set password',
    meet: async (page) => {
      // The first user of the example, with the password that Cognito mails.
      const invited = { email: 'ada@example.com', password: 'Temporary-password-1' }
      await site.invite(invited)
      await site.beginSignIn(page)
      await logIn(page, invited)
    },
  },
  'login-refused': {
    status: 403,
    title: 'You are not signed in',
    primary: 'Try again',
    meet: async (page) => {
      const state = await site.beginSignIn(page)
      const words = 'The user cancelled the sign-in, or the administrator has not approved this application yet.'
      const query = new URLSearchParams({ error: 'access_denied', error_description: words, state })
      await open(page, `${url}/cookie/callback?${query}`)
    },
  },
  'sign-in-used': {
    status: 400,
    title: 'This sign-in cannot be finished',
    primary: 'Try again',
    meet: (page) => open(page, `${url}/cookie/callback?code=old&state=old`),
  },
  'not-admitted': {
    status: 403,
    title: 'This account has no access',
    primary: 'Sign in as somebody else',
    meet: async (page) => {
      const outsider = await site.newUser('mallory@example.com')
      await site.beginSignIn(page)
      await logIn(page, outsider)
    },
  },
  'not-for-this-account': {
    status: 403,
    title: 'This page is not for your account',
    primary: 'Go to /docs/',
    who: async () => {
      const guest = await site.stranger()
      await site.beginSignIn(guest.page)
      await logIn(guest.page, await site.newUser('guest@example.com', ['guests']))
      await arrival(guest.page, `${url}/docs/`)
      await guest.page.waitForLoadState('load')
      return guest
    },
    meet: (page) => open(page, `${url}/?a=1`),
  },
  'sign-out-asks': {
    status: 200,
    title: 'Sign out?',
    primary: 'Sign out',
    who: () => site.signedIn(),
    meet: (page) => open(page, `${url}/cookie/sign-out`),
  },
  'signed-out': {
    status: 200,
    title: 'You are signed out',
    primary: 'Sign in',
    who: () => site.signedIn(),
    meet: async (page) => {
      await page.getByRole('button', { name: 'Sign out' }).click()
      await arrival(page, `${url}/.sign-in/signed-out.html`)
    },
  },
  'sign-out-from-elsewhere': {
    status: 403,
    title: 'Nothing was done',
    primary: 'Continue',
    who: () => site.signedIn(),
    meet: async (page, person) => {
      const body = `<form method="post" action="${url}/cookie/sign-out"><button>Win</button></form>`
      await person.route('https://evil.example/**', (route) => route.fulfill({ contentType: 'text/html', body }))
      await page.goto('https://evil.example/')
      await page.getByRole('button').click()
    },
  },
  'unknown-endpoint': {
    status: 404,
    title: 'There is nothing here',
    primary: 'Go to the start page',
    meet: (page) => open(page, `${url}/cookie/unknown`),
  },
}

describe('a page that a person meets', () => {
  it.each(Object.keys(meetings))('is as it should be: %s', async (name) => {
    const { who = () => site.stranger(), meet, status, title, primary } = meetings[name] as Meeting
    const { person, page } = await who()
    const document = lastDocument(page)
    const log = watch(page)
    await meet(page, person)
    await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()

    expect(await audit(page, name, primary)).toEqual([])
    expect([document()?.status(), await page.title()]).toEqual([status, title])
    // A browser mentions the status of the page itself.
    expect(log.problems.filter((problem) => !problem.includes(`with a status of ${status}`))).toEqual([])
    expect(policyFindings(await policiesOf(page, document()))).toEqual([])
  })

  it('says what it does while it leads to the sign-in, and what may have become of it', async () => {
    const { page } = await site.stranger()
    // An answer without content leaves a browser where it is, as a download does.
    await page.route(`${url}/cookie/refresh**`, (route) => route.fulfill({ status: 204 }))
    await page.clock.install({ time: 0 })
    await page.clock.pauseAt(1_000)
    await open(page, `${url}/docs/`)
    await page.getByRole('status').getByRole('heading', { name: 'One moment …' }).waitFor()
    expect(await page.evaluate('document.title')).toBe('One moment …')
    expect(await audit(page, 'denied-on-the-way')).toEqual([])
    await page.clock.runFor(8_000)
    await page.getByRole('status').getByRole('heading', { name: 'Has a download begun?' }).waitFor()
    expect(await audit(page, 'denied-stayed', 'Try again')).toEqual([])
  })

  it('of the website itself is as it should be', async () => {
    const { page } = await site.signedIn()
    for (const path of ['/', '/docs/', '/docs/tides.html']) {
      await page.goto(`${url}${path}`)
      const name = `website${path.replace('.html', '').replaceAll('/', '-')}`
      expect([path, await audit(page, name, 'Sign out')]).toEqual([path, []])
    }
  })
})

describe('somebody who may not open the start page', () => {
  it('is led from there to what is open', async () => {
    const { page } = await site.stranger()
    await open(page, `${url}/`)
    await logIn(page, await site.newUser('visitor@example.com', ['guests']))
    await page.getByRole('heading', { name: 'This page is not for your account' }).waitFor()
    await page.getByRole('link', { name: 'Go to /docs/' }).click()
    await arrival(page, `${url}/docs/`)
  })
})

describe('the way out', () => {
  it('may lead through a host that only the provider knows', async () => {
    const { page } = await site.signedIn()
    // The login page hides where it leads to: a host that is neither this one nor the login's stands for it.
    const headers = { location: 'https://saml.example/slo' }
    await open(page, `${url}/cookie/sign-out`)
    await page.route(`${url}/cookie/sign-out`, (route) => route.fulfill({ status: 303, headers }))
    const hop = page.waitForRequest(headers.location)
    await page.getByRole('button', { name: 'Sign out' }).click({ noWaitAfter: true })
    expect((await hop).redirectedFrom()?.url()).toBe(`${url}/cookie/sign-out`)
  })
})

describe('a link to a download', () => {
  const stayed = (page: Page) => page.getByRole('heading', { name: 'Has a download begun?' }).waitFor()

  it('brings the file once the cookies are renewed, and the page that is left says so', async () => {
    const address = await put({
      Key: 'reports/2024.zip',
      Body: 'PK',
      ContentType: 'application/zip',
      ContentDisposition: 'attachment; filename="report.zip"',
    })
    const { person, page } = await withEndedCookies()
    const download = page.waitForEvent('download')
    await open(page, address)
    expect([(await download).url(), (await download).suggestedFilename()]).toEqual([address, 'report.zip'])
    await stayed(page)
    expect([page.url(), await page.title()]).toEqual([address, 'Has a download begun?'])

    await person.clearCookies({ name: /^CloudFront-/ })
    const another = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Try again' }).click()
    expect((await another).url()).toBe(address)
    await page.getByRole('link', { name: 'Start page' }).click()
    await arrival(page, `${url}/`)
  })

  it('is not what a page on a slow network is taken for: it comes all the same', async () => {
    const { page } = await withEndedCookies()
    // The page has to take notes itself: it cannot be asked while a navigation is under way.
    await page.addInitScript('setInterval(() => sessionStorage.setItem(document.title, "seen"), 100)')
    await page.route(`${url}/cookie/refresh**`, async (route) => {
      await page.waitForTimeout(12_000)
      await route.continue()
    })
    await open(page, `${url}/docs/tides.html#low-water`)
    await arrival(page, `${url}/docs/tides.html#low-water`)
    expect(await page.evaluate('sessionStorage.getItem("Has a download begun?")')).toBe('seen')
  })
})

describe('a link to an upload', () => {
  const hostile = `<!doctype html><title>Notes</title><h1>Notes</h1>
    <script src="/.sign-in/client.js"></script><script>document.title = 'run'</script>`
  const uploaded = () => put({ Key: 'uploads/me/notes.html', Body: hostile, ContentType: 'text/html' })
  const SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"

  it('leads to the login by itself, in its style, and ends at the upload, which runs nothing', async () => {
    const address = `${await uploaded()}?a=1#b`
    const { page } = await site.stranger()
    const document = lastDocument(page)
    const log = watch(page)
    await open(page, address)
    await site.atLogin(page)
    expect(log.problems).toEqual([])
    await logIn(page, site.user)
    await arrival(page, address)
    expect(document()?.headers()['content-security-policy']).toBe(SANDBOX)
    expect([await page.getByRole('heading').textContent(), await page.title()]).toEqual(['Notes', 'Notes'])
    expect(await page.evaluate('origin')).toBe('null')
  })

  it('is renewed without a word where there is a session', async () => {
    const address = `${await uploaded()}#b`
    const { page } = await withEndedCookies()
    await open(page, address)
    await arrival(page, address)
  })

  it('leads there by a click where no script runs', async () => {
    const address = await uploaded()
    const { page } = await site.stranger({ javaScriptEnabled: false })
    await open(page, address)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await logIn(page, site.user)
    await page.waitForURL(address)
    await page.getByRole('heading', { name: 'Notes' }).waitFor()
  })
})

/** The policy of a document: the header's, and that of its meta element. */
async function policiesOf(page: Page, response: Response | undefined): Promise<Policies> {
  const meta = page.locator('meta[http-equiv="Content-Security-Policy"]')
  return {
    header: response?.headers()['content-security-policy'],
    meta: (await meta.count()) === 0 ? undefined : ((await meta.getAttribute('content')) ?? undefined),
  }
}

describe('two exclusive folders, each with a key of its own', () => {
  it('are walked through by whoever has both and the rest, with one way round at each change', async () => {
    const pages = [`${url}/docs/tides.html`]
    for (const [Key, heading] of [
      ['log/1.html', 'The log'],
      ['purse/1.html', 'The purse'],
    ] as const)
      pages.push(await put({ Key, Body: `<!doctype html><h1>${heading}</h1>`, ContentType: 'text/html' }))
    const [tides = '', log = '', purse = ''] = pages
    const captain = await site.newUser('captain@example.com', ['crew', 'officers', 'pursers'])
    const { page } = await site.stranger()
    await open(page, tides)
    await logIn(page, captain)
    await arrival(page, tides)

    const asked: string[] = []
    page.on('request', (request) => {
      if (request.isNavigationRequest()) asked.push(request.url().replace(/\?.*/, ''))
    })
    const walk = async (...addresses: readonly string[]) => {
      const walked: (readonly string[])[] = []
      for (const address of addresses) {
        await open(page, address)
        await arrival(page, address)
        walked.push(asked.splice(0))
      }
      return walked
    }
    const renewed = (address: string) => [address, `${url}/cookie/refresh`, address]
    expect(await walk(log, purse, tides, log)).toEqual([[log], renewed(purse), [tides], renewed(log)])
  })
})
