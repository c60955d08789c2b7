import { assertOptions } from './command.js'
import type { Options, RunOptions } from './options.js'
import { type PlanStruct, parsePlanJson } from './plan-struct.js'
import { runTerraformCommandAndGetStdout } from './run.js'

/** The arguments of {@link show}. */
export function showArgs(options: Options): string[] {
  assertOptions(options)
  const planFile = options.planFilePath ?? ''
  return ['show', '-no-color', '-json', ...(options.extraArgs?.show ?? []), ...(planFile === '' ? [] : [planFile])]
}

/** `terraform show -json`: the plan in `planFilePath`, or the state where that is not set. Never logged. */
export async function show(options: Options, run: RunOptions = {}): Promise<string> {
  return await runTerraformCommandAndGetStdout(options, showArgs(options), run)
}

/**
 * The plan in `planFilePath` as a struct.
 *
 * @throws UnreadableOutput when what is shown is no plan.
 */
export async function showWithStruct(options: Options, run: RunOptions = {}): Promise<PlanStruct> {
  return parsePlanJson(await show(options, run))
}
