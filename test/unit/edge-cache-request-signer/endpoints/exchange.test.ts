import { createSign } from 'node:crypto'
import { START } from '../../../support/clock.js'
import { HOST } from '../../../support/events.js'
import { keyPair } from '../../../support/keys.js'
import { accessClaims, idClaims, mint, updatedIssuerOf } from '../../../support/tokens.js'
import { fields, JSON_TYPE, testWorld } from '../world.js'

const NOW = START / 1000
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const encoded = (bytes: Buffer) =>
  bytes.toString('base64').replace(/[+=/]/g, (character) => ({ '+': '-', '=': '_', '/': '~' })[character] ?? '')

/** The cookies that AWS's page on custom policies asks for, put together by hand. RSA signatures are deterministic. */
function rsaCookies(host: string, expiresAt: number, maxAge: number): readonly string[] {
  const policy = `{"Statement":[{"Resource":"https://${host}/*","Condition":{"DateLessThan":{"AWS:EpochTime":${expiresAt}}}}]}`
  const signature = createSign('RSA-SHA1').update(policy).sign(keyPair('signing').privatePem)
  const attributes = `Path=/; Max-Age=${maxAge}; Secure; HttpOnly; SameSite=Lax`
  return [
    `CloudFront-Policy=${encoded(Buffer.from(policy))}; ${attributes}`,
    `CloudFront-Signature=${encoded(signature)}; ${attributes}`,
    `CloudFront-Key-Pair-Id=K2JCJMDEHXQW5F; ${attributes}`,
    'CloudFront-Hash-Algorithm=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax',
  ]
}

afterEach(() => jest.restoreAllMocks())

describe('GET /cookie/', () => {
  test.each([
    ['an access token', 'GET', accessClaims()],
    ['an ID token', 'GET', idClaims()],
    ['an access token by POST', 'POST', accessClaims()],
    ['a token of the updated issuer', 'GET', accessClaims({ iss: updatedIssuerOf() })],
  ])('exchanges %s for signed cookies', async (_, method, claims) => {
    const world = testWorld()
    expect(await world.ask({ method, headers: bearer(mint(claims)) })).toEqual({
      status: '200',
      statusDescription: 'OK',
      headers: fields({ ...JSON_TYPE, 'Set-Cookie': rsaCookies(HOST, NOW + 3600, 3600) }),
      body: `{"expires_at":${NOW + 3600},"paths":["/*"]}`,
    })
  })
})
