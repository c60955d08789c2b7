import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { START } from '../../../support/clock.js'
import { keyPair } from '../../../support/keys.js'
import { CLIENT_ID, type Claims, SUBJECT } from '../../../support/tokens.js'
import { badToken, configuration, parameters, testWorld } from '../world.js'

const NOW = START / 1000
const ISSUER = 'https://idp.example.com/realms/a'
const JWKS_URI = `${ISSUER}/keys?tenant=a`

const { userPool: _, ...rest } = configuration
const document = {
  ...rest,
  oidc: { issuer: ISSUER, jwksUri: JWKS_URI, audiences: ['api://photos', CLIENT_ID], groupsClaim: 'roles' },
}

/** `alg` of RFC 7518 section 3.1 and RFC 8037 -> a key, and how it signs. */
const rsa = keyPair('issuer')
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
const KEYS: Readonly<
  Record<string, { readonly privateKey: KeyObject; readonly publicKey: KeyObject; readonly hash: string | null }>
> = {
  RS256: { ...rsa, hash: 'sha256' },
  RS384: { ...rsa, hash: 'sha384' },
  RS512: { ...rsa, hash: 'sha512' },
  ES256: { ...ec('prime256v1'), hash: 'sha256' },
  ES384: { ...ec('secp384r1'), hash: 'sha384' },
  ES512: { ...ec('secp521r1'), hash: 'sha512' },
  EdDSA: { ...generateKeyPairSync('ed25519'), hash: null },
}

const good: Claims = { iss: ISSUER, sub: SUBJECT, aud: 'api://photos', iat: NOW, exp: NOW + 3600, scope: 'read' }

function segment(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function token(claims: Claims = {}, header: Claims = {}, alg: string = 'RS256'): string {
  const { privateKey = rsa.privateKey, hash = 'sha256' } = KEYS[alg] ?? {}
  const input = `${segment({ alg, kid: alg, typ: 'JWT', ...header })}.${segment({ ...good, ...claims })}`
  const signature = sign(hash, Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

/** A key set with all of them; `changes` to each. */
function keySet(changes: object = {}): string {
  return JSON.stringify({
    keys: Object.entries(KEYS).map(([alg, { publicKey }]) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid: alg,
      alg,
      use: 'sig',
      ...changes,
    })),
  })
}

function world(changes: object = {}, fetchJwks: (uri: string) => Promise<string> = async () => keySet()) {
  return testWorld({ getParameters: async () => parameters({ ...document, ...changes }), fetchJwks })
}

function ask(bearer: string, at = world()) {
  return at.ask({ headers: { authorization: `Bearer ${bearer}` } })
}

afterEach(() => jest.restoreAllMocks())

describe('a token of an OpenID Connect provider', () => {
  test('is verified with the keys at the configured address', async () => {
    const asked: string[] = []
    const fetchJwks = async (uri: string) => {
      asked.push(uri)
      return keySet()
    }
    expect((await ask(token(), world({}, fetchJwks))).status).toBe('200')
    expect(asked).toEqual([JWKS_URI])
  })

  test.each(Object.keys(KEYS))('may be signed with %s', async (alg) => {
    expect((await ask(token({}, {}, alg))).status).toBe('200')
  })

  test.each<[string, Claims, Claims]>([
    ['one of several audiences', { aud: ['other', CLIENT_ID] }, {}],
    ['the type of an access token', {}, { typ: 'at+jwt' }],
    ['the type spelled out', {}, { typ: 'application/at+JWT' }],
    ['no type', {}, { typ: undefined }],
  ])('is taken with %s', async (_name, claims, header) => {
    expect((await ask(token(claims, header))).status).toBe('200')
  })

  const algorithm = badToken('The token is signed with an algorithm that is not accepted.')
  const malformed = badToken('The token is not a JSON Web Token.')
  const input = `${segment({ alg: 'HS256', kid: 'RS256' })}.${segment(good)}`
  const hmac = createHmac('sha256', rsa.publicPem).update(input).digest('base64url')

  test.each<[string, string, object]>([
    ['alg none', `${segment({ alg: 'none', kid: 'RS256' })}.${segment(good)}.`, malformed],
    ['alg none and a signature', `${segment({ alg: 'none', kid: 'RS256' })}.${segment(good)}.YQ`, algorithm],
    ['a secret that is the public key', `${input}.${hmac}`, algorithm],
    ['PS256', token({}, { alg: 'PS256' }), algorithm],
    ['the key of another algorithm', token({}, { kid: 'ES256' }), algorithm],
    ['an unknown key', token({}, { kid: 'other' }), badToken('The token is signed with an unknown key.')],
    ['no key', token({}, { kid: undefined }), badToken('The token is signed with an unknown key.')],
    ['a signature of another key', token().replace(/[^.]*$/, 'YQ'), badToken('The signature of the token is wrong.')],
    ['another issuer', token({ iss: `${ISSUER}/` }), badToken('The token was issued elsewhere.')],
    ['no issuer', token({ iss: undefined }), badToken('The token was issued elsewhere.')],
    ['another audience', token({ aud: 'other' }), badToken('The token was issued to another application.')],
    ['no audience', token({ aud: undefined }), badToken('The token was issued to another application.')],
    [
      'a client in place of the audience',
      token({ aud: undefined, client_id: CLIENT_ID }),
      badToken('The token was issued to another application.'),
    ],
    ['an expiry that is past', token({ exp: NOW }), badToken('The token has expired.')],
    ['no expiry', token({ exp: undefined }), badToken('The token lacks a claim that is needed.')],
    ['no time of issue', token({ iat: undefined }), badToken('The token lacks a claim that is needed.')],
    ['a start in the future', token({ nbf: NOW + 1 }), badToken('The token is not valid yet.')],
    [
      'the type of a logout token',
      token({}, { typ: 'logout+jwt' }),
      badToken('A token of this kind is not accepted here.'),
    ],
    [
      'a type that only begins like that of a token',
      token({}, { typ: 'jwt-logout' }),
      badToken('A token of this kind is not accepted here.'),
    ],
    ['a type that is no text', token({}, { typ: ['JWT'] }), badToken('A token of this kind is not accepted here.')],
  ])('is refused with %s', async (_name, bearer, expected) => {
    const at = world()
    expect(await ask(bearer, at)).toEqual(expected)
    expect((await ask(token(), at)).status).toBe('200')
    expect(await ask(bearer, at)).toEqual(expected)
  })

  test.each(['none', 'HS256', 'HS512', 'PS256'])(
    'is refused with alg %s when its key does not say one',
    async (alg) => {
      const at = world({}, async () => keySet({ alg: undefined }))
      expect(await ask(token({}, { alg }), at)).toEqual(algorithm)
    },
  )

  test('may name no key where the issuer has only one', async () => {
    const anonymous = ({ kid: _, ...key }: Claims) => key
    const keys = ['RS256', 'ES256'].map((alg) =>
      anonymous(JSON.parse(keySet()).keys.find((key: Claims) => key.alg === alg)),
    )
    const [only] = keys
    const at = world({}, async () => JSON.stringify({ keys: [only] }))
    for (const _ of [1, 2]) {
      expect((await ask(token({}, { kid: undefined }), at)).status).toBe('200')
    }
    expect(await ask(token({}, { kid: undefined }, 'ES256'), at)).toEqual(algorithm)
    expect(await ask(token({}, { kid: undefined }).replace(/[^.]*$/, 'YQ'), at)).toEqual(
      badToken('The signature of the token is wrong.'),
    )
    const successor = world({}, async () => JSON.stringify({ keys: keys.splice(0, 1) }))
    expect((await ask(token({}, { kid: undefined }), successor)).status).toBe('200')
    successor.clock.jump(3_600_000)
    const later = { iat: NOW + 3_600, exp: NOW + 7_200 }
    expect((await ask(token(later, { kid: undefined }, 'ES256'), successor)).status).toBe('200')
    const none = world({}, async () => '{"keys":[]}')
    expect(await ask(token({}, { kid: undefined }), none)).toEqual(badToken('The token is signed with an unknown key.'))
  })

  test('gives what the rules say of the configured claim for groups', async () => {
    const grants = [
      { paths: ['/staff/*'], groups: ['staff'] },
      { paths: ['/read/*'], scopes: ['read'] },
    ]
    const { body = '' } = await ask(token({ roles: ['staff'], 'cognito:groups': ['x'] }), world({ grants }))
    expect(JSON.parse(body).paths).toEqual(['/read/*', '/staff/*'])
    const other = await ask(token({ 'cognito:groups': ['staff'] }), world({ grants }))
    expect(JSON.parse(other.body ?? '').paths).toEqual(['/read/*'])
  })

  test('is remembered with the claims that the rules ask for, and no longer than it is good', async () => {
    const grants = [{ paths: ['/{tenant}/*'], claims: { level: ['2'] } }]
    const at = world({ grants })
    const bearer = token({ tenant: 'acme', level: [1, 2], exp: NOW + 60 })
    for (const _ of [1, 2]) {
      expect(JSON.parse((await ask(bearer, at)).body ?? '').paths).toEqual(['/acme/*'])
    }
    at.clock.jump(60_000)
    expect(await ask(bearer, at)).toEqual(badToken('The token has expired.'))
  })
})
