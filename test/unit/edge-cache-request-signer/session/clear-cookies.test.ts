import { randomBytes } from 'node:crypto'
import type { Configuration } from '../../../../edge-cache-request-signer/src/configuration/configuration.js'
import { allDeleted, personDeleted } from '../../../../edge-cache-request-signer/src/session/clear-cookies.js'
import { attemptCookies, newAttempt } from '../../../../edge-cache-request-signer/src/session/login-state.js'
import type { Session } from '../../../../edge-cache-request-signer/src/session/session.js'
import {
  call,
  configuration,
  cookieHeader,
  deletedIn,
  NOW,
  opened,
  request,
  sealer,
  sessionCookiesFor,
} from '../browser.js'

const SESSION = ['__Secure-session /cookie/', '__Host-session /', '__Host-fresh /']
const set = (path: string) =>
  ['Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'].map((name) => `CloudFront-${name} ${path}`)

const TOKEN = 'CognitoIdentityServiceProvider.1example23456789'

const signedIn = (session: Partial<Session> = {}) =>
  cookieHeader(
    sessionCookiesFor(
      { subject: 'ann', expiresAt: NOW + 60, opened: opened('/*'), ...session },
      request(),
      sealer,
      randomBytes,
      3600,
      NOW,
    ),
  )
const deleted = (cookie: string, changes: Partial<Configuration> = {}) =>
  allDeleted(call({ headers: { cookie } }, { configuration: { ...configuration, ...changes } }))

describe('allDeleted', () => {
  test('deletes session and cookies, though the request shows none', () => {
    expect(deletedIn(deleted(''))).toEqual([...SESSION, ...set('/')])
  })

  test('deletes the sets of paths that the session remembers, and that the rules could have given', () => {
    const grants = [{ paths: ['/finance/*', '/users/{sub}/*', '/mail/{email}/*'], groups: ['nobody'] }]
    const cookie = signedIn({ opened: opened('/former/*'), email: 'ann@example.com' })
    const expected = ['/former/', '/finance/', '/users/ann/', '/mail/ann%40example.com/', '/'].flatMap(set)
    expect(deletedIn(deleted(cookie, { grants })).toSorted()).toEqual([...SESSION, ...expected].toSorted())
  })

  test('uses the attributes with which the cookies were set', () => {
    const cookies = { ...configuration.cookies, sameSite: 'None', domain: 'example.com', partitioned: true } as const
    expect(deleted('', { cookies })).toContain(
      'CloudFront-Policy=; Path=/; Domain=example.com; Max-Age=0; Secure; HttpOnly; SameSite=None; Partitioned',
    )
  })

  test('deletes sign-ins under way, tokens and additional cookies', () => {
    const attempt = newAttempt('/', NOW, randomBytes)
    const cookie = `${cookieHeader(attemptCookies(attempt, request(), sealer))}; ID-TOKEN=1; theme=dark`
    const signIn = { ...configuration.signIn, tokenCookies: 'opensearch', additionalCookies: { beta: '1' } }
    expect(deletedIn(deleted(cookie, { signIn: signIn as NonNullable<Configuration['signIn']> })).slice(7)).toEqual([
      'ID-TOKEN /',
      'beta /',
      `__Host-sign-in-${attempt.id} /`,
    ])
  })

  test('has what matters most first, however much the request shows', () => {
    const rubbish = Array.from({ length: 400 }, () => `__Host-sign-in-${randomBytes(16).toString('base64url')}=x`)
    const tokens = Array.from({ length: 400 }, (_, i) => `${TOKEN}.${'x'.repeat(300)}${i}=1`)
    const signIn = { ...configuration.signIn, tokenCookies: 'amplify' } as NonNullable<Configuration['signIn']>
    const all = deletedIn(deleted([...rubbish, ...tokens].join('; '), { signIn }))
    const kind = (name: string) => /^(?:CloudFront|__Host-sign-in|CognitoIdentityServiceProvider)/.exec(name)?.[0]
    expect(all.slice(0, 7)).toEqual([...SESSION, ...set('/')])
    expect(all.slice(7).map(kind)).toEqual([
      ...Array.from({ length: 40 }, () => 'CognitoIdentityServiceProvider'),
      ...Array.from({ length: 100 }, () => '__Host-sign-in'),
    ])
  })
})

describe('personDeleted', () => {
  test('deletes the sets of somebody who is known otherwise', () => {
    const changes = { configuration: { ...configuration, grants: [{ paths: ['/users/{sub}/*'] }] } }
    const identity = { subject: 'ben', expiresAt: NOW, claims: {}, scopes: [] }
    expect(deletedIn(personDeleted(call({}, changes), identity))).toEqual(expect.arrayContaining(set('/users/ben/')))
  })

  test('lets sign-ins go on that are under way in other tabs', () => {
    const attempt = newAttempt('/', NOW, randomBytes)
    const cookie = `${cookieHeader(attemptCookies(attempt, request(), sealer))}; __Host-sign-in-again=x`
    expect(deletedIn(personDeleted(call({ headers: { cookie } })))).toEqual([...SESSION, ...set('/')])
    expect(deletedIn(allDeleted(call({ headers: { cookie } })))).toEqual([
      ...[...SESSION, ...set('/')],
      ...['__Host-sign-in-again /', `__Host-sign-in-${attempt.id} /`],
    ])
  })
})
