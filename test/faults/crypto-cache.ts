/**
 * Caches what Node's crypto module computes: a campaign parses, signs and verifies the same few keys and policies a
 * hundred thousand times. Every cached function is one of its arguments alone. An ECDSA signature is random, and any of
 * them is as good as the first one. Keys cannot be changed, so nothing differs but the CPU time.
 */
import crypto, { type KeyObject } from 'node:crypto'

const { createPrivateKey, createPublicKey, sign, verify } = crypto

/** The value of a map, which is made once. */
function cached<Key, Value>(
  map: Pick<Map<Key, Value>, 'get'> & { set: (key: Key, value: Value) => unknown },
  key: Key,
  make: () => Value,
): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

function cachedParser(parse: (pem: string) => KeyObject): (input: unknown) => KeyObject {
  const keys = new Map<string, KeyObject>()
  const withCachedExport = (key: KeyObject) => {
    const exports = new Map<string, string>()
    const original = key.export.bind(key) as (options: unknown) => string
    return Object.assign(key, {
      export: (options: unknown) => cached(exports, JSON.stringify(options), () => original(options)),
    })
  }
  return (input) => {
    if (typeof input !== 'string') return parse(input as string) // passed on as it is, whatever it is
    return cached(keys, input, () => withCachedExport(parse(input)))
  }
}

const nameOf = (...parts: readonly (string | Buffer)[]) =>
  parts.map((part) => (typeof part === 'string' ? part : part.toString('latin1'))).join('\n')

function cachedSign(): (algorithm: string, data: Buffer, key: KeyObject) => Buffer {
  const byKey = new WeakMap<KeyObject, Map<string, Buffer>>()
  return (algorithm, data, key) => {
    if (!(key instanceof crypto.KeyObject)) return sign(algorithm, data, key)
    const signatures = cached(byKey, key, () => new Map<string, Buffer>())
    return Buffer.from(cached(signatures, nameOf(algorithm, data), () => sign(algorithm, data, key)))
  }
}

function cachedVerify(): (algorithm: string, data: Buffer, key: KeyObject, signature: Buffer) => boolean {
  const byKey = new WeakMap<KeyObject, Map<string, boolean>>()
  return (algorithm, data, key, signature) => {
    if (!(key instanceof crypto.KeyObject)) return verify(algorithm, data, key, signature)
    const verdicts = cached(byKey, key, () => new Map<string, boolean>())
    return cached(verdicts, nameOf(algorithm, data, signature), () => verify(algorithm, data, key, signature))
  }
}

beforeAll(() => {
  Object.assign(crypto, {
    createPrivateKey: cachedParser(createPrivateKey),
    createPublicKey: cachedParser(createPublicKey),
    sign: cachedSign(),
    verify: cachedVerify(),
  })
})

afterAll(() => {
  Object.assign(crypto, { createPrivateKey, createPublicKey, sign, verify })
})
