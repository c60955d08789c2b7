/**
 * What only this function can write and read, kept by the browser: AES-256-GCM (NIST SP 800-38D) over JSON, as
 * base64url of version, the key's id, nonce, ciphertext and tag. The keys come with the signing key and rotate with it.
 * The key's id says which of them to open with, so that there are 16 of them costs a few comparisons, no decryption.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import type { World } from '../dependencies.js'

/** The fields of what was sealed, each of whatever type. */
export type Unsealed = Readonly<Record<string, unknown>>

/** Seals and opens values. */
export interface Sealer {
  /** The value, unreadable and unchangeable. It opens for the same purpose only. */
  readonly seal: (purpose: string, value: object) => string
  /** What was sealed for this purpose; `undefined` for anything else. It never throws. */
  readonly open: (purpose: string, text: string) => Unsealed | undefined
  /** Whether a text looks like one that was sealed with a key that is not among these: too old, too new, or made up. */
  readonly isOfUnknownKey: (text: string) => boolean
}

const ALGORITHM = 'aes-256-gcm'
const VERSION = 1
const KEY_ID_BYTES = 4
const NONCE_BYTES = 12
const TAG_BYTES = 16
const NONCE_AT = 1 + KEY_ID_BYTES
const CIPHERTEXT_AT = NONCE_AT + NONCE_BYTES

/** No cookie is longer, so nothing longer was sealed. */
const LONGEST = 4096

/**
 * A sealer with the keys of the secret, base64url: the first one seals, each of them opens. A random nonce of 96 bits
 * is safe for 2^32 seals under one key (SP 800-38D section 8.3); a key seals until the next rotation.
 */
export function createSealer(sealingKeys: readonly string[], randomBytes: World['randomBytes']): Sealer {
  const keys = sealingKeys.map((key) => keyOf(Buffer.from(key, 'base64url')))
  const [current] = keys
  if (current === undefined) throw new RangeError('a sealer needs a key')
  const keysOf = (sealed: Buffer) => keys.filter(({ id }) => sealed.subarray(1, NONCE_AT).equals(id))
  return {
    seal: (purpose, value) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, current.bytes, nonce).setAAD(associatedData(purpose))
      const ciphertext = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(VERSION), current.id, nonce, ciphertext, cipher.getAuthTag()]).toString(
        'base64url',
      )
    },
    open: (purpose, text) => {
      const sealed = bytesIn(text)
      if (sealed === undefined) return undefined
      for (const { bytes } of keysOf(sealed)) {
        const opened = openedWith(bytes, purpose, sealed)
        if (opened !== undefined) return fieldsIn(opened)
      }
      return undefined
    },
    isOfUnknownKey: (text) => {
      const sealed = bytesIn(text)
      return sealed !== undefined && keysOf(sealed).length === 0
    },
  }
}

/**
 * What a cookie is sealed for: its kind, on this host, and what else it belongs to. No host has a line break, and of the
 * rest only the last part may have one.
 */
export function purposeOf(
  kind: 'attempt' | 'logout-hint' | 'long-address' | 'other-account' | 'session',
  host: string,
  ...rest: readonly string[]
): string {
  return [kind, host, ...rest].join('\n')
}

interface Key {
  readonly bytes: Buffer
  /** Tells keys apart, and nothing of them. */
  readonly id: Buffer
}

function keyOf(bytes: Buffer): Key {
  return { bytes, id: createHash('sha256').update(bytes).digest().subarray(0, KEY_ID_BYTES) }
}

/** The version is authenticated as well. */
function associatedData(purpose: string): Buffer {
  return Buffer.from(`${VERSION}\n${purpose}`)
}

/** The bytes of a text that could be sealed; Node's decoder would forgive strange characters, and so many texts would open. */
function bytesIn(text: string): Buffer | undefined {
  if (text.length > LONGEST) return undefined
  const bytes = Buffer.from(text, 'base64url')
  const complete = bytes.length >= CIPHERTEXT_AT + TAG_BYTES && bytes[0] === VERSION
  return complete && bytes.toString('base64url') === text ? bytes : undefined
}

/** The tag is compared by OpenSSL, in constant time, before anything of the plain text is given out. */
function openedWith(key: Buffer, purpose: string, sealed: Buffer): string | undefined {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(NONCE_AT, CIPHERTEXT_AT), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(associatedData(purpose))
    .setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    const text = Buffer.concat([decipher.update(sealed.subarray(CIPHERTEXT_AT, -TAG_BYTES)), decipher.final()])
    return text.toString('utf8')
  } catch {
    return undefined
  }
}

/** Nothing but objects is sealed, but one may stand for another value in JSON. */
function fieldsIn(text: string): Unsealed | undefined {
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null ? { ...value } : undefined
}
