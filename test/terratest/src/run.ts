import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { assertOptions, formatParallelism } from './command.js'
import {
  type CommandResult,
  InvalidOptions,
  TerraformCommandError,
  TerraformNotStarted,
  WarningsFound,
} from './errors.js'
import { defaultLogger } from './logger.js'
import type { Options, RunOptions } from './options.js'
import { compilePattern } from './patterns.js'
import { runProcess } from './process.js'
import { doWithRetryableErrors } from './retry.js'

/**
 * Runs terraform with arguments of your own; retries and warnings as the options say. Gives standard output and
 * standard error as one text, line by line as they came.
 *
 * @throws TerraformCommandError when terraform ends with another status than 0.
 * @throws MaxRetriesExceeded, WarningsFound, TerraformNotStarted, TerraformAborted, InvalidOptions
 */
export async function runTerraformCommand(
  options: Options,
  args: readonly string[],
  run: RunOptions = {},
): Promise<string> {
  return (await runSuccessfully(options, args, run)).output
}

/** As {@link runTerraformCommand}, but gives standard output alone, and keeps it out of the log. */
export async function runTerraformCommandAndGetStdout(
  options: Options,
  args: readonly string[],
  run: RunOptions = {},
): Promise<string> {
  return (await runSuccessfully(options, args, run)).stdout
}

/** Runs terraform once, without retries, and gives both streams and the exit status, whatever that is. */
export function runTerraformCommandAndGetStdOutErrCode(
  options: Options,
  args: readonly string[],
  run: RunOptions = {},
): Promise<CommandResult> {
  return runOnce(options, args, run)
}

/** The exit status of terraform, run once and without retries. */
export async function getExitCodeForTerraformCommand(
  options: Options,
  args: readonly string[],
  run: RunOptions = {},
): Promise<number> {
  return (await runOnce(options, args, run)).exitCode
}

async function runSuccessfully(options: Options, args: readonly string[], run: RunOptions): Promise<CommandResult> {
  assertOptions(options)
  const description = `${options.terraformBinary ?? 'terraform'} ${args.join(' ')}`
  const policy = {
    retryable: options.retryableTerraformErrors ?? {},
    maxRetries: options.maxRetries ?? 0,
    timeBetweenRetries: options.timeBetweenRetries ?? 0,
    logger: options.logger ?? defaultLogger,
    signal: run.signal,
  }
  return await doWithRetryableErrors(description, policy, async () => {
    const result = await runOnce(options, args, run)
    if (result.exitCode !== 0) throw new TerraformCommandError(description, result)
    assertNoWarnings(options, result.output)
    return result
  })
}

async function runOnce(options: Options, givenArgs: readonly string[], { signal }: RunOptions): Promise<CommandResult> {
  assertOptions(options)
  const logger = options.logger ?? defaultLogger
  const cwd = resolve(options.terraformDir)
  await assertFolder(cwd)
  const env = childEnvironment(options)
  const binary = options.terraformBinary || (await defaultBinary(env))
  const args = withParallelism(options, givenArgs)
  assertNoNul(args, options)

  logger.log(`Running ${binary} ${args.join(' ')} in ${cwd}`)
  const secret = printsState(args)
  try {
    return await runProcess({
      binary,
      args,
      cwd,
      env,
      stdin: options.stdin,
      onLine: (stream, line) => {
        if (stream === 'stderr' || !secret) logger.log(line)
      },
      signal,
    })
  } catch (cause) {
    if (!isSystemError(cause)) throw cause
    throw new TerraformNotStarted(`${binary} could not be started (${cause.code}): is it installed and on PATH?`, {
      cause,
    })
  }
}

/** output and show print the state's values, sensitive ones in clear. terratest logs them; here they stay unlogged. */
function printsState(args: readonly string[]): boolean {
  return (args[0] === 'output' || args[0] === 'show') && args.includes('-json')
}

/** Behind the verb and not at the end, since a plan file may stand there and ends Terraform's reading of flags. */
function withParallelism(options: Options, args: readonly string[]): readonly string[] {
  const [verb, ...rest] = args
  const given = rest.some((arg) => /^--?parallelism\b/.test(arg))
  return verb === undefined || given ? args : [verb, ...formatParallelism(options, verb), ...rest]
}

function childEnvironment({ envVars, sshAgent }: Options): NodeJS.ProcessEnv {
  const socket = sshAgent?.socketFile
  return { ...process.env, ...envVars, ...(socket === undefined ? {} : { SSH_AUTH_SOCK: socket }) }
}

/** No process can be given one; Node's own error would quote the value. */
function assertNoNul(args: readonly string[], { envVars = {} }: Options): void {
  const variables = Object.entries(envVars).flatMap((entry) =>
    entry.join('').includes('\0') ? [`envVars.${entry[0]}`] : [],
  )
  const places = [
    ...args.flatMap((arg, index) => (arg.includes('\0') ? [`argument ${index} of ${args[0]}`] : [])),
    ...variables,
  ]
  if (places.length > 0) throw new InvalidOptions(`these have a NUL character: ${places.join(', ')}; take it out`)
}

async function assertFolder(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
  if (isFolder) return
  throw new TerraformNotStarted(`terraformDir ${path} is no directory; a relative path counts from ${process.cwd()}`)
}

/** One answer per PATH: which binary is there does not change while tests run. */
const binaries = new Map<string, Promise<string>>()

/** `terraform` where `terraform -version` succeeds, else `tofu`. */
export function defaultBinary(env: Readonly<Record<string, string | undefined>> = process.env): Promise<string> {
  const path = env.PATH ?? ''
  const known = binaries.get(path)
  if (known !== undefined) return known
  const found = new Promise<string>((done) => {
    execFile('terraform', ['-version'], { env }, (error) => done(error === null ? 'terraform' : 'tofu'))
  })
  binaries.set(path, found)
  return found
}

/** By its fields: under jest the errors of Node's own modules are no instances of this realm's Error. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error
}

/** terratest's rule: a line with "Warning: " whose text begins with a match. */
function assertNoWarnings({ warningsAsErrors = {} }: Options, output: string): void {
  const found = Object.entries(warningsAsErrors).flatMap(([pattern, message]) => {
    const { source, flags } = compilePattern(pattern)
    const line = new RegExp(`\\n.*[Ww][Aa][Rr][Nn][Ii][Nn][Gg]: (?:${source})[^\\n]*\\n`, flags)
    return line.test(`\n${output}\n`) ? [`${message} (${pattern})`] : []
  })
  if (found.length > 0) throw new WarningsFound(`terraform warned: ${found.join('; ')}\n${output}`, output)
}
