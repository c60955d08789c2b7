/**
 * The whole life of a login in a real browser, on the website that people copy: sign in, come back to the page, stay
 * signed in, sign out.
 */
import type { BrowserContext, Page } from 'playwright-core'
import { arrival, logIn, open, watch } from '../support/browser.js'
import { isDestroyed } from '../support/destroyed.js'
import { disableUser } from '../support/hosted-login.js'
import { setClockAhead } from '../support/local-aws.js'
import { amount } from '../support/tier.js'
import { startWebsite, type Website } from '../support/website.js'
import { planExitCode } from '../terratest/src/index.js'

/** How many tabs somebody has open who has many. */
const TABS = amount(4, 10)

let site: Website
let url: string

beforeAll(async () => {
  // What the example leaves out: the person goes through it in any case.
  site = await startWebsite(`
    sign_in = {
      token_cookies      = "opensearch"
      additional_cookies = { tenant = "acme", "ui.theme" = "sea%20blue" }
      authorize_params   = { lang = "en-GB", resource = "https://api.example.com/a?b=c&d" }
      viewer_params      = ["login_hint"]
    }
  `)
  url = site.url
})

afterEach(async () => {
  await site.everybodyLeaves()
})

afterAll(async () => {
  await site?.stop()
})

/** Two hours go by, and the browser has dropped these cookies by then. */
async function twoHoursPass(person: BrowserContext, dropped = /^__Host-fresh$/): Promise<void> {
  await site.hoursPass(2)
  await person.clearCookies({ name: dropped })
}

async function cookieNames(person: BrowserContext): Promise<readonly string[]> {
  return (await person.cookies(`${url}/cookie/`)).map(({ name }) => name)
}

/** A blank page of the site, for what a program on it would ask. */
async function blank(person: BrowserContext): Promise<Page> {
  await person.route(`${url}/blank`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<title>Blank</title>' }),
  )
  const page = await person.newPage()
  await page.goto(`${url}/blank`)
  return page
}

const hasImage = (page: Page) =>
  page.getByRole('img').evaluate((image) => (image as unknown as { decode(): Promise<void> }).decode().then(() => true))

describe('a visit without session', () => {
  it('leads to the login, and back to exactly the address it was for', async () => {
    const page = (await site.stranger()).page
    const log = watch(page)
    const address = `${url}/docs/tides.html?month=11&note=%C3%BC%26+x#low-water`
    const first = await open(page, address)
    expect(first?.status()).toBe(403)
    await logIn(page, site.user)
    await arrival(page, address)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Tides')
    expect(await hasImage(page)).toBe(true)
    expect(log.problems).toEqual([])
  })

  it('opens a directory by its index, with and without the slash', async () => {
    const { page } = await site.signedIn()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Docs')
    await open(page, `${url}/docs`)
    await arrival(page, `${url}/docs/`)
    await open(page, `${url}/`)
    await page.getByRole('heading', { name: 'Welcome aboard' }).waitFor()
    expect((await page.goto(`${url}/docs/missing.html`))?.status()).toBe(404)
  })

  it('of a program gets an answer that it can read, and no redirect', async () => {
    const page = await blank((await site.stranger()).person)
    const answers = await page.evaluate(`Promise.all(
      ['/docs/', '/harbour.svg', '/cookie/session', '/cookie/refresh', '/cookie/sign-in'].map(async (path) => {
        const answer = await fetch(path, { redirect: 'manual' })
        return [path, answer.status, answer.type]
      }))`)
    expect(answers).toEqual([
      ['/docs/', 403, 'basic'],
      ['/harbour.svg', 403, 'basic'],
      ['/cookie/session', 401, 'basic'],
      ['/cookie/refresh', 401, 'basic'],
      ['/cookie/sign-in', 403, 'basic'],
    ])
    const image = await page.evaluate(`new Promise((resolve) => {
      const image = new Image()
      image.onload = () => resolve('loaded')
      image.onerror = () => resolve('refused')
      image.src = '/harbour.svg'
    })`)
    expect(image).toBe('refused')
  })

  it('in many tabs at once ends in each at its own address', async () => {
    const { person, page } = await site.stranger()
    // The login page gives a browser one token against forgery: without it yet, each of the forms would get its own.
    const abandoned = await site.beginSignIn(page)
    await page.close()
    const addresses = Array.from({ length: TABS }, (_, tab) => `${url}/docs/tides.html?tab=${tab}#high-water`)
    const tabs = await Promise.all(addresses.map(async (address) => ({ address, page: await person.newPage() })))
    await Promise.all(tabs.map(({ page, address }) => open(page, address)))
    await Promise.all(tabs.map(({ page }) => site.atLogin(page)))
    await Promise.all(
      tabs.map(async ({ page, address }) => {
        await logIn(page, site.user)
        await arrival(page, address)
      }),
    )
    const attempts = (await cookieNames(person)).filter((name) => name.startsWith('__Host-sign-in-'))
    expect(attempts).toEqual([`__Host-sign-in-${abandoned}`])
  })

  it('with a wrong password says so, and goes on with the right one', async () => {
    const page = (await site.stranger()).page
    await open(page, `${url}/docs/tides.html#low-water`)
    await logIn(page, { ...site.user, password: 'wrong' })
    expect(await page.getByRole('alert').textContent()).toBe('Incorrect username or password.')
    await logIn(page, site.user)
    await arrival(page, `${url}/docs/tides.html#low-water`)
  })

  it('lets the first user in, who was invited and chooses a password', async () => {
    const { page } = await site.stranger()
    const invited = { email: 'ada@example.com', password: 'Temporary-password-1' }
    await site.invite(invited)
    await open(page, `${url}/docs/tides.html#low-water`)
    await logIn(page, invited)
    await page.getByLabel('New password', { exact: true }).fill('Chosen-password-1')
    await page.getByLabel('New password again').fill('Chosen-password-1')
    await page.getByRole('button', { name: 'Set password' }).click()
    await arrival(page, `${url}/docs/tides.html#low-water`)
  })

  it('works without scripts, by the link on the page', async () => {
    const { page } = await site.stranger({ javaScriptEnabled: false })
    await open(page, `${url}/docs/tides.html?month=11`)
    await page.getByRole('link', { name: /sign in/i }).click()
    await logIn(page, site.user)
    await arrival(page, `${url}/docs/tides.html?month=11`)
  })
})

describe('the back button', () => {
  it('after a sign-in never leads into a dead end', async () => {
    const page = (await site.stranger()).page
    await open(page, `${url}/docs/tides.html`)
    await logIn(page, site.user)
    await arrival(page, `${url}/docs/tides.html`)
    await page.goBack({ waitUntil: 'commit' })
    await site.atLogin(page)
    await logIn(page, site.user)
    // That attempt has been used up, but the person is signed in.
    await arrival(page, `${url}/`)
    await page.getByRole('heading', { name: 'Welcome aboard' }).waitFor()
  })

  it('after a sign-out shows nothing of the site', async () => {
    const { page } = await site.signedIn()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await arrival(page, `${url}/.sign-in/signed-out.html`)
    await page.goBack({ waitUntil: 'commit' })
    await site.atLogin(page)
  })
})

describe('cookies that have expired', () => {
  it.each([
    ['by the clock of CloudFront alone', /^__Host-fresh$/],
    ['in the browser too', /^__Host-fresh$|^CloudFront-/],
  ])('%s are renewed on the way, and no login is seen', async (_where, drops) => {
    const { person, page } = await site.signedIn()
    await twoHoursPass(person, drops)
    // Not even the login page would know this person now.
    await person.clearCookies({ domain: site.loginHost })
    const log = watch(page)
    const address = `${url}/docs/tides.html?month=11#low-water`
    expect((await open(page, address))?.status()).toBe(403)
    await arrival(page, address)
    expect(await hasImage(page)).toBe(true)
    expect(log.visited.filter((visited) => new URL(visited).host === site.loginHost)).toEqual([])
    expect(log.problems).toEqual([])
  })

  it('are renewed in many tabs at once, time after time: the newest refresh token is kept', async () => {
    const { person } = await site.signedIn()
    const tabs = await Promise.all(Array.from({ length: TABS }, () => person.newPage()))
    const logs = tabs.map(watch)
    for (const round of [1, 2, 3].slice(0, amount(2, 3))) {
      await twoHoursPass(person)
      // Not even the login page would know this person now.
      await person.clearCookies({ domain: site.loginHost })
      const addresses = tabs.map((_, tab) => `${url}/docs/tides.html?round=${round}&tab=${tab}`)
      await Promise.all(tabs.map((page, tab) => open(page, addresses[tab] ?? '')))
      await Promise.all(tabs.map((page, tab) => arrival(page, addresses[tab] ?? '')))
      await Promise.all(tabs.map(async (page) => expect(await hasImage(page)).toBe(true)))
    }
    const atLogin = logs.flatMap(({ visited }) => visited).filter((visited) => new URL(visited).host === site.loginHost)
    expect(atLogin).toEqual([])
  })

  it('are renewed by a page that stays open, before they end', async () => {
    const { person, page } = await site.signedIn()
    // The page's own clock goes as fast as everybody else's.
    await page.clock.install()
    const log = watch(page)
    await page.goto(`${url}/docs/tides.html`)
    await page.getByText(site.user.email).waitFor()
    await site.hoursPass(0.95)
    const [renewal] = await Promise.all([
      page.waitForResponse(`${url}/cookie/refresh`),
      page.clock.fastForward('57:00'),
    ])
    expect([renewal.status(), renewal.request().method()]).toEqual([200, 'POST'])
    await site.hoursPass(0.5)
    expect(log.problems).toEqual([])
    await person.clearCookies({ name: /session/ })
    expect((await page.goto(`${url}/docs/tides.html?later`))?.status()).toBe(200)
  })

  it('are renewed once for all pages that stay open', async () => {
    const { person, page } = await site.signedIn()
    await person.clock.install()
    const tabs = [page, await person.newPage(), await person.newPage()]
    const renewals: number[] = []
    person.on('response', (response) => {
      if (response.url() === `${url}/cookie/refresh`) renewals.push(response.status())
    })
    for (const tab of tabs) {
      await tab.goto(`${url}/docs/tides.html`)
      await tab.getByText(site.user.email).waitFor()
    }
    const quiet = () => Promise.all(tabs.map((tab) => tab.waitForLoadState('networkidle')))
    await site.hoursPass(0.95)
    await Promise.all([
      person.waitForEvent('response', (response) => response.url() === `${url}/cookie/refresh`),
      person.clock.fastForward('57:00'),
    ])
    await quiet()
    // Whoever has not heard of it looks again within twenty seconds.
    await person.clock.fastForward('01:00')
    await quiet()
    expect(renewals).toEqual([200])
  })

  it('lead to the login once the refresh token has expired as well, though the person came back in between', async () => {
    const { person, page } = await site.signedIn()
    const daysPass = async (days: number) => {
      await site.hoursPass(days * 24)
      await person.clearCookies({ name: /^CloudFront-|^__Host-fresh$/ })
      await person.clearCookies({ domain: site.loginHost })
    }
    await daysPass(20)
    await open(page, `${url}/docs/tides.html`)
    await arrival(page, `${url}/docs/tides.html`)
    await daysPass(11)
    // The session of this browser would last for another twenty days: it is the login that knows better.
    const program = await blank(person)
    const ask = (path: string, method: string) => `fetch('${path}', { method: '${method}' }).then((a) => a.json())`
    expect(await program.evaluate(ask('/cookie/session', 'GET'))).toMatchObject({ renewable: true })
    expect(await program.evaluate(ask('/cookie/refresh', 'POST'))).toMatchObject({ error: 'session_over' })
    await open(page, `${url}/docs/tides.html?later#low-water`)
    await logIn(page, site.user)
    await arrival(page, `${url}/docs/tides.html?later#low-water`)
  })

  it('lead to the login when the person has been disabled meanwhile, and whoever may sign in goes on there', async () => {
    const leaver = await site.newUser('leaver@example.com')
    const { person, page } = await site.stranger()
    await site.beginSignIn(page)
    await logIn(page, leaver)
    await arrival(page, `${url}/docs/`)
    await disableUser(site.aws, site.stack.output('user_pool_id'), leaver)
    await twoHoursPass(person)
    await open(page, `${url}/docs/tides.html#low-water`)
    await site.atLogin(page)
    await logIn(page, site.user)
    await arrival(page, `${url}/docs/tides.html#low-water`)
  })

  it('lead to the login when the session has lost what binds it to the browser', async () => {
    const { person, page } = await site.signedIn()
    await twoHoursPass(person)
    await person.clearCookies({ name: '__Host-session' })
    await open(page, `${url}/docs/`)
    await site.atLogin(page)
  })
})

describe('a sign-in with further settings', () => {
  /** The cookies that are neither the session nor CloudFront's. */
  const others = async (person: BrowserContext) =>
    (await person.cookies())
      .filter(({ domain, name }) => domain === new URL(url).hostname && !/^CloudFront-|^__/.test(name))
      .map(({ name, value, domain: _, expires, ...attributes }) => ({ name, value, attributes, isKept: expires > 0 }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  const attributes = (httpOnly: boolean) => ({ path: '/', secure: true, httpOnly, sameSite: 'Lax' })
  const token = (name: string) => ({ name, value: expect.any(String), attributes: attributes(false), isKept: true })

  it('sets the cookies of the operator and those of OpenSearch Dashboards, and the sign-out removes them', async () => {
    const { person, page } = await site.signedIn()
    const set = await others(person)
    expect(set).toEqual([
      token('ACCESS-TOKEN'),
      { ...token('COGNITO-ENABLED'), value: 'True' },
      token('ID-TOKEN'),
      token('REFRESH-TOKEN'),
      { name: 'tenant', value: 'acme', attributes: attributes(true), isKept: true },
      { name: 'ui.theme', value: 'sea%20blue', attributes: attributes(true), isKept: true },
    ])
    const uses = ['ACCESS-TOKEN', 'ID-TOKEN'].map((name) => {
      const [, payload = ''] = set.find((cookie) => cookie.name === name)?.value.split('.') ?? []
      return JSON.parse(Buffer.from(payload, 'base64url').toString()).token_use
    })
    expect(uses).toEqual(['access', 'id'])
    await page.getByRole('button', { name: 'Sign out' }).click()
    await arrival(page, `${url}/.sign-in/signed-out.html`)
    expect(await others(person)).toEqual([])
  })

  it('tells the login page what the operator and the link want, and nothing else', async () => {
    const { page } = await site.stranger()
    const query = new URLSearchParams({ next: '/docs/', login_hint: 'ada+1@example.com', prompt: 'none', lang: 'fr' })
    const [authorize] = await Promise.all([
      page.waitForRequest((request) => new URL(request.url()).pathname === '/oauth2/authorize'),
      open(page, `${url}/cookie/sign-in?${query}`),
    ])
    const asked = Object.fromEntries(new URL(authorize.url()).searchParams)
    expect(asked).toMatchObject({
      lang: 'en-GB',
      resource: 'https://api.example.com/a?b=c&d',
      login_hint: 'ada+1@example.com',
      code_challenge_method: 'S256',
    })
    expect(asked).not.toHaveProperty('prompt')
    expect(await page.getByLabel('E-mail').inputValue()).toBe('ada+1@example.com')
  })
})

describe('signing out', () => {
  it('ends at the signed-out page, leaves no cookie, and asks for the password next time', async () => {
    const { person, page } = await site.signedIn()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await arrival(page, `${url}/.sign-in/signed-out.html`)
    expect(await cookieNames(person)).toEqual([])
    await open(page, `${url}/docs/`)
    await site.atLogin(page)
    expect(await page.getByLabel('Password').inputValue()).toBe('')
  })

  it('in one tab is seen in the others: by the client module at once, else at the next page', async () => {
    const { person, page } = await site.signedIn()
    const [plain, withClient] = [await person.newPage(), await person.newPage()]
    await plain.goto(`${url}/docs/`)
    await withClient.goto(`${url}/docs/tides.html`)
    await withClient.getByText(site.user.email).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await arrival(page, `${url}/.sign-in/signed-out.html`)
    await site.atLogin(withClient)
    await plain.getByRole('link', { name: 'Tides' }).click()
    await site.atLogin(plain)
  })

  it('by an address asks first, and does it by a button', async () => {
    const { person, page } = await site.signedIn()
    await open(page, `${url}/cookie/sign-out`)
    expect(await cookieNames(person)).toContain('CloudFront-Policy')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await arrival(page, `${url}/.sign-in/signed-out.html`)
    expect(await cookieNames(person)).toEqual([])
  })
})

describe('the stack', () => {
  it('plans no change', async () => {
    await setClockAhead(site.aws, 0)
    expect(await planExitCode(site.stack.options)).toBe(0)
  })

  if (isDestroyed('website'))
    it('is destroyed at the first try', async () => {
      expect(await site.stack.destroy()).toContain('Destroy complete!')
    })
})
