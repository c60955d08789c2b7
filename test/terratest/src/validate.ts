import { assertOptions } from './command.js'
import { init } from './init.js'
import type { Options, RunOptions } from './options.js'
import { runTerraformCommand } from './run.js'

/** The arguments of {@link validate}: no variables and no targets, which `terraform validate` does not know. */
export function validateArgs(options: Options): string[] {
  assertOptions(options)
  return ['validate', ...(options.extraArgs?.validate ?? []), ...(options.noColor === true ? ['-no-color'] : [])]
}

/** `terraform validate`; gives its output. */
export async function validate(options: Options, run: RunOptions = {}): Promise<string> {
  return await runTerraformCommand(options, validateArgs(options), run)
}

/** init, then validate; gives the output of validate. */
export async function initAndValidate(options: Options, run: RunOptions = {}): Promise<string> {
  await init(options, run)
  return await validate(options, run)
}
