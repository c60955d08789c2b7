/**
 * Runs `terraform test` in a copy of the module, so that neither a second run nor the person's own `.terraform` is
 * disturbed.
 */
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { withProvider } from '../attached-provider.js'
import { terraformEnvironment } from '../terraform-mirror.js'
import type { TestEvent } from './results.js'
import { terraformMessages } from './terraform-messages.js'
import type { Ended, Workspace } from './workspace.js'

const GROUP = 'terraform'
const TESTS = 'test/terraform'

/**
 * What `terraform test` reads of the project besides the `.tf` files at the top. The property tests compare their model
 * with what Terraform composes, so both read one list of inputs.
 */
const FOLDERS = ['modules', 'dist', 'pages', 'cloudfront-functions', TESTS, 'test/property/access-rules']

/** The test files whose paths contain one of the patterns; all, if there are none. */
export function terraformTestFiles(patterns: readonly string[]): readonly string[] {
  return readdirSync(TESTS)
    .filter((name) => name.endsWith('.tftest.hcl'))
    .map((name) => `${TESTS}/${name}`)
    .filter((path) => patterns.length === 0 || patterns.some((pattern) => path.includes(pattern)))
}

/** Runs these files to their end. */
export async function runTerraformTest(
  workspace: Workspace,
  files: readonly string[],
  onEvent: (event: TestEvent) => void,
): Promise<Ended> {
  const directory = copyModule(workspace)
  const environment = { ...workspace.environment, ...terraformEnvironment() }
  const run = (args: readonly string[], env: NodeJS.ProcessEnv, onLine?: (line: string) => void) =>
    workspace.run('terraform', args, { directory, environment: env, ...(onLine === undefined ? {} : { onLine }) })
  const init = await run(['init', '-input=false', '-no-color', `-test-directory=${TESTS}`], environment)
  if (init.status !== 0) return init
  const filters = files.map((path) => `-filter=${path}`)
  const { onLine, finish } = terraformMessages(GROUP, onEvent)
  const ended = await withProvider(directory, environment, (attached) =>
    run(['test', '-json', `-test-directory=${TESTS}`, ...filters], attached, onLine),
  )
  finish()
  return ended
}

function copyModule({ directory }: Workspace): string {
  const copy = join(directory, 'module')
  mkdirSync(copy)
  for (const name of readdirSync('.')) if (name.endsWith('.tf')) cpSync(name, join(copy, name))
  for (const name of FOLDERS)
    if (existsSync(name)) cpSync(name, join(copy, name), { recursive: true, filter: isSource })
  return copy
}

function isSource(path: string): boolean {
  return basename(path) !== '.terraform'
}
