/**
 * The local AWS as a process of its own: what `npm start` and the end-to-end tests both start and stop.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Where a local AWS listens and keeps its files; port 0 takes any free port. */
export interface LocalAwsProcessOptions {
  readonly port: number
  readonly edgePort: number
  readonly dataDirectory: string
  /** Receives what the process has to say, line by line. */
  readonly onLine?: (line: string) => void
  /** Gives up the start; once the local AWS runs, `stop` ends it. */
  readonly signal?: AbortSignal
}

/** A running local AWS. */
export interface LocalAwsProcess {
  /** The endpoint of every AWS API, for `AWS_ENDPOINT_URL`. */
  readonly endpoint: string
  /** The TLS port of CloudFront's edge, the hosted login and `*.amazonaws.com`. */
  readonly edgePort: number
  /** The PEM file of the authority that signs the edge's certificates. */
  readonly caFile: string
  /** What an AWS client needs in its environment to talk to this AWS and to no other. */
  readonly environment: Readonly<Record<string, string>>
  /** Resolves when the process has ended, with the sentence that says why when it ended by itself. */
  readonly ended: Promise<string | undefined>
  stop(): Promise<void>
}

interface ReadyLine {
  readonly endpoint: string
  readonly edgePort: number
  readonly caFile: string
}

/**
 * Starts the local AWS and waits until it answers.
 *
 * @throws Error with the process's own last sentence, for example that a port is in use.
 */
export async function startLocalAwsProcess(options: LocalAwsProcessOptions): Promise<LocalAwsProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', ...mainArguments(options)], {
    cwd: join(dirname(fileURLToPath(import.meta.url)), '..'),
    // A group of its own: Ctrl-C reaches it through stop(), after Terraform has let go of it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const lastLine = relayLines(child, options.onLine ?? (() => {}))
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('close', (code) =>
      resolve(code === 0 ? undefined : lastLine() || `the local AWS ended with status ${code}`),
    )
  })
  // The whole process group: it may be installing moto.
  const giveUp = () => child.pid !== undefined && process.kill(-child.pid, 'SIGTERM')
  options.signal?.addEventListener('abort', giveUp)
  void ended.then(() => options.signal?.removeEventListener('abort', giveUp))
  const ready = await Promise.race([readyLine(child), ended.then((why) => Promise.reject(new Error(why)))])
  options.signal?.removeEventListener('abort', giveUp)
  return { ...ready, environment: clientEnvironment(ready), ended, stop: () => stop(child, ended) }
}

function mainArguments(options: LocalAwsProcessOptions): string[] {
  return [
    join(dirname(fileURLToPath(import.meta.url)), 'main.ts'),
    ...['--port', String(options.port)],
    ...['--edge-port', String(options.edgePort)],
    ...['--data-dir', options.dataDirectory],
    '--exit-with-parent',
  ]
}

function relayLines(child: ChildProcess, onLine: (line: string) => void): () => string {
  let last = ''
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.trim() !== '') last = line
      onLine(line)
    })
  }
  return () => last
}

function readyLine(child: ChildProcess): Promise<ReadyLine> {
  return new Promise((resolve) => {
    if (child.stdout === null) return
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{"ready":true')) resolve(JSON.parse(line) as ReadyLine)
    })
  })
}

function clientEnvironment({ endpoint, caFile }: ReadyLine): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    // No profile or credentials file of the person's own may lead a request to a real account.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    NODE_EXTRA_CA_CERTS: caFile,
  }
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(patience)
}
