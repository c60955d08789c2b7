/** What one stage leaves for the next, in files that a terratest in Go reads and writes as well. */
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InvalidOptions, TestDataError } from './errors.js'
import { describeType, goJson } from './go-values.js'
import { parseJson } from './json-text.js'
import type { Options } from './options.js'
import { marshalOptions, unmarshalOptions } from './options-json.js'

/** `<folder>/.test-data/<file>`. */
export function formatTestDataPath(testFolder: string, file: string): string {
  return join(testFolder, '.test-data', file)
}

/** Saves options as `TerraformOptions.json`, over those that were there. `envVars` are stored: the file has mode 0600. */
export async function saveTerraformOptions(testFolder: string, options: Options): Promise<void> {
  await writeAtomically(optionsPath(testFolder), marshalOptions(options))
}

/** Saves options unless some are there already. */
export async function saveTerraformOptionsIfNotPresent(testFolder: string, options: Options): Promise<void> {
  const path = optionsPath(testFolder)
  if (!(await isTestDataPresent(path))) await writeAtomically(path, marshalOptions(options))
}

/**
 * The options that {@link saveTerraformOptions} or terratest's SaveTerraformOptions saved.
 *
 * @throws TestDataError when there are none, or they cannot be read as options.
 */
export async function loadTerraformOptions(testFolder: string): Promise<Options> {
  const path = optionsPath(testFolder)
  const text = await read(path)
  try {
    return unmarshalOptions(text)
  } catch (cause) {
    if (!(cause instanceof InvalidOptions)) throw cause
    throw new TestDataError(`${path}: ${cause.message}`, { cause })
  }
}

/** Saves a string under a name, as `<name>.json`. */
export async function saveString(testFolder: string, name: string, value: string): Promise<void> {
  await saveTestData(namedPath(testFolder, name), true, value)
}

/** The string saved under a name. */
export async function loadString(testFolder: string, name: string): Promise<string> {
  const path = namedPath(testFolder, name)
  const value = await loadTestData(path)
  if (typeof value === 'string') return value
  throw new TestDataError(`${path} must hold a string, got ${describeType(value)}`)
}

/** Saves a whole number under a name, as `<name>.json`. */
export async function saveInt(testFolder: string, name: string, value: number): Promise<void> {
  if (!Number.isSafeInteger(value)) throw new TestDataError(`${name} must be a whole number below 2^53, got ${value}`)
  await saveTestData(namedPath(testFolder, name), true, value)
}

/** The whole number saved under a name. */
export async function loadInt(testFolder: string, name: string): Promise<number> {
  const path = namedPath(testFolder, name)
  const value = await loadTestData(path)
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw new TestDataError(`${path} must hold a whole number below 2^53, got ${describeType(value)}`)
}

/** Saves the id of an artifact, as `Artifact.json`. */
export async function saveArtifactID(testFolder: string, artifactId: string): Promise<void> {
  await saveString(testFolder, 'Artifact', artifactId)
}

/** The id that {@link saveArtifactID} saved. */
export async function loadArtifactID(testFolder: string): Promise<string> {
  return await loadString(testFolder, 'Artifact')
}

/**
 * Saves a JSON value at a path, which is mostly a {@link formatTestDataPath}; `overwrite: false` leaves what is there.
 * The file appears whole or not at all, with mode 0600.
 */
export async function saveTestData(path: string, overwrite: boolean, value: unknown): Promise<void> {
  if (!overwrite && (await isTestDataPresent(path))) return
  await writeAtomically(path, marshal(path, value))
}

/**
 * The JSON value at a path.
 *
 * @throws TestDataError when the file is missing or holds no JSON.
 */
export async function loadTestData(path: string): Promise<unknown> {
  return parse(path, await read(path))
}

/** false where there is no file, an empty one, or one with null, false, 0, "", [] or {}. */
export async function isTestDataPresent(path: string): Promise<boolean> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  )
  const text = exists ? await read(path) : ''
  return text !== '' && !isEmptyValue(parse(path, text))
}

/** Removes the file at a path; it need not be there. */
export async function cleanupTestData(path: string): Promise<void> {
  await rm(path, { force: true })
}

/** Removes the folder's `.test-data` with all that is in it; it need not be there. */
export async function cleanupTestDataFolder(testFolder: string): Promise<void> {
  await rm(join(testFolder, '.test-data'), { recursive: true, force: true })
}

function optionsPath(testFolder: string): string {
  return formatTestDataPath(testFolder, 'TerraformOptions.json')
}

/** A name with a separator would leave the folder, or need one that is not there. */
function namedPath(testFolder: string, name: string): string {
  if (name === '' || /[/\\\0]/.test(name)) {
    throw new TestDataError(`'${name}' is no name for test data: it must be a file name without its .json`)
  }
  return formatTestDataPath(testFolder, `${name}.json`)
}

function marshal(path: string, value: unknown): string {
  try {
    return goJson(value)
  } catch (cause) {
    throw new TestDataError(`${path} cannot be saved: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  const draft = `${path}.${randomUUID()}`
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new TestDataError(`${path} cannot be read; did the stage that saves it run?`, { cause })
  }
}

function parse(path: string, text: string): unknown {
  return parseJson(text, () => new TestDataError(`${path} is not JSON`))
}

function isEmptyValue(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === null || value === false || value === 0 || value === ''
}
