/** The fields of Options as data: their names in Go, their kinds, and what a value of each kind must be. */
import { describeType, goJson, isPlainObject } from './go-values.js'
import type { Options } from './options.js'

/** What kind of value a field holds; it decides how the field is checked, written and read. */
export type Kind =
  | 'bool'
  | 'duration'
  | 'extraArgs'
  | 'int'
  | 'logger'
  | 'mixedVars'
  | 'sshAgent'
  | 'stdin'
  | 'string'
  | 'stringList'
  | 'stringMap'
  | 'valueMap'

/** The 28 fields of terratest's struct in its order: Go's name, and what kind of value it holds. */
export const fields: readonly (readonly [string, Kind])[] = [
  ['Stdin', 'stdin'],
  ['WarningsAsErrors', 'stringMap'],
  ['Logger', 'logger'],
  ['BackendConfig', 'valueMap'],
  ['EnvVars', 'stringMap'],
  ['Vars', 'valueMap'],
  ['RetryableTerraformErrors', 'stringMap'],
  ['SshAgent', 'sshAgent'],
  ['TerraformBinary', 'string'],
  ['TerraformDir', 'string'],
  ['PlanFilePath', 'string'],
  ['PluginDir', 'string'],
  ['LockTimeout', 'string'],
  ['ExtraArgs', 'extraArgs'],
  ['Targets', 'stringList'],
  ['MixedVars', 'mixedVars'],
  ['VarFiles', 'stringList'],
  ['TimeBetweenRetries', 'duration'],
  ['Parallelism', 'int'],
  ['OutputMaxLineSize', 'int'],
  ['MaxRetries', 'int'],
  ['NoStderr', 'bool'],
  ['NoColor', 'bool'],
  ['MigrateState', 'bool'],
  ['Reconfigure', 'bool'],
  ['Upgrade', 'bool'],
  ['SetVarsAfterVarFiles', 'bool'],
  ['Lock', 'bool'],
]

/** The verbs of ExtraArgs, in the order of terratest's struct. */
export const extraArgsFields = [
  'Apply',
  'Destroy',
  'Get',
  'Init',
  'Plan',
  'Validate',
  'WorkspaceDelete',
  'WorkspaceSelect',
  'WorkspaceNew',
  'Output',
  'Show',
] as const

/** terraformDir <-> TerraformDir: the names differ in their first letter only. */
export function ownName(goName: string): string {
  return goName.charAt(0).toLowerCase() + goName.slice(1)
}

/**
 * Every reason why these options cannot be carried out: unknown names, wrong types, values Terraform has no word for.
 * TypeScript says most of it earlier; this is for plain JavaScript and for values that came from somewhere.
 */
export function optionProblems(options: Options): string[] {
  const known = new Map(fields.map(([goName, kind]) => [ownName(goName), kind]))
  return Object.entries(options).flatMap(([name, value]: [string, unknown]) => {
    const kind = known.get(name)
    if (kind === undefined) return [`${name} is no option`]
    if (value === undefined) return []
    return checkers[kind](value, name)
  })
}

const checkers: Readonly<Record<Kind, (value: unknown, name: string) => string[]>> = {
  bool: (value, name) => expectType(value, name, 'boolean', 'true or false'),
  duration: (value, name) => {
    if (typeof value !== 'number' || !(Math.abs(value * 1e6) < 2 ** 63))
      return [`${name} must be a number of milliseconds, got ${describe(value)}`]
    return []
  },
  extraArgs: (value, name) => {
    if (!isPlainObject(value)) return [`${name} must be an object of lists, got ${describe(value)}`]
    const verbs: readonly string[] = extraArgsFields.map(ownName)
    return Object.entries(value).flatMap(([verb, list]) => {
      if (!verbs.includes(verb)) return [`${name}.${verb} is no verb; one of ${verbs.join(', ')}`]
      return list === undefined ? [] : expectStrings(list, `${name}.${verb}`)
    })
  },
  int: (value, name) => (Number.isSafeInteger(value) ? [] : [`${name} must be a whole number, got ${describe(value)}`]),
  logger: (value, name) => {
    const log: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'log') : undefined
    return typeof log === 'function' ? [] : [`${name} must have a function log(line), got ${describe(value)}`]
  },
  mixedVars: (value, name) => {
    if (!Array.isArray(value)) return [`${name} must be a list, got ${describe(value)}`]
    return value.flatMap((item, index) => mixedVarProblems(item, `${name}[${index}]`))
  },
  sshAgent: (value, name) => (isPlainObject(value) ? [] : [`${name} must be an object, got ${describe(value)}`]),
  stdin: (value, name) =>
    typeof value === 'string' || ArrayBuffer.isView(value)
      ? []
      : [`${name} must be text or bytes, got ${describe(value)}`],
  string: (value, name) => expectType(value, name, 'string', 'a string'),
  stringList: expectStrings,
  stringMap: (value, name) => {
    if (!isPlainObject(value)) return [`${name} must be an object of strings, got ${describe(value)}`]
    return Object.entries(value).flatMap(([key, item]) => expectType(item, `${name}.${key}`, 'string', 'a string'))
  },
  valueMap: (value, name) => {
    if (!isPlainObject(value)) return [`${name} must be an object, got ${describe(value)}`]
    // `-var a=b=c` would set another variable than the one named "a=b".
    const misnamed = Object.keys(value).filter((key) => key === '' || key.includes('='))
    return [...misnamed.map((key) => `${name} has '${key}', which is no name`), ...valueProblems(value, name)]
  },
}

function mixedVarProblems(item: unknown, name: string): string[] {
  if (isPlainObject(item) && item.kind === 'file') return expectType(item.path, `${name}.path`, 'string', 'a path')
  if (isPlainObject(item) && item.kind === 'inline') {
    return [...expectType(item.name, `${name}.name`, 'string', 'a name'), ...valueProblems(item.value, `${name}.value`)]
  }
  return [`${name} must come from varInline(name, value) or varFile(path)`]
}

function valueProblems(value: unknown, name: string): string[] {
  try {
    goJson(value, name)
    return []
  } catch (error) {
    const hint = value === undefined ? '; use null for "no value"' : ''
    return [`${error instanceof Error ? error.message : String(error)}${hint}`]
  }
}

function expectType(value: unknown, name: string, type: 'boolean' | 'string', wanted: string): string[] {
  return typeof value === type ? [] : [`${name} must be ${wanted}, got ${describe(value)}`]
}

function expectStrings(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) return [`${name} must be a list of strings, got ${describe(value)}`]
  return value.flatMap((item, index) => expectType(item, `${name}[${index}]`, 'string', 'a string'))
}

/** The value itself only where it cannot be a secret: numbers tell what is wrong, strings might be tokens. */
function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : describeType(value)
}
