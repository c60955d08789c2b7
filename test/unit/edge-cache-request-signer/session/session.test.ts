import { randomBytes } from 'node:crypto'
import {
  deletedSession,
  freshCookie,
  openSession,
  pathsOf,
  type Session,
} from '../../../../edge-cache-request-signer/src/session/session.js'
import { createSealer } from '../../../../edge-cache-request-signer/src/signing/seal.js'
import { HOST } from '../../../support/events.js'
import { cookieHeader, NOW, OTHER_KEY, opened, request, SEALING_KEY, sealer, sessionCookiesFor } from '../browser.js'

const ann: Session = {
  subject: 'ann',
  email: 'ann@example.com',
  refreshToken: 'refresh-token-of-ann',
  expiresAt: NOW + 3600,
  opened: opened('/*'),
}
const bob: Session = { subject: 'bob', expiresAt: NOW + 3600, opened: opened('/bob/*') }

const asking = (cookie: string | readonly string[] = '', host = HOST) => request({ headers: { cookie, host } })
const kept = (session: Session, cookie = '', days = 30) =>
  sessionCookiesFor(session, asking(cookie), sealer, randomBytes, days * 86_400, NOW)
const browser = (session: Session) => cookieHeader(kept(session))
/** The two cookies of a browser by themselves. */
const parts = (session: Session) => {
  const [sealed = '', binding = ''] = browser(session).split('; ')
  return { sealed, binding }
}

describe('sessionCookies', () => {
  test('are two: the sealed one for the function only, the other one for this host only', () => {
    expect(kept(ann)).toEqual([
      expect.stringMatching(
        /^__Secure-session=[\w-]{150,400}; Path=\/cookie\/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax$/,
      ),
      expect.stringMatching(/^__Host-session=[\w-]{22}; Path=\/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax$/),
    ])
    expect(Buffer.from(parts(ann).sealed.split('=')[1] ?? '', 'base64url').includes('ann')).toBe(false)
  })

  test('keep the binding while the same person stays, so that renewals side by side do not part the cookies', () => {
    const before = browser(ann)
    const [first, second] = [kept(ann, before), kept({ ...ann, refreshToken: 'next' }, before)]
    const mixed = cookieHeader([first[0] ?? '', second[1] ?? ''])
    expect(openSession(asking(mixed), sealer, NOW)?.session).toEqual(ann)
  })

  test('have another binding for another person, and for a session that is over', () => {
    const before = browser(ann)
    const [, binding = ''] = before.split('; ')
    expect(binding).toMatch(/^__Host-session=[\w-]{22}$/)
    expect(kept(bob, before)[1]).not.toContain(binding)
    expect(kept(ann, before)[1]).toContain(binding)
    const late = sessionCookiesFor(ann, asking(before), sealer, randomBytes, 60, NOW + 30 * 86_400)
    expect(late[1]).not.toContain(binding)
  })

  test('do not take over a binding that was planted without its session', () => {
    expect(kept(ann, '__Host-session=AAAAAAAAAAAAAAAAAAAAAA')[1]).not.toContain('=AAAAAAAAAAAAAAAAAAAAAA;')
  })

  test('leave out a refresh token that is too long, and then paths that are', () => {
    const manyPaths = Array.from({ length: 100 }, (_, i) => `/department-of-something-long/${i}/*`)
    const { refreshToken: _, ...unrenewable } = ann
    const long = { ...ann, refreshToken: 'x'.repeat(3000) }
    expect(openSession(asking(browser(long)), sealer, NOW)?.session).toEqual(unrenewable)
    expect(openSession(asking(browser({ ...long, opened: opened(...manyPaths) })), sealer, NOW)?.session).toEqual({
      ...unrenewable,
      opened: {},
    })
  })

  test('keep a refresh token as long as those of Cognito', () => {
    const long = { ...ann, refreshToken: 'x'.repeat(2400) }
    expect(openSession(asking(browser(long)), sealer, NOW)?.session).toEqual(long)
  })

  test('end the session rather than set one that no browser keeps', () => {
    expect(kept({ ...ann, subject: 'x'.repeat(4000) })).toEqual(deletedSession())
  })
})

describe('openSession', () => {
  const { sealed, binding } = parts(ann)
  const bobs = parts(bob)
  const purpose = (id: string) => `session\n${HOST}\n${id}`
  const id = binding.split('=')[1] ?? ''
  const forged = (value: object) => `__Secure-session=${sealer.seal(purpose(id), value)}; ${binding}`
  const sound = { ...ann, endsAt: NOW + 60 }

  test.each([
    ['both cookies', `${sealed}; ${binding}`],
    ['them in the other order', `${binding}; ${sealed}`],
    ['another browser’s session before it', `${bobs.sealed}; ${sealed}; ${binding}`],
    ['another browser’s session after it', `${sealed}; ${bobs.sealed}; ${binding}`],
    ['rubbish of its name before it', `__Secure-session=; __Secure-session=x; ${sealed}; ${binding}`],
    ['rubbish of the other name before it', `__Host-session=x; ${bobs.binding}; ${sealed}; ${binding}`],
    ['as many others as a sibling host can set', `${`${bobs.sealed}; `.repeat(40)}${sealed}; ${binding}`],
  ])('finds the person by %s', (_, cookie) => {
    expect(openSession(asking(cookie), sealer, NOW)?.session).toEqual(ann)
  })

  test('finds no e-mail address and no refresh token where there was none', () => {
    expect(openSession(asking(browser(bob)), sealer, NOW)?.session).toEqual(bob)
  })

  test('finds a session that was sealed before a rotation', () => {
    const rotated = createSealer([OTHER_KEY, SEALING_KEY], randomBytes)
    expect(openSession(asking(`${sealed}; ${binding}`), rotated, NOW)?.session).toEqual(ann)
  })

  test.each<[string, string]>([
    ['no cookies', ''],
    ['the session without its binding', sealed],
    ['the binding without its session', binding],
    ['the session of another browser, set by a sibling host', `${bobs.sealed}; ${binding}`],
    ['the binding of another browser', `${sealed}; ${bobs.binding}`],
    ['a binding of another form', `${sealed}; __Host-session=${id}A`],
    ['an empty binding', `${sealed}; __Host-session=`],
    ['a truncated session', `${sealed.slice(0, -1)}; ${binding}`],
    ['a session under another name', `${sealed.replace('__Secure-', '')}; ${binding}`],
    ['an attempt in its place', `__Secure-session=${sealer.seal(`attempt\n${HOST}\n${id}`, sound)}; ${binding}`],
    ['a session that is over', forged({ ...sound, endsAt: NOW })],
    ['a session without an end', forged(ann)],
    ['a session of nobody', forged({ ...sound, subject: undefined })],
    ['a session whose cookies have no end', forged({ ...sound, expiresAt: null })],
    ['a session without paths', forged({ ...sound, opened: '/*' })],
    ['a session with other things than paths', forged({ ...sound, opened: { KEXAMPLE: '/*' } })],
    ['a session with a path that is none', forged({ ...sound, opened: { KEXAMPLE: [1] } })],
    ['a list', forged([])],
  ])('finds nobody by %s', (_, cookie) => {
    expect(openSession(asking(cookie), sealer, NOW)?.session).toBeUndefined()
  })

  test('finds nobody on another host, nor under keys that came later', () => {
    const cookie = `${sealed}; ${binding}`
    expect(openSession(asking(cookie, 'photos.example.com'), sealer, NOW)?.session).toBeUndefined()
    expect(openSession(asking(cookie), createSealer([OTHER_KEY], randomBytes), NOW)?.session).toBeUndefined()
  })

  test('finds nobody once the life of the session is over, whatever the browser keeps', () => {
    const cookie = `${sealed}; ${binding}`
    expect(openSession(asking(cookie), sealer, NOW + 30 * 86_400 - 1)?.session).toEqual(ann)
    expect(openSession(asking(cookie), sealer, NOW + 30 * 86_400)?.session).toBeUndefined()
  })
})

describe('deletedSession', () => {
  test('tells its paths in one order, whichever keys signed for them', () => {
    const session = { ...ann, opened: { KTWO: ['/b/*', '/a!/*'], KONE: ['/a/*', '/a/b/*'] } }
    expect(pathsOf(session)).toEqual(['/a!/*', '/a/*', '/a/b/*', '/b/*'])
  })

  test('deletes what was set, with its paths', () => {
    expect(deletedSession()).toEqual([
      '__Secure-session=; Path=/cookie/; Max-Age=0; Secure; HttpOnly; SameSite=Lax',
      '__Host-session=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax',
      '__Host-fresh=; Path=/; Max-Age=0; Secure; SameSite=Lax',
    ])
    expect(cookieHeader([...kept(ann), freshCookie(), ...deletedSession()])).toBe('')
  })
})

describe('freshCookie', () => {
  test('can be read by scripts, for half a minute', () => {
    expect(freshCookie()).toBe('__Host-fresh=1; Path=/; Max-Age=30; Secure; SameSite=Lax')
  })
})
