import { newTab, visit } from './denied-page.js'

const HOST = 'https://d111111abcdef8.cloudfront.net'
const FRESH = 'a=1; __Host-fresh=1; b=2'

const nextOf = (address: string | undefined) => new URL(address ?? '', HOST).searchParams.get('next')

describe('denied.js at a wanted address', () => {
  test('goes to the renewal and says so meanwhile', async () => {
    const { shown, title, replacedBy } = await visit(newTab(), { url: `${HOST}/photos/` })

    expect(shown).toEqual(['going'])
    expect(title).toBe('One moment …')
    expect(replacedBy).toBe('/cookie/refresh?next=%2Fphotos%2F')
  })

  test.each([
    ['path, query and fragment', '/a/b?x=1&y=2#part/2?z'],
    ['what is encoded', '/caf%C3%A9/%2e%2F?q=%26%3D%2B+#%23'],
    ['what looks like a host', '//evil.example/?a'],
    ['an address within the query', '/?next=https://evil.example/#/?next=/'],
    ['quotes and brackets', "/a'(b)!*~?c='d'"],
    ['just the root', '/'],
    ['an empty fragment of an app', '/#/'],
    ['a file that is called like the page', '/docs/.sign-in/denied.html'],
    ['2,000 characters', `/?${'a'.repeat(1998)}`],
  ])('keeps %s', async (_what, address) => {
    const { pathname, search, hash } = new URL(HOST + address)
    const { replacedBy } = await visit(newTab(), { url: HOST + address })

    expect(nextOf(replacedBy)).toBe(pathname + search + hash)
    expect(replacedBy?.startsWith('/cookie/refresh?next=')).toBe(true)
    expect(new URL(replacedBy ?? '', HOST).searchParams.size).toBe(1)
  })

  test('keeps the path of an address that is too long to keep', async () => {
    const { replacedBy } = await visit(newTab(), { url: `${HOST}/search?q=${'a'.repeat(2000)}#b` })

    expect(nextOf(replacedBy)).toBe('/search')
  })

  test('makes its links lead to the same address, for whoever is faster', async () => {
    const { links, replacedBy } = await visit(newTab(), { url: `${HOST}/a?b#c` })

    expect(links['sign-in']).toEqual({ href: replacedBy, target: '_top' })
    expect(links.again).toEqual({ href: replacedBy, target: '_top' })
    expect(links['other-account']).toEqual({ href: '/cookie/sign-out?then=sign-in&next=%2Fa%3Fb%23c', target: '_top' })
  })
})

describe('denied.js where the way there and back ends in a download', () => {
  const url = `${HOST}/reports/2024.zip`

  test('says so when it is still there after 8 s, with a way to try again and no step of its own', async () => {
    const outcome = await visit(newTab(), { url })
    outcome.pass(7_999)
    expect(outcome.shown).toEqual(['going'])

    outcome.pass(8_000)
    expect([outcome.shown, outcome.title]).toEqual([['stayed'], 'Has a download begun?'])
    expect(outcome.links['once-more']).toEqual({ href: outcome.replacedBy, target: '_top' })
    expect(outcome.replacements).toBe(1)
  })

  test('counts from when it left, not from when it waited for another tab', async () => {
    const outcome = await visit(newTab(), { url, lock: new Promise(() => undefined) })
    outcome.pass(4_000)
    expect([outcome.replacements, outcome.shown]).toEqual([1, ['going']])

    outcome.pass(8_000)
    expect(outcome.shown).toEqual(['stayed'])
  })

  test('says so at once when the back button brings it back as it was left', async () => {
    const outcome = await visit(newTab(), { url })
    outcome.comeBack(false)
    expect(outcome.shown).toEqual(['going'])

    outcome.comeBack(true)
    expect([outcome.shown, outcome.replacements]).toEqual([['stayed'], 1])
  })

  test('is no failed round: the next refusal begins at the first one', async () => {
    const tab = newTab()
    for (let download = 0; download < 5; download += 1) (await visit(tab, { url })).pass(8_000)

    expect((await visit(tab, { url, cookie: FRESH })).shown).toEqual(['going'])
  })

  test('leaves the other sections alone', async () => {
    for (const state of [{ cookieEnabled: false }, { url: `${HOST}/.sign-in/denied.html` }]) {
      const outcome = await visit(newTab(), { url, ...state })
      const before = outcome.shown
      outcome.pass(60_000)
      outcome.comeBack(true)
      expect(outcome.shown).toEqual(before)
    }
  })
})

describe('denied.js beside other tabs', () => {
  const url = `${HOST}/a`
  const target = '/cookie/refresh?next=%2Fa'
  const settled = () => new Promise(setImmediate)

  test('goes with the lock that a sign-out waits for, and shares it with its like', async () => {
    const outcome = await visit(newTab(), { url, lock: Promise.resolve(true) })
    await settled()

    expect(outcome.lockRequests).toEqual([{ name: 'sign-in', mode: 'shared' }])
    expect(outcome.replacedBy).toBe(target)
    outcome.pass(60_000)
    expect(outcome.replacements).toBe(1)
  })

  test('waits for a sign-out that is under way, but not for ever', async () => {
    const outcome = await visit(newTab(), { url, lock: new Promise(() => undefined) })
    await settled()
    outcome.pass(3_999)
    expect([outcome.shown, outcome.replacedBy]).toEqual([['going'], undefined])

    outcome.pass(4_000)
    expect([outcome.replacedBy, outcome.replacements]).toEqual([target, 1])
  })

  test('goes without the lock where the browser gives none', async () => {
    const outcome = await visit(newTab(), { url, lock: Promise.resolve(false) })
    await settled()

    expect([outcome.replacedBy, outcome.replacements]).toEqual([target, 1])
  })
})

describe('denied.js, when it comes back with cookies of seconds ago', () => {
  test('goes three times and then stays, with its ways out', async () => {
    const tab = newTab()
    const url = `${HOST}/a?b#c`
    const first = await visit(tab, { url })
    const second = await visit(tab, { url, cookie: FRESH })
    const third = await visit(tab, { url, cookie: FRESH })
    const fourth = await visit(tab, { url, cookie: FRESH })

    expect([first, second, third].map(({ replacedBy }) => nextOf(replacedBy))).toEqual(['/a?b#c', '/a?b#c', '/a?b#c'])
    expect(fourth.replacedBy).toBe(undefined)
    expect(fourth.shown).toEqual(['refused'])
    expect(fourth.title).toBe('This page does not open')
    expect(nextOf(fourth.links.again?.href)).toBe('/a?b#c')
  })

  test('stays when it is tried again at once, and goes when it is tried again later', async () => {
    const tab = newTab()
    const url = `${HOST}/a`
    for (const cookie of ['', FRESH, FRESH, FRESH]) await visit(tab, { url, cookie })

    expect((await visit(tab, { url, cookie: FRESH })).shown).toEqual(['refused'])
    expect((await visit(tab, { url })).shown).toEqual(['going'])
    expect((await visit(tab, { url, cookie: FRESH })).shown).toEqual(['going'])
  })

  test('counts for each address and each tab by itself', async () => {
    const tab = newTab()
    for (const cookie of ['', FRESH, FRESH]) await visit(tab, { url: `${HOST}/a`, cookie })

    expect((await visit(newTab(), { url: `${HOST}/a`, cookie: FRESH })).shown).toEqual(['going'])
    expect((await visit(tab, { url: `${HOST}/b`, cookie: FRESH })).shown).toEqual(['going'])
  })

  test.each([
    ['another cookie that ends so', 'x__Host-fresh=1'],
    ['another value', '__Host-fresh=0'],
    ['a longer value', '__Host-fresh=10'],
    ['the words in a value', 'a=__Host-fresh=1'],
  ])('is not misled by %s', async (_what, cookie) => {
    const tab = newTab()
    for (let round = 0; round < 5; round += 1) {
      expect((await visit(tab, { url: `${HOST}/a`, cookie })).shown).toEqual(['going'])
    }
  })

  test('stays at once where nothing can be counted', async () => {
    const tab = newTab()
    tab.throws = true

    expect((await visit(tab, { url: `${HOST}/a` })).shown).toEqual(['going'])
    expect((await visit(tab, { url: `${HOST}/a`, cookie: FRESH })).shown).toEqual(['refused'])
  })

  test('stays where somebody else wrote what it counts by', async () => {
    const tab = newTab()
    tab.storage.set('sign-in:refused', 'nonsense')

    expect((await visit(tab, { url: `${HOST}/a`, cookie: FRESH })).shown).toEqual(['refused'])
  })
})

describe('denied.js where it must not go anywhere', () => {
  test.each([
    ['as itself', '/.sign-in/denied.html'],
    ['as itself with a query', '/.sign-in/denied.html?next=/a#b'],
    ['for a missing file beside it', '/.sign-in/missing.png'],
    ['for an endpoint', '/cookie/nothing'],
    ['for the folder of the endpoints', '/cookie'],
  ])('shows the link to the start when it is opened %s', async (_what, address) => {
    const { shown, replacedBy, links } = await visit(newTab(), { url: HOST + address })

    expect(shown).toEqual(['private'])
    expect(replacedBy).toBe(undefined)
    expect(links['sign-in']?.href).toBe('/cookie/refresh?next=%2F')
  })

  test.each([
    ['switched off', { cookieEnabled: false }],
    ['denied to the page', { cookie: new Error('SecurityError') }],
    ['dropped behind its back', { keepsCookies: false }],
  ])('says that cookies are %s, and reloads on demand', async (_what, state) => {
    const outcome = await visit(newTab(), { url: `${HOST}/a#b`, ...state })

    expect(outcome.shown).toEqual(['cookies-off'])
    expect(outcome.title).toBe('Cookies are switched off')
    expect([outcome.replacedBy, outcome.cookiesLeft]).toEqual([undefined, ''])
    outcome.press('reload')
    expect(outcome.reloads).toBe(1)
  })

  // Tabs that are restored together would take each other's cookie away, and one would say that there are none.
  test('looks whether cookies are kept by a name that no other tab uses', async () => {
    const visits = await Promise.all([1, 2].map(() => visit(newTab(), { url: `${HOST}/a` })))
    const tried = visits.flatMap(({ cookiesTried }) => cookiesTried)

    expect(tried).toEqual([expect.stringMatching(/^__Host-kept-./), expect.stringMatching(/^__Host-kept-./)])
    expect(new Set(tried).size).toBe(2)
  })

  test('shows the link in a frame, and leads the page around it back to itself', async () => {
    const { shown, replacedBy, links } = await visit(newTab(), { url: `${HOST}/inner`, framedBy: `${HOST}/outer?a#b` })

    expect(shown).toEqual(['private'])
    expect(replacedBy).toBe(undefined)
    expect(links['sign-in']).toEqual({ href: '/cookie/refresh?next=%2Fouter%3Fa%23b', target: '_top' })
  })

  test('leads to what was framed where the page around it is of another site', async () => {
    const framedBy = new Error('SecurityError')
    const { shown, replacedBy, links } = await visit(newTab(), { url: `${HOST}/inner`, framedBy })

    expect(shown).toEqual(['private'])
    expect(replacedBy).toBe(undefined)
    expect(links['sign-in']).toEqual({ href: '/cookie/refresh?next=%2Finner', target: '_top' })
  })
})
