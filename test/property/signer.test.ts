/** Laws of the edge function's pure parts, over random input. A failure prints its seed. */

import fc from 'fast-check'
import { cloudFrontBase64, policyText } from '../../contract/cloudfront-signature.js'
import { setCookie } from '../../edge-cache-request-signer/src/http/set-cookie.js'
import { cookieExpiry } from '../../edge-cache-request-signer/src/signing/policy.js'
import { runs } from '../support/tier.js'

const seconds = fc.integer({ min: 1, max: 4_000_000_000 })
const lifetimes = fc.integer({ min: 60, max: 34_560_000 })

describe('cookieExpiry', () => {
  test('never outlives token or lifetime, lies ahead, and keeps half of the time that is left', () => {
    fc.assert(
      fc.property(seconds, fc.double({ min: 1, max: 1e9, noNaN: true }), lifetimes, (now, ahead, lifetime) => {
        const tokenExpiry = now + ahead
        const expiry = cookieExpiry(now, tokenExpiry, lifetime)
        const wanted = Math.min(Math.floor(tokenExpiry), now + lifetime)
        expect(Number.isInteger(expiry)).toBe(true)
        expect(expiry).toBeGreaterThan(now)
        expect(expiry).toBeLessThanOrEqual(wanted)
        expect(expiry - now).toBeGreaterThanOrEqual((wanted - now) / 2)
      }),
      runs(100, 100),
    )
  })

  test('takes at most two values within one step, however many sign in', () => {
    const offsets = fc.array(fc.integer({ min: 0, max: 299 }), { minLength: 2, maxLength: 50 })
    fc.assert(
      fc.property(seconds, fc.integer({ min: 3_600, max: 34_560_000 }), offsets, (start, lifetime, later) => {
        const expiries = later.map((offset) => cookieExpiry(start + offset, Number.MAX_SAFE_INTEGER, lifetime))
        expect(new Set(expiries).size).toBeLessThanOrEqual(2)
      }),
      runs(100, 100),
    )
  })

  test('never goes back as time goes on', () => {
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 100_000 }), lifetimes, (now, later, lifetime) => {
        const expiryAt = (time: number) => cookieExpiry(time, Number.MAX_SAFE_INTEGER, lifetime)
        expect(expiryAt(now + later)).toBeGreaterThanOrEqual(expiryAt(now))
      }),
      runs(100, 100),
    )
  })
})

describe('cloudFrontBase64', () => {
  test('is standard base64 but for three characters, and can be undone', () => {
    const back: Readonly<Record<string, string>> = { '-': '+', _: '=', '~': '/' }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const text = cloudFrontBase64(Buffer.from(bytes))
        expect(text).toMatch(/^[A-Za-z0-9~_-]*$/)
        const standard = text.replace(/[-_~]/g, (character) => back[character] ?? '')
        expect(standard).toBe(Buffer.from(bytes).toString('base64'))
      }),
      runs(100, 100),
    )
  })
})

describe('setCookie', () => {
  test('writes a line that reads back as one cookie with our attributes, or refuses', () => {
    const values = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String())
    const ages = fc.integer({ min: 0, max: 34_560_000 })
    fc.assert(
      fc.property(fc.string(), values, ages, fc.constantFrom('Lax', 'Strict', 'None'), (name, value, age, sameSite) => {
        let text: string
        try {
          text = setCookie({ name, value, maxAgeSeconds: age, sameSite })
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
          return
        }
        // RFC 6265 section 5.2: what a browser makes of the line.
        const [pair = '', ...attributes] = text.split(';').map((part) => part.trim())
        expect([pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]).toEqual([name, value])
        expect(attributes).toEqual(['Path=/', `Max-Age=${age}`, 'Secure', 'HttpOnly', `SameSite=${sameSite}`])
        expect(text).toMatch(/^[\x20-\x7E]+$/)
      }),
      runs(100, 100),
    )
  })

  test('takes every value that cloudFrontBase64 makes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const value = cloudFrontBase64(Buffer.from(bytes))
        const text = setCookie({ name: 'CloudFront-Policy', value, maxAgeSeconds: 1, sameSite: 'Lax' })
        expect(text.startsWith(`CloudFront-Policy=${value}; `)).toBe(true)
      }),
      runs(100, 100),
    )
  })
})

describe('policyText', () => {
  test('holds one statement with one resource, and no whitespace', () => {
    const paths = fc.stringMatching(/^\/[A-Za-z0-9._~!$&'()+,;=:@%/-]{0,40}\*$/)
    fc.assert(
      fc.property(paths, seconds, fc.option(fc.ipV4(), { nil: undefined }), (path, expiresAt, ipv4) => {
        const text = policyText({ resource: `https://photos.example.com${path}`, expiresAt, ipv4 })
        expect(text).not.toMatch(/\s/)
        expect(JSON.parse(text)).toEqual({
          Statement: [
            {
              Resource: `https://photos.example.com${path}`,
              Condition: {
                DateLessThan: { 'AWS:EpochTime': expiresAt },
                ...(ipv4 === undefined ? {} : { IpAddress: { 'AWS:SourceIp': `${ipv4}/32` } }),
              },
            },
          ],
        })
      }),
      runs(100, 100),
    )
  })
})
