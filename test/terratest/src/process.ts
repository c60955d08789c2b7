import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import type { Readable } from 'node:stream'
import { type CommandResult, TerraformAborted } from './errors.js'

/** A process to run, and who hears its lines while it runs. */
export interface Process {
  readonly binary: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly stdin: string | Uint8Array | undefined
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void
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
  if (signal?.aborted === true) return Promise.reject(aborted(command, signal))

  return new Promise((resolve, reject) => {
    const child = spawn(command.binary, command.args, { cwd: command.cwd, env: command.env, windowsHide: true })
    const collected = collectOutput(child, command)
    const interruption = signal === undefined ? undefined : interruptOn(signal, child)

    child.once('error', (error) => {
      interruption?.cancel()
      reject(error)
    })
    child.once('exit', (code) => {
      interruption?.cancel()
      void collected.finish().then((output) => {
        if (signal?.aborted === true) reject(aborted(command, signal, output.output))
        // A process that died of a foreign signal has no status.
        else resolve({ ...output, exitCode: code ?? 1 })
      })
    })
    // A process that ends without reading its input closes the pipe: its status says whether that was an error.
    child.stdin.on('error', () => undefined)
    child.stdin.end(command.stdin)
  })
}

function aborted({ binary, args }: Process, signal: AbortSignal, output = ''): TerraformAborted {
  const message = `'${binary} ${args.join(' ')}' was aborted${output === '' ? ' before it started' : `:\n${output}`}`
  return new TerraformAborted(message, { cause: signal.reason })
}

interface CollectedOutput {
  /** Waits for the end of both streams, and no longer than the drain period. */
  finish(): Promise<Omit<CommandResult, 'exitCode'>>
}

function collectOutput(
  child: ChildProcess & { readonly stdout: Readable; readonly stderr: Readable },
  { onLine }: Process,
): CollectedOutput {
  const lines: { readonly stream: 'stdout' | 'stderr'; readonly line: string }[] = []
  const read = (stream: 'stdout' | 'stderr'): Interface => {
    const reader = createInterface({ input: child[stream], crlfDelay: Number.POSITIVE_INFINITY })
    reader.on('line', (line) => {
      lines.push({ stream, line })
      onLine(stream, line)
    })
    return reader
  }
  const readers = [read('stdout'), read('stderr')]
  const ended = Promise.all(readers.map((reader) => new Promise((resolve) => reader.once('close', resolve))))

  const text = (stream?: string): string =>
    lines
      .filter((entry) => stream === undefined || entry.stream === stream)
      .map(({ line }) => line)
      .join('\n')

  return {
    async finish() {
      let timer: NodeJS.Timeout | undefined
      await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, drainPeriodMs)))])
      clearTimeout(timer)
      child.stdout.destroy()
      child.stderr.destroy()
      return { stdout: text('stdout'), stderr: text('stderr'), output: text() }
    },
  }
}

/** SIGINT at once; after the grace period SIGINT again (Terraform then stops without waiting), at last SIGKILL. */
function interruptOn(signal: AbortSignal, child: ChildProcess): { cancel(): void } {
  const timers: NodeJS.Timeout[] = []
  const interrupt = (): void => {
    child.kill('SIGINT')
    timers.push(setTimeout(() => child.kill('SIGINT'), gracePeriodMs))
    timers.push(setTimeout(() => child.kill('SIGKILL'), gracePeriodMs * 1.5))
  }
  signal.addEventListener('abort', interrupt, { once: true })
  return {
    cancel() {
      signal.removeEventListener('abort', interrupt)
      timers.forEach(clearTimeout)
    },
  }
}
