/** The verifier by itself: what it keeps of a token, for how long, and how often it verifies one. */
import { JwtExpiredError } from 'aws-jwt-verify/error'
import { createKeySets } from '../../../../edge-cache-request-signer/src/oidc/jwks-cache.js'
import { createTokenVerifier, type TokenIssuer } from '../../../../edge-cache-request-signer/src/oidc/verify-token.js'
import type { Refusal } from '../../../../edge-cache-request-signer/src/refusals/refusal.js'
import { START } from '../../../support/clock.js'
import { accessClaims, type Claims, idClaims, mint, SUBJECT, withWrongSignature } from '../../../support/tokens.js'
import { testWorld, userPool } from '../world.js'

const NOW = START / 1000
const grants = [{ paths: ['/t/{tenant}/{team}/*'], claims: { level: ['7'] } }, { paths: ['/*'] }]

/** A verifier, and how often it asked for a key: `at hand` without waiting, `fetched` with. */
function verifier(issuer: TokenIssuer = { userPool }) {
  const world = testWorld()
  const keySets = createKeySets(world)
  const asked = { atHand: 0, fetched: 0 }
  const counted = {
    ...keySets,
    getCachedJwk: (...request: Parameters<typeof keySets.getCachedJwk>) => {
      asked.atHand += 1
      return keySets.getCachedJwk(...request)
    },
    getJwk: (...request: Parameters<typeof keySets.getJwk>) => {
      asked.fetched += 1
      return keySets.getJwk(...request)
    },
  }
  return { verify: createTokenVerifier({ ...issuer, grants }, counted, world), asked }
}

const refusalOf = (verified: Promise<unknown>): Promise<Refusal> =>
  verified.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: Refusal) => error,
  )

afterEach(() => jest.restoreAllMocks())

describe('what is kept of a token', () => {
  test('is who is meant, until when, the scopes, and those claims that something may ask for', async () => {
    const asked: Claims = {
      email: 'ada@example.com',
      email_verified: true,
      'cognito:username': 'ada',
      username: 'ada',
      'cognito:groups': ['staff'],
      tenant: 'acme',
      team: 'red',
      level: 7,
    }
    const { verify } = verifier()
    const token = mint(accessClaims({ ...asked, scope: 'openid  photos/read ', phone: '1', groups: ['x'], '': 'y' }))
    const identity = { subject: SUBJECT, expiresAt: NOW + 3600, claims: asked, scopes: ['openid', 'photos/read'] }
    expect(await verify(token)).toStrictEqual(identity)
    expect(await verify(token)).toStrictEqual(identity)
  })

  test('has no scopes where the token names none', async () => {
    expect((await verifier().verify(mint(idClaims()))).scopes).toEqual([])
  })

  test.each([
    [255, 'kept'],
    [256, 'token_claims'],
  ])('is a subject of %i characters: %s', async (length, expected) => {
    const verified = verifier().verify(mint(accessClaims({ sub: 'a'.repeat(length) })))
    const outcome = verified.then(
      ({ subject }) => (subject.length === length ? 'kept' : 'changed'),
      ({ code }: Refusal) => code,
    )
    expect(await outcome).toBe(expected)
  })
})

describe('a token that was found good', () => {
  test('is not verified again', async () => {
    const { verify, asked } = verifier()
    const token = mint()
    const first = await verify(token)
    expect(asked).toEqual({ atHand: 1, fetched: 1 })
    expect(await verify(token)).toEqual(first)
    expect(asked).toEqual({ atHand: 1, fetched: 1 })
  })

  test('is one of 200 that are remembered, of which the oldest is forgotten first', async () => {
    const { verify, asked } = verifier()
    const tokens = Array.from({ length: 201 }, (_, index) => mint(accessClaims({ jti: String(index) })))
    const isVerified = async (index: number) => {
      const before = asked.atHand
      await verify(tokens[index] ?? '')
      return asked.atHand > before
    }
    for (let index = 0; index < 200; index += 1) expect(await isVerified(index)).toBe(true)
    // Asked for again it takes no room of another one.
    expect(await isVerified(199)).toBe(false)
    expect(await isVerified(0)).toBe(false)
    expect(await isVerified(200)).toBe(true)
    expect([await isVerified(1), await isVerified(0)]).toEqual([false, true])
  })
})

describe('a token that is refused', () => {
  test('has its cause with it', async () => {
    const refusal = await refusalOf(verifier().verify(mint(accessClaims({ exp: NOW - 1 }))))
    expect([refusal.code, refusal.cause]).toEqual(['token_expired', expect.any(JwtExpiredError)])
  })

  test('is verified once, while its key is at hand', async () => {
    const { verify, asked } = verifier()
    await verify(mint())
    expect((await refusalOf(verify(withWrongSignature()))).code).toBe('token_signature')
    expect(asked).toEqual({ atHand: 2, fetched: 1 })
  })
})

test('there is no verifier without an issuer', () => {
  expect(() => verifier({})).toThrow(new TypeError('there is no issuer'))
})
