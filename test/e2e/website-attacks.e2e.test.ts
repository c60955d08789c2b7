/**
 * What strangers try on a login, in a real browser: leading people away, running scripts, acting in their name, getting
 * in with somebody else's attempt or cookies. And who is refused is told why.
 */
import type { BrowserContext, Page } from 'playwright-core'
import { arrival, logIn, open } from '../support/browser.js'
import type { TestUser } from '../support/hosted-login.js'
import { sample } from '../support/sample.js'
import { startWebsite, type Website } from '../support/website.js'

let site: Website
let outsider: TestUser
let url: string

beforeAll(async () => {
  const rules = `
    groups       = { crew = {} }
    access_rules = [{ paths = ["/*"], groups = ["crew"] }]
    sign_in      = { viewer_params = ["login_hint"] }
  `
  site = await startWebsite(rules, ['crew'])
  url = site.url
  outsider = await site.newUser('mallory@example.com')
})

afterEach(async () => {
  await site.everybodyLeaves()
})

afterAll(async () => {
  await site?.stop()
})

/** Lets another site exist in a browser, with this as every page of it. */
async function foreignSite(person: BrowserContext, origin: string, body: string): Promise<void> {
  await person.route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html', body }))
}

/** A site of the same registrable domain, as a sibling's subdomain is. */
function sibling(): string {
  const { host } = new URL(url)
  return `https://sibling.${host.split('.').slice(1).join('.')}`
}

/** What the site says of the person: 200 for a session, 401 for none. */
async function session(person: BrowserContext): Promise<number | undefined> {
  const page = await person.newPage()
  const answer = await page.goto(`${url}/cookie/session`)
  await page.close()
  return answer?.status()
}

describe('who may not enter', () => {
  it('is told so, and may sign in as somebody else', async () => {
    const { page, person } = await site.stranger()
    await site.beginSignIn(page, '/docs/tides.html#low-water')
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().startsWith(`${url}/cookie/callback`)),
      logIn(page, outsider),
    ])
    expect(answer.status()).toBe(403)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect((await person.cookies(url)).filter(({ name }) => name.startsWith('CloudFront-'))).toEqual([])
    // Who signs in as somebody else signs out first, also of the login.
    await page.getByRole('button', { name: 'Sign in as somebody else' }).click()
    await arrival(page, `${url}/.sign-in/signed-out.html`)
    await page.getByRole('link', { name: 'Sign in' }).click()
    await logIn(page, site.user)
    await arrival(page, `${url}/docs/tides.html#low-water`)
    expect(await session(person)).toBe(200)
  })
})

describe('the login’s own refusal', () => {
  it('is shown in its words, and as text', async () => {
    const { page } = await site.stranger()
    const state = await site.beginSignIn(page)
    const words = 'The user <b data-probe>has</b> cancelled "everything"'
    await open(
      page,
      `${url}/cookie/callback?error=access_denied&error_description=${encodeURIComponent(words)}&state=${state}`,
    )
    await page.getByText(words).waitFor()
    expect(await page.locator('[data-probe]').count()).toBe(0)
  })

  it('is not shown when nobody had asked for a sign-in', async () => {
    const { page } = await site.stranger()
    await open(page, `${url}/cookie/callback?error=access_denied&error_description=Call+0900-EVIL&state=made-up`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.getByText('0900-EVIL').count()).toBe(0)
  })
})

describe('a way back that leads away', () => {
  const spellings = [
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%5cevil.example',
    '/%2f%2fevil.example',
    '/%2e%2e//evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/ /evil.example',
    'https://evil.example/',
    'https:evil.example',
    'https:///evil.example',
    'http://evil.example',
    'HTTPS://evil.example',
    '//evil.example@SITE',
    '//SITE@evil.example',
    'https://SITE@evil.example/',
    'https://SITE.evil.example/',
    'https://SITE:443@evil.example',
    '@evil.example',
    '.evil.example',
    '/@evil.example',
    'javascript:alert(document.domain)',
    'java\tscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://evil.example/x',
    '／／evil.example',
    '/\u2028/evil.example',
    '/\u0000/evil.example',
    '〱evil.example',
    '//evil。example',
    '?//evil.example',
    '#//evil.example',
    '%2f%2fevil.example',
    '%252f%252fevil.example',
    '/\ufeff/evil.example',
  ]

  it.each(['sign-in', 'refresh'])('is never taken by /cookie/%s, in any spelling', async (endpoint) => {
    const tried = sample(`spellings at ${endpoint}`, spellings, 14)
    const { person, page } = await site.signedIn()
    const asked: string[] = []
    person.on('request', (request) => asked.push(request.url()))
    let dialogs = 0
    page.on('dialog', (dialog) => {
      dialogs += 1
      void dialog.dismiss()
    })
    const ends: [string, string][] = []
    for (const spelling of tried) {
      const next = encodeURIComponent(spelling.replace('SITE', new URL(url).host))
      await open(page, `${url}/cookie/${endpoint}?next=${next}`)
      ends.push([spelling, new URL(page.url()).origin])
    }
    expect(ends).toEqual(tried.map((spelling) => [spelling, url]))
    expect(asked.filter((address) => ![new URL(url).host, site.loginHost].includes(new URL(address).host))).toEqual([])
    expect(dialogs).toBe(0)
  })

  it('is not taken twice, nor over-long', async () => {
    const { page } = await site.signedIn()
    await open(page, `${url}/cookie/refresh?next=/docs/&next=//evil.example`)
    expect(new URL(page.url()).origin).toBe(url)
    await open(page, `${url}/cookie/refresh?next=/${'a'.repeat(7000)}`)
    expect(new URL(page.url()).origin).toBe(url)
  })
})

describe('markup in a parameter', () => {
  const probe = `"'><script>window.probed = 1</script><img data-probe src=x onerror="window.probed = 1">`
  const coded = encodeURIComponent(probe)
  const places = [
    `/cookie/callback?error=${coded}&error_description=${coded}&state=STATE`,
    `/cookie/callback?error=${coded}&error_description=${coded}&state=${coded}`,
    `/cookie/callback?code=${coded}&state=STATE`,
    `/cookie/callback?code=${coded}&state=${coded}`,
    `/cookie/callback?${coded}`,
    `/cookie/refresh?next=${coded}`,
    `/cookie/refresh?next=/${coded}`,
    `/cookie/sign-in?next=/${coded}`,
    `/cookie/sign-in?login_hint=${coded}`,
    `/cookie/sign-out?next=${coded}`,
    `/cookie/${coded}`,
    `/${coded}`,
    `/docs/?${coded}#${probe}`,
    `/.sign-in/denied.html?${coded}#${probe}`,
    `/.sign-in/signed-out.html?state=${coded}#${probe}`,
  ]

  it.each(['a stranger', 'somebody who is signed in'])(
    'stays text for %s, on every page that it reaches',
    async (who) => {
      const { page } = await (who === 'a stranger' ? site.stranger() : site.signedIn())
      const probed: string[] = []
      for (const place of sample(`places for ${who}`, places, 8)) {
        const state = place.includes('STATE') && who === 'a stranger' ? await site.beginSignIn(page) : 'STATE'
        await page.goto(`${url}${place.replace('STATE', state)}`)
        await page.waitForLoadState('networkidle')
        const isProbed = await page.evaluate("window.probed === 1 || document.querySelector('[data-probe]') !== null")
        if (isProbed === true) probed.push(place)
      }
      expect(probed).toEqual([])
    },
  )
})

describe('line breaks in a parameter', () => {
  it.each([
    '/cookie/sign-in?next=',
    '/cookie/refresh?next=',
    '/cookie/callback?state=',
    '/cookie/callback?error=',
    '/cookie/sign-in?login_hint=',
  ])('of %s make no header', async (place) => {
    const { person, page } = await site.stranger()
    const headers: string[] = []
    page.on('response', (response) => {
      if (new URL(response.url()).origin === url) headers.push(...Object.keys(response.headers()))
    })
    for (const lines of [
      '%0d%0aX-Injected: 1',
      '%0aSet-Cookie: injected=1',
      '%E5%98%8A%E5%98%8DX-Injected: 1',
      '%00%0d',
    ])
      await open(page, `${url}${place}/${lines}`)
    expect(headers.length).toBeGreaterThan(0)
    expect(headers.filter((name) => name === 'x-injected')).toEqual([])
    expect((await person.cookies()).filter(({ name }) => name === 'injected')).toEqual([])
  })
})

/** The cookies of a session, but for the one that says for half a minute that they are new. */
async function lasting(person: BrowserContext): Promise<unknown> {
  return (await person.cookies(`${url}/cookie/`)).filter(({ name }) => name !== '__Host-fresh')
}

describe('a page of another site', () => {
  it.each(['a stranger’s', 'a sibling’s'])('(%s) signs nobody out and renews nothing', async (whose) => {
    const { person, page } = await site.signedIn()
    const origin = whose === 'a sibling’s' ? sibling() : 'https://evil.example'
    await foreignSite(
      person,
      origin,
      `<!doctype html><form method="post" action="${url}/cookie/sign-out"><button>Win</button></form>
       <a href="${url}/cookie/sign-out">Look</a><img src="${url}/cookie/refresh?next=/"><img src="${url}/cookie/sign-out"><img src="${url}/cookie/remove">`,
    )
    const before = await lasting(person)
    const arrived: string[] = []
    page.on('response', (response) => {
      const { origin: host, pathname } = new URL(response.url())
      if (host === url)
        arrived.push(`${response.request().method()} ${pathname.replace('/cookie/', '')} ${response.status()}`)
    })
    await page.goto(`${origin}/`)
    const statuses = await page.evaluate(
      `(async () => {
        const ask = (path, method) => fetch('${url}' + path, { method, mode: 'no-cors', credentials: 'include' })
        await Promise.allSettled([ask('/cookie/sign-out', 'POST'), ask('/cookie/refresh', 'POST'), ask('/cookie/refresh', 'GET'), ask('/cookie/remove', 'GET')])
        const read = (path) => fetch('${url}' + path, { credentials: 'include' }).then((answer) => answer.status, () => 'unreadable')
        return [await read('/cookie/session'), await read('/cookie/refresh')]
      })()`,
    )
    expect(statuses).toEqual(['unreadable', 'unreadable'])
    expect(arrived).toEqual(
      expect.arrayContaining(
        ['POST sign-out', 'POST refresh', 'GET refresh', 'GET remove'].map((asked) => `${asked} 403`),
      ),
    )
    const [answer] = await Promise.all([
      page.waitForResponse(
        (response) => response.request().method() === 'POST' && response.url().endsWith('/sign-out'),
      ),
      page.getByRole('button', { name: 'Win' }).click(),
    ])
    expect(answer.status()).toBe(403)
    expect(await lasting(person)).toEqual(before)
    expect(await session(page.context())).toBe(200)
  })

  it('begins no sign-ins, which would push out the one that is under way', async () => {
    const { person, page } = await site.stranger()
    await site.beginSignIn(page, '/docs/tides.html')
    const address = `${url}/cookie/sign-in`
    const parts = [...Array(25).keys()].map(
      (i) => `<img src="${address}?a=${i}"><iframe src="${address}?b=${i}"></iframe>`,
    )
    await foreignSite(person, sibling(), `<!doctype html>${parts.join('')}`)
    const other = await person.newPage()
    const statuses: number[] = []
    other.on('response', (response) => response.url().startsWith(address) && statuses.push(response.status()))
    // Chromium hides from the page, and from us, what an image got that is none.
    const hidden: (string | undefined)[] = []
    other.on('requestfailed', (request) => hidden.push(request.failure()?.errorText))
    await other.goto(`${sibling()}/`)
    expect(statuses).toEqual(Array(25).fill(403))
    expect(hidden.filter((error) => error === 'net::ERR_BLOCKED_BY_ORB')).toHaveLength(25)
    await logIn(page, site.user)
    await arrival(page, `${url}/docs/tides.html`)
  })

  it('may link to the sign-out, which then asks', async () => {
    const { person, page } = await site.signedIn()
    await foreignSite(person, 'https://evil.example', `<!doctype html><a href="${url}/cookie/sign-out">Look</a>`)
    await page.goto('https://evil.example/')
    await page.getByRole('link').click()
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    expect(await session(page.context())).toBe(200)
  })

  it('may link to a page, which then opens', async () => {
    const { person, page } = await site.signedIn()
    await person.clearCookies({ name: /^CloudFront-/ })
    await foreignSite(person, 'https://evil.example', `<!doctype html><a href="${url}/docs/tides.html?a=1">Read</a>`)
    await page.goto('https://evil.example/')
    await page.getByRole('link').click()
    await arrival(page, `${url}/docs/tides.html?a=1`)
    await page.getByRole('heading', { name: 'Tides' }).waitFor()
  })

  it('cannot frame a page of the login', async () => {
    const { person, page } = await site.signedIn()
    const paths = ['/cookie/sign-out', '/.sign-in/signed-out.html', '/.sign-in/denied.html']
    await foreignSite(
      person,
      'https://evil.example',
      `<!doctype html>${paths.map((path) => `<iframe src="${url}${path}"></iframe>`).join('')}`,
    )
    await page.goto('https://evil.example/')
    const shown = page.frames().filter((frame) => frame.url().startsWith(url))
    expect(shown.map((frame) => frame.url())).toEqual([])
  })
})

describe('somebody else’s sign-in', () => {
  it('cannot be finished in this browser: neither with its state, nor with its code', async () => {
    const thief = await site.stranger()
    await thief.person.route(`${url}/cookie/callback**`, (route) => route.abort())
    await site.beginSignIn(thief.page)
    const [unused] = await Promise.all([
      thief.page.waitForRequest((request) => request.url().startsWith(`${url}/cookie/callback`)),
      logIn(thief.page, site.user),
    ])
    const victim = await site.stranger()
    const state = await site.beginSignIn(victim.page)
    await open(victim.page, unused.url())
    const code = new URL(unused.url()).searchParams.get('code')
    await open(victim.page, `${url}/cookie/callback?code=${code}&state=${state}`)
    expect((await victim.person.cookies(url)).filter(({ name }) => name.startsWith('CloudFront-'))).toEqual([])
    expect(await session(victim.person)).toBe(401)
  })
})

describe('an over-long parameter', () => {
  const login = [200, 'Sign in to handbook'] as const
  const places: readonly (readonly [string, string, readonly [number, string]])[] = [
    ['next of a sign-in', '/cookie/sign-in?next=/LONG', login],
    ['next of a renewal', '/cookie/refresh?next=/LONG', login],
    ['login_hint', '/cookie/sign-in?login_hint=LONG', login],
    ['code', '/cookie/callback?code=LONG&state=STATE', [400, 'Signing in did not work']],
    ['state', '/cookie/callback?code=short&state=LONG', [400, 'This sign-in cannot be finished']],
    ['error', '/cookie/callback?error=LONG&state=STATE', [403, 'You are not signed in']],
  ]

  it.each(places)('ends at a page that can be read: %s', async (_name, place, expected) => {
    const { page } = await site.stranger()
    const state = place.includes('STATE') ? await site.beginSignIn(page) : ''
    const visit = async (length: number) => {
      const answer = await page.goto(
        `${url}${place.replace('LONG', 'Aa0-'.repeat(length / 4)).replace('STATE', state)}`,
      )
      return [answer?.status(), await page.getByRole('heading', { level: 1 }).textContent()]
    }
    // Longer addresses end at CloudFront itself (Quotas, Maximum length of a URL: 8,192 bytes).
    expect(await visit(10_000)).toEqual([413, expect.stringMatching(/./)])
    expect(await visit(6_000)).toEqual(expected)
  })
})

describe('a sign-in of an attacker’s making', () => {
  const forgeries: readonly (readonly [string, (value: string) => string])[] = [
    ['made up', (value: string) => Buffer.alloc(value.length, 7).toString('base64url').slice(0, value.length)],
    [
      'changed in one letter',
      (value: string) => `${value.slice(0, 40)}${value[40] === 'A' ? 'B' : 'A'}${value.slice(41)}`,
    ],
    ['empty', () => ''],
    ['of 4,000 letters', () => 'A'.repeat(3_900)],
  ]

  it.each(sample('sign-ins of an attacker', forgeries, 2))(
    'whose cookie is %s cannot be finished, and the person reads why',
    async (_how, change) => {
      const { person, page } = await site.stranger()
      const state = await site.beginSignIn(page)
      const good = (await person.cookies(url)).find(({ name }) => name === `__Host-sign-in-${state}`)
      if (good === undefined) throw new Error('there is no cookie of the sign-in')
      await person.addCookies([{ ...good, value: change(good.value) }])
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.url().startsWith(`${url}/cookie/callback`)),
        logIn(page, site.user),
      ])
      expect(answer.status()).toBe(400)
      await page.getByRole('heading', { name: 'This sign-in cannot be finished' }).waitFor()
      expect((await person.cookies(url)).filter(({ name }) => name.startsWith('CloudFront-'))).toEqual([])
      expect(await session(person)).toBe(401)
    },
  )
})

describe('a page that is refused for ever', () => {
  /** How often the page had the cookies renewed, from now on. */
  function renewals(page: Page): readonly string[] {
    const seen: string[] = []
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url())
      if (pathname === '/cookie/refresh') seen.push(searchParams.get('next') ?? '')
    })
    return seen
  }

  it('goes round three times, and then says so', async () => {
    const { person, page } = await site.signedIn()
    // A sibling’s cookie, sent before the good ones, as its path is the longer one.
    const domain = `.${new URL(url).hostname.split('.').slice(1).join('.')}`
    await person.addCookies([{ name: 'CloudFront-Policy', value: 'spoilt', domain, path: '/docs/', secure: true }])
    await person.clearCookies({ name: '__Host-fresh' })
    const seen = renewals(page)
    await open(page, `${url}/docs/tides.html?a=1#low-water`)
    await page.getByRole('heading', { name: 'This page does not open' }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(seen).toEqual(Array(3).fill('/docs/tides.html?a=1#low-water'))
    // By hand it goes once more, and no further.
    await page.getByRole('link', { name: 'Try again' }).click()
    await page.waitForURL(`${url}/docs/tides.html?a=1#low-water`)
    await page.getByRole('heading', { name: 'This page does not open' }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(seen).toHaveLength(4)
  })

  it('goes nowhere in a browser that keeps no cookies', async () => {
    const { page } = await site.strangerWithoutCookies()
    const seen = renewals(page)
    await open(page, `${url}/docs/`)
    await page.getByRole('heading', { name: 'Cookies are switched off' }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(seen).toEqual([])
  })
})

describe('session cookies of an attacker', () => {
  async function cookie(person: BrowserContext, name: string) {
    const found = (await person.cookies(`${url}/cookie/`)).find((one) => one.name === name)
    if (found === undefined) throw new Error(`there is no cookie ${name}`)
    return found
  }

  const forgeries: readonly (readonly [string, (value: string) => string])[] = [
    ['cut short', (value: string) => value.slice(0, -4)],
    [
      'changed in one letter',
      (value: string) => `${value.slice(0, 40)}${value[40] === 'A' ? 'B' : 'A'}${value.slice(41)}`,
    ],
    ['made up', () => Buffer.alloc(200, 7).toString('base64url')],
    ['empty', () => ''],
    ['of 4,000 letters', () => 'A'.repeat(3900)],
  ]

  it.each(sample('sessions of an attacker', forgeries, 2))('that are %s end at the login', async (_how, change) => {
    const { person, page } = await site.signedIn()
    const good = await cookie(person, '__Secure-session')
    await person.addCookies([{ ...good, value: change(good.value) }])
    await person.clearCookies({ name: /^CloudFront-|^__Host-fresh$/ })
    await person.clearCookies({ domain: site.loginHost })
    await site.beginSignIn(page, '/docs/tides.html')
    await logIn(page, site.user)
    await arrival(page, `${url}/docs/tides.html`)
  })

  it('from a sibling’s domain sign nobody in as the attacker', async () => {
    const attacker = await site.signedIn()
    const { value } = await cookie(attacker.person, '__Secure-session')
    const binding = await cookie(attacker.person, '__Host-session')
    const { person, page } = await site.stranger()
    await foreignSite(person, sibling(), '<!doctype html><title>Sibling</title>')
    await page.goto(`${sibling()}/`)
    const domain = new URL(sibling()).hostname.split('.').slice(1).join('.')
    await page.evaluate(`
      document.cookie = '__Secure-session=${value}; Domain=${domain}; Path=/cookie/; Secure'
      document.cookie = '__Host-session=${binding.value}; Domain=${domain}; Path=/; Secure'
      document.cookie = '__Host-session=${binding.value}; Path=/; Secure'
    `)
    const tossed = async () => (await person.cookies(`${url}/cookie/`)).map(({ name }) => name)
    // A page sets cookies without waiting for the browser to have stored them.
    while ((await tossed()).length === 0) await page.waitForTimeout(20)
    expect(await tossed()).toEqual(['__Secure-session'])
    await site.beginSignIn(page)
    expect(await session(page.context())).toBe(401)
  })

  it('do not get in the way of the own ones', async () => {
    const { person, page } = await site.signedIn()
    const domain = new URL(url).hostname.split('.').slice(1).join('.')
    const tossed = { name: '__Secure-session', value: 'tossed', domain: `.${domain}`, path: '/cookie/', secure: true }
    await person.addCookies([tossed])
    await person.clearCookies({ name: /^CloudFront-/ })
    await person.clearCookies({ domain: site.loginHost })
    await open(page, `${url}/docs/tides.html`)
    await arrival(page, `${url}/docs/tides.html`)
  })
})
