import { JwtWithoutValidKidError, KidNotFoundInJwksError } from 'aws-jwt-verify/error'
import { createKeySets } from '../../../../edge-cache-request-signer/src/oidc/jwks-cache.js'
import { newKeyPair } from '../../../support/keys.js'
import { accessClaims, idClaims, issuerOf, jwks, mint, updatedIssuerOf } from '../../../support/tokens.js'
import { badToken, refusal, testWorld } from '../world.js'

const headers = (token: string) => ({ authorization: `Bearer ${token}` })
const unavailable = (retryAfter: number) =>
  refusal(
    [503, 'Service Unavailable'],
    'temporarily_unavailable',
    'Tokens cannot be checked at the moment. Try again shortly.',
    { 'Retry-After': String(retryAfter) },
  )
const unknownKey = badToken('The token is signed with an unknown key.')

afterEach(() => jest.restoreAllMocks())

describe('key sets', () => {
  test('are fetched once per issuer, from the issuer of the pool', async () => {
    const fetchJwks = jest.fn(async () => jwks())
    const world = testWorld({ fetchJwks })
    const tokens = [mint(), mint(idClaims()), mint(accessClaims({ iss: updatedIssuerOf() }))]
    for (const token of [...tokens, ...tokens]) {
      expect((await world.ask({ headers: headers(token) })).status).toBe('200')
    }
    expect(fetchJwks.mock.calls).toEqual([
      [`${issuerOf()}/.well-known/jwks.json`],
      [`${updatedIssuerOf()}/.well-known/jwks.json`],
    ])
  })

  test('that are stale are asked for again before a token is believed', async () => {
    const fetchJwks = jest.fn(async () => jwks())
    const world = testWorld({ fetchJwks })
    await world.ask({ headers: headers(mint()) })
    world.clock.jump(3_600_000)
    await world.ask({ headers: headers(mint(accessClaims({}, world.now()))) })
    expect(fetchJwks).toHaveBeenCalledTimes(2)
  })

  test('are never fetched for the issuer of a foreign token', async () => {
    const fetchJwks = jest.fn(async () => jwks())
    const world = testWorld({ fetchJwks })
    await world.ask({ headers: headers(mint(accessClaims({ iss: 'https://evil.example' }))) })
    expect(fetchJwks).not.toHaveBeenCalled()
  })

  test('outlive a reading of the configuration', async () => {
    const fetchJwks = jest.fn(async () => jwks())
    const world = testWorld({ fetchJwks })
    for (const ms of [0, 301_000, 301_000]) {
      world.clock.jump(ms)
      await world.ask({ headers: headers(mint()) })
    }
    expect(fetchJwks).toHaveBeenCalledTimes(1)
  })

  test('are looked at again for a new key, but not more often than every ten seconds', async () => {
    const rotated = newKeyPair()
    let current = jwks()
    const fetchJwks = jest.fn(async () => current)
    const world = testWorld({ fetchJwks })
    const token = mint(accessClaims(), { key: rotated, header: { kid: 'new-key' } })
    const statusAfter = async (ms: number) => {
      world.clock.jump(ms)
      return [(await world.ask({ headers: headers(token) })).status, fetchJwks.mock.calls.length]
    }
    expect(await statusAfter(0)).toEqual(['401', 1])
    current = jwks({ 'new-key': rotated })
    expect(await statusAfter(9_999)).toEqual(['401', 1])
    expect(await statusAfter(1)).toEqual(['200', 2])
  })

  test('stop believing in a key within an hour of its withdrawal', async () => {
    const withdrawn = newKeyPair()
    let current = jwks({ 'old-key': withdrawn })
    const world = testWorld({ fetchJwks: async () => current })
    const ask = () => {
      const claims = accessClaims({}, world.now())
      return world.ask({ headers: headers(mint(claims, { key: withdrawn, header: { kid: 'old-key' } })) })
    }
    expect((await ask()).status).toBe('200')
    current = jwks()
    world.clock.jump(3_600_000)
    expect(await ask()).toEqual(unknownKey)
  })

  test('serve known keys while their endpoint fails, but tell nothing of unknown ones', async () => {
    let fails = false
    const world = testWorld({
      fetchJwks: async () => (fails ? Promise.reject(new Error('connection refused')) : jwks()),
    })
    await world.ask({ headers: headers(mint()) })
    fails = true
    world.clock.jump(7_200_000)
    const known = mint(accessClaims({}, world.now()))
    const unknown = mint(accessClaims({}, world.now()), { header: { kid: 'new-key' } })
    expect((await world.ask({ headers: headers(known) })).status).toBe('200')
    expect(await world.ask({ headers: headers(unknown) })).toEqual(unavailable(1))
  })

  test('that hang end in 503 within the time of the function, and are left alone for a moment', async () => {
    const fetchJwks = jest.fn(() => new Promise<string>(() => undefined))
    const world = testWorld({ fetchJwks })
    const asked = world.ask({ headers: headers(mint()) })
    await world.clock.advance(4_000)
    expect(await asked).toEqual(unavailable(1))
    expect(await world.ask({ headers: headers(mint()) })).toEqual(unavailable(1))
    expect(fetchJwks).toHaveBeenCalledTimes(1)
    expect(world.logged().map(({ event, message }) => [event, message])).toEqual([
      ['token_keys_unreadable', 'no answer within 4000 ms'],
      ['request', undefined],
      ['request', undefined],
    ])
  })

  test.each<[string, string]>([
    ['an HTML page', '<html></html>'],
    ['nothing', ''],
    ['no keys', '{}'],
    ['keys that are no list', '{"keys":{}}'],
    ['a key without type', '{"keys":[{"kid":"access-key"}]}'],
  ])('that are rubbish end in 503: %s', async (_, text) => {
    const world = testWorld({ fetchJwks: async () => text })
    expect(await world.ask({ headers: headers(mint()) })).toEqual(unavailable(1))
  })

  test('that are no JSON are logged without a word of what came', async () => {
    const world = testWorld({ fetchJwks: async () => '<html>secret</html>' })
    await world.ask({ headers: headers(mint()) })
    expect(world.logged()[0]).toMatchObject({
      level: 'warn',
      event: 'token_keys_unreadable',
      message: 'the key set is not JSON',
    })
    expect(world.lines.join()).not.toContain('secret')
  })

  test.each<[string, object]>([
    ['without modulus', { kty: 'RSA', e: 'AQAB', alg: 'RS256' }],
    ['for encryption', { kty: 'RSA', e: 'AQAB', n: 'AQAB', use: 'enc', alg: 'RS256' }],
    ['of an unknown type', { kty: 'oct', k: 'AAAA', alg: 'RS256' }],
    ['with a point that is not on its curve', { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }],
  ])('with a key that cannot be used end in 503 and a line for the operator: %s', async (_, key) => {
    const text = JSON.stringify({ keys: [{ kid: 'access-key', ...key }] })
    const world = testWorld({ fetchJwks: async () => text })
    const token = mint(accessClaims(), { header: { alg: 'kty' in key && key.kty === 'EC' ? 'ES256' : 'RS256' } })
    expect(await world.ask({ headers: headers(token) })).toEqual(unavailable(60))
    expect(world.logged().map(({ event }) => event)).toEqual(['unexpected', 'request'])
  })
})

describe('createKeySets', () => {
  const URI = 'https://idp.example.com/keys'
  const named = (kid?: string) => ({ header: { alg: 'RS256', ...(kid === undefined ? {} : { kid }) }, payload: {} })
  const setOf = (text: string) => createKeySets(testWorld({ fetchJwks: async () => text }))

  test('has a key at hand once its set was fetched, and not before', async () => {
    const sets = setOf(jwks())
    const notAtHand = new KidNotFoundInJwksError('the key of the token is not at hand')
    expect(() => sets.getCachedJwk(URI, named('id-key'))).toThrow(notAtHand)
    const key = await sets.getJwk(URI, named('id-key'))
    expect(key.kid).toBe('id-key')
    expect(sets.getCachedJwk(URI, named('id-key'))).toEqual(key)
    expect(() => sets.getCachedJwk(URI, named('other-key'))).toThrow(notAtHand)
    expect(() => sets.getCachedJwk(`${URI}?of=another`, named('id-key'))).toThrow(notAtHand)
  })

  test('gives the whole set', async () => {
    expect(await setOf(jwks()).getJwks(URI)).toEqual(JSON.parse(jwks()))
  })

  test('finds no key that is not in the set', async () => {
    await expect(setOf(jwks()).getJwk(URI, named('other-key'))).rejects.toThrow(
      new KidNotFoundInJwksError('the key of the token is not in the key set'),
    )
  })

  test('chooses none of several keys for a token that names none', async () => {
    await expect(setOf(jwks()).getJwk(URI, named())).rejects.toThrow(
      new JwtWithoutValidKidError('the token names no key, and there are several'),
    )
  })

  test('takes no keys from anywhere else', () => {
    expect(() => setOf(jwks()).addJwks(URI, JSON.parse(jwks()))).toThrow(
      new TypeError('key sets come from their issuers only'),
    )
  })
})
