import { assertOptions, formatTerraformBackendConfigAsArgs, formatTerraformPluginDirAsArgs } from './command.js'
import type { Options, RunOptions } from './options.js'
import { runTerraformCommand } from './run.js'

/** The arguments of {@link init}. */
export function initArgs(options: Options): string[] {
  assertOptions(options)
  return [
    'init',
    `-upgrade=${options.upgrade ?? false}`,
    ...(options.reconfigure === true ? ['-reconfigure'] : []),
    ...(options.migrateState === true ? ['-migrate-state', '-force-copy'] : []),
    ...(options.noColor === true ? ['-no-color'] : []),
    ...formatTerraformBackendConfigAsArgs(options.backendConfig ?? {}),
    ...formatTerraformPluginDirAsArgs(options.pluginDir),
    ...(options.extraArgs?.init ?? []),
  ]
}

/** `terraform init`; gives its output. */
export async function init(options: Options, run: RunOptions = {}): Promise<string> {
  return await runTerraformCommand(options, initArgs(options), run)
}

/** `terraform get -update`: modules only; gives its output. */
export async function get(options: Options, run: RunOptions = {}): Promise<string> {
  return await runTerraformCommand(options, ['get', '-update', ...(options.extraArgs?.get ?? [])], run)
}
