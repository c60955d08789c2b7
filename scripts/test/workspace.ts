/**
 * Where a test run keeps its temporary files, and the processes that it starts: all of both go away at its end.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How a process is run. */
export interface RunOptions {
  readonly directory?: string
  readonly environment?: NodeJS.ProcessEnv
  /** Receives the lines of its standard output instead of having them collected. */
  readonly onLine?: (line: string) => void
  /** Receives what a Node process sends by `process.send`. */
  readonly onMessage?: (message: unknown) => void
}

/** A process that has ended. */
export interface Ended {
  readonly status: number | null
  /** What it printed, in order; without the standard output if that was received line by line. */
  readonly output: string
}

/** The temporary folder and the processes of one run. */
export interface Workspace {
  readonly directory: string
  /** The environment of every process of the run: their temporary files go to the folder. */
  readonly environment: NodeJS.ProcessEnv
  /** Runs a program to its end. @throws the system's error when it cannot be started. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<Ended>
  /** Ends every process that is still running, and removes the folder unless it is to stay. */
  end(keepsFiles: boolean): Promise<void>
}

const GRACE_MS = 10_000
const POLL_MS = 100

/** Creates the folder in the system's folder for temporary files. */
export function createWorkspace(environment: NodeJS.ProcessEnv): Workspace {
  // A short name: sockets lie in it, whose paths have at most 107 characters (unix(7)).
  const directory = mkdtempSync(join(tmpdir(), 'test-run-'))
  const own = { ...environment, TMPDIR: directory, TMP: directory, TEMP: directory }
  const groups = new Set<number>()
  return {
    directory,
    environment: own,
    run: (program, args, options = {}) => run(program, args, { environment: own, ...options }, groups),
    end: async (keepsFiles) => {
      signalAll(groups, 'SIGTERM')
      for (const pid of processesOf(directory)) kill(pid, 'SIGTERM')
      const deadline = Date.now() + GRACE_MS
      while (processesOf(directory).length > 0 && Date.now() < deadline) await sleep(POLL_MS)
      for (const pid of processesOf(directory)) kill(pid, 'SIGKILL')
      signalAll(groups, 'SIGKILL')
      // A process that was killed a moment ago may still be writing.
      if (!keepsFiles) await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: POLL_MS })
    },
  }
}

function run(program: string, args: readonly string[], options: RunOptions, groups: Set<number>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.directory,
      env: options.environment,
      // A process group of its own, so that a signal reaches the children of the child as well.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', ...(options.onMessage === undefined ? [] : (['ipc'] as const))],
    })
    const { pid } = child
    if (pid !== undefined) groups.add(pid)
    const collected: string[] = []
    const collect = (text: string) => collected.push(text)
    child.stdout?.setEncoding('utf8').on('data', options.onLine === undefined ? collect : byLines(options.onLine))
    child.stderr?.setEncoding('utf8').on('data', collect)
    if (options.onMessage !== undefined) child.on('message', options.onMessage)
    child.once('error', reject)
    child.once('close', (status) => {
      if (pid !== undefined) groups.delete(pid)
      resolve({ status, output: collected.join('') })
    })
  })
}

function byLines(onLine: (line: string) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
}

function signalAll(groups: ReadonlySet<number>, signal: NodeJS.Signals): void {
  for (const group of groups) kill(-group, signal)
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * Processes whose temporary files go to the folder, whoever started them. Known on Linux only (proc_pid_environ(5));
 * elsewhere what the run started ends by its process group, and what that started by its standard input.
 */
function processesOf(directory: string): number[] {
  const marker = `TMPDIR=${directory}`
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => environmentOf(name).includes(marker))
    .map(Number)
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
