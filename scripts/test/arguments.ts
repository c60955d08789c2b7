/**
 * What `npm test -- …` was asked for.
 */
import { parseArgs } from 'node:util'
import { GROUPS, type GroupName, isGroup } from './groups.js'

/** A request for tests, as read from the command line. */
export interface TestRequest {
  readonly groups: readonly GroupName[]
  /** Parts of the paths of test files; none means every file of the groups. */
  readonly patterns: readonly string[]
  /** Part of the names of tests; undefined means every test. */
  readonly name: string | undefined
  readonly isExhaustive: boolean
  readonly seed: number
  /** Whether temporary files stay for inspection. */
  readonly keepsFiles: boolean
}

/** The command line cannot be understood; the message says what is wrong and what is possible. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const USAGE = `usage: npm test [-- [group …] [pattern …] [--name TEXT] [--exhaustive] [--seed N] [--keep]]
groups: ${GROUPS.map(({ name }) => name).join(', ')}`

/**
 * Reads the words behind `npm test --`: groups first, then parts of paths of test files.
 *
 * @throws UsageError for an unknown group or option, or a seed that is not a whole number.
 */
export function readArguments(words: readonly string[]): TestRequest {
  const { values, positionals } = parse(words)
  const firstPattern = positionals.findIndex((word) => !isGroup(word))
  const groups = (firstPattern === -1 ? positionals : positionals.slice(0, firstPattern)).filter(isGroup)
  const patterns = firstPattern === -1 ? [] : positionals.slice(firstPattern)
  if (groups.length === 0 && patterns.length > 0) {
    throw new UsageError(`There is no group of tests called "${patterns[0]}".\n${USAGE}`)
  }
  return {
    groups: groups.length === 0 ? GROUPS.map(({ name }) => name) : groups,
    patterns,
    name: values.name,
    isExhaustive: values.exhaustive,
    seed: values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : readSeed(values.seed),
    keepsFiles: values.keep,
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        name: { type: 'string', short: 't' },
        exhaustive: { type: 'boolean', default: false },
        seed: { type: 'string' },
        keep: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
  }
}

function readSeed(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new UsageError(`--seed must be a whole number; got "${text}".\n${USAGE}`)
  return Number(text)
}
