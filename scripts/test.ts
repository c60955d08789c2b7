/**
 * `npm test [-- group … pattern …]`: runs every kind of test, or what matches, and ends with the sum of what passed and
 * failed. CONTRIBUTING.md says what each group and each tier contains.
 *
 * Everything temporary lies in one folder that goes away at the end, after a failure and after Ctrl-C too.
 */
import { prepareBrowsers } from './browser.js'
import { readArguments, type TestRequest, UsageError } from './test/arguments.js'
import { groupsOf } from './test/groups.js'
import { runJest } from './test/jest-run.js'
import { clock, type Progress, showProgress } from './test/progress.js'
import { reportOf } from './test/report.js'
import { createTally, type Tally, type TestEvent } from './test/results.js'
import { runTerraformTest, terraformTestFiles } from './test/terraform-run.js'
import { createWorkspace, type Ended, type Workspace } from './test/workspace.js'

interface Run {
  readonly request: TestRequest
  readonly workspace: Workspace
  readonly tally: Tally
  readonly progress: Progress
  readonly onEvent: (event: TestEvent) => void
  isInterrupted: boolean
}

const INTERRUPTED = 130

function start(request: TestRequest): Run {
  const workspace = createWorkspace({
    ...process.env,
    TEST_SEED: String(request.seed),
    TEST_EXHAUSTIVE: String(request.isExhaustive),
  })
  const tally = createTally()
  const { stdout } = process
  const progress = showProgress(
    { write: (text) => stdout.write(text), isTerminal: stdout.isTTY === true, columns: () => stdout.columns ?? 80 },
    tally,
  )
  const onEvent = (event: TestEvent) => {
    tally.add(event)
    progress.show(event)
  }
  return { request, workspace, tally, progress, onEvent, isInterrupted: false }
}

/** Both runners side by side: Terraform's is one process that mostly waits for the provider. */
async function runAll(run: Run): Promise<void> {
  const { request, workspace, onEvent } = run
  const groups = groupsOf(request.groups)
  const files = groups.some(({ hasTerraformTest }) => hasTerraformTest) ? terraformTestFiles(request.patterns) : []
  const runners = [
    explained(
      run,
      'jest',
      runJest(workspace, { ...request, groups: groups.filter((one) => one.hasJestProject), onEvent }),
    ),
  ]
  if (files.length > 0 && request.name === undefined) {
    runners.push(explained(run, 'terraform', runTerraformTest(workspace, files, onEvent)))
  }
  await Promise.all(runners)
  if (run.isInterrupted) return
  for (const sentence of emptinessOf(run)) {
    run.progress.print(sentence)
    run.tally.fail('nothing found')
  }
}

/** A runner that failed although no test did has something else to say. */
async function explained(run: Run, runner: string, running: Promise<Ended>): Promise<void> {
  const { status, output } = await running.catch((error: unknown) => ({ status: null, output: String(error) }))
  const { tally, progress, isInterrupted } = run
  if (status === 0 || tally.total.failed > 0 || isInterrupted) return
  progress.print(`\nFAILED  ${runner} ended with status ${status} and said:\n${output.trim()}\n`)
  tally.fail(runner)
}

/** Sentences on what was asked for and does not exist. */
function emptinessOf({ request, tally }: Run): string[] {
  const { groups, patterns, name } = request
  const isEmpty = (group: string) => {
    const { passed = 0, failed = 0 } = tally.groups.get(group) ?? {}
    return passed + failed === 0
  }
  const where =
    patterns.length === 0 ? '' : ` in a file with ${patterns.map((one) => `"${one}"`).join(' or ')} in its path`
  if (name === undefined && patterns.length === 0) {
    return groups.filter(isEmpty).map((group) => `The group ${group} has no test.`)
  }
  if (!groups.every(isEmpty)) return []
  const named = name === undefined ? '' : ` with "${name}" in its name`
  return [`There is no test${named}${where} in ${groups.join(', ')}.`]
}

async function runTests(request: TestRequest): Promise<number> {
  if (groupsOf(request.groups).some(({ needsBrowser }) => needsBrowser)) prepareBrowsers()
  const started = Date.now()
  const run = start(request)
  const { workspace, tally, progress } = run
  progress.print(introductionOf(request, workspace))
  const interrupted = interruption().then(() => {
    run.isInterrupted = true
    progress.print('\nInterrupted: ending what is running …')
  })
  await Promise.race([runAll(run), interrupted])
  progress.end()
  await workspace.end(request.keepsFiles)
  process.stdout.write(`\nAfter ${clock(Date.now() - started)}:\n\n${reportOf(tally)}`)
  if (run.isInterrupted) return INTERRUPTED
  return tally.total.failed === 0 ? 0 : 1
}

function introductionOf({ seed, isExhaustive, keepsFiles }: TestRequest, { directory }: Workspace): string {
  const tier = isExhaustive ? 'Everything exhaustive is run in full.' : 'What is exhaustive is sampled.'
  const kept = keepsFiles ? `\nTemporary files stay in ${directory}.` : ''
  return `${tier} Seed ${seed}: npm test -- --seed ${seed} draws the same inputs.${kept}`
}

/** Resolves at Ctrl-C or a polite kill. The terminal and npm may both deliver it, so that more than one changes nothing. */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
}

try {
  process.exit(await runTests(readArguments(process.argv.slice(2))))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(error instanceof UsageError ? 2 : 1)
}
