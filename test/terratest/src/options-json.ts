/**
 * Options <-> the bytes that terratest's SaveTerraformOptions writes.
 *
 * Go's encoding/json writes a struct's fields in their order, all of them, absent ones as their zero value; when it
 * reads, the case of a key does not count, unknown keys are passed over, and null leaves a field as it is.
 */
import { resolve } from 'node:path'
import { InvalidOptions } from './errors.js'
import { describeType, goJson, goJsonString, isPlainObject } from './go-values.js'
import { parseJson } from './json-text.js'
import { defaultLogger } from './logger.js'
import { extraArgsFields, fields, type Kind, optionProblems, ownName } from './option-fields.js'
import type { Options } from './options.js'

const zeroJson: Readonly<Record<Kind, string>> = {
  bool: 'false',
  duration: '0',
  extraArgs: `{${extraArgsFields.map((name) => `"${name}":null`).join(',')}}`,
  int: '0',
  logger: 'null',
  mixedVars: 'null',
  sshAgent: 'null',
  stdin: 'null',
  string: '""',
  stringList: 'null',
  stringMap: 'null',
  valueMap: 'null',
}

/**
 * The one line that terratest would save for these options, without a newline. `terraformDir` becomes absolute, since
 * a Go test and a jest test start in different directories.
 *
 * @throws InvalidOptions naming every field that is wrong or that Go could not load: `mixedVars` and `stdin`.
 */
export function marshalOptions(options: Options): string {
  const problems = optionProblems(options)
  for (const [name, why] of [
    ['mixedVars', 'terratest cannot load them; use vars and varFiles'],
    ['stdin', 'terratest cannot load it; set it again after loading'],
  ] as const) {
    const value = options[name]
    if (value !== undefined && value.length > 0) problems.push(`${name} cannot be saved: ${why}`)
  }
  if (problems.length > 0) throw new InvalidOptions(`these options cannot be saved: ${problems.join('; ')}`)

  const members = fields.map(([goName, kind]) => `"${goName}":${encode(kind, ownName(goName), options)}`)
  return `{${members.join(',')}}`
}

function encode(kind: Kind, name: string, options: Options): string {
  const value: unknown = Reflect.get(options, name)
  if (name === 'terraformDir') return goJsonString(resolve(options.terraformDir))
  if (value === undefined || kind === 'stdin') return zeroJson[kind]
  if (kind === 'logger' || kind === 'sshAgent') return '{}'
  if (kind === 'duration' && typeof value === 'number') return goJson(Math.round(value * 1e6))
  if (kind === 'extraArgs') {
    const own = extraArgsFields.map(
      (field) => `"${field}":${goJson(Reflect.get(Object(value), ownName(field)) ?? null)}`,
    )
    return `{${own.join(',')}}`
  }
  return goJson(value)
}

/**
 * The options in a saved file. Zero values come back as absent fields, which mean the same.
 *
 * @throws InvalidOptions naming every field of a wrong type, among them what Go refuses as well: `MixedVars` with
 * elements, a `Stdin`, a duration in words, a fraction where a whole number belongs.
 */
export function unmarshalOptions(text: string): Options {
  const document = parseJson(text, () => new InvalidOptions('the saved options are not JSON'))
  if (!isPlainObject(document)) {
    throw new InvalidOptions(`the saved options must be a JSON object, got ${describeType(document)}`)
  }
  const byName = new Map(fields.map(([goName, kind]) => [goName.toLowerCase(), { name: ownName(goName), kind }]))
  const problems: string[] = []
  const options = new Map<string, unknown>([['terraformDir', '']])
  for (const [key, value] of Object.entries(document)) {
    const field = byName.get(key.toLowerCase())
    if (field === undefined || value === null) continue
    const decoded = decode(field.kind, value, key, problems)
    if (decoded !== undefined) options.set(field.name, decoded)
  }
  if (problems.length > 0) throw new InvalidOptions(`the saved options cannot be loaded: ${problems.join('; ')}`)
  // Each entry was checked against its field's kind above.
  return Object.fromEntries(options) as unknown as Options
}

/** How a field is read: what it must be, in words and as a check, and its value then (undefined: Go's zero value). */
interface Decoder {
  readonly wanted: string
  readonly accepts: (value: unknown) => boolean
  readonly read: (value: unknown, key: string, problems: string[]) => unknown
}

const decoders: Readonly<Record<Kind, Decoder>> = {
  bool: { wanted: 'true or false', accepts: (value) => typeof value === 'boolean', read: nonZero },
  string: { wanted: 'a string', accepts: (value) => typeof value === 'string', read: nonZero },
  int: { wanted: 'a whole number', accepts: Number.isSafeInteger, read: nonZero },
  duration: {
    wanted: 'a whole number of nanoseconds',
    accepts: Number.isInteger,
    read: (value) => nonZero(Number(value) / 1e6),
  },
  stdin: { wanted: 'null', accepts: () => false, read: () => undefined },
  mixedVars: {
    wanted: 'null or empty',
    accepts: (value) => Array.isArray(value) && value.length === 0,
    read: (value) => value,
  },
  logger: { wanted: 'an object', accepts: isPlainObject, read: () => defaultLogger },
  sshAgent: { wanted: 'an object', accepts: isPlainObject, read: () => ({}) },
  valueMap: { wanted: 'an object', accepts: isPlainObject, read: (value) => value },
  stringMap: { wanted: 'an object of strings', accepts: isPlainObject, read: decodeStrings },
  stringList: { wanted: 'a list of strings', accepts: Array.isArray, read: decodeList },
  extraArgs: { wanted: 'an object of lists', accepts: isPlainObject, read: decodeExtraArgs },
}

/** The value of one field; undefined for Go's zero value and for what went to `problems`. */
function decode(kind: Kind, value: unknown, key: string, problems: string[]): unknown {
  const { wanted, accepts, read } = decoders[kind]
  if (accepts(value)) return read(value, key, problems)
  problems.push(`${key} must be ${wanted}, got ${typeof value === 'number' ? value : describeType(value)}`)
  return undefined
}

function nonZero(value: unknown): unknown {
  return value === false || value === '' || value === 0 ? undefined : value
}

function decodeStrings(map: unknown, key: string, problems: string[]): unknown {
  return Object.fromEntries(
    Object.entries(Object(map)).map(([name, item]) => [name, decodeString(item, `${key}.${name}`, problems)]),
  )
}

function decodeList(list: unknown, key: string, problems: string[]): string[] {
  return Array.from(Object(list), (item, index) => decodeString(item, `${key}[${index}]`, problems))
}

/** Inside a list or a map, Go reads null as the empty string. */
function decodeString(item: unknown, path: string, problems: string[]): string {
  if (typeof item === 'string') return item
  if (item !== null) problems.push(`${path} must be a string, got ${describeType(item)}`)
  return ''
}

function decodeExtraArgs(value: unknown, key: string, problems: string[]): unknown {
  const own = new Map<string, string>(extraArgsFields.map((name) => [name.toLowerCase(), ownName(name)]))
  const lists = Object.entries(Object(value)).flatMap(([verb, list]) => {
    const name = own.get(verb.toLowerCase())
    if (name === undefined || list === null) return []
    if (Array.isArray(list)) return [[name, decodeList(list, `${key}.${verb}`, problems)] as const]
    problems.push(`${key}.${verb} must be a list of strings, got ${describeType(list)}`)
    return []
  })
  return lists.length > 0 ? Object.fromEntries(lists) : undefined
}
