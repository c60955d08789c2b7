import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatArgs } from './command.js'
import { PlanFilePathRequired } from './errors.js'
import { init } from './init.js'
import { discardLogger } from './logger.js'
import type { Options, RunOptions } from './options.js'
import type { PlanStruct } from './plan-struct.js'
import { getExitCodeForTerraformCommand, runTerraformCommand } from './run.js'
import { show, showWithStruct } from './show.js'

/** Exit status of `plan -detailed-exitcode` when there is something to change (0: nothing, 1: an error). */
export const planHasChangesExitCode = 2

/** The arguments of {@link plan}. */
export function planArgs(options: Options): string[] {
  return formatArgs(options, 'plan', '-input=false', '-lock=false', ...(options.extraArgs?.plan ?? []))
}

/** The arguments of {@link planExitCode}. */
export function planExitCodeArgs(options: Options): string[] {
  return formatArgs(options, 'plan', '-input=false', '-detailed-exitcode', ...(options.extraArgs?.plan ?? []))
}

/** `terraform plan`, written to `planFilePath` where that is set; gives its output. */
export async function plan(options: Options, run: RunOptions = {}): Promise<string> {
  return await runTerraformCommand(options, planArgs(options), run)
}

/** init, then plan; gives the output of plan. */
export async function initAndPlan(options: Options, run: RunOptions = {}): Promise<string> {
  await init(options, run)
  return await plan(options, run)
}

/** 0: nothing to change; 2: changes; 1: the plan failed (the log says why). Never retried. */
export async function planExitCode(options: Options, run: RunOptions = {}): Promise<number> {
  return await getExitCodeForTerraformCommand(options, planExitCodeArgs(options), run)
}

/** init, then {@link planExitCode}. */
export async function initAndPlanWithExitCode(options: Options, run: RunOptions = {}): Promise<number> {
  await init(options, run)
  return await planExitCode(options, run)
}

/**
 * init, plan into `planFilePath`, and the plan as JSON.
 *
 * @throws PlanFilePathRequired without `planFilePath`.
 */
export async function initAndPlanAndShow(options: Options, run: RunOptions = {}): Promise<string> {
  assertPlanFilePath(options)
  await initAndPlan(options, run)
  return await show(options, run)
}

/**
 * init, plan into `planFilePath`, and the plan as a struct.
 *
 * @throws PlanFilePathRequired without `planFilePath`.
 */
export async function initAndPlanAndShowWithStruct(options: Options, run: RunOptions = {}): Promise<PlanStruct> {
  assertPlanFilePath(options)
  await initAndPlan(options, run)
  return await showWithStruct(options, run)
}

/** As {@link initAndPlanAndShowWithStruct}, with a plan file of its own that is gone afterwards, and without a log. */
export async function initAndPlanAndShowWithStructNoLogTempPlanFile(
  options: Options,
  run: RunOptions = {},
): Promise<PlanStruct> {
  const folder = await mkdtemp(join(tmpdir(), 'terratest-plan-'))
  try {
    const quiet = { ...options, logger: discardLogger, planFilePath: join(folder, 'plan.out') }
    return await initAndPlanAndShowWithStruct(quiet, run)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function assertPlanFilePath({ planFilePath = '' }: Options): void {
  if (planFilePath !== '') return
  throw new PlanFilePathRequired('you must set planFilePath in the options to use this function')
}
