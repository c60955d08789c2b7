import { serializeSigningKey } from '../../../../contract/secret.js'
import type { Configuration } from '../../../../edge-cache-request-signer/src/configuration/configuration.js'
import { verifySignedRequest } from '../../../../local-aws/edge/signed-request.js'
import { START } from '../../../support/clock.js'
import { HOST } from '../../../support/events.js'
import { keyPair, signingKey } from '../../../support/keys.js'
import { accessClaims, idClaims, mint, SUBJECT } from '../../../support/tokens.js'
import { FETCH, outcomeOf, setCookies, signIn, site, visitor } from '../visitor.js'
import { configuration, KEY_NAME, parameters, testWorld } from '../world.js'

const NOW = START / 1000
const KEYS = new Map([
  [signingKey().keyPairId, keyPair('signing').publicPem],
  ['KFINANCE', keyPair('finance').publicPem],
])
const RULES: Configuration['grants'] = [
  { paths: ['/photos/*', '/users/{sub}/*'] },
  { paths: ['/staff/*', '/*'], groups: ['staff'] },
  { paths: ['/finance/*'], groups: ['finance'], signingKey: 'finance' },
]

function world(changes: Partial<Configuration> = {}) {
  const document: Configuration = {
    ...configuration,
    grants: RULES,
    exclusiveSigningKeys: ['finance'],
    signedUrls: { longestSeconds: 600 },
    ...changes,
  }
  const key = signingKey({ keyPairId: 'KFINANCE', privateKey: keyPair('finance').privatePem })
  const all = new Map([...parameters(document), [`${KEY_NAME}-finance`, serializeSigningKey(key)]])
  return testWorld({ getParameters: async () => all })
}

const bearer = (claims = accessClaims()) => ({ authorization: `Bearer ${mint(claims)}` })
const query = (parameters: Readonly<Record<string, string>>) => new URLSearchParams(parameters).toString()

/** What comes back to somebody with a token: status, and the error or the URL. */
async function asked(
  parameters: Readonly<Record<string, string>>,
  claims = accessClaims(),
  changes: Partial<Configuration> = {},
) {
  const answer = await world(changes).ask({
    path: '/cookie/url',
    querystring: query(parameters),
    headers: bearer(claims),
  })
  const { url, expires_at, error } = JSON.parse(answer.body ?? '')
  return { status: answer.status, url, expiresAt: expires_at, error }
}

const opens = (url: string, nowMs = START) =>
  verifySignedRequest({ url, cookieHeaders: [], clientIp: '192.0.2.1', nowMs }, KEYS).allowed

describe('GET /cookie/url', () => {
  test('gives a URL that opens one object for as long as was asked', async () => {
    const { status, url, expiresAt } = await asked({ path: '/photos/a b/Zo\u00EB.jpg', ttl: '60' })
    expect({ status, expiresAt }).toEqual({ status: '200', expiresAt: NOW + 60 })
    expect(url).toMatch(new RegExp(`^https://${HOST}/photos/a%20b/Zo%C3%AB\\.jpg\\?Expires=${NOW + 60}&`))
    expect([opens(url), opens(url, START + 60_000)]).toEqual([true, false])
    expect(opens(url.replace('Zo%C3%AB', 'other'))).toBe(false)
  })

  test.each([
    ['/photos/%41.jpg', 'needlessly encoded'],
    ['/photos/*', 'a wildcard'],
    ['/photos/%2A', 'an encoded wildcard'],
    ['/photos/%3fa', 'another encoded wildcard'],
    ['/photos/a?b', 'a query string'],
    ['/photos/../staff/a', 'dots'],
    ['/photos/%2e%2e/staff/a', 'encoded dots'],
    ['/photos//a', 'an empty part'],
    ['/photos/a%2fb', 'a hidden slash'],
    ['/photos/a\\b', 'a backslash'],
    ['/photos/a#b', 'a fragment'],
    ['https://evil.example/', 'another host'],
    ['//evil.example/photos/', 'another host without a scheme'],
    ['@evil.example/', 'a user name'],
    ['', 'nothing'],
    ['photos/a', 'no slash at the beginning'],
    [`/photos/${'a'.repeat(2000)}`, 'too many characters'],
    ['/photos/\u0000', 'a control character'],
  ])('refuses the path %s: %s', async (path) => {
    expect(await asked({ path })).toMatchObject({ status: '400', error: 'invalid_request' })
  })

  test('refuses half a surrogate pair, and a path that is there twice or not at all', async () => {
    for (const querystring of ['path=%ED%A0%80', 'path=/photos/a&path=/photos/b', '', 'ttl=1']) {
      const { status } = await world().ask({ path: '/cookie/url', querystring, headers: bearer() })
      expect(status).toBe('400')
    }
  })

  test.each(['0', '-1', '1.5', '601', '1e2', ' 1', '', 'x', '9999999999', '0x10'])(
    'refuses the ttl %j',
    async (ttl) => {
      expect(await asked({ path: '/photos/a', ttl })).toMatchObject({ status: '400', error: 'invalid_request' })
    },
  )

  test.each([
    ['the ttl', { ttl: '1' }, 3600, 1],
    ['the limit', {}, 3600, 600],
    ['the token', { ttl: '600' }, 90, 90],
    ['the token, whose expiry has a fraction', {}, 90.9, 90],
  ])('ends with %s', async (_, ttl, left, expected) => {
    const { expiresAt } = await asked({ path: '/photos/a', ...ttl }, accessClaims({ exp: NOW + left }))
    expect(expiresAt).toBe(NOW + expected)
  })

  test('ends with the cookies that the same person would have', async () => {
    const cookies = { ...configuration.cookies, lifetimeSeconds: 300 }
    const signedUrls = { longestSeconds: 300 }
    const { expiresAt } = await asked({ path: '/photos/a' }, accessClaims(), { cookies, signedUrls })
    expect(expiresAt).toBe(NOW + 300)
  })

  test.each<[string, readonly string[], string, string]>([
    ['nobody beyond the own paths', [], '/staff/a', '403'],
    ['nobody into the directory of others', [], '/users/somebody/a', '403'],
    ['a person into the own directory', [], `/users/${SUBJECT}/a`, '200'],
    ['staff everywhere', ['staff'], '/anything', '200'],
    ['staff into no exclusive subtree', ['staff'], '/finance/a', '403'],
    ['finance into its subtree', ['finance'], '/finance/a', '200'],
    ['finance nowhere else', ['finance'], '/anything', '403'],
  ])('lets %s', async (_, groups, path, status) => {
    const answer = await asked({ path }, accessClaims({ 'cognito:groups': groups }))
    expect(answer.status).toBe(status)
    if (status === '200') expect(opens(answer.url)).toBe(true)
    else expect(answer.error).toBe('path_not_granted')
  })

  test('signs with the key of an exclusive subtree there, and with the main key elsewhere', async () => {
    const claims = accessClaims({ 'cognito:groups': ['staff', 'finance'] })
    const keyIn = async (path: string) => /Key-Pair-Id=(\w+)/.exec((await asked({ path }, claims)).url)?.[1]
    expect(await keyIn('/finance/a')).toBe('KFINANCE')
    expect(await keyIn('/photos/a')).toBe(signingKey().keyPairId)
  })

  test('does not exist where the configuration does not want it', async () => {
    const { getParameters } = testWorld()
    const answer = await testWorld({ getParameters }).ask({
      path: '/cookie/url',
      querystring: 'path=/a',
      headers: bearer(),
    })
    expect(answer.status).toBe('404')
  })

  test('refuses whoever has neither token nor session, and a token that is not good in spite of a session', async () => {
    const answers = await Promise.all([
      world().ask({ path: '/cookie/url', querystring: 'path=/photos/a' }),
      world().ask({
        path: '/cookie/url',
        querystring: 'path=/photos/a',
        headers: bearer(accessClaims({ exp: NOW - 1 })),
      }),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['401', '401'])
    expect(answers[0]?.headers?.['www-authenticate']?.[0]?.value).toBe(`Bearer realm="${HOST}"`)
  })

  test('refuses whoever may not enter at all', async () => {
    const grants: Configuration['grants'] = [{ paths: ['/*'], groups: ['staff'] }]
    expect(await asked({ path: '/a' }, accessClaims(), { grants, exclusiveSigningKeys: ['finance'] })).toMatchObject({
      status: '403',
      error: 'not_admitted',
    })
  })
})

describe('GET /cookie/url below bearer_paths', () => {
  test('gives no link, because no signature opens there', async () => {
    const changes = { bearerPaths: ['/photos/api/*'] }
    expect(await asked({ path: '/photos/api/a' }, accessClaims(), changes)).toMatchObject({
      status: '403',
      error: 'path_not_granted',
    })
    expect(await asked({ path: '/photos/a' }, accessClaims(), changes)).toMatchObject({ status: '200' })
  })
})

describe('GET /cookie/url with a session', () => {
  const grants = RULES.slice(0, 2)
  const ask = (changes: Partial<Configuration> = {}) => {
    const place = site({ grants, signedUrls: { longestSeconds: 600 }, ...changes })
    return { place, guest: visitor(place) }
  }

  test('gives what the session opens, until its cookies end', async () => {
    const { place, guest } = ask()
    await guest.signIn('/photos/')
    const answer = await guest.ask('/cookie/url?path=/photos/a')
    const { url, expires_at } = JSON.parse(answer.body ?? '')
    expect([opens(url), expires_at, setCookies(answer)]).toEqual([true, NOW + 600, []])
    expect(outcomeOf(await guest.ask('/cookie/url?path=/staff/a', {}))).toEqual(['403', 'path_not_granted'])

    place.clock.jump(3_500_000)
    expect(JSON.parse((await guest.ask('/cookie/url?path=/photos/a')).body ?? '').expires_at).toBe(NOW + 3600)
    place.clock.jump(100_000)
    expect(outcomeOf(await guest.ask('/cookie/url?path=/photos/a', {}))).toEqual(['401', 'session_over'])
  })

  test('gives nothing with a key that signed no cookie of the session, until it is renewed', async () => {
    const secrets = new Map(parameters({ ...configuration, signIn, grants, signedUrls: { longestSeconds: 600 } }))
    const place = site({}, {}, { getParameters: async () => secrets })
    const guest = visitor(place)
    await guest.signIn('/photos/')
    secrets.set(KEY_NAME, serializeSigningKey(signingKey({ keyPairId: 'KNEXT' })))
    place.clock.jump(301_000)
    expect(outcomeOf(await guest.ask('/cookie/url?path=/photos/a', {}))).toEqual(['401', 'session_over'])
    expect(outcomeOf(await guest.ask('/cookie/url?path=/staff/a', {}))).toEqual(['403', 'path_not_granted'])
    expect((await guest.ask('/cookie/refresh', FETCH, 'POST')).status).toBe('200')
    expect((await guest.ask('/cookie/url?path=/photos/a')).status).toBe('200')
  })

  test('gives nothing for what became exclusive after the sign-in', async () => {
    const finance = signingKey({ keyPairId: 'KFINANCE', privateKey: keyPair('finance').privatePem })
    const before: Partial<Configuration> = { grants: [{ paths: ['/photos/*', '/finance/*'] }] }
    const after: Partial<Configuration> = {
      grants: [{ paths: ['/photos/*'] }, { paths: ['/finance/*'], groups: ['finance'], signingKey: 'finance' }],
      exclusiveSigningKeys: ['finance'],
    }
    let rules = before
    const document = () => ({ ...configuration, signIn, signedUrls: { longestSeconds: 600 }, ...rules })
    const key = [`${KEY_NAME}-finance`, serializeSigningKey(finance)] as const
    const place = site({}, {}, { getParameters: async () => new Map([...parameters(document()), key]) })
    const guest = visitor(place)
    await guest.signIn('/finance/')
    expect((await guest.ask('/cookie/url?path=/finance/a')).status).toBe('200')
    rules = after
    place.clock.jump(301_000)
    expect(outcomeOf(await guest.ask('/cookie/url?path=/finance/a', {}))).toEqual(['401', 'session_over'])
    expect((await guest.ask('/cookie/url?path=/photos/a')).status).toBe('200')
    expect((await guest.ask('/cookie/refresh', FETCH, 'POST')).status).toBe('200')
    expect(outcomeOf(await guest.ask('/cookie/url?path=/finance/a', {}))).toEqual(['403', 'path_not_granted'])
  })

  test('takes the token of a request that has both', async () => {
    const { guest } = ask()
    await guest.signIn('/photos/')
    const token = mint(idClaims({ 'cognito:groups': ['staff'] }))
    expect((await guest.ask('/cookie/url?path=/staff/a', { authorization: `Bearer ${token}` })).status).toBe('200')
    expect((await guest.ask('/cookie/url?path=/photos/a', { authorization: 'Bearer x' })).status).toBe('401')
  })
})
