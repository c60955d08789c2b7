/**
 * What browsers keep, they keep over an update of the module: each kind of sealed cookie has a purpose that never changes,
 * written out here. One that does would sign everybody out.
 */
import { randomBytes } from 'node:crypto'
import {
  attemptCookies,
  longAddressCookie,
  longAddressOf,
  openAttempt,
} from '../../../../edge-cache-request-signer/src/session/login-state.js'
import { logoutHint, logoutHintCookies } from '../../../../edge-cache-request-signer/src/session/logout-hint.js'
import { openSession } from '../../../../edge-cache-request-signer/src/session/session.js'
import {
  otherAccountCookie,
  pageForOtherAccount,
} from '../../../../edge-cache-request-signer/src/session/switch-account.js'
import { HOST } from '../../../support/events.js'
import { call, configuration, cookieHeader, NOW, opened, request, sealer, sessionCookiesFor } from '../browser.js'

const ID = 'AQEBAQEBAQEBAQEBAQEBAQ'
const session = { subject: 'ann', expiresAt: NOW + 3600, opened: opened('/*') }
const attempt = { verifier: 'v', nonce: 'n', next: '/a', startedAt: NOW }
const page = { id: ID, next: '/long', startedAt: NOW }

const asking = (cookie: string) => ({ headers: { cookie } })
const { userPool: _, ...rest } = configuration
const elsewhere = {
  ...rest,
  oidc: {
    issuer: 'https://idp.example.com',
    jwksUri: 'https://idp.example.com/jwks',
    audiences: ['a'],
    groupsClaim: 'g',
  },
}

/** By its kind: the name, the purpose, what is sealed, and what the module reads in such a cookie. */
const KINDS: readonly [string, string, string, object, (cookie: string) => unknown, unknown][] = [
  [
    'session',
    '__Secure-session',
    `session\n${HOST}\n${ID}`,
    { ...session, endsAt: NOW + 60 },
    (cookie) => openSession(request(asking(`${cookie}; __Host-session=${ID}`)), sealer, NOW)?.session,
    session,
  ],
  [
    'attempt',
    `__Host-sign-in-${ID}`,
    `attempt\n${HOST}\n${ID}`,
    attempt,
    (cookie) => openAttempt(request(asking(cookie)), ID, sealer, NOW),
    { ...attempt, id: ID },
  ],
  [
    'long address',
    '__Host-sign-in-page-0',
    `long-address\n${HOST}`,
    page,
    (cookie) => longAddressOf(request(asking(cookie)), ID, sealer),
    '/long',
  ],
  [
    'hint for the logout',
    '__Secure-logout-hint',
    `logout-hint\n${HOST}\nann`,
    { idToken: 'a.b.c' },
    (cookie) => logoutHint(call(asking(cookie)), 'ann'),
    'a.b.c',
  ],
  [
    'page of somebody else',
    '__Host-sign-in-again',
    `other-account\n${HOST}`,
    { next: '/b', endsAt: NOW + 60 },
    (cookie) => pageForOtherAccount(call(asking(cookie))),
    '/b',
  ],
]

test.each(KINDS)('reads a %s that is there already', (_kind, name, purpose, value, read, expected) => {
  expect(read(`${name}=${sealer.seal(purpose, value)}`)).toEqual(expected)
})

test.each(KINDS)('reads no %s of another purpose', (_kind, name, purpose, value, read) => {
  expect(read(`${name}=${sealer.seal(`${purpose}\n`, value)}`)).toBeUndefined()
})

test('seals for the same purposes', () => {
  const made = [
    sessionCookiesFor(session, request(asking(binding(session))), sealer, randomBytes, 60, NOW),
    attemptCookies({ ...attempt, id: ID }, request(), sealer),
    longAddressCookie(page, request(), sealer, 60),
    logoutHintCookies(call({}, { configuration: elsewhere }), 'ann', 'a.b.c', 60),
    [otherAccountCookie(call({ querystring: 'next=/b' }))],
  ]
  const values = made.map((cookies) => /^[^=]*=([^;]*)/.exec(cookies[0] ?? '')?.[1] ?? '')
  expect(values.map((value, index) => sealer.open(KINDS[index]?.[2] ?? '', value))).toEqual([
    { ...session, endsAt: NOW + 60 },
    attempt,
    page,
    { idToken: 'a.b.c' },
    { next: '/b', endsAt: NOW + 900 },
  ])
})

/** A session that is there, so that the next one has the same binding. */
function binding(of: object): string {
  const before = sealer.seal(`session\n${HOST}\n${ID}`, { ...of, endsAt: NOW + 60 })
  return cookieHeader([`__Secure-session=${before}; Path=/cookie/`, `__Host-session=${ID}; Path=/`])
}
