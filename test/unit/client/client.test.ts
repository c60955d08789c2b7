import { runInNewContext } from 'node:vm'
import { Browser, clientScript, LOGOUT, type Session, START, settled } from './browser.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const REFRESH = 'POST /cookie/refresh'
const LOOK = 'GET /cookie/session'
const SIGN_OUT = 'POST /cookie/sign-out'

/** A browser with somebody signed in and one tab that has looked. */
async function signedIn(options?: ConstructorParameters<typeof Browser>[0]) {
  const browser = new Browser(options)
  browser.signIn()
  const tab = await browser.open()
  const heard: (Session | undefined)[] = []
  tab.client.onChange((session) => heard.push(session))
  await tab.client.getSession()
  await settled()
  return { browser, tab, heard }
}

describe('getSession', () => {
  test('tells who is signed in, and until when', async () => {
    const { tab } = await signedIn()

    expect(await tab.client.getSession()).toEqual({
      subject: 'alice',
      paths: ['/*'],
      renewable: true,
      expiresAt: START + HOUR,
    })
  })

  test('tells that nobody is', async () => {
    const browser = new Browser()
    const { client } = await browser.open()

    expect(await client.getSession()).toBe(undefined)
    await browser.pass(DAY)
    expect(browser.asked).toEqual([{ at: 0, what: LOOK }])
  })

  test('tells the end by the clock of the browser, hours off as it may be', async () => {
    const { browser, tab } = await signedIn({ ahead: 5 * HOUR })

    expect((await tab.client.getSession())?.expiresAt).toBe(browser.now + HOUR)
  })

  test('renews what has ended and can be renewed', async () => {
    const browser = new Browser()
    browser.signIn({ expiresAt: START - DAY })
    const { client } = await browser.open()
    const session = client.getSession()
    await browser.pass(10)

    expect(await session).toMatchObject({ subject: 'alice', expiresAt: START + HOUR + 1 })
    expect(browser.count(REFRESH)).toBe(1)
  })

  test('tells nobody where the cookies have ended and cannot be renewed', async () => {
    const browser = new Browser()
    browser.signIn({ expiresAt: START - 1000, renewable: false })
    const { client } = await browser.open()

    expect(await client.getSession()).toBe(undefined)
    expect(browser.count(REFRESH)).toBe(0)
  })

  test('says that the server cannot tell, and learns it by itself when it can', async () => {
    const browser = new Browser()
    browser.signIn()
    browser.disturbance = () => ({ status: 503, headers: { 'Retry-After': '7' } })
    const { client } = await browser.open()
    const heard: unknown[] = []
    client.onChange((session) => heard.push(session?.subject))

    await expect(client.getSession()).rejects.toMatchObject({ name: 'Unavailable', status: 503, retryAfter: 7000 })
    browser.disturbance = undefined
    await browser.pass(6_999)
    expect(heard).toEqual([])
    await browser.pass(MINUTE)
    expect(heard).toEqual(['alice'])
  })

  test.each([[404], [400], [421]])('does not go on asking where the answer is %i', async (status) => {
    const browser = new Browser()
    browser.disturbance = () => ({ status })
    const { client } = await browser.open()

    await expect(client.getSession()).rejects.toMatchObject({ status })
    await browser.pass(DAY)
    expect(browser.asked).toHaveLength(1)
  })
})

describe('the schedule', () => {
  test.each([
    ['earliest', 0, 0.8],
    ['latest', 1, 0.9],
  ])('renews at the %s after that part of the time', async (_what, random, part) => {
    const { browser } = await signedIn({ random })

    await browser.pass(part * HOUR - 1_000)
    expect(browser.count(REFRESH)).toBe(0)
    await browser.pass(2_000)
    expect(browser.count(REFRESH)).toBe(1)
  })

  test('goes on for as long as the page is seen', async () => {
    const { browser, heard } = await signedIn()

    await browser.pass(DAY)
    expect(browser.count(REFRESH)).toBe(28)
    expect(heard).toHaveLength(29)
    expect(heard.at(-1)?.expiresAt).toBeGreaterThan(browser.now)
  })

  test.each([
    ['five hours ahead', 5 * HOUR],
    ['five hours behind', -5 * HOUR],
    ['years behind', -5000 * DAY],
  ])('does not mind a clock that is %s', async (_what, ahead) => {
    const { browser } = await signedIn({ ahead })

    await browser.pass(0.8 * HOUR)
    expect(browser.count(REFRESH)).toBe(0)
    await browser.pass(0.1 * HOUR)
    expect(browser.count(REFRESH)).toBe(1)
  })

  test.each([
    ['back', -3 * HOUR],
    ['by years', -5000 * DAY],
  ])('does not mind a clock that is set %s meanwhile', async (_what, change) => {
    const { browser } = await signedIn()

    await browser.pass(MINUTE)
    browser.ahead += change
    await browser.pass(0.9 * HOUR)
    expect(browser.count(REFRESH)).toBe(1)
  })

  test('stays calm where no answer bears a date and the clock is ahead', async () => {
    const browser = new Browser({ ahead: 5 * HOUR })
    browser.hasDate = false
    browser.signIn()
    const { client } = await browser.open()
    const first = client.getSession()
    await browser.pass(10 * MINUTE)

    expect(await first).toMatchObject({ subject: 'alice' })
    expect(browser.count(REFRESH)).toBeGreaterThan(1)
    expect(browser.count(REFRESH)).toBeLessThan(15)
  })

  test('knows longer times than timers do', async () => {
    const browser = new Browser()
    browser.lifetimeMs = 60 * DAY
    browser.signIn()
    const { client } = await browser.open()
    await client.getSession()

    await browser.pass(47 * DAY)
    expect(browser.count(REFRESH)).toBe(0)
    await browser.pass(8 * DAY)
    expect(browser.count(REFRESH)).toBe(1)
    expect(browser.longestTimer.ms).toBeLessThan(2 ** 31)
  })

  test('notices within a minute that the computer has slept', async () => {
    const { browser } = await signedIn()

    browser.sleep(2 * HOUR)
    await browser.pass(MINUTE)
    expect(browser.count(REFRESH)).toBe(1)
  })

  test('does not renew every moment what is never good for long', async () => {
    const browser = new Browser()
    browser.lifetimeMs = 2_000
    browser.signIn()
    const { client } = await browser.open()
    await client.getSession()

    await browser.pass(MINUTE)
    expect(browser.count(REFRESH)).toBeLessThanOrEqual(12)
  })

  test('tells of the end of what cannot be renewed, and asks for nothing before', async () => {
    const browser = new Browser()
    browser.signIn({ renewable: false })
    const { client } = await browser.open()
    const heard: unknown[] = []
    await client.getSession()
    client.onChange((session) => heard.push(session))

    await browser.pass(HOUR - 1)
    expect(browser.asked).toHaveLength(1)
    await browser.pass(2_000)
    expect(heard).toEqual([undefined])
    expect(browser.count(REFRESH)).toBe(0)
  })
})

describe('a page that is not seen', () => {
  test('renews for half an hour, and then when it is seen again', async () => {
    const { browser, tab } = await signedIn({ random: 0 })

    await browser.pass(30 * MINUTE)
    tab.show(false)
    await browser.pass(25 * MINUTE)
    expect(browser.count(REFRESH)).toBe(1)
    await browser.pass(DAY)
    expect(browser.count(REFRESH)).toBe(1)

    tab.show(true)
    await settled()
    expect(browser.count(REFRESH)).toBe(2)
    await browser.pass(HOUR)
    expect(browser.count(REFRESH)).toBe(3)
  })

  test('asks for nothing when it is seen again in time', async () => {
    const { browser, tab } = await signedIn()

    for (let time = 0; time < 5; time += 1) {
      tab.show(false)
      await browser.pass(MINUTE)
      tab.show(true)
    }
    await settled()
    expect(browser.asked).toHaveLength(1)
  })

  test('looks who is signed in when the back button brings it back', async () => {
    const { browser, tab, heard } = await signedIn()
    browser.session = undefined

    tab.fire('pageshow', { persisted: false })
    await settled()
    expect(browser.count(LOOK)).toBe(1)
    tab.fire('pageshow', { persisted: true })
    await settled()
    expect(heard.at(-1)).toBe(undefined)
    expect(browser.count(LOOK)).toBe(2)
  })
})

describe('a renewal that fails', () => {
  test('waits at least as long as the server asks for', async () => {
    const { browser } = await signedIn({ random: 0 })
    browser.disturbance = () => ({ status: 503, headers: { 'Retry-After': '120' } })
    await browser.pass(0.8 * HOUR)
    expect(browser.count(REFRESH)).toBe(1)
    browser.disturbance = undefined

    await browser.pass(2 * MINUTE - 1)
    expect(browser.count(REFRESH)).toBe(1)
    await browser.pass(10_000)
    expect(browser.count(REFRESH)).toBe(2)
  })

  test.each([
    ['the network is gone', () => new TypeError('Failed to fetch')],
    ['the server is out of order', () => ({ status: 500 })],
    ['too many ask', () => ({ status: 429 })],
    ['something else answers', () => ({ status: 200, body: undefined })],
  ])('waits longer each time, up to minutes, while %s', async (_what, answer) => {
    const { browser, heard } = await signedIn()
    browser.disturbance = answer
    await browser.pass(0.9 * HOUR)
    await browser.pass(HOUR)
    const times = browser.asked.filter(({ what }) => what === REFRESH).map(({ at }) => at)
    const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0))

    expect(pauses.slice(0, 6)).toEqual([3_750, 7_500, 15_000, 30_000, 60_000, 120_000])
    expect(Math.max(...pauses)).toBe(225_000)
    // Nobody was signed out by it.
    expect(heard).toHaveLength(1)
    browser.disturbance = undefined
    await browser.pass(5 * MINUTE)
    expect(heard.at(-1)?.expiresAt).toBeGreaterThan(browser.now)
  })

  test('is tried again as soon as the network is back', async () => {
    const { browser, tab, heard } = await signedIn()
    browser.disturbance = () => new TypeError('Failed to fetch')
    await browser.pass(2 * HOUR)
    browser.disturbance = undefined
    const before = browser.count(REFRESH)

    tab.fire('online')
    await browser.pass(10)
    expect(browser.count(REFRESH)).toBe(before + 1)
    expect(heard.at(-1)?.expiresAt).toBeGreaterThan(browser.now + 0.99 * HOUR)
  })

  test('ends the session although the server still knows the old one', async () => {
    const { browser, heard } = await signedIn()
    browser.disturbance = (what) => (what === REFRESH ? { status: 401 } : undefined)

    await browser.pass(HOUR)
    expect(heard.at(-1)).toBe(undefined)
    expect(browser.count(REFRESH)).toBe(1)
  })

  test.each([
    [401, {}],
    [403, { error: 'not_admitted' }],
  ])('ends the session with %i, and nothing is asked any more', async (status, body) => {
    const { browser, heard } = await signedIn()
    browser.disturbance = () => ({ status, body })

    await browser.pass(HOUR)
    expect(heard.at(-1)).toBe(undefined)
    const before = browser.asked.length
    await browser.pass(DAY)
    expect(browser.asked).toHaveLength(before)
  })

  test.each([[{}], [{ error: 'ipv4_needed' }]])('leaves the session as it is after another 403: %j', async (body) => {
    const { browser, heard } = await signedIn()
    browser.disturbance = (what) => (what === REFRESH ? { status: 403, body } : undefined)

    await browser.pass(0.9 * HOUR)
    expect(browser.count(REFRESH)).toBeGreaterThan(0)
    expect(heard.at(-1)?.subject).toBe('alice')
    browser.disturbance = undefined
    await browser.pass(HOUR)
    expect(heard.at(-1)?.subject).toBe('alice')
  })
})

test('a renewal that is refused is no end where somebody else was faster', async () => {
  const { browser, heard } = await signedIn()
  browser.disturbance = (what) => {
    if (what !== REFRESH) return undefined
    browser.signIn()
    browser.disturbance = undefined
    return { status: 401 }
  }

  await browser.pass(0.9 * HOUR)
  expect(heard.map((session) => session?.subject)).toEqual(['alice', 'alice'])
  await browser.pass(HOUR)
  expect(browser.count(REFRESH)).toBe(2)
  expect(heard.at(-1)?.expiresAt).toBeGreaterThan(browser.now)
})

describe('renew', () => {
  test('renews at once, and once for those who ask meanwhile', async () => {
    const { browser, tab } = await signedIn()
    await browser.pass(10 * MINUTE)
    const both = Promise.all([tab.client.renew(), tab.client.renew()])
    await browser.pass(10)

    const [one, other] = await both
    expect(one).toMatchObject({ subject: 'alice', expiresAt: START + 10 * MINUTE + HOUR + 1 })
    expect(other).toEqual(one)
    expect(browser.count(REFRESH)).toBe(1)
  })

  test('knows the person even when it is the first thing to be called', async () => {
    const browser = new Browser()
    browser.signIn()
    const { client } = await browser.open()
    const renewed = client.renew()
    await browser.pass(10)

    expect(await renewed).toMatchObject({ subject: 'alice', renewable: true })
  })

  test('says that the server cannot be reached, and leaves the session as it is', async () => {
    const { browser, tab, heard } = await signedIn()
    browser.disturbance = () => new TypeError('Failed to fetch')
    const renewed = tab.client.renew()
    const refused = expect(renewed).rejects.toThrow('Failed to fetch')
    await browser.pass(10)

    await refused
    expect(heard).toHaveLength(1)
    browser.disturbance = undefined
    await browser.pass(HOUR)
    expect(browser.count(REFRESH)).toBe(2)
  })
})

describe('the way in and out', () => {
  test.each([
    ['this page', undefined, '/app?a=1#b'],
    ['another', '/photos/?x=1&y=ü#z', '/photos/?x=1&y=ü#z'],
    ['one that is too long to keep, without its query', `/photos/?${'%20'.repeat(2_700)}#z`, '/photos/'],
  ])('signIn comes back to %s', async (_what, returnTo, expected) => {
    const { client, assigned } = await new Browser().open()
    client.signIn(returnTo)

    expect(assigned).toHaveLength(1)
    expect(assigned[0]?.startsWith('/cookie/sign-in?next=')).toBe(true)
    expect(new URL(assigned[0] ?? '', 'https://example.com').searchParams.get('next')).toBe(expected)
  })

  test('signOut ends the session, leaves for the logout of the login, and asks for nothing any more', async () => {
    const { browser, tab, heard } = await signedIn()
    tab.client.signOut()
    await settled()

    expect(browser.asked.map(({ what }) => what)).toEqual([LOOK, SIGN_OUT])
    expect(tab.assigned).toEqual([LOGOUT])
    await browser.pass(DAY)
    expect(browser.asked).toHaveLength(2)
    // The page is left: nothing may lead it elsewhere meanwhile.
    expect(heard).toHaveLength(1)
  })

  test.each([
    ['the network is gone', new TypeError('Failed to fetch')],
    ['the server is out of order', { status: 503 }],
    ['something else answers', { status: 200 }],
  ])('signOut leads to the page that asks where %s', async (_what, answer) => {
    const { browser, tab, heard } = await signedIn()
    browser.disturbance = (what) => (what === SIGN_OUT ? answer : undefined)
    tab.client.signOut()
    await browser.pass(DAY)

    expect(tab.assigned).toEqual(['/cookie/sign-out'])
    expect(browser.count(SIGN_OUT)).toBe(1)
    expect(heard).toHaveLength(1)
  })

  test('tells the listeners of a page that the back button brings back after a signOut', async () => {
    const { browser, tab, heard } = await signedIn()
    tab.client.signOut()
    await settled()
    expect(browser.session).toBe(undefined)
    tab.fire('pageshow', { persisted: true })
    await settled()

    expect(heard.map((session) => session?.subject)).toEqual(['alice', undefined])
    // Signed in and out again on the same page.
    browser.signIn()
    await tab.client.getSession()
    tab.client.signOut()
    await settled()
    expect([browser.session, tab.assigned]).toEqual([undefined, [LOGOUT, LOGOUT]])
  })

  test('onChange ends when it is told to, and a listener that fails harms no other', async () => {
    const { browser, tab } = await signedIn()
    const heard: unknown[] = []
    tab.client.onChange(() => {
      throw new Error('a bug of the page')
    })
    const end = tab.client.onChange((session) => heard.push(session?.subject))
    browser.signIn({ subject: 'bob' })
    await tab.client.getSession()
    await settled()
    end()
    browser.signIn({ subject: 'carol' })
    await tab.client.getSession()
    await settled()

    expect(heard).toEqual(['bob'])
    expect(browser.uncaught).toEqual([new Error('a bug of the page'), new Error('a bug of the page')])
  })

  test('tells nothing where nothing has changed', async () => {
    const { browser, tab, heard } = await signedIn()
    await browser.pass(1_499)
    await tab.client.getSession()
    await browser.pass(700)
    await tab.client.getSession()

    expect(heard).toHaveLength(1)
  })
})

test('does nothing when it is imported, not even on a server', async () => {
  const exported: unknown = runInNewContext(`${await clientScript()};module.exports`, { module: { exports: {} } })

  expect(Object.keys(Object(exported)).sort()).toEqual([
    'Unavailable',
    'getSession',
    'onChange',
    'renew',
    'signIn',
    'signOut',
  ])
  const browser = new Browser()
  await browser.open()
  await browser.pass(DAY)
  expect(browser.asked).toEqual([])
})
