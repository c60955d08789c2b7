/**
 * Lets Node remember the keys that it has parsed. It parses a PEM at each use, which would be most of the time of a
 * campaign that signs and verifies with the same few keys a hundred thousand times. A parsed key cannot be changed, so
 * nothing but the time differs.
 */
import crypto from 'node:crypto'

const { createPrivateKey, createPublicKey } = crypto

function remembering<Parsed>(parse: (pem: string) => Parsed): (input: unknown) => Parsed {
  const known = new Map<unknown, Parsed>()
  return (input) => {
    const before = known.get(input)
    if (before !== undefined) return before
    const parsed = parse(input as string) // passed on as it is, whatever it is
    if (typeof input === 'string') known.set(input, parsed)
    return parsed
  }
}

beforeAll(() => {
  Object.assign(crypto, {
    createPrivateKey: remembering(createPrivateKey),
    createPublicKey: remembering(createPublicKey),
  })
})

afterAll(() => {
  Object.assign(crypto, { createPrivateKey, createPublicKey })
})
