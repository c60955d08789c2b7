import { formatArgs } from './command.js'
import type { Options, RunOptions } from './options.js'
import { runTerraformCommand } from './run.js'

/** The arguments of {@link destroy}. */
export function destroyArgs(options: Options): string[] {
  return formatArgs(options, 'destroy', '-auto-approve', '-input=false', ...(options.extraArgs?.destroy ?? []))
}

/** `terraform destroy -auto-approve`; gives its output. */
export async function destroy(options: Options, run: RunOptions = {}): Promise<string> {
  return await runTerraformCommand(options, destroyArgs(options), run)
}
