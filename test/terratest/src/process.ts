import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { type CommandResult, TerraformAborted } from './errors.js'

type StreamName = 'stdout' | 'stderr'

/** A process to run, and who hears its lines while it runs. */
export interface Process {
  readonly binary: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly stdin: string | Uint8Array | undefined
  readonly onLine: (stream: StreamName, line: string) => void
  readonly signal: AbortSignal | undefined
}

/**
 * How long an interrupted process may take to stop by itself, in milliseconds: Terraform lets its providers finish,
 * writes the state and gives up the lock. Only then is it killed, which can leave the lock behind.
 */
const gracePeriodMs = 60_000

/** How long output is awaited after the process itself has ended, while its own children hold the pipes open. */
const drainPeriodMs = 2_000

/**
 * Runs a process to its end and gives its output, lines joined by newlines, whatever its exit status.
 *
 * @throws TerraformAborted when the signal fired, but only after the process has ended.
 * @throws the system's error (ENOENT…) when it cannot be started.
 */
export function runProcess(command: Process): Promise<CommandResult> {
  const { signal } = command
  if (signal?.aborted === true) return Promise.reject(aborted(command))

  return new Promise((resolve, reject) => {
    const child = spawn(command.binary, command.args, { cwd: command.cwd, env: command.env, windowsHide: true })
    const collected = collectOutput(child, command)
    const interruption = interruptOn(signal, child)

    child.once('error', (error) => {
      interruption.cancel()
      reject(error)
    })
    child.once('exit', (code, killedBy) => {
      interruption.cancel()
      void collected.finish().then((output) => {
        if (interruption.happened) reject(aborted(command, output.output))
        // As shells count a process that was killed by somebody else.
        else resolve({ ...output, exitCode: code ?? 128 + constants.signals[killedBy ?? 'SIGKILL'] })
      })
    })
    // A process that ends without reading its input closes the pipe: its status says whether that was an error.
    child.stdin.on('error', () => undefined)
    child.stdin.end(command.stdin)
  })
}

function aborted({ binary, args, signal }: Process, output?: string): TerraformAborted {
  const details = output === undefined ? ' before it started' : `:\n${output}`
  return new TerraformAborted(`'${binary} ${args.join(' ')}' was aborted${details}`, { cause: signal?.reason })
}

interface CollectedOutput {
  /** Waits for the end of both streams, and no longer than the drain period. */
  finish(): Promise<Omit<CommandResult, 'exitCode'>>
}

function collectOutput({ stdout, stderr }: ChildProcessWithoutNullStreams, { onLine }: Process): CollectedOutput {
  const lines: { readonly name: StreamName; readonly line: string }[] = []
  const read = (name: StreamName, stream: Readable): LineReader =>
    readLines(stream, (line) => {
      lines.push({ name, line })
      onLine(name, line)
    })
  const readers = [read('stdout', stdout), read('stderr', stderr)]

  const text = (wanted: readonly StreamName[]): string =>
    lines
      .filter(({ name }) => wanted.includes(name))
      .map(({ line }) => line)
      .join('\n')

  return {
    async finish() {
      let timer: NodeJS.Timeout | undefined
      const drained = new Promise((resolve) => {
        timer = setTimeout(resolve, drainPeriodMs)
      })
      await Promise.race([Promise.all(readers.map(({ ended }) => ended)), drained])
      clearTimeout(timer)
      for (const reader of readers) reader.stop()
      return { stdout: text(['stdout']), stderr: text(['stderr']), output: text(['stdout', 'stderr']) }
    },
  }
}

interface LineReader {
  readonly ended: Promise<void>
  /** Gives the line that has not ended, if any, and reads no more. */
  stop(): void
}

/** Lines end with a newline and nothing else: Node's readline would also break them at separators inside of values. */
function readLines(stream: Readable, onLine: (line: string) => void): LineReader {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const complete = (rest + text).split('\n')
    rest = complete.pop() ?? ''
    for (const line of complete) onLine(line.replace(/\r$/, ''))
  })
  return {
    ended: new Promise((resolve) => stream.once('close', resolve)),
    stop() {
      stream.destroy()
      if (rest !== '') onLine(rest)
      rest = ''
    },
  }
}

interface Interruption {
  /** Whether the signal fired while the process ran. */
  happened: boolean
  cancel(): void
}

/** SIGINT at once; after the grace period SIGINT again (Terraform then stops without waiting), at last SIGKILL. */
function interruptOn(signal: AbortSignal | undefined, child: ChildProcess): Interruption {
  const timers: NodeJS.Timeout[] = []
  const interrupt = (): void => {
    interruption.happened = true
    child.kill('SIGINT')
    timers.push(setTimeout(() => child.kill('SIGINT'), gracePeriodMs))
    timers.push(setTimeout(() => child.kill('SIGKILL'), gracePeriodMs * 1.5))
  }
  const interruption: Interruption = {
    happened: false,
    cancel() {
      signal?.removeEventListener('abort', interrupt)
      timers.forEach(clearTimeout)
    },
  }
  signal?.addEventListener('abort', interrupt, { once: true })
  return interruption
}
