import { UnsupportedDefaultWorkspaceDeletion, WorkspaceDoesNotExist } from './errors.js'
import type { Options, RunOptions } from './options.js'
import { runTerraformCommand, runTerraformCommandAndGetStdout } from './run.js'

/** Selects a workspace, and makes it first where it does not exist; gives the name of the one now selected. */
export async function workspaceSelectOrNew(options: Options, name: string, run: RunOptions = {}): Promise<string> {
  const exists = (await workspaceList(options, run)).includes(name)
  const verb = exists ? 'select' : 'new'
  const extra = exists ? options.extraArgs?.workspaceSelect : options.extraArgs?.workspaceNew
  await runTerraformCommand(options, ['workspace', verb, ...(extra ?? []), name], run)
  return await currentWorkspace(options, run)
}

/**
 * Deletes a workspace, leaving it for `default` first where it is selected; gives the name of the one now selected.
 *
 * @throws UnsupportedDefaultWorkspaceDeletion for `default`.
 * @throws WorkspaceDoesNotExist
 * @throws TerraformCommandError when it still holds resources; it is then selected as before.
 */
export async function workspaceDelete(options: Options, name: string, run: RunOptions = {}): Promise<string> {
  if (name === 'default') throw new UnsupportedDefaultWorkspaceDeletion('the workspace default cannot be deleted')
  const existing = await workspaceList(options, run)
  if (!existing.includes(name)) {
    throw new WorkspaceDoesNotExist(`there is no workspace ${name}; there are ${existing.join(', ')}`)
  }

  const selected = await currentWorkspace(options, run)
  if (selected === name) await runTerraformCommand(options, ['workspace', 'select', 'default'], run)
  try {
    await runTerraformCommand(
      options,
      ['workspace', 'delete', ...(options.extraArgs?.workspaceDelete ?? []), name],
      run,
    )
  } catch (error) {
    if (selected === name) await runTerraformCommand(options, ['workspace', 'select', name], run)
    throw error
  }
  return await currentWorkspace(options, run)
}

/** Whole names: by their ends, as terratest compares them, "dev" would be found in "prod-dev". */
async function workspaceList(options: Options, run: RunOptions): Promise<string[]> {
  const listed = await runTerraformCommandAndGetStdout(options, ['workspace', 'list'], run)
  return listed
    .split('\n')
    .map((line) => line.replace(/^\*/, '').trim())
    .filter((name) => name !== '')
}

async function currentWorkspace(options: Options, run: RunOptions): Promise<string> {
  return (await runTerraformCommandAndGetStdout(options, ['workspace', 'show'], run)).trim()
}
