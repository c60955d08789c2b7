import { formatArgs } from './command.js'
import { NotIdempotent, TerraformCommandError } from './errors.js'
import { init } from './init.js'
import type { Options, RunOptions } from './options.js'
import { planExitCodeArgs, planHasChangesExitCode } from './plan.js'
import { runTerraformCommand, runTerraformCommandAndGetStdOutErrCode } from './run.js'

/** The arguments of {@link apply}. With a plan file, variables are left out: they are in the plan. */
export function applyArgs(options: Options): string[] {
  return formatArgs(options, 'apply', '-input=false', '-auto-approve', ...(options.extraArgs?.apply ?? []))
}

/** `terraform apply -auto-approve`, of the plan in `planFilePath` where that is set; gives its output. */
export async function apply(options: Options, run: RunOptions = {}): Promise<string> {
  return await runTerraformCommand(options, applyArgs(options), run)
}

/** init, then apply; gives the output of apply. */
export async function initAndApply(options: Options, run: RunOptions = {}): Promise<string> {
  await init(options, run)
  return await apply(options, run)
}

/**
 * Applies, then plans again; gives the output of apply.
 *
 * @throws NotIdempotent when that plan holds a change. Its message has the plan.
 */
export async function applyAndIdempotent(options: Options, run: RunOptions = {}): Promise<string> {
  const output = await apply(options, run)
  // The plan file, if any, was applied just now and is not to be overwritten by the check.
  const { planFilePath: _applied, ...again } = options
  const args = planExitCodeArgs(again)
  const plan = await runTerraformCommandAndGetStdOutErrCode(again, args, run)
  if (plan.exitCode === planHasChangesExitCode) {
    throw new NotIdempotent(`terraform configuration not idempotent:\n${plan.stdout}`)
  }
  if (plan.exitCode !== 0) throw new TerraformCommandError(`terraform ${args.join(' ')}`, plan)
  return output
}

/** init, then {@link applyAndIdempotent}. */
export async function initAndApplyAndIdempotent(options: Options, run: RunOptions = {}): Promise<string> {
  await init(options, run)
  return await applyAndIdempotent(options, run)
}
