import { randomBytes } from 'node:crypto'
import { session } from '../../../../edge-cache-request-signer/src/endpoints/session.js'
import { Refusal } from '../../../../edge-cache-request-signer/src/refusals/refusal.js'
import type { Session } from '../../../../edge-cache-request-signer/src/session/session.js'
import { call, cookieHeader, NOW, opened, request, sealer, sessionCookiesFor } from '../browser.js'
import { fields, JSON_TYPE } from '../world.js'

const ann: Session = { subject: 'ann', expiresAt: NOW + 60, opened: opened('/*') }
const asked = (changes: Partial<Session> = {}) =>
  call({
    path: '/cookie/session',
    headers: {
      cookie: cookieHeader(sessionCookiesFor({ ...ann, ...changes }, request(), sealer, randomBytes, 3600, NOW)),
    },
  })
const told = (body: object) => ({
  response: { status: '200', statusDescription: 'OK', headers: fields(JSON_TYPE), body: JSON.stringify(body) },
  subject: 'ann',
})

describe('GET /cookie/session', () => {
  test.each<[string, Partial<Session>, object]>([
    ['who is signed in', {}, { subject: 'ann', expires_at: NOW + 60, paths: ['/*'], renewable: false }],
    [
      'the e-mail address, and that it can be renewed, but no token',
      { email: 'ann@example.com', refreshToken: 'secret' },
      { subject: 'ann', email: 'ann@example.com', expires_at: NOW + 60, paths: ['/*'], renewable: true },
    ],
    [
      'a session whose cookies ended, when it can be renewed',
      { expiresAt: NOW - 60, refreshToken: 'secret' },
      { subject: 'ann', expires_at: NOW - 60, paths: ['/*'], renewable: true },
    ],
  ])('tells %s', (_, changes, body) => {
    expect(session(asked(changes))).toEqual(told(body))
  })

  test.each<[string, ReturnType<typeof call>]>([
    ['nobody signed in', call()],
    ['the session ended and cannot be renewed', asked({ expiresAt: NOW })],
    [
      'the cookies are forged',
      call({ headers: { cookie: '__Secure-session=AQ; __Host-session=AAAAAAAAAAAAAAAAAAAAAA' } }),
    ],
  ])('tells of nobody when %s', (_, given) => {
    expect(() => session(given)).toThrow(new Refusal('no_session'))
  })
})
