import { randomBytes } from 'node:crypto'
import {
  type Attempt,
  attemptCookies,
  deletedAttempt,
  deletedAttempts,
  newAttempt,
  nextOfAttempt,
  openAttempt,
  surplusAttempts,
} from '../../../../edge-cache-request-signer/src/session/login-state.js'
import { createSealer } from '../../../../edge-cache-request-signer/src/signing/seal.js'
import { cookieJar } from '../../../support/cookie-jar.js'
import { HOST } from '../../../support/events.js'
import { cookieHeader, deletedIn, NOW, OTHER_KEY, request, SEALING_KEY, sealer } from '../browser.js'

const begun = (next = '/photos/', now = NOW, seen = '') => {
  const attempt = newAttempt(next, now, randomBytes)
  const cookies = attemptCookies(attempt, back(seen), sealer)
  return { attempt, cookies, cookie: cookies[0] ?? '' }
}
const back = (cookie: string | readonly string[], host = HOST) =>
  request({ path: '/cookie/callback', headers: { cookie, host } })
const pair = (setCookie: string) => cookieHeader([setCookie])

describe('newAttempt', () => {
  test('draws id, verifier and nonce from chance, as long as their protocols want them', () => {
    const lengths: number[] = []
    const attempt = newAttempt('/a', NOW, (length) => {
      lengths.push(length)
      return Buffer.alloc(length, lengths.length)
    })
    expect(lengths).toEqual([16, 32, 16])
    expect(attempt).toEqual({
      id: 'AQEBAQEBAQEBAQEBAQEBAQ',
      verifier: 'AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI',
      nonce: 'AwMDAwMDAwMDAwMDAwMDAw',
      next: '/a',
      startedAt: NOW,
    })
  })
})

describe('attemptCookies', () => {
  test('is for this host only, out of the reach of scripts, and tells nothing', () => {
    const { attempt, cookie } = begun('/secret-project/')
    expect(cookie).toMatch(
      /^__Host-sign-in-[\w-]{22}=[\w-]{200,400}; Path=\/; Max-Age=7200; Secure; HttpOnly; SameSite=Lax$/,
    )
    expect(cookie).toContain(`__Host-sign-in-${attempt.id}=`)
    expect(Buffer.from(pair(cookie).split('=')[1] ?? '', 'base64url').includes('secret')).toBe(false)
  })

  test.each([
    ['of 798 characters', `/${'a'.repeat(797)}`, 1],
    ['of 799 characters', `/${'a'.repeat(798)}`, 2],
    ['that are the longest', `/${'a'.repeat(1999)}`, 2],
    ['with signs that JSON writes longer', `/?${'\\'.repeat(400)}`, 2],
  ])('hold addresses %s', (_, next, count) => {
    const { attempt, cookies } = begun(next)
    expect(cookies).toHaveLength(count)
    for (const cookie of cookies) expect(pair(cookie).length).toBeLessThan(4096)
    expect(openAttempt(back(cookieHeader(cookies)), attempt.id, sealer, NOW)?.next).toBe(next)
  })

  test('keep a long address like the attempt, and tell nothing of it', () => {
    const [, cookie = ''] = begun(`/secret-project/?q=${'a'.repeat(900)}`).cookies
    expect(cookie).toMatch(/^__Host-sign-in-page-[0-3]=[\w-]+; Path=\/; Max-Age=7200; Secure; HttpOnly; SameSite=Lax$/)
    expect(Buffer.from(pair(cookie).split('=')[1] ?? '', 'base64url').includes('secret')).toBe(false)
  })

  test('end at / when the path fits no cookie', () => {
    const { attempt, cookies } = begun(`/${'a'.repeat(3500)}`)
    expect(openAttempt(back(cookieHeader(cookies)), attempt.id, sealer, NOW)?.next).toBe('/')
  })
})

describe('openAttempt', () => {
  const { attempt, cookie } = begun()
  const sent = pair(cookie)
  const other = begun()

  test.each([0, 1, 899, 900, -60])('opens an attempt that began %d seconds ago', (age) => {
    expect(openAttempt(back(sent), attempt.id, sealer, NOW + age)).toEqual(attempt)
  })

  test('opens each of many, beside other cookies', () => {
    const header = [`a=1; ${sent}`, `${pair(other.cookie)}; b=2`]
    expect(openAttempt(back(header), attempt.id, sealer, NOW)).toEqual(attempt)
    expect(openAttempt(back(header), other.attempt.id, sealer, NOW)).toEqual(other.attempt)
  })

  test('opens the genuine one beside another of its name', () => {
    const [name = ''] = sent.split('=')
    const strange = `${name}=${pair(other.cookie).split('=')[1]}`
    expect(openAttempt(back(`${strange}; ${name}=; ${sent}`), attempt.id, sealer, NOW)).toEqual(attempt)
  })

  test('opens one that was sealed before a rotation', () => {
    expect(openAttempt(back(sent), attempt.id, createSealer([OTHER_KEY, SEALING_KEY], randomBytes), NOW)).toEqual(
      attempt,
    )
  })

  const sealedAs = (purpose: string, value: object) => `__Host-sign-in-${attempt.id}=${sealer.seal(purpose, value)}`
  const { id, ...kept } = attempt
  const purpose = `attempt\n${HOST}\n${id}`
  test.each<[string, string, string | undefined, number]>([
    ['no state', sent, undefined, NOW],
    ['an empty state', sent, '', NOW],
    ['the state of another tab whose cookie is gone', sent, other.attempt.id, NOW],
    ['a state that is no id', sent, `${attempt.id}; x`, NOW],
    ['the name of an object property', sent, '__proto__', NOW],
    ['another cookie by its name', 'session=1', 'session', NOW],
    ['no cookie', 'a=1', attempt.id, NOW],
    ['more than 15 minutes', sent, attempt.id, NOW + 901],
    ['an attempt of the future', sent, attempt.id, NOW - 61],
    ['a sealed cookie under the name of another', sent.replace(attempt.id, other.attempt.id), other.attempt.id, NOW],
    ['a truncated cookie', sent.slice(0, -1), attempt.id, NOW],
    ['a session in its place', sealedAs(`session\n${HOST}\n${id}`, kept), id, NOW],
    ['an attempt without a verifier', sealedAs(purpose, { ...kept, verifier: undefined }), id, NOW],
    ['an attempt with a nonce that is none', sealedAs(purpose, { ...kept, nonce: 1 }), id, NOW],
    ['an attempt without an end', sealedAs(purpose, { ...kept, next: null }), id, NOW],
    ['an attempt without a beginning', sealedAs(purpose, { ...kept, startedAt: 'now' }), id, NOW],
    ['a list', sealedAs(purpose, []), id, NOW],
  ])('does not open %s', (_, cookies, state, now) => {
    expect(openAttempt(back(cookies), state, sealer, now)).toBeUndefined()
  })

  test('does not open an attempt of another host, nor under keys that came later', () => {
    expect(openAttempt(back(sent, 'photos.example.com'), attempt.id, sealer, NOW)).toBeUndefined()
    expect(openAttempt(back(sent), attempt.id, createSealer([OTHER_KEY], randomBytes), NOW)).toBeUndefined()
  })
})

describe('deletedAttempts', () => {
  const [one, two] = [begun(), begun(`/?${'a'.repeat(900)}`)]
  const header = [
    pair(one.cookie),
    cookieHeader(two.cookies),
    ...['__Host-sign-in-x=1', '__Host-sign-in-a"b=2', 'a=3'],
  ].join('; ')
  const [, place = ''] = two.cookies.map((cookie) => cookie.split('=')[0])

  test('deletes all that the request shows, and nothing else', () => {
    expect(deletedIn(deletedAttempts(back(header), sealer))).toEqual([
      `${place} /`,
      ...[one, two].map(({ attempt }) => `__Host-sign-in-${attempt.id} /`),
    ])
  })

  test('deletes one, and no other', () => {
    expect(deletedAttempt(back(header), one.attempt, sealer)).toEqual([
      `__Host-sign-in-${one.attempt.id}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`,
    ])
    expect(deletedIn(deletedAttempt(back(header), two.attempt, sealer))).toEqual([
      `__Host-sign-in-${two.attempt.id} /`,
      `${place} /`,
    ])
  })
})

describe('surplusAttempts', () => {
  const surplus = (all: readonly { readonly cookie: string }[]) =>
    deletedIn(surplusAttempts(back(all.map(({ cookie }) => pair(cookie)).join('; ')), sealer, NOW))
  const names = (attempts: readonly { readonly attempt: Attempt }[]) =>
    attempts.map(({ attempt }) => `__Host-sign-in-${attempt.id} /`)

  test('lets nineteen be, so that with the new one there are twenty', () => {
    expect(surplus(Array.from({ length: 19 }, () => begun()))).toEqual([])
  })

  test('deletes the oldest', () => {
    const all = [3, 25, 1, ...Array.from({ length: 20 }, (_, i) => 30 + i)].map((age) => begun('/', NOW - 60 + age))
    expect(surplus(all).toSorted()).toEqual(names([0, 1, 2, 3].flatMap((i) => all[i] ?? [])).toSorted())
  })

  test('deletes what is over, and what does not open', () => {
    const over = begun('/', NOW - 86_401)
    const strange = begun()
    const forged = { ...strange, cookie: strange.cookie.replace('=', '=A') }
    expect(surplus([over, begun(), forged])).toEqual(names([over, forged]))
  })

  test('lets those be that took too long, because the page that was wanted is read from them for two hours', () => {
    expect(surplus([begun('/', NOW - 7_200), begun('/', NOW - 901)])).toEqual([])
  })

  test('deletes the long address of an attempt that is gone, and one that does not open', () => {
    const gone = begun(`/?${'a'.repeat(900)}`)
    const kept = begun(`/?${'b'.repeat(900)}`, NOW, cookieHeader(gone.cookies))
    const header = `${cookieHeader([...gone.cookies.slice(1), ...kept.cookies])}; __Host-sign-in-page-9=x`
    const place = gone.cookies[1]?.split('=')[0]
    expect(deletedIn(surplusAttempts(back(header), sealer, NOW))).toEqual([`${place} /`])
    const forged = header.replace(`${place}=`, `${place}=A`)
    expect(deletedIn(surplusAttempts(back(forged), sealer, NOW))).toEqual([`${place} /`])
  })
})

describe('the addresses of many attempts', () => {
  const address = (i: number) => `/page-${i}/?q=${'a'.repeat(1900)}#x`
  const nextsIn = (jar: ReturnType<typeof cookieJar>, all: readonly { readonly attempt: Attempt }[]) =>
    all.map(({ attempt }) => openAttempt(back(jar.header('/')), attempt.id, sealer, NOW)?.next)

  test('are whole for four tabs, and the oldest of more end at their page without its query', () => {
    const jar = cookieJar()
    const all = Array.from({ length: 20 }, (_, i) => {
      const surplus = surplusAttempts(back(jar.header('/')), sealer, NOW)
      expect(surplus).toEqual([])
      const one = begun(address(i), NOW - 800 + i, jar.header('/'))
      jar.keep(one.cookies)
      return one
    })
    expect(nextsIn(jar, all)).toEqual(Array.from({ length: 20 }, (_, i) => (i < 16 ? `/page-${i}/` : address(i))))
  })

  test('lose their query, the oldest first, where tabs that see each other would take too much of a request', () => {
    const jar = cookieJar()
    const next = (i: number) => `/page-${i}/?q=${'a'.repeat(750)}`
    const all = Array.from({ length: 20 }, (_, i) => {
      const header = jar.header('/')
      const one = begun(next(i), NOW - 800 + i, header)
      jar.keep([...surplusAttempts(back(header), sealer, NOW), ...one.cookies])
      return one
    })
    expect(nextsIn(jar, all)).toEqual(Array.from({ length: 20 }, (_, i) => (i < 8 ? `/page-${i}/` : next(i))))
    expect(jar.header('/').length).toBeLessThan(20_000)
  })

  test('have room in a request, though forty tabs were opened at the same moment and none saw another', () => {
    const jar = cookieJar()
    const page = (i: number) => `/${String(i).padStart(147, 'p')}`
    const all = Array.from({ length: 40 }, (_, i) => begun(`${page(i)}?${'a'.repeat(1800)}`))
    for (const { cookies } of all) jar.keep(cookies)
    // CloudFront takes 32,768 bytes; the callback brings a code of its own.
    expect(jar.header('/').length).toBeLessThan(31_000)
    const nexts = nextsIn(jar, all)
    expect(nexts.map((next) => next?.replace(/\?.*/, ''))).toEqual(all.map((_, i) => page(i)))
    const whole = nexts.filter((next) => next?.includes('?')).length
    expect([1, 2, 3, 4]).toContain(whole)
  })

  test('are whole for twenty tabs at the same moment, when they are as long as short ones may be', () => {
    const jar = cookieJar()
    const longest = `/?${'a'.repeat(796)}`
    const all = Array.from({ length: 20 }, () => begun(longest))
    for (const { cookies } of all) jar.keep(cookies)
    expect(jar.header('/').length).toBeLessThan(28_000)
    expect(nextsIn(jar, all)).toEqual(all.map(() => longest))
  })

  test('take the place of those that took longer than 15 minutes before those of others', () => {
    const jar = cookieJar()
    const old = begun(address(0), NOW - 901)
    jar.keep(old.cookies)
    const others = [1, 2, 3, 4].map((i) => {
      const one = begun(address(i), NOW, jar.header('/'))
      jar.keep(one.cookies)
      return one
    })
    expect(nextsIn(jar, others)).toEqual([1, 2, 3, 4].map(address))
    expect(nextOfAttempt(back(jar.header('/')), old.attempt.id, sealer)).toBe('/page-0/')
  })

  test('end at the start page where they are long without a query', () => {
    const { attempt, cookies } = begun(`/${'a'.repeat(1900)}`)
    expect(openAttempt(back(cookieHeader(cookies.slice(0, 1))), attempt.id, sealer, NOW)?.next).toBe('/')
  })

  test('are those of their own attempt and host', () => {
    const [one, two] = [begun(address(1)), begun(address(2))]
    const place = two.cookies[1]?.split('=')[0]
    const swapped = [...one.cookies.slice(0, 1), `${place}=${pair(two.cookies[1] ?? '').split('=')[1]}; Path=/`]
    expect(openAttempt(back(cookieHeader(swapped)), one.attempt.id, sealer, NOW)?.next).toBe('/page-1/')
    const strange = sealer.seal('long-address\nphotos.example.com', { ...one.attempt, next: '/other' })
    const header = `${pair(one.cookie)}; __Host-sign-in-page-0=${strange}`
    expect(openAttempt(back(header), one.attempt.id, sealer, NOW)?.next).toBe('/page-1/')
  })

  test.each([
    ['a list', []],
    ['no id', { next: '/', startedAt: NOW }],
    ['no time', { id: 'x', next: '/' }],
  ])('are not read from %s', (_, value) => {
    const { attempt, cookie } = begun(address(1))
    const header = `${pair(cookie)}; __Host-sign-in-page-0=${sealer.seal(`long-address\n${HOST}`, value)}`
    expect(openAttempt(back(header), attempt.id, sealer, NOW)?.next).toBe('/page-1/')
  })
})
