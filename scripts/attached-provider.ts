/**
 * One process of the provider for many runs of Terraform.
 *
 * `terraform test` starts the provider four times for each run, to ask for its schema and for little else where it is
 * mocked; together that takes three times as long as the runs. Terraform attaches to a provider that is running already
 * where `TF_REATTACH_PROVIDERS` names it (Terraform documentation, "Plugin Development: Debugging Providers").
 */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { provider } from './terraform-mirror.js'

/** Alone it would log each of its steps, which takes longer than the steps (Terraform documentation, "Plugin Development: Managing Log Output"). */
const QUIET = { TF_LOG: 'off', TF_LOG_provider: 'off', TF_LOG_SDK: 'off' }

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
  const child = spawn(programOf(directory, environment), ['-debug'], {
    env: { ...environment, ...QUIET },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    return await use({ ...environment, TF_REATTACH_PROVIDERS: await addressOf(child) })
  } finally {
    // Interrupted, it takes its socket away.
    child.kill('SIGINT')
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

/** The provider's program, as init has unpacked it. */
function programOf(directory: string, env: NodeJS.ProcessEnv): string {
  const { stdout } = spawnSync('terraform', ['version', '-json'], { cwd: directory, env, encoding: 'utf8' })
  const { platform, provider_selections: selections } = JSON.parse(stdout)
  const folder = join(directory, '.terraform/providers', provider, selections[provider], platform)
  const name = readdirSync(folder).find((file) => file.startsWith('terraform-provider-aws'))
  if (name === undefined) throw new Error(`${folder} holds no provider: run terraform init there.`)
  return join(folder, name)
}
