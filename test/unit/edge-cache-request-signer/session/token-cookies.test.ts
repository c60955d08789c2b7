import type { Identity } from '../../../../edge-cache-request-signer/src/access/identity.js'
import {
  deletedTokenCookies,
  type TokenCookieTerms,
  tokenCookies,
} from '../../../../edge-cache-request-signer/src/session/token-cookies.js'
import { cookieHeader, deletedIn, request } from '../browser.js'

const clientId = '1example23456789'
const prefix = `CognitoIdentityServiceProvider.${clientId}`
const tokens = { idToken: 'h.i.s', accessToken: 'h.a.s', refreshToken: 'r.r' }
const person = (claims: Record<string, unknown> = {}): Identity => ({
  subject: 'sub-1',
  expiresAt: 0,
  claims,
  scopes: [],
})
const terms = (changes: Partial<TokenCookieTerms> = {}): TokenCookieTerms => ({
  identity: person({ 'cognito:username': 'ann' }),
  clientId,
  request: request(),
  maxAgeSeconds: 3600,
  ...changes,
})
const attributes = 'Path=/; Max-Age=3600; Secure; SameSite=Lax'
const named = (setCookies: readonly string[]) => setCookies.map((line) => line.slice(0, line.indexOf('=')))

describe('tokenCookies', () => {
  test('have the names of Amplify', () => {
    expect(tokenCookies('amplify', tokens, terms())).toEqual([
      `${prefix}.LastAuthUser=ann; ${attributes}`,
      `${prefix}.ann.idToken=h.i.s; ${attributes}`,
      `${prefix}.ann.accessToken=h.a.s; ${attributes}`,
      `${prefix}.ann.refreshToken=r.r; ${attributes}`,
    ])
  })

  test('have the names of OpenSearch', () => {
    expect(tokenCookies('opensearch', tokens, terms())).toEqual([
      `COGNITO-ENABLED=True; ${attributes}`,
      `ID-TOKEN=h.i.s; ${attributes}`,
      `ACCESS-TOKEN=h.a.s; ${attributes}`,
      `REFRESH-TOKEN=r.r; ${attributes}`,
    ])
  })

  test('are for the tokens that there are', () => {
    const { refreshToken: _, ...others } = tokens
    expect(named(tokenCookies('opensearch', others, terms()))).toEqual(['COGNITO-ENABLED', 'ID-TOKEN', 'ACCESS-TOKEN'])
    expect(named(tokenCookies('amplify', others, terms()))).toEqual([
      `${prefix}.LastAuthUser`,
      `${prefix}.ann.idToken`,
      `${prefix}.ann.accessToken`,
    ])
  })

  test.each([
    ['the name of an access token', { username: 'ben' }, 'ben'],
    ['the subject, for want of a name', {}, 'sub-1'],
    ['the subject, for want of a name that is one', { 'cognito:username': 7 }, 'sub-1'],
    ['an address', { 'cognito:username': 'a.b+c@example.com' }, 'a.b%2Bc%40example.com'],
    ['spaces and signs', { 'cognito:username': 'a b;c=d,e"f(g)' }, 'a%20b%3Bc%3Dd%2Ce%22f%28g%29'],
    ['a line break', { 'cognito:username': 'a\r\nSet-Cookie: x=y' }, 'a%0D%0ASet-Cookie%3A%20x%3Dy'],
    ['other scripts', { 'cognito:username': 'Zoë 😀' }, 'Zo%C3%AB%20%F0%9F%98%80'],
  ])('encode the user as Amplify’s cookie library does: %s', (_, claims, user) => {
    const set = tokenCookies('amplify', tokens, terms({ identity: person(claims) }))
    expect(set.slice(0, 2)).toEqual([
      `${prefix}.LastAuthUser=${user}; ${attributes}`,
      `${prefix}.${user}.idToken=h.i.s; ${attributes}`,
    ])
  })

  test('encode tokens that are no JSON Web Tokens', () => {
    expect(tokenCookies('opensearch', { ...tokens, refreshToken: 'a b;"\\' }, terms())[3]).toBe(
      `REFRESH-TOKEN=a%20b%3B%22%5C; ${attributes}`,
    )
  })

  test('are none for a user whose name cannot be written', () => {
    expect(tokenCookies('amplify', tokens, terms({ identity: person({ username: '\ud800' }) }))).toEqual([])
  })

  test.each<[string, object, readonly string[]]>([
    ['one that is too long', { idToken: 'x'.repeat(4090) }, ['ACCESS-TOKEN', 'REFRESH-TOKEN']],
    ['one too many', { idToken: 'x'.repeat(4000), accessToken: 'x'.repeat(3950) }, ['ID-TOKEN', 'ACCESS-TOKEN']],
    ['an enormous one', { accessToken: 'x'.repeat(1_000_000) }, ['ID-TOKEN', 'REFRESH-TOKEN']],
  ])('leave out %s', (_, changes, expected) => {
    const set = tokenCookies('opensearch', { ...tokens, ...changes }, terms())
    expect(named(set)).toEqual(['COGNITO-ENABLED', ...expected])
    expect(set.join().length).toBeLessThan(8_500)
  })

  test('delete what another person left behind, and a token that is no longer there', () => {
    const before = cookieHeader(tokenCookies('amplify', tokens, terms({ identity: person({ username: 'ben' }) })))
    const asked = request({ headers: { cookie: `${before}; ${prefix}.ann.refreshToken=old` } })
    const { refreshToken: _, ...others } = tokens
    const set = tokenCookies('amplify', others, terms({ request: asked }))
    expect(deletedIn(set)).toEqual(
      ['ben.idToken', 'ben.accessToken', 'ben.refreshToken', 'ann.refreshToken'].map((name) => `${prefix}.${name} /`),
    )
    expect(named(set).slice(4)).toEqual(
      ['LastAuthUser', 'ann.idToken', 'ann.accessToken'].map((name) => `${prefix}.${name}`),
    )
  })
})

describe('deletedTokenCookies', () => {
  const deleted = (kind: 'amplify' | 'opensearch', cookie: string) =>
    deletedIn(deletedTokenCookies(kind, request({ headers: { cookie } }), clientId))

  test('deletes what the request shows of its kind and its client', () => {
    const cookie = [
      ...[`${prefix}.LastAuthUser=ann`, `${prefix}.a%20b.idToken=1`, `${prefix}.ann.clockDrift=0`],
      ...[
        'CognitoIdentityServiceProvider.another.LastAuthUser=ben',
        'ID-TOKEN=2',
        'COGNITO-ENABLED=True',
        'ID-TOKENS=3',
      ],
    ].join('; ')
    expect(deleted('amplify', cookie)).toEqual([
      `${prefix}.LastAuthUser /`,
      `${prefix}.a%20b.idToken /`,
      `${prefix}.ann.clockDrift /`,
    ])
    expect(deleted('opensearch', cookie)).toEqual(['ID-TOKEN /', 'COGNITO-ENABLED /'])
  })

  test.each([
    ['a name that cannot be set', `${prefix}.a"b=1`],
    ['a name with a bracket', `${prefix}.(a)=1`],
    ['a name that is not ASCII', `${prefix}.é=1`],
    ['an endless name', `${prefix}.${'a'.repeat(5000)}=1`],
  ])('lets %s be', (_, cookie) => {
    expect(deleted('amplify', cookie)).toEqual([])
  })

  test('deletes no more than a response can hold', () => {
    const cookie = Array.from({ length: 500 }, (_, i) => `${prefix}.${i}=1`).join('; ')
    expect(deleted('amplify', cookie)).toHaveLength(40)
  })
})
