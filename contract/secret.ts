/**
 * The one format of the signing-key secret: the rotator writes it, the edge function reads it. The id of the public
 * key and the private key stand in one document, so they can never disagree. No dependency: both bundles carry this file.
 */

/** The key types CloudFront verifies cookies with (CloudFront Developer Guide, Creating key pairs for your signers). */
export const SIGNING_ALGORITHMS = ['RSA-2048', 'ECDSA-P256'] as const

/** One of {@link SIGNING_ALGORITHMS}. */
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

/** How many keys that seal sessions the secret holds; rotator.tf refuses sessions that would need more. */
export const MOST_SEALING_KEYS = 16

/** The secret's value once parsed. */
export interface SigningKey {
  readonly version: 1
  /** CloudFront's id of the public half, e.g. `K2JCJMDEHXQW5F`; the value of the cookie `CloudFront-Key-Pair-Id`. */
  readonly keyPairId: string
  readonly algorithm: SigningAlgorithm
  /** PKCS #8 PEM. Never to be logged, nor put into a message. */
  readonly privateKey: string
  /** RFC 3339, UTC, with milliseconds: as `Date.toISOString` writes it. */
  readonly createdAt: string
  /**
   * At most {@link MOST_SEALING_KEYS} keys of 32 bytes, base64url without padding: the current one, which seals, then those
   * of earlier rotations, newest first, which only open.
   */
  readonly sealingKeys: readonly string[]
}

/** A secret that is not of this format. The message names each wrong field and never quotes a value. */
export class SigningKeyError extends Error {
  override readonly name = 'SigningKeyError'
  /** One sentence part a wrong field, e.g. `keyPairId must be …`. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`the signing-key secret is not usable: ${problems.join('; ')}`)
    this.problems = problems
  }
}

const KEY_PAIR_ID = /^[A-Za-z0-9]{1,64}$/
const PKCS8_PEM = /^-----BEGIN PRIVATE KEY-----\n(?:[A-Za-z0-9+/]{1,64}={0,2}\n){1,64}-----END PRIVATE KEY-----\n?$/
// 32 bytes are 43 characters, of which the last carries four bits.
const SEALING_KEY = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/
// A field's name may be quoted; anything longer or stranger could be a value that slipped into a key's place.
const QUOTABLE = /^[A-Za-z][A-Za-z0-9_-]{0,30}$/

const FIELDS: Readonly<Record<keyof SigningKey, readonly [sound: (value: unknown) => boolean, rule: string]>> = {
  version: [(value) => value === 1, 'must be 1'],
  keyPairId: [matches(KEY_PAIR_ID), 'must be the id of a CloudFront public key'],
  algorithm: [(value) => SIGNING_ALGORITHMS.some((known) => known === value), 'must be RSA-2048 or ECDSA-P256'],
  privateKey: [matches(PKCS8_PEM), 'must be a PKCS #8 private key in PEM'],
  createdAt: [isTimestamp, 'must be a UTC time like 2026-01-31T00:00:00.000Z'],
  sealingKeys: [isSealingKeys, `must be a list of 1 to ${MOST_SEALING_KEYS} base64url keys of 32 bytes`],
}

function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value)
}

function isTimestamp(value: unknown): boolean {
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) return false
  return new Date(value).toISOString() === value
}

function isSealingKeys(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 1 || value.length > MOST_SEALING_KEYS) return false
  return value.every(matches(SEALING_KEY))
}

/** All that is wrong with a value that should be a {@link SigningKey}; empty when nothing is. */
function problemsOf(value: object): string[] {
  const problems = Object.entries(FIELDS).flatMap(([field, [sound, rule]]) =>
    Object.hasOwn(value, field) && sound(Reflect.get(value, field)) ? [] : [`${field} ${rule}`],
  )
  const unknown = Object.keys(value).filter((field) => !Object.hasOwn(FIELDS, field))
  return [...problems, ...unknown.map((field) => `${QUOTABLE.test(field) ? field : 'a field'} is not known`)]
}

function isSigningKey(value: object): value is SigningKey {
  return problemsOf(value).length === 0
}

/** JSON or undefined: the error of `JSON.parse` quotes the text, which must not travel. */
function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

/**
 * The signing key in a `SecretString`. Unknown fields are errors, so that a typing mistake cannot pass for an omission.
 *
 * @throws SigningKeyError naming every wrong field at once, and no value.
 */
export function parseSigningKey(text: unknown): SigningKey {
  const value = parsed(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SigningKeyError(['it must be a JSON object'])
  }
  if (!isSigningKey(value)) throw new SigningKeyError(problemsOf(value))
  return value
}

/**
 * The `SecretString` for a signing key: fields in a fixed order, so that the same key gives the same text and a
 * repeated PutSecretValue with the same token is a no-op.
 *
 * @throws SigningKeyError when the key would not be readable again.
 */
export function serializeSigningKey(key: SigningKey): string {
  const { version, keyPairId, algorithm, privateKey, createdAt, sealingKeys } = key
  const text = JSON.stringify({ version, keyPairId, algorithm, privateKey, createdAt, sealingKeys })
  parseSigningKey(text)
  return text
}
