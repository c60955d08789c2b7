/**
 * `npm start [-- --port N --edge-port N]`: the whole system on this machine, with no AWS account.
 *
 * Starts the local AWS, applies examples/complete to it with the real Terraform, creates a user, shows that the curl lines
 * which it prints do what they say (it runs exactly those lines), rotates the key, and stays until Ctrl-C. Every run
 * begins with an empty AWS, so a second run, or a second copy on other ports, meets nothing of the first.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { listen } from '../local-aws/endpoint/ports.js'
import { type LocalAwsProcess, type LocalAwsProcessOptions, startLocalAwsProcess } from '../local-aws/process.js'
import { applyExample } from './start/apply.js'
import { demonstrate } from './start/demonstration.js'
import { giveDemoUserAPassword } from './start/user.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const started = Date.now()

/** One line of progress with the seconds since the start. */
function say(line: string): void {
  process.stdout.write(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${line}\n`)
}

function ports(): { readonly port: number; readonly edgePort: number } {
  const { values } = parseArgs({ options: { port: { type: 'string' }, 'edge-port': { type: 'string' } } })
  const number = (name: string, text: string | undefined, fallback: number) => {
    const value = text === undefined ? fallback : Number(text)
    if (!Number.isInteger(value) || value < 0 || value > 65_535) {
      throw new Error(`--${name} must be a port, a whole number from 0 (any free one) to 65535; got "${text}".`)
    }
    return value
  }
  return { port: number('port', values.port, 4566), edgePort: number('edge-port', values['edge-port'], 8443) }
}

/** @throws Error with a sentence that says which port is taken and what to do. */
async function assertFree(port: number, option: string): Promise<void> {
  const server = createServer()
  await listen(server, port, option)
  await new Promise((resolve) => server.close(resolve))
}

/**
 * Resolves at Ctrl-C or a polite kill. The terminal and npm may both deliver it: a second one must not end this process
 * before what it started has ended.
 */
function asksToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
}

async function bringUp(aws: LocalAwsProcess, workDirectory: string, stop: AbortSignal): Promise<void> {
  say('Terraform applies examples/complete …')
  const stack = await applyExample({ root, workDirectory, aws, say, stop })
  const user = await giveDemoUserAPassword(aws, stack)
  say(`${user.email} has a password`)
  await demonstrate({ aws, stack, user, say, stop })
}

async function main(): Promise<void> {
  const { port, edgePort } = ports()
  const dataDirectory = join(root, '.local-aws', String(port === 0 ? process.pid : port))
  // Before anything is removed: a copy that runs on these ports keeps its files there.
  await assertFree(port, '--port')
  await assertFree(edgePort, '--edge-port')
  rmSync(dataDirectory, { recursive: true, force: true })
  mkdirSync(dataDirectory, { recursive: true })
  const stopping = new AbortController()
  const leaving = asksToStop().then(() => stopping.abort())
  try {
    say('starting the local AWS …')
    await runUntil(leaving, { port, edgePort, dataDirectory }, stopping.signal)
  } catch (error) {
    // What was interrupted has no failure to report.
    if (!stopping.signal.aborted) throw error
  } finally {
    rmSync(dataDirectory, { recursive: true, force: true, maxRetries: 10 })
  }
  process.stdout.write('\nstopped\n')
}

async function runUntil(
  leaving: Promise<void>,
  options: Pick<LocalAwsProcessOptions, 'port' | 'edgePort' | 'dataDirectory'>,
  signal: AbortSignal,
): Promise<void> {
  const aws = await startLocalAwsProcess({ ...options, onLine: (line) => say(`local AWS: ${line}`), signal })
  say(`the local AWS answers at ${aws.endpoint}, its CloudFront edge at port ${aws.edgePort}`)
  // A failure ends Terraform as Ctrl-C does.
  const failing = new AbortController()
  const stop = AbortSignal.any([signal, failing.signal])
  const bringingUp = bringUp(aws, join(options.dataDirectory, 'terraform'), stop)
  try {
    await Promise.race([bringingUp, leaving, crash(aws)])
    if (!signal.aborted) say('running; Ctrl-C stops it and forgets everything')
    await Promise.race([leaving, crash(aws)])
  } finally {
    failing.abort()
    // Terraform and the provider end before the AWS that they talk to: without it they would try for minutes.
    await bringingUp.catch(() => undefined)
    await aws.stop()
  }
}

async function crash(aws: LocalAwsProcess): Promise<never> {
  const why = await aws.ended
  throw new Error(`The local AWS has ended: ${why ?? 'it was told to stop'}.`)
}

await main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
