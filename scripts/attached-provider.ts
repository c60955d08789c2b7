/**
 * A process of the provider for many runs of Terraform.
 *
 * `terraform test` starts the provider four times for each run, to ask for its schema and for little else where it is
 * mocked; together that takes three times as long as the runs. Terraform attaches to a provider that is running already
 * where `TF_REATTACH_PROVIDERS` names it (Terraform documentation, "Plugin Development: Debugging Providers").
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { provider } from './terraform-mirror.js'

/** Alone it would log each of its steps, which takes longer than the steps (Terraform documentation, "Plugin Development: Managing Log Output"). */
const QUIET = { TF_LOG: 'off', TF_LOG_provider: 'off', TF_LOG_SDK: 'off' }

/**
 * For Terraform and the provider: with Go's own settings they spend a third of their CPU time on collecting garbage, and
 * without any collection as much on touching new memory (https://pkg.go.dev/runtime, GOGC and GOMEMLIMIT).
 */
export const COLLECTS_LESS_GARBAGE = { GOGC: '300', GOMEMLIMIT: '1GiB' } as const

/** A process of the provider that waits for Terraform. */
export interface RunningProvider {
  /** The value of `TF_REATTACH_PROVIDERS` that leads to it. */
  readonly address: string
  /** The path of the Unix socket that it listens on. */
  readonly socket: string
  readonly isRunning: () => boolean
  /** Ends it, and resolves when it has ended. */
  stop(): Promise<void>
}

/**
 * Starts a program of the provider in a directory, from which it takes relative paths.
 *
 * @throws Error with what the provider said when it ends without having said where to find it.
 */
export async function startProvider(
  program: string,
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<RunningProvider> {
  const env = { ...environment, ...QUIET, ...COLLECTS_LESS_GARBAGE }
  const child = spawn(program, ['-debug'], { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const address = await addressOf(child)
  return {
    address,
    socket: JSON.parse(address)[provider].Addr.String,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: async () => {
      // Interrupted, it takes its socket away.
      child.kill('SIGINT')
      await ended
    },
  }
}

/**
 * Runs `use` while the provider that `terraform init` has chosen for a directory is running; what it is given is the
 * environment with which Terraform attaches to it.
 *
 * @throws Error with what the provider said when it ends without having said where to find it.
 */
export async function withProvider<T>(
  directory: string,
  environment: NodeJS.ProcessEnv,
  use: (environment: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const running = await startProvider(programOf(directory, environment), directory, environment)
  try {
    return await use({ ...environment, ...COLLECTS_LESS_GARBAGE, TF_REATTACH_PROVIDERS: running.address })
  } finally {
    await running.stop()
  }
}

/** What a provider says of where to find it. */
function addressOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<string> {
  const streams = [child.stdout, child.stderr]
  return new Promise((resolve, reject) => {
    let said = ''
    const listen = (chunk: Buffer) => {
      said += chunk.toString('utf8')
      const [, address] = /TF_REATTACH_PROVIDERS='(.*)'/.exec(said) ?? []
      if (address === undefined) return
      // From here on nobody listens, and nobody makes it wait for a listener.
      for (const stream of streams) stream.off('data', listen).resume()
      resolve(address)
    }
    for (const stream of streams) stream.on('data', listen)
    child.once('error', reject)
    child.once('close', (status) => reject(new Error(`the provider ended with ${status} and said: ${said}`)))
  })
}

/** The provider's program, as `terraform init` has unpacked it in a directory. */
export function programOf(directory: string, env: NodeJS.ProcessEnv): string {
  const { stdout } = spawnSync('terraform', ['version', '-json'], { cwd: directory, env, encoding: 'utf8' })
  const { platform, provider_selections: selections } = JSON.parse(stdout)
  const folder = join(directory, '.terraform/providers', provider, selections[provider], platform)
  const name = readdirSync(folder).find((file) => file.startsWith('terraform-provider-aws'))
  if (name === undefined) throw new Error(`${folder} holds no provider: run terraform init there.`)
  return resolve(folder, name)
}
