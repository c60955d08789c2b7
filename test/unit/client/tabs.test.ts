import { Browser, LOGOUT, type Session, settled } from './browser.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const REFRESH = 'POST /cookie/refresh'
const LOOK = 'GET /cookie/session'
const SIGN_OUT = 'POST /cookie/sign-out'

/** A browser with somebody signed in and so many tabs that have looked, and what their listeners heard since. */
async function opened(count: number, options?: ConstructorParameters<typeof Browser>[0]) {
  const browser = new Browser(options)
  browser.signIn()
  const tabs = []
  for (let index = 0; index < count; index += 1) {
    const tab = await browser.open()
    await tab.client.getSession()
    const heard: (Session | undefined)[] = []
    tabs.push({ ...tab, heard })
  }
  await settled()
  for (const { client, heard } of tabs) client.onChange((session) => heard.push(session))
  return { browser, tabs }
}

/** Has the server keep everybody waiting who asks for this; the function returned lets it answer. */
function held(browser: Browser, what: string): () => void {
  let answer: (disturbance: undefined) => void = () => undefined
  const answered = new Promise<undefined>((resolve) => {
    answer = resolve
  })
  browser.disturbance = (asked) => (asked === what ? answered : undefined)
  return () => answer(undefined)
}

describe('several tabs', () => {
  test('renew once for all, and all learn of it', async () => {
    const { browser, tabs } = await opened(10)
    await browser.pass(HOUR)

    expect(browser.count(REFRESH)).toBe(1)
    for (const { heard } of tabs) expect(heard.map((session) => session?.expiresAt)).toHaveLength(1)
    const ends = new Set(tabs.map(({ heard }) => heard[0]?.expiresAt))
    expect(ends.size).toBe(1)
  })

  test('go on when the one that renewed is closed in the middle', async () => {
    const { browser, tabs } = await opened(2)
    browser.disturbance = (what) => (what === REFRESH ? new Promise(() => undefined) : undefined)
    await browser.pass(0.86 * HOUR)
    expect(browser.count(REFRESH)).toBe(1)
    browser.disturbance = undefined
    browser.unlock()
    await browser.pass(MINUTE)

    expect(browser.count(REFRESH)).toBe(2)
    expect(tabs.map(({ heard }) => heard.length)).toEqual([1, 1])
  })

  test.each([
    ['by itself', (browser: Browser) => browser.pass(HOUR)],
    [
      'when a tab asks for it',
      async (browser: Browser, renew: () => unknown) => {
        renew()
        await browser.pass(MINUTE)
      },
    ],
  ])(
    'learn who has signed in meanwhile, and nothing of who was before, when a renewal comes %s',
    async (_what, renewal) => {
      const { browser, tabs } = await opened(2)
      // Signed out by a form and in again in a tab without the client: nobody is told.
      browser.signIn({ subject: 'bob', email: 'bob@example.com', paths: ['/bob/*'] })
      await renewal(browser, () => tabs[0]?.client.renew())

      const bob = { subject: 'bob', email: 'bob@example.com', paths: ['/bob/*'], renewable: true }
      for (const { heard } of tabs) expect(heard).toEqual([{ ...bob, expiresAt: expect.any(Number) }])
    },
  )

  test('ask who it is only once for all, and not for somebody whom they know', async () => {
    const { browser, tabs } = await opened(2)
    const looks = browser.count(LOOK)
    const renewed = async () => {
      for (const { client } of tabs) {
        const renewal = client.renew()
        await browser.pass(MINUTE)
        expect(await renewal).toMatchObject({ subject: browser.session?.subject })
      }
    }
    await renewed()
    expect(browser.count(LOOK)).toBe(looks)

    browser.signIn({ subject: 'bob' })
    await renewed()
    expect(browser.count(LOOK)).toBe(looks + 1)
  })

  test('wait for each other when renew is called in all of them', async () => {
    const { browser, tabs } = await opened(5)
    const renewed = Promise.all(tabs.map(({ client }) => client.renew()))
    await browser.pass(10)

    expect(new Set((await renewed).map((session) => session?.expiresAt)).size).toBe(1)
    expect(browser.count(REFRESH)).toBe(1)
  })

  test.each([
    ['locks', { hasLocks: false }],
    ['a channel', { hasChannel: false }],
    ['either', { hasLocks: false, hasChannel: false }],
  ])('work without %s', async (_what, options) => {
    const { browser, tabs } = await opened(3, options)
    await browser.pass(HOUR)

    expect(browser.count(REFRESH)).toBeGreaterThanOrEqual(1)
    expect(browser.count(REFRESH)).toBeLessThanOrEqual(6)
    for (const { heard } of tabs) expect(heard.at(-1)?.expiresAt).toBeGreaterThan(browser.now)
  })

  test('all learn of a sign-out in one of them, once it has happened', async () => {
    const { browser, tabs } = await opened(3)
    const answer = held(browser, SIGN_OUT)
    tabs[0]?.client.signOut()
    await settled()
    expect(browser.count(SIGN_OUT)).toBe(1)
    expect(tabs.map(({ heard }) => heard)).toEqual([[], [], []])

    answer()
    await settled()
    expect(tabs.map(({ heard }) => heard)).toEqual([[], [undefined], [undefined]])
    expect(tabs.map(({ assigned }) => assigned)).toEqual([[LOGOUT], [], []])
    await browser.pass(24 * HOUR)
    expect(browser.count(REFRESH)).toBe(0)
  })

  test('learn nothing of a sign-out that failed', async () => {
    const { browser, tabs } = await opened(2)
    browser.disturbance = (what) => (what === SIGN_OUT ? { status: 503 } : undefined)
    tabs[0]?.client.signOut()
    await settled()

    expect(tabs.map(({ heard }) => heard)).toEqual([[], []])
  })

  test.each([
    ['that is under way', 500],
    ['that never ends, but not for ever', 4_000],
  ])('sign out after a renewal %s', async (_what, expectedMs) => {
    const { browser, tabs } = await opened(2)
    browser.disturbance = (what) => (what === REFRESH ? new Promise(() => undefined) : undefined)
    tabs[0]?.client.renew().catch(() => undefined)
    await settled()
    tabs[1]?.client.signOut()
    await browser.pass(expectedMs - 1)
    expect(browser.count(SIGN_OUT)).toBe(0)
    if (expectedMs < 4_000) browser.unlock()
    await browser.pass(1)
    expect(browser.count(SIGN_OUT)).toBe(1)
    await browser.pass(MINUTE)
    expect([browser.count(SIGN_OUT), tabs[1]?.assigned]).toEqual([1, [LOGOUT]])
  })

  test('renew nothing while one of them signs out', async () => {
    const { browser, tabs } = await opened(2)
    const answer = held(browser, SIGN_OUT)
    tabs[0]?.client.signOut()
    await settled()
    const renewed = tabs[1]?.client.renew()
    await settled()
    expect(browser.count(REFRESH)).toBe(0)
    answer()
    await browser.pass(10)

    expect(await renewed).toBe(undefined)
    expect(browser.session).toBe(undefined)
  })

  test('look for themselves when the page after a sign-out is shown', async () => {
    const { browser, tabs } = await opened(2)
    browser.session = undefined
    await browser.open('https://example.com/.sign-in/signed-out.html')
    await settled()

    expect(tabs.map(({ heard }) => heard)).toEqual([[undefined], [undefined]])
  })

  test('are not signed out by somebody who merely opens that page', async () => {
    const { browser, tabs } = await opened(2)
    await browser.open('https://example.com/.sign-in/signed-out.html')
    await settled()

    expect(tabs.map(({ heard }) => heard)).toEqual([[], []])
    expect(browser.count(LOOK)).toBe(4)
  })

  test('all learn of a session that ended', async () => {
    const { browser, tabs } = await opened(3)
    browser.session = undefined
    await browser.pass(HOUR)

    expect(tabs.map(({ heard }) => heard)).toEqual([[undefined], [undefined], [undefined]])
    expect(browser.count(REFRESH)).toBe(1)
  })

  test('all learn of somebody else who signed in', async () => {
    const { browser, tabs } = await opened(2)
    tabs[0]?.client.signOut()
    await settled()
    browser.signIn({ subject: 'bob' })
    const { client } = await browser.open()
    await client.getSession()
    await settled()

    expect(tabs[1]?.heard.map((session) => session?.subject)).toEqual([undefined, 'bob'])
    await browser.pass(HOUR)
    expect(browser.count(REFRESH)).toBe(1)
  })

  test('renew once when all were hidden and one is seen again', async () => {
    const { browser, tabs } = await opened(4)
    for (const { show } of tabs) show(false)
    await browser.pass(24 * HOUR)
    expect(browser.count(REFRESH)).toBe(0)
    tabs[2]?.show(true)
    await settled()

    expect(browser.count(REFRESH)).toBe(1)
    expect(tabs.map(({ heard }) => heard.length)).toEqual([1, 1, 1, 1])
  })
})
