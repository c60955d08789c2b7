/** What every operator's command does alike: reads its arguments, asks, and ends with a sentence. */
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { explain } from './error.js'

/** A command line that was understood. */
export interface CommandLine<Flag extends string> {
  /** The stack's name. */
  readonly name: string
  readonly flags: Readonly<Record<Flag, boolean>>
  /** What was given after `--key`. */
  readonly key: string | undefined
}

/** The command line cannot be understood; the message is what was wrong with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * The stack's name, which of the flags were given, and `--key LABEL`, which every command takes.
 *
 * @throws UsageError for an unknown flag, a `--key` without a label or twice, and unless there is exactly one name.
 */
export function readCommandLine<Flag extends string>(
  args: readonly string[],
  flags: readonly Flag[],
): CommandLine<Flag> {
  const { values, positionals } = parsed(args, flags)
  const [name, ...more] = positionals
  if (name === undefined || name === '') throw new UsageError('Which stack?')
  if (more.length > 0) throw new UsageError(`One stack at a time; got ${positionals.join(', ')}.`)
  const given = flags.map((flag) => [flag, values[flag] === true] as const)
  return { name, flags: Object.fromEntries(given) as Record<Flag, boolean>, key: keyOf(values.key) }
}

function keyOf(given: unknown): string | undefined {
  const [key, ...more] = Array.isArray(given) ? given.map(String) : []
  if (more.length > 0) throw new UsageError('--key takes one label; without it the command is about all signing keys.')
  if (key === '') throw new UsageError("--key takes a label; the main signing key's is main.")
  return key
}

interface Parsed {
  readonly values: Readonly<Record<string, unknown>>
  readonly positionals: readonly string[]
}

function parsed(args: readonly string[], flags: readonly string[]): Parsed {
  const options = {
    ...Object.fromEntries(flags.map((flag) => [flag, { type: 'boolean' as const }])),
    key: { type: 'string' as const, multiple: true },
  }
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    // Node's sentence goes on with advice about "--" that is of no use here.
    const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : ''
    throw new UsageError(`${message.split('. ')[0]?.replace(/\.$/, '')}.`)
  }
}

/** Says something on standard error: standard output is for the result. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/**
 * Whether the person types exactly `expected`. No answer (the end of standard input, as in a job without a terminal) is
 * a no.
 */
export async function confirms(question: string, expected: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const nobody = new Promise<string>((resolve) => {
    terminal.once('close', () => resolve(''))
  })
  const answer = await Promise.race([terminal.question(`${question} Type "${expected}": `), nobody])
  terminal.close()
  return answer.trim() === expected
}

/**
 * Runs a command and ends the process: 0, or what `run` gives back; 1 after a failure; 2 for a command line that was
 * not understood, with `usage`.
 */
export async function runCommand(usage: string, run: (args: readonly string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await run(process.argv.slice(2))
  } catch (error) {
    const isUsage = error instanceof UsageError
    say(isUsage ? `${error.message} ${usage}` : explain(error))
    process.exitCode = isUsage ? 2 : 1
  }
}
