/** Options -> the arguments of a terraform process, in terratest's order (its `FormatArgs`). */
import { InvalidOptions } from './errors.js'
import { optionProblems } from './option-fields.js'
import type { MixedVar, Options, TerraformValue } from './options.js'

const withLock = new Set(['plan', 'apply', 'destroy', 'refresh', 'taint', 'untaint', 'import'])
const withParallelism = new Set(['plan', 'apply', 'destroy'])
const withPlanFileArgument = new Set(['apply', 'show', 'graph'])

/**
 * Arguments of a verb: verb and flags, variables, targets, `-no-color`, lock, plan file, parallelism. A plan file that
 * is read stands last, behind every flag, since Terraform reads no flags behind it.
 *
 * @throws InvalidOptions naming every field that is wrong.
 */
export function formatArgs(options: Options, verb: string, ...flags: readonly string[]): string[] {
  assertOptions(options)
  const planFile = options.planFilePath ?? ''
  const readsPlan = withPlanFileArgument.has(verb) && planFile !== ''
  return [
    verb,
    ...flags,
    ...(verb === 'apply' && readsPlan ? [] : formatVarsAndFiles(options)),
    ...(options.targets ?? []).flatMap((target) => ['-target', target]),
    ...(options.noColor === true ? ['-no-color'] : []),
    ...(withLock.has(verb) ? formatLock(options) : []),
    ...(verb === 'plan' && planFile !== '' ? [`-out=${planFile}`] : []),
    ...formatParallelism(options, verb),
    ...(readsPlan ? [planFile] : []),
  ]
}

/** `--parallelism=N` where the verb knows it and N is above 0. */
export function formatParallelism(options: Options, verb: string | undefined): string[] {
  const { parallelism = 0 } = options
  return verb !== undefined && withParallelism.has(verb) && parallelism > 0 ? [`--parallelism=${parallelism}`] : []
}

/** Refuses options that cannot be carried out, all reasons at once. */
export function assertOptions(options: Options): void {
  const problems = optionProblems(options)
  if (problems.length > 0) throw new InvalidOptions(`these options cannot be used: ${problems.join('; ')}`)
}

function formatLock({ lock = false, lockTimeout = '' }: Options): string[] {
  return [`-lock=${lock}`, ...(lockTimeout === '' ? [] : [`-lock-timeout=${lockTimeout}`])]
}

function formatVarsAndFiles(options: Options): string[] {
  const vars = formatTerraformVarsAsArgs(options.vars ?? {})
  const files = (options.varFiles ?? []).flatMap((path) => ['-var-file', path])
  const mixed = (options.mixedVars ?? []).flatMap(formatMixedVar)
  return [...mixed, ...(options.setVarsAfterVarFiles === true ? [...files, ...vars] : [...vars, ...files])]
}

function formatMixedVar(entry: MixedVar): string[] {
  return entry.kind === 'file' ? ['-var-file', entry.path] : formatTerraformVarsAsArgs({ [entry.name]: entry.value })
}

/** `-var name=value` for each variable, in the order of the object. */
export function formatTerraformVarsAsArgs(vars: Readonly<Record<string, TerraformValue>>): string[] {
  return Object.entries(vars).flatMap(([name, value]) => ['-var', `${name}=${formatValue(value)}`])
}

/** `-backend-config=key=value` for each setting; `-backend-config=key` where the value is null. */
export function formatTerraformBackendConfigAsArgs(config: Readonly<Record<string, TerraformValue>>): string[] {
  return Object.entries(config).map(([key, value]) =>
    value === null ? `-backend-config=${key}` : `-backend-config=${key}=${formatValue(value)}`,
  )
}

/** `-plugin-dir=D` where a directory is set. */
export function formatTerraformPluginDirAsArgs(pluginDir = ''): string[] {
  return pluginDir === '' ? [] : [`-plugin-dir=${pluginDir}`]
}

/** A whole value of the command line: Terraform takes a string there as it stands, everything else as HCL. */
function formatValue(value: TerraformValue): string {
  return typeof value === 'string' ? value : formatHcl(value)
}

/**
 * A value as an HCL expression: `{"k" = ["s", 1, true, null]}`.
 *
 * Source: Terraform's documentation, "Strings and Templates", for the escapes.
 */
export function formatHcl(value: TerraformValue): string {
  if (typeof value === 'string') return formatHclString(value)
  if (value === null || typeof value !== 'object') return String(value)
  if (isList(value)) return `[${value.map(formatHcl).join(', ')}]`
  const members = Object.entries(value).map(([key, item]) => `${formatHclString(key)} = ${formatHcl(item)}`)
  return `{${members.join(', ')}}`
}

/** `Array.isArray` alone does not narrow a readonly array out of the union. */
function isList(value: TerraformValue): value is readonly TerraformValue[] {
  return Array.isArray(value)
}

function formatHclString(value: string): string {
  // By code and not as `$${`, whose meaning depends on the `$` that may stand before it.
  const escaped = value.replace(/["\\]|\p{Cc}|[$%](?=\{)/gu, (character) =>
    character === '"' || character === '\\' ? `\\${character}` : unicodeEscape(character),
  )
  return `"${escaped}"`
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
