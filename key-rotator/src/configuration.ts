/** The rotator's configuration: JSON that Terraform writes into the variable ROTATION_CONFIGURATION. */
import { isKeyLabel } from '../../contract/names.js'
import { MOST_SEALING_KEYS, SIGNING_ALGORITHMS, type SigningAlgorithm } from '../../contract/secret.js'

/** Where the keys of one secret are trusted, and where that can be tried. */
export interface SigningKeyPlace {
  /** Tells a further signing key from the main one, which has none. */
  readonly label?: string
  readonly keyGroupId: string
  /** An address of the distribution that only signed requests reach; nothing needs to be there. Absent where keys are not tried. */
  readonly probeUrl?: string
}

/** What the deployer decided. */
export interface RotationConfiguration {
  /** The stack's name: its public keys are recognised by it. */
  readonly name: string
  readonly algorithm: SigningAlgorithm
  /** What the edge function signs with, and hence what the probe must be accepted with. */
  readonly hashAlgorithm: 'SHA1' | 'SHA256'
  /** How long after its replacement a key may still be in a cookie or in a signer's cache. */
  readonly retireAfterSeconds: number
  /** How long every edge location is given to learn of a new key. */
  readonly propagationSeconds: number
  /** How many sealing keys the secret keeps, the current one included: enough for the oldest session to open. */
  readonly sealingKeysKept: number
  /** By the secret's ARN. */
  readonly signingKeys: Readonly<Record<string, SigningKeyPlace>>
}

/** The deployer's fault; names every wrong field. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  /** One sentence a wrong field, without values. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`ROTATION_CONFIGURATION is not usable: ${problems.join('; ')}. Apply the Terraform module again`)
    this.problems = problems
  }
}

type Rule = readonly [sound: (value: unknown) => boolean, rule: string]

// testSecret waits for the propagation within Lambda's 900 seconds, and needs some of them for itself.
const FIELDS: Readonly<Record<keyof RotationConfiguration, Rule>> = {
  // As variables.tf has it: names that can hold an underscore could be mistaken for the owner of a further signing key.
  name: [matches(/^[a-z][a-z0-9-]{1,34}[a-z0-9]$/), 'must be the name of the stack'],
  algorithm: [(value) => SIGNING_ALGORITHMS.some((known) => known === value), 'must be RSA-2048 or ECDSA-P256'],
  hashAlgorithm: [(value) => value === 'SHA1' || value === 'SHA256', 'must be SHA1 or SHA256'],
  retireAfterSeconds: [isWhole(60, 34_560_000), 'must be a whole number from 60 to 34560000'],
  propagationSeconds: [isWhole(0, 780), 'must be a whole number from 0 to 780'],
  sealingKeysKept: [isWhole(2, MOST_SEALING_KEYS), `must be a whole number from 2 to ${MOST_SEALING_KEYS}`],
  signingKeys: [isNonEmptyObject, 'must be an object with at least one secret'],
}

const PLACE: Readonly<Record<keyof SigningKeyPlace, Rule>> = {
  label: [
    isAbsentOr((value) => typeof value === 'string' && isKeyLabel(value)),
    'must be up to 20 lower-case letters, digits and single dashes, and not main',
  ],
  keyGroupId: [matches(/^[A-Za-z0-9-]{1,64}$/), 'must be the id of a key group'],
  probeUrl: [
    isAbsentOr(matches(/^https:\/\/[a-z0-9][a-z0-9.-]{0,252}(?::[0-9]{1,5})?\/[^\s*?#]*$/)),
    'must be an https address without query or wildcard',
  ],
}

const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:\S{1,520}$/

function matches(pattern: RegExp): Rule[0] {
  return (value) => typeof value === 'string' && pattern.test(value)
}

function isAbsentOr(sound: Rule[0]): Rule[0] {
  return (value) => value === undefined || sound(value)
}

function isWhole(least: number, most: number): Rule[0] {
  return (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNonEmptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0
}

function problemsOf(value: unknown, fields: Readonly<Record<string, Rule>>, path: string): string[] {
  if (!isObject(value)) return [`${path === '' ? 'it' : path.slice(0, -1)} must be an object`]
  const problems = Object.entries(fields).flatMap(([field, [sound, rule]]) =>
    sound(Object.hasOwn(value, field) ? Reflect.get(value, field) : undefined) ? [] : [`${path}${field} ${rule}`],
  )
  const unknown = Object.keys(value).filter((field) => !Object.hasOwn(fields, field))
  return [...problems, ...unknown.map((field) => `${path}${field.slice(0, 40)} is not known`)]
}

function problemsOfPlaces(value: unknown): string[] {
  const places: unknown = isObject(value) ? Reflect.get(value, 'signingKeys') : undefined
  if (!isObject(places)) return []
  return [
    ...Object.entries(places).flatMap(([arn, place]) => [
      ...(SECRET_ARN.test(arn) ? [] : [`signingKeys.${arn.slice(0, 100)} must be named by the ARN of a secret`]),
      ...problemsOf(place, PLACE, `signingKeys.${arn.slice(0, 100)}.`),
    ]),
    // Otherwise one secret's rotation would retire the keys of another.
    ...(isDistinct(places, 'label') ? [] : ['signingKeys must have a label each, but for one secret']),
    ...(isDistinct(places, 'keyGroupId') ? [] : ['signingKeys must have a key group each']),
  ]
}

function isDistinct(places: object, field: keyof SigningKeyPlace): boolean {
  const values = Object.values(places).map((place: unknown) => (isObject(place) ? Reflect.get(place, field) : place))
  return new Set(values).size === values.length
}

function allProblemsOf(value: unknown): string[] {
  return [...problemsOf(value, FIELDS, ''), ...problemsOfPlaces(value)]
}

function isConfiguration(value: unknown): value is RotationConfiguration {
  return allProblemsOf(value).length === 0
}

/**
 * The configuration in the variable's text.
 *
 * @throws ConfigurationError naming every wrong field at once; a field that nobody knows is wrong too.
 */
export function parseConfiguration(text: string | undefined): RotationConfiguration {
  let value: unknown
  try {
    value = JSON.parse(text ?? '')
  } catch {
    throw new ConfigurationError(['it must be JSON'])
  }
  if (!isConfiguration(value)) throw new ConfigurationError(allProblemsOf(value))
  return value
}
