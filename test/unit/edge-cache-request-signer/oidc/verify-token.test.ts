import { START } from '../../../support/clock.js'
import { HOST } from '../../../support/events.js'
import { keyPair } from '../../../support/keys.js'
import {
  accessClaims,
  hmacWithPublicKey,
  idClaims,
  issuerOf,
  jwks,
  mint,
  SUBJECT,
  unsigned,
  updatedIssuerOf,
  withOtherClaims,
  withWrongSignature,
} from '../../../support/tokens.js'
import { badToken, configuration, parameters, refusal, testWorld, userPool } from '../world.js'

const NOW = START / 1000

afterEach(() => jest.restoreAllMocks())

describe('the Authorization header', () => {
  const bare = refusal(
    [401, 'Unauthorized'],
    'token_required',
    'Send an access or ID token as Authorization: Bearer <token>.',
    { 'WWW-Authenticate': `Bearer realm="${HOST}"` },
  )
  const bad = (message: string) =>
    refusal([400, 'Bad Request'], 'invalid_request', message, {
      'WWW-Authenticate': `Bearer realm="${HOST}", error="invalid_request", error_description="${message}"`,
    })
  const malformed = bad('The Authorization header is not of the form Bearer <token>.')

  test.each<[string, Record<string, string | readonly string[]>, object]>([
    ['no header', {}, bare],
    ['an empty header', { authorization: '' }, bare],
    ['a header of spaces', { authorization: '   ' }, bare],
    ['Basic', { authorization: 'Basic YWRhOmxvdmVsYWNl' }, bare],
    ['a scheme that begins like ours', { authorization: 'BearerToken abc' }, bare],
    ['a token without a scheme', { authorization: mint() }, bare],
    ['Bearer without a token', { authorization: 'Bearer' }, malformed],
    ['Bearer and spaces', { authorization: 'Bearer   ' }, malformed],
    ['two tokens in one header', { authorization: `Bearer ${mint()} ${mint()}` }, malformed],
    ['two tokens, joined as a proxy may', { authorization: `Bearer ${mint()}, Bearer ${mint()}` }, malformed],
    ['a token in quotes', { authorization: `Bearer "${mint()}"` }, malformed],
    ['a token after a tab', { authorization: `Bearer\t${mint()}` }, bare],
    ['a token with a character that is none', { authorization: 'Bearer abcé' }, malformed],
    ['a line break', { authorization: `Bearer ${mint()}\nX: y` }, malformed],
    [
      'two headers',
      { authorization: [`Bearer ${mint()}`, `Bearer ${mint()}`] },
      bad('The request has more than one Authorization header.'),
    ],
    [
      '100 KB of token',
      { authorization: `Bearer ${'a'.repeat(100 * 1024)}` },
      bad('The Authorization header is too long.'),
    ],
  ])('is refused: %s', async (_, headers, expected) => {
    expect(await testWorld().ask({ headers })).toEqual(expected)
  })

  test('is the only place where a token is looked for', async () => {
    expect(await testWorld().ask({ querystring: `access_token=${mint()}` })).toEqual(bare)
  })
})

describe('the token', () => {
  const stranger = keyPair('stranger')
  const malformed = badToken('The token is not a JSON Web Token.')
  const unknownKey = badToken('The token is signed with an unknown key.')
  const wrongAlgorithm = badToken('The token is signed with an algorithm that is not accepted.')
  const wrongSignature = badToken('The signature of the token is wrong.')
  const elsewhere = badToken('The token was issued elsewhere.')
  const wrongUse = badToken('A token of this kind is not accepted here.')
  const wrongClient = badToken('The token was issued to another application.')
  const expired = badToken('The token has expired.')
  const early = badToken('The token is not valid yet.')
  const lacking = badToken('The token lacks a claim that is needed.')
  const segment = (value: string) => Buffer.from(value).toString('base64url')

  test.each<[string, string, object]>([
    ['garbage', 'garbage', malformed],
    ['three dots', '....', malformed],
    ['three parts that are no JSON', 'YQ.YQ.YQ', malformed],
    ['a header that is a list', `${segment('[]')}.${segment('{}')}.YQ`, malformed],
    ['claims that are null', `${segment('{"alg":"RS256"}')}.${segment('null')}.YQ`, malformed],
    ['an expiry in quotes', mint(accessClaims({ exp: `${NOW + 60}` })), malformed],
    ['a subject that is a number', mint(accessClaims({ sub: 1 })), malformed],
    ['alg none without a signature', unsigned(), malformed],
    ['alg none with a signature', unsigned('YQ'), wrongAlgorithm],
    ['alg None', unsigned('YQ', { alg: 'None' }), wrongAlgorithm],
    ['no alg', mint(accessClaims(), { header: { alg: undefined } }), wrongAlgorithm],
    ['HS256 signed with the public key', hmacWithPublicKey(), wrongAlgorithm],
    ['RS512', mint(accessClaims(), { header: { alg: 'RS512' } }), wrongAlgorithm],
    ['no kid', mint(accessClaims(), { header: { kid: undefined } }), unknownKey],
    ['an empty kid', mint(accessClaims(), { header: { kid: '' } }), unknownKey],
    ['an unknown kid', mint(accessClaims(), { header: { kid: 'other-key' } }), unknownKey],
    ['a kid that every object has', mint(accessClaims(), { header: { kid: '__proto__' } }), unknownKey],
    ['the kid of the other key', mint(accessClaims(), { header: { kid: 'id-key' } }), wrongSignature],
    [
      'a key set of its own',
      mint(accessClaims(), { key: stranger, header: { jwk: {}, jku: 'https://evil.example' } }),
      wrongSignature,
    ],
    ['a signature of another key', mint(accessClaims(), { key: stranger }), wrongSignature],
    ['a signature changed in one bit', withWrongSignature(), wrongSignature],
    ['claims changed after signing', withOtherClaims({ sub: 'someone-else' }), wrongSignature],
    ['an empty signature in padding', `${mint().split('.').slice(0, 2).join('.')}.AA==`, wrongSignature],
    ['another pool', mint(accessClaims({ iss: issuerOf('eu-west-1_Other') })), elsewhere],
    ['another pool, updated issuer', mint(accessClaims({ iss: updatedIssuerOf('eu-west-1_Other') })), elsewhere],
    ['an issuer that begins like ours', mint(accessClaims({ iss: `${issuerOf()}/` })), elsewhere],
    ['no issuer', mint(accessClaims({ iss: undefined })), elsewhere],
    ['another client', mint(accessClaims({ client_id: 'other' })), wrongClient],
    ['no client', mint(accessClaims({ client_id: undefined })), wrongClient],
    [
      'a client in the wrong claim',
      mint(accessClaims({ client_id: undefined, aud: userPool.clientIds[0] })),
      wrongClient,
    ],
    ['an ID token of another client', mint(idClaims({ aud: 'other' })), wrongClient],
    ['an ID token without audience', mint(idClaims({ aud: undefined })), wrongClient],
    ['an ID token with a list of audiences', mint(idClaims({ aud: [userPool.clientIds[0]] })), wrongClient],
    ['no use', mint(accessClaims({ token_use: undefined })), wrongUse],
    ['an unknown use', mint(accessClaims({ token_use: 'refresh' })), wrongUse],
    ['expired a second ago', mint(accessClaims({ exp: NOW - 1 })), expired],
    ['expires now', mint(accessClaims({ exp: NOW })), expired],
    ['expires within this second', mint(accessClaims({ exp: NOW + 0.9 })), expired],
    ['never expires', mint(accessClaims({ exp: undefined })), lacking],
    ['not valid before the next second', mint(accessClaims({ nbf: NOW + 1 })), early],
    ['no subject', mint(accessClaims({ sub: undefined })), lacking],
    ['an empty subject', mint(accessClaims({ sub: '' })), lacking],
  ])('is refused, whether the keys are at hand or not: %s', async (_, token, expected) => {
    const world = testWorld()
    const ask = (text: string) => world.ask({ headers: { authorization: `Bearer ${text}` } })
    expect(await ask(token)).toEqual(expected)
    expect((await ask(mint())).status).toBe('200')
    expect(await ask(token)).toEqual(expected)
  })

  test.each<[string, 'access' | 'id', string, object | undefined]>([
    ['an ID token where access is asked for', 'access', mint(idClaims()), wrongUse],
    ['an access token where ID is asked for', 'id', mint(), wrongUse],
    ['an access token where access is asked for', 'access', mint(), undefined],
    ['an ID token where ID is asked for', 'id', mint(idClaims()), undefined],
  ])('is taken only for its use: %s', async (_, use, token, expected) => {
    const document = { ...configuration, userPool: { ...userPool, tokenUses: [use, use] } }
    const world = testWorld({ getParameters: async () => parameters(document) })
    const answer = await world.ask({ headers: { authorization: `Bearer ${token}` } })
    expect(answer).toEqual(expected ?? expect.objectContaining({ status: '200' }))
  })

  test.each([
    ['alg', { alg: undefined }],
    ['alg and use', { alg: undefined, use: undefined }],
  ])('is held to RS256 even when its key does not say its %s', async (_, changes) => {
    const { keys } = JSON.parse(jwks())
    const fetchJwks = async () => JSON.stringify({ keys: keys.map((key: object) => ({ ...key, ...changes })) })
    const rs512 = mint(accessClaims(), { header: { alg: 'RS512' }, hash: 'sha512' })
    for (const token of [rs512, hmacWithPublicKey(), unsigned('YQ')]) {
      const world = testWorld({ fetchJwks })
      const ask = (text: string) => world.ask({ headers: { authorization: `Bearer ${text}` } })
      expect(await ask(token)).toEqual(wrongAlgorithm)
      expect((await ask(mint())).status).toBe('200')
      expect(await ask(token)).toEqual(wrongAlgorithm)
    }
  })

  test('is remembered, and still refused from its expiry on', async () => {
    const world = testWorld()
    const ask = () => world.ask({ headers: { authorization: `Bearer ${token}` } })
    const token = mint(accessClaims({ exp: NOW + 120 }))
    expect((await ask()).status).toBe('200')
    world.clock.jump(119_000)
    expect((await ask()).status).toBe('200')
    world.clock.jump(1_000)
    expect(await ask()).toEqual(expired)
  })

  test.each([
    ['another signature', (token: string) => `${token.slice(0, -4)}AAAA`, wrongSignature],
    ['a character more', (token: string) => `${token}A`, wrongSignature],
    ['other claims', () => withOtherClaims({ sub: 'someone-else' }), wrongSignature],
  ])('is not remembered by its likeness: %s', async (_, change, expected) => {
    const world = testWorld()
    const ask = (text: string) => world.ask({ headers: { authorization: `Bearer ${text}` } })
    const token = mint()
    expect((await ask(token)).status).toBe('200')
    expect(await ask(change(token))).toEqual(expected)
  })

  test('is verified anew with each reading of the settings', async () => {
    let document: object = configuration
    const world = testWorld({ getParameters: async () => parameters(document) })
    const ask = () => world.ask({ headers: { authorization: `Bearer ${mint()}` } })
    expect((await ask()).status).toBe('200')
    document = { ...configuration, userPool: { ...userPool, clientIds: ['other'] } }
    expect((await ask()).status).toBe('200')
    world.clock.jump(configuration.cache.freshSeconds * 1000)
    expect(await ask()).toEqual(wrongClient)
  })

  test('leaves nothing in the log but a reason, and a good one only the hash of its subject', async () => {
    const world = testWorld()
    await world.ask({ headers: { authorization: `Bearer ${mint(accessClaims({ exp: NOW }))}` } })
    await world.ask({ headers: { authorization: `Bearer ${mint()}` } })
    expect(world.logged().map(({ reason, subject }) => [reason, subject])).toEqual([
      ['token_expired', undefined],
      ['ok', 'feaccd25ce867dc9'],
    ])
    expect(world.lines.join()).not.toContain(SUBJECT)
  })
})
