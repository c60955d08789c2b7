import { randomBytes } from 'node:crypto'
import {
  type Attempt,
  attemptCookie,
  deletedAttempts,
  newAttempt,
  openAttempt,
  surplusAttempts,
} from '../../../edge-cache-request-signer/src/attempt.js'
import { createSealer } from '../../../edge-cache-request-signer/src/sealing.js'
import { cookieJar } from '../../support/cookie-jar.js'
import { HOST } from '../../support/events.js'
import { cookieHeader, deletedIn, NOW, OTHER_KEY, request, SEALING_KEY, sealer } from './browser.js'

const begun = (next = '/photos/', now = NOW) => {
  const attempt = newAttempt(next, now, randomBytes)
  return { attempt, cookie: attemptCookie(attempt, sealer, HOST) }
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

describe('attemptCookie', () => {
  test('is for this host only, out of the reach of scripts, and tells nothing', () => {
    const { attempt, cookie } = begun('/secret-project/')
    expect(cookie).toMatch(
      /^__Host-sign-in-[\w-]{22}=[\w-]{200,400}; Path=\/; Max-Age=86400; Secure; HttpOnly; SameSite=Lax$/,
    )
    expect(cookie).toContain(`__Host-sign-in-${attempt.id}=`)
    expect(Buffer.from(pair(cookie).split('=')[1] ?? '', 'base64url').includes('secret')).toBe(false)
  })

  test('holds the longest path that may be one', () => {
    const next = `/${'a'.repeat(1999)}`
    const { attempt, cookie } = begun(next)
    expect(pair(cookie).length).toBeLessThan(4096)
    expect(openAttempt(back(pair(cookie)), attempt.id, sealer, NOW)?.next).toBe(next)
  })

  test('ends at / when the path fits no cookie', () => {
    const { attempt, cookie } = begun(`/${'a'.repeat(3500)}`)
    expect(openAttempt(back(pair(cookie)), attempt.id, sealer, NOW)?.next).toBe('/')
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
  const [one, two] = [begun(), begun()]
  const header = [pair(one.cookie), pair(two.cookie), '__Host-sign-in-x=1', '__Host-sign-in-a"b=2', 'a=3'].join('; ')

  test('deletes all that the request shows, and nothing else', () => {
    expect(deletedIn(deletedAttempts(back(header)))).toEqual(
      [one, two].map(({ attempt }) => `__Host-sign-in-${attempt.id} /`),
    )
  })

  test('deletes those it is told, and no others', () => {
    expect(deletedAttempts(back(header), [two.attempt.id, 'x; Domain=example.com'])).toEqual([
      `__Host-sign-in-${two.attempt.id}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`,
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

  test('lets those be that took too long, because the page that was wanted is read from them for a day', () => {
    expect(surplus([begun('/', NOW - 86_400), begun('/', NOW - 901)])).toEqual([])
  })

  test('shortens the oldest when all together are too long for a request, which end at their page without its query', () => {
    const jar = cookieJar()
    const all = Array.from({ length: 19 }, (_, i) => begun(`/page-${i}/?q=${'a'.repeat(1900)}#x`, NOW - 800 + i))
    for (const attempt of all) {
      const shortened = surplusAttempts(back(jar.header('/')), sealer, NOW)
      expect(deletedIn(shortened)).toEqual([])
      jar.keep([...shortened, attempt.cookie])
    }
    expect(jar.header('/').length).toBeLessThan(24_000)
    const nexts = all.map(({ attempt }) => openAttempt(back(jar.header('/')), attempt.id, sealer, NOW)?.next)
    expect(nexts.slice(0, 14)).toEqual(Array.from({ length: 14 }, (_, i) => `/page-${i}/`))
    expect(nexts.at(-1)).toBe(all.at(-1)?.attempt.next)
  })

  test('sends to the start page who came from an address that is long without a query', () => {
    const all = [5, 4, 3, 2, 1].map((age) => begun(`/${'a'.repeat(1900)}`, NOW - age))
    const jar = cookieJar()
    jar.keep(all.map(({ cookie }) => cookie))
    const [shortened = '', ...others] = surplusAttempts(back(jar.header('/')), sealer, NOW)
    expect(others).toEqual([])
    jar.keep([shortened])
    expect(openAttempt(back(jar.header('/')), all[0]?.attempt.id, sealer, NOW)?.next).toBe('/')
    expect(shortened).toContain('; Max-Age=86395;')
  })
})
