import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { InputFileKeyNotFound, UnreadableVarFile } from './errors.js'
import { describeType, goFormat, isPlainObject } from './go-values.js'
import { parseJson } from './json-text.js'

/**
 * All variables of a variables file (`.tfvars` or `.json`), in their own types.
 *
 * `.tfvars` are read by HashiCorp's parser, the npm package `@cdktf/hcl2json`, which must be installed.
 *
 * @throws UnreadableVarFile
 */
export async function getAllVariablesFromVarFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UnreadableVarFile(`the variables file ${path} cannot be read`, { cause })
  })
  const variables =
    extname(path) === '.json'
      ? parseJson(text, () => new UnreadableVarFile(`the variables file ${path} is not JSON`))
      : await parseHcl(path, text)
  if (isPlainObject(variables)) return variables
  throw new UnreadableVarFile(`the variables file ${path} must hold variables, got ${describeType(variables)}`)
}

/**
 * A variable of a variables file, as text.
 *
 * @throws InputFileKeyNotFound, UnreadableVarFile
 */
export async function getVariableAsStringFromVarFile(path: string, key: string): Promise<string> {
  return goFormat(await variable(path, key))
}

/**
 * A variable of a variables file that is a map; every value as text.
 *
 * @throws InputFileKeyNotFound, UnreadableVarFile
 */
export async function getVariableAsMapFromVarFile(path: string, key: string): Promise<Record<string, string>> {
  const value = await variable(path, key)
  if (!isPlainObject(value)) throw wrongType(path, key, 'a map', value)
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, goFormat(item)]))
}

/**
 * A variable of a variables file that is a list; every item as text.
 *
 * @throws InputFileKeyNotFound, UnreadableVarFile
 */
export async function getVariableAsListFromVarFile(path: string, key: string): Promise<string[]> {
  const value = await variable(path, key)
  if (!Array.isArray(value)) throw wrongType(path, key, 'a list', value)
  return value.map(goFormat)
}

async function variable(path: string, key: string): Promise<unknown> {
  const variables = await getAllVariablesFromVarFile(path)
  if (Object.hasOwn(variables, key)) return variables[key]
  const names = Object.keys(variables).join(', ') || 'nothing'
  throw new InputFileKeyNotFound(`variables file ${path} doesn't contain a value for the key "${key}"; it has ${names}`)
}

function wrongType(path: string, key: string, wanted: string, value: unknown): UnreadableVarFile {
  return new UnreadableVarFile(`${key} in the variables file ${path} must be ${wanted}, got ${describeType(value)}`)
}

async function parseHcl(path: string, text: string): Promise<unknown> {
  const { parse } = loadParser()
  try {
    return await parse(path, text)
  } catch (cause) {
    throw new UnreadableVarFile(
      `the variables file ${path} is not HCL: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    )
  }
}

/**
 * Only when needed: the parser weighs two megabytes, and the rest of the harness has no dependency at all.
 *
 * By `require`, since jest runs no dynamic import; and from the working directory where sources compiled to CommonJS
 * do not know their own place.
 */
function loadParser(): typeof import('@cdktf/hcl2json') {
  try {
    return createRequire(import.meta.url ?? join(process.cwd(), 'from-here'))('@cdktf/hcl2json')
  } catch (cause) {
    throw new UnreadableVarFile('to read .tfvars files, install the npm package @cdktf/hcl2json', { cause })
  }
}
