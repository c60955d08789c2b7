import { assertOptions } from './command.js'
import { EmptyOutput, OutputKeyNotFound, UnexpectedOutputType, UnreadableOutput } from './errors.js'
import { describeType, goFormat, isPlainObject } from './go-values.js'
import { indentJson } from './indent-json.js'
import { parseJson } from './json-text.js'
import type { Options, RunOptions } from './options.js'
import { runTerraformCommandAndGetStdout } from './run.js'

/** The arguments that print one output as JSON, or all of them where `key` is empty. */
export function outputArgs(options: Options, key = ''): string[] {
  assertOptions(options)
  return ['output', '-no-color', '-json', ...(options.extraArgs?.output ?? []), ...(key === '' ? [] : [key])]
}

/**
 * An output as text: a string as it is, a number as Terraform prints it, lists and maps as Go prints them.
 *
 * No value of an output is logged.
 */
export async function output(options: Options, key: string, run: RunOptions = {}): Promise<string> {
  const { text, value } = await readOutput(options, key, run)
  // Terraform's own digits: a number beyond 2^53 would lose some on the way through JavaScript.
  return typeof value === 'number' ? text : goFormat(value)
}

/**
 * As {@link output}.
 *
 * @throws EmptyOutput for the empty string and for null.
 */
export async function outputRequired(options: Options, key: string, run: RunOptions = {}): Promise<string> {
  const { text, value } = await readOutput(options, key, run)
  if (value === '' || value === null) throw new EmptyOutput(`Required output ${key} was empty`)
  return typeof value === 'number' ? text : goFormat(value)
}

/**
 * An output that is a list; every item as text.
 *
 * @throws UnexpectedOutputType when it is no list.
 */
export async function outputList(options: Options, key: string, run: RunOptions = {}): Promise<string[]> {
  return (await readList(options, key, run)).map(goFormat)
}

/**
 * An output that is a map or an object; every value as text.
 *
 * @throws UnexpectedOutputType when it is neither.
 */
export async function outputMap(options: Options, key: string, run: RunOptions = {}): Promise<Record<string, string>> {
  const map = await readMap(options, key, run)
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, goFormat(value)]))
}

/**
 * An output that is a list of objects, values in their own types.
 *
 * @throws UnexpectedOutputType when it is no list, or an item is no object.
 */
export async function outputListOfObjects(
  options: Options,
  key: string,
  run: RunOptions = {},
): Promise<Readonly<Record<string, unknown>>[]> {
  return (await readList(options, key, run)).map((item, index) => {
    if (isPlainObject(item)) return item
    throw unexpected(`${key}[${index}]`, 'an object', item)
  })
}

/**
 * An output that is a map, values in their own types.
 *
 * @throws UnexpectedOutputType when it is no map.
 */
export async function outputMapOfObjects(
  options: Options,
  key: string,
  run: RunOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  return await readMap(options, key, run)
}

/** All outputs: name -> value in its own type. */
export async function outputAll(options: Options, run: RunOptions = {}): Promise<Record<string, unknown>> {
  const { value: all } = await readOutput(options, '', run)
  if (!isPlainObject(all)) throw unexpected('all outputs', 'an object', all)
  return Object.fromEntries(
    Object.entries(all).map(([name, entry]) => [name, isPlainObject(entry) ? entry.value : undefined]),
  )
}

/**
 * The outputs of these names, values in their own types.
 *
 * @throws OutputKeyNotFound for the first that is missing.
 */
export async function outputForKeys(
  options: Options,
  keys: readonly string[],
  run: RunOptions = {},
): Promise<Record<string, unknown>> {
  const all = await outputAll(options, run)
  return Object.fromEntries(
    keys.map((key) => {
      if (!Object.hasOwn(all, key)) throw new OutputKeyNotFound(`output doesn't contain a value for the key "${key}"`)
      return [key, all[key]]
    }),
  )
}

/** An output as JSON, indented by two spaces; all of them with `sensitive` and `type` where `key` is empty. */
export async function outputJson(options: Options, key = '', run: RunOptions = {}): Promise<string> {
  return indentJson((await readOutput(options, key, run)).text)
}

/**
 * An output in a type of the caller's: `parse` checks it; without `parse` the caller vouches for `T`.
 */
export async function outputStruct<T>(
  options: Options,
  key: string,
  { parse, ...run }: RunOptions & { readonly parse?: (value: unknown) => T } = {},
): Promise<T> {
  const value = key === '' ? await outputAll(options, run) : (await readOutput(options, key, run)).value
  return parse === undefined ? (value as T) : parse(value)
}

interface ReadOutput {
  readonly text: string
  readonly value: unknown
}

async function readOutput(options: Options, key: string, run: RunOptions): Promise<ReadOutput> {
  const text = await runTerraformCommandAndGetStdout(options, outputArgs(options, key), run)
  const value = parseJson(text, () => new UnreadableOutput(`terraform did not print JSON for the output '${key}'`))
  return { text: text.trim(), value }
}

async function readList(options: Options, key: string, run: RunOptions): Promise<readonly unknown[]> {
  const { value } = await readOutput(options, key, run)
  if (Array.isArray(value)) return value
  throw unexpected(key, 'a list', value)
}

async function readMap(options: Options, key: string, run: RunOptions): Promise<Readonly<Record<string, unknown>>> {
  const { value } = await readOutput(options, key, run)
  if (isPlainObject(value)) return value
  throw unexpected(key, 'a map', value)
}

function unexpected(key: string, wanted: string, value: unknown): UnexpectedOutputType {
  return new UnexpectedOutputType(`Expected output '${key}' to be of type '${wanted}' but got '${describeType(value)}'`)
}
