/**
 * One process of the provider for many runs of Terraform.
 *
 * `terraform test` starts the provider four times for each run, to ask for its schema and for little else where it is
 * mocked; together that takes three times as long as the runs. Terraform attaches to a provider that is running already
 * where `TF_REATTACH_PROVIDERS` names it (Terraform documentation, "Plugin Development: Debugging Providers").
 */
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const PROVIDER = 'registry.terraform.io/hashicorp/aws'

/** Alone it would log each of its steps, which takes longer than the steps (Terraform documentation, "Plugin Development: Managing Log Output"). */
const QUIET = { TF_LOG: 'off', TF_LOG_PROVIDER: 'off', TF_LOG_SDK: 'off' }

/** A running provider. */
export interface AttachedProvider {
  /** What to add to Terraform's environment. */
  readonly environment: { readonly TF_REATTACH_PROVIDERS: string }
  stop(): void
}

/**
 * Starts the provider that `terraform init` has chosen for a directory.
 *
 * @throws Error with what the provider said when it ends without having said where to find it.
 */
export function startProvider(directory: string, environment: NodeJS.ProcessEnv): Promise<AttachedProvider> {
  const program = programOf(directory, environment)
  const child = spawn(program, ['-debug'], { env: { ...environment, ...QUIET }, stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve, reject) => {
    let said = ''
    const listen = (chunk: Buffer) => {
      said += chunk.toString('utf8')
      const [, address] = /TF_REATTACH_PROVIDERS='(.*)'/.exec(said) ?? []
      if (address !== undefined) {
        // From here on nobody listens, and nobody makes it wait for a listener.
        for (const stream of [child.stdout, child.stderr]) stream.off('data', listen).resume()
        // Interrupted, it takes its socket away.
        resolve({ environment: { TF_REATTACH_PROVIDERS: address }, stop: () => child.kill('SIGINT') })
      }
    }
    for (const stream of [child.stdout, child.stderr]) stream.on('data', listen)
    child.once('error', reject)
    child.once('close', (status) => reject(new Error(`${program} ended with ${status} and said: ${said}`)))
  })
}

/** The provider's program, as init has unpacked it. */
function programOf(directory: string, env: NodeJS.ProcessEnv): string {
  const { stdout } = spawnSync('terraform', ['version', '-json'], { cwd: directory, env, encoding: 'utf8' })
  const { platform, provider_selections: selections } = JSON.parse(stdout)
  const folder = join(directory, '.terraform/providers', PROVIDER, selections[PROVIDER], platform)
  const name = readdirSync(folder).find((file) => file.startsWith('terraform-provider-aws'))
  if (name === undefined) throw new Error(`${folder} holds no provider: run terraform init there.`)
  return join(folder, name)
}
