/**
 * Laws of the edge's decision, over what AWS's own signer makes of random grants.
 */
import { getSignedCookies } from '@aws-sdk/cloudfront-signer'
import fc from 'fast-check'
import { verifySignedRequest } from '../../../../local-aws/edge/signed-request.js'
import { keyPair } from '../../../support/keys.js'

const HOST = 'd111111abcdef8.cloudfront.localhost:8443'
const NOW = 1_800_000_000
const trusted = new Map([
  ['K1', keyPair('edge').publicPem],
  ['K2', keyPair('edge', 'ECDSA-P256').publicPem],
])

const segment = fc.stringMatching(/^[A-Za-z0-9._~!$&'()+,;=:@-]{1,8}$/).filter((text) => !/^\.+$/.test(text))
const prefix = fc.array(segment, { maxLength: 3 }).map((segments) => `/${segments.map((one) => `${one}/`).join('')}`)
const rest = fc.array(segment, { maxLength: 2 }).map((segments) => segments.join('/'))
const signing = fc.constantFrom(
  { keyPairId: 'K1', privateKey: keyPair('edge').privatePem },
  { keyPairId: 'K2', privateKey: keyPair('edge', 'ECDSA-P256').privatePem },
)
const algorithm = fc.constantFrom('SHA1' as const, 'SHA256' as const)

function pairs(path: string, expiry: number, keys: { keyPairId: string; privateKey: string }, hash: 'SHA1' | 'SHA256') {
  const condition = { DateLessThan: { 'AWS:EpochTime': expiry } }
  const policy = JSON.stringify({ Statement: [{ Resource: `https://${HOST}${path}*`, Condition: condition }] })
  return Object.entries(getSignedCookies({ policy, ...keys, algorithm: hash })).map(
    ([name, value]) => `${name}=${value}`,
  )
}
const allowed = (path: string, cookies: readonly string[], now = NOW) =>
  verifySignedRequest(
    { url: `https://${HOST}${path}`, cookieHeaders: [cookies.join('; ')], clientIp: '192.0.2.1', nowMs: now * 1000 },
    trusted,
  ).allowed

describe('verifySignedRequest', () => {
  it('allows everything below a granted prefix, until the expiry and not a second longer', () => {
    fc.assert(
      fc.property(
        prefix,
        rest,
        fc.integer({ min: 1, max: 86_400 }),
        signing,
        algorithm,
        (granted, below, life, keys, hash) => {
          const cookies = pairs(granted, NOW + life, keys, hash)

          expect(allowed(`${granted}${below}`, cookies)).toBe(true)
          expect(allowed(`${granted}${below}?page=1`, cookies, NOW + life - 1)).toBe(true)
          expect(allowed(`${granted}${below}`, cookies, NOW + life)).toBe(false)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('allows a path exactly when the granted prefix begins it', () => {
    fc.assert(
      fc.property(prefix, prefix, rest, signing, algorithm, (granted, other, below, keys, hash) => {
        const path = `${other}${below}`

        expect(allowed(path, pairs(granted, NOW + 60, keys, hash))).toBe(path.startsWith(granted))
      }),
      { numRuns: 100 },
    )
  })

  it('allows nothing once a single character of a cookie has changed', () => {
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-~_']
    fc.assert(
      fc.property(signing, algorithm, fc.nat(), fc.constantFrom(...alphabet), (keys, hash, where, character) => {
        const cookies = pairs('/', NOW + 60, keys, hash).join('; ')
        const at = where % cookies.length
        fc.pre(cookies[at] !== character)

        expect(allowed('/photo', [cookies])).toBe(true)
        expect(allowed('/photo', [cookies.slice(0, at) + character + cookies.slice(at + 1)])).toBe(false)
      }),
      { numRuns: 400 },
    )
  })
})
