/**
 * One execution environment: a process of the Lambda runtime's Node with the function's zip, its limits, and nothing of
 * this machine's environment.
 *
 * Rules: initialization may take 10 seconds; a time-out ends the environment; so does more memory than configured; between
 * invocations the process is frozen (Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle").
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { InvokeMessage, SandboxMessage } from './bootstrap.js'
import type { InvokeResult } from './invoke.js'

const initTimeoutMs = 10_000
const memoryCheckMs = 250

/** What a sandbox is made of. */
export interface SandboxPlan {
  /** The Lambda runtime's Node. */
  readonly node: string
  /** The compiled bootstrap. */
  readonly bootstrap: string
  /** Folder of the unpacked zip: its working directory. */
  readonly directory: string
  readonly environment: Readonly<Record<string, string>>
  readonly memoryMegabytes: number
  readonly timeoutSeconds: number
  /** How far the function's clock is from the machine's, in milliseconds. */
  readonly clockOffsetMs: () => number
  /** Receives what the function prints, as it comes. */
  readonly onOutput: (text: string) => void
}

/** A sandbox: handles one event at a time. */
export interface Sandbox {
  /** Handles an event; initializes the function first if that has not happened yet. */
  invoke(functionArn: string, event: unknown): Promise<InvokeResult>
  /** Whether it can take another event. */
  isAlive(): boolean
  kill(): void
}

/** Starts a sandbox. The function's initialization begins at once. */
export function startSandbox(plan: SandboxPlan): Sandbox {
  const child = spawn(plan.node, [`--max-old-space-size=${plan.memoryMegabytes}`, '--no-warnings', plan.bootstrap], {
    cwd: plan.directory,
    env: { ...plan.environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => plan.onOutput(text))
  }
  let alive = true
  const kill = (): void => {
    alive = false
    child.kill('SIGKILL')
  }
  child.once('exit', () => {
    alive = false
  })
  child.once('error', () => {
    alive = false
  })
  const ready = awaitMessage(child, plan, initTimeoutMs, 'init')
  return {
    async invoke(functionArn, event) {
      const requestId = randomUUID()
      child.kill('SIGCONT')
      const initialized = await ready
      if (initialized.type !== 'ready') {
        kill()
        return failure(initialized, requestId)
      }
      if (!alive) return failure({ type: 'exit', errorMessage: 'Runtime exited without providing a reason' }, requestId)
      const timeoutMs = plan.timeoutSeconds * 1000
      const answer = awaitMessage(child, plan, timeoutMs, 'invoke')
      const text = JSON.stringify(event ?? null)
      const message: InvokeMessage = {
        requestId,
        functionArn,
        event: text,
        deadline: Date.now() + timeoutMs,
        clockOffsetMs: plan.clockOffsetMs(),
      }
      child.send(message, () => {})
      const given = await answer
      if (given.type === 'result' || given.type === 'error') child.kill('SIGSTOP')
      else kill()
      return given.type === 'result' ? { ok: true, payload: JSON.parse(given.payload) } : failure(given, requestId)
    },
    isAlive: () => alive,
    kill,
  }
}

type Ending = SandboxMessage | { readonly type: 'timeout' | 'memory' | 'exit'; readonly errorMessage: string }

function failure(ending: Ending, requestId: string): InvokeResult {
  switch (ending.type) {
    case 'error':
    case 'initError':
      return { ok: false, errorType: ending.errorType, errorMessage: ending.errorMessage }
    case 'timeout':
      return {
        ok: false,
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: ${ending.errorMessage}`,
      }
    case 'memory':
    case 'exit':
      return {
        ok: false,
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: ${ending.errorMessage}`,
      }
    default:
      return {
        ok: false,
        errorType: 'Runtime.Unknown',
        errorMessage: `the sandbox answered out of turn: ${ending.type}`,
      }
  }
}

// The first of: the function's message, its end, the time limit, the memory limit.
function awaitMessage(
  child: ChildProcess,
  plan: SandboxPlan,
  timeoutMs: number,
  phase: 'init' | 'invoke',
): Promise<Ending> {
  return new Promise((resolve) => {
    const seconds = (timeoutMs / 1000).toFixed(2)
    const late =
      phase === 'init' ? `Init phase timed out after ${seconds} seconds` : `Task timed out after ${seconds} seconds`
    const timer = setTimeout(() => settle({ type: 'timeout', errorMessage: late }), timeoutMs)
    const memory = setInterval(() => {
      void residentMegabytes(child.pid).then((used) => {
        if (used > plan.memoryMegabytes) {
          settle({ type: 'memory', errorMessage: 'Runtime exited with error: signal: killed' })
        }
      })
    }, memoryCheckMs)
    const onMessage = (message: SandboxMessage): void => settle(message)
    const onExit = (code: number | null, signal: string | null): void =>
      settle({
        type: 'exit',
        errorMessage: `Runtime exited with error: ${code === null ? `signal: ${signal}` : `exit status ${code}`}`,
      })
    const onError = (error: Error): void => settle({ type: 'exit', errorMessage: error.message })
    child.on('message', onMessage).once('exit', onExit).once('error', onError)
    function settle(ending: Ending): void {
      clearTimeout(timer)
      clearInterval(memory)
      child.off('message', onMessage).off('exit', onExit).off('error', onError)
      resolve(ending)
    }
  })
}

// Linux tells the memory of a process; elsewhere the heap limit of Node must do.
async function residentMegabytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}
