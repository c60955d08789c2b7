/** What was sealed opens for its purpose and under its keys; everything else is nothing, and never an error. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { createSealer } from '../../edge-cache-request-signer/src/signing/seal.js'
import { runs } from '../support/tier.js'

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64url')
const sealer = createSealer([key(1), key(2)], randomBytes)
const purposes = fc.string({ maxLength: 40 })
const values = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })

describe('createSealer', () => {
  test('opens what it sealed, whatever it is', () => {
    fc.assert(
      fc.property(purposes, values, (purpose, value) => {
        expect(JSON.stringify(sealer.open(purpose, sealer.seal(purpose, value)))).toBe(JSON.stringify(value))
      }),
      runs(100, 100),
    )
  })

  test('opens it for no other purpose', () => {
    fc.assert(
      fc.property(purposes, purposes, values, (purpose, other, value) => {
        fc.pre(purpose !== other)
        expect(sealer.open(other, sealer.seal(purpose, value))).toBeUndefined()
      }),
      runs(100, 100),
    )
  })

  test('opens nothing of which a bit was turned', () => {
    fc.assert(
      fc.property(values, fc.nat(), (value, bit) => {
        const bytes = Buffer.from(sealer.seal('session', value), 'base64url')
        const at = bit % (bytes.length * 8)
        bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7))
        expect(sealer.open('session', bytes.toString('base64url'))).toBeUndefined()
      }),
      runs(100, 100),
    )
  })

  test('opens nothing that was cut, or made longer', () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.string({ minLength: 1, maxLength: 5 }), (value, length, more) => {
        const sealed = sealer.seal('session', value)
        expect(sealer.open('session', sealed.slice(0, length % sealed.length))).toBeUndefined()
        expect(sealer.open('session', sealed + more)).toBeUndefined()
        expect(sealer.open('session', more + sealed)).toBeUndefined()
      }),
      runs(100, 100),
    )
  })

  test('opens nothing that was made up', () => {
    const madeUp = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from([1, ...bytes]).toString('base64url')),
    )
    fc.assert(
      fc.property(madeUp, (text) => expect(sealer.open('session', text)).toBeUndefined()),
      runs(100, 100),
    )
  })
})
