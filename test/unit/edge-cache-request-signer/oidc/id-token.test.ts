import type { Configuration } from '../../../../edge-cache-request-signer/src/configuration/configuration.js'
import { createKeySets } from '../../../../edge-cache-request-signer/src/oidc/jwks-cache.js'
import { createIdTokenVerifier } from '../../../../edge-cache-request-signer/src/oidc/verify-token.js'
import { Refusal } from '../../../../edge-cache-request-signer/src/refusals/refusal.js'
import { accessClaims, CLIENT_ID, type Claims, idClaims, issuerOf, mint, SUBJECT } from '../../../support/tokens.js'
import { signIn } from '../visitor.js'
import { testWorld, userPool } from '../world.js'

const OTHER = 'other0client'
const ISSUER = 'https://idp.example.com'
const pool = { userPool: { ...userPool, clientIds: [CLIENT_ID, OTHER] } }
const oidc = {
  oidc: { issuer: ISSUER, jwksUri: `${ISSUER}/keys`, audiences: [CLIENT_ID, 'api://photos'], groupsClaim: 'groups' },
}

/** The subject of an ID token, or why it is refused. */
async function verified(issuer: Pick<Configuration, 'userPool' | 'oidc'>, claims: Claims, nonce?: string) {
  const world = testWorld()
  const verify = createIdTokenVerifier({ ...issuer, signIn }, createKeySets(world), world)
  try {
    return (await verify(mint(claims), nonce === undefined ? {} : { nonce })).subject
  } catch (error) {
    return error instanceof Refusal ? error.code : error
  }
}

afterEach(() => jest.restoreAllMocks())

describe('the ID token of a sign-in', () => {
  test.each<[string, Claims, string]>([
    ['takes one that was issued to the client', {}, SUBJECT],
    ['refuses one of another client of the pool, though apps may bring it', { aud: OTHER }, 'token_client'],
    ['refuses one of another pool', { iss: issuerOf('eu-west-1_Other') }, 'token_issuer'],
    ['refuses an access token', accessClaims(), 'token_use'],
  ])('of a pool: %s', async (_, claims, expected) => {
    expect(await verified(pool, idClaims(claims))).toBe(expected)
  })

  test.each<[string, Claims, string]>([
    ['takes one that was issued to the client', {}, SUBJECT],
    ['refuses one for another audience, though apps may bring it', { aud: 'api://photos' }, 'token_client'],
    ['refuses one for several that names none', { aud: [CLIENT_ID, 'api://photos'] }, 'token_client'],
    ['takes one for a list that has the client alone', { aud: [CLIENT_ID] }, SUBJECT],
    ['takes one for several that names the client', { aud: [CLIENT_ID, 'api://photos'], azp: CLIENT_ID }, SUBJECT],
    ['refuses one that names another', { aud: [CLIENT_ID, 'api://photos'], azp: 'api://photos' }, 'token_client'],
    ['refuses one for the client alone that names another', { azp: 'api://photos' }, 'token_client'],
    ['refuses one of another provider', { iss: `${ISSUER}/` }, 'token_issuer'],
  ])('of any provider: %s', async (_, claims, expected) => {
    expect(await verified(oidc, idClaims({ iss: ISSUER, ...claims }))).toBe(expected)
  })

  test.each([
    ['n', 'n', SUBJECT],
    ['n', 'm', 'token_nonce'],
    [undefined, 'm', 'token_nonce'],
    ['n', undefined, SUBJECT],
  ])('belongs to the nonce %j, where %j was sent: %s', async (nonce, sent, expected) => {
    expect(await verified(pool, idClaims({ nonce }), sent)).toBe(expected)
  })
})

test('without sign-in no ID token is expected at all', async () => {
  const world = testWorld()
  const verify = createIdTokenVerifier(pool, createKeySets(world), world)
  await expect(verify(mint(idClaims()), {})).rejects.toThrow(new Refusal('path_unknown'))
})
