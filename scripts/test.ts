/**
 * `npm test [group …]`: runs every kind of test, or the named ones, and ends with the sum of what passed and failed.
 *
 * Groups: unit, faults, terraform, terratest, local-aws, e2e. A group that ran no test counts as a failure: `terraform
 * test`, for one, reports success when it finds nothing. The groups run in two lanes, because the end-to-end tests mostly
 * wait: the provider gives every distribution half a minute, whatever CloudFront says.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withProvider } from './attached-provider.js'
import { requireBrowser } from './browser.js'
import { terraformEnvironment } from './terraform-mirror.js'

interface Count {
  readonly passed: number
  readonly failed: number
  /** What the group printed. */
  readonly output: string
}

interface Run {
  readonly status: number | null
  readonly output: string
}

const groups: Readonly<Record<string, () => Promise<Count>>> = {
  e2e: () => jest('e2e', '--maxWorkers=3'),
  unit: () => jest('unit'),
  faults: () => jest('faults'),
  terraform: terraformTest,
  terratest: () => jest('terratest'),
  'local-aws': () => jest('local-aws'),
}

const lanes: readonly (readonly string[])[] = [['e2e'], ['unit', 'faults', 'terraform', 'terratest', 'local-aws']]

const environment = { ...process.env, ...terraformEnvironment() }

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = environment): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, output: Buffer.concat(chunks).toString('utf8') }))
  })
}

async function jest(project: string, ...options: readonly string[]): Promise<Count> {
  const directory = mkdtempSync(join(tmpdir(), 'jest-'))
  const report = join(directory, 'report.json')
  const { status, output } = await run('node_modules/.bin/jest', [
    ...['--selectProjects', project, '--json', `--outputFile=${report}`, ...options],
  ])
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'))
    const failed = numFailedTests + numRuntimeErrorTestSuites
    return { passed: numPassedTests, failed: status === 0 ? failed : Math.max(failed, 1), output: readable(output) }
  } catch {
    // Without a report jest itself has failed, and says why.
    return { passed: 0, failed: 1, output }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** Jest prints its report on standard output too, in one line that is not for people. */
function readable(output: string): string {
  const lines = output.split('\n').filter((line) => !line.startsWith('{"numFailedTestSuites"'))
  return lines.join('\n')
}

async function terraformTest(): Promise<Count> {
  const directory = '-test-directory=test/terraform'
  const init = await run('terraform', ['init', '-input=false', '-no-color', directory])
  if (init.status !== 0) return { passed: 0, failed: 1, output: init.output }
  const { status, output } = await withProvider('.', environment, (env) =>
    run('terraform', ['test', '-no-color', directory], env),
  )
  const summary = /(\d+) passed, (\d+) failed/.exec(output)
  const failed = Number(summary?.[2] ?? 1)
  return { passed: Number(summary?.[1] ?? 0), failed: status === 0 ? failed : Math.max(failed, 1), output }
}

async function runGroup(name: string): Promise<Count> {
  const started = Date.now()
  process.stderr.write(`${name} …\n`)
  const count = (await groups[name]?.()) ?? { passed: 0, failed: 0, output: '' }
  const isEmpty = count.passed + count.failed === 0
  const seconds = Math.round((Date.now() - started) / 1000)
  const remark = isEmpty ? ': no test was found' : ''
  process.stdout.write(`${count.output.trimEnd()}\n${name}: ${summaryOf(count)}, ${seconds} s${remark}\n\n`)
  return isEmpty ? { ...count, failed: 1 } : count
}

function summaryOf({ passed, failed }: Count): string {
  return `${passed} passed, ${failed} failed`
}

/** Whether there is a browser, which is installed first where that may be; if not, the person is told. */
function hasBrowser(): boolean {
  try {
    requireBrowser()
    return true
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return false
  }
}

async function main(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.find((name) => !Object.hasOwn(groups, name))
  if (unknown !== undefined) {
    const names = Object.keys(groups).join(', ')
    process.stderr.write(`There is no group of tests called "${unknown}": choose from ${names}.\n`)
    return 2
  }
  const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name)
  if (isWanted('e2e') && !hasBrowser()) return 1
  const counts: Count[] = []
  const runLane = async (lane: readonly string[]) => {
    for (const name of lane.filter(isWanted)) counts.push(await runGroup(name))
  }
  await Promise.all(lanes.map(runLane))
  const sum = (key: 'passed' | 'failed') => counts.reduce((total, count) => total + count[key], 0)
  const total = { passed: sum('passed'), failed: sum('failed'), output: '' }
  process.stdout.write(`${summaryOf(total)}\n`)
  return total.failed === 0 ? 0 : 1
}

process.exit(await main(process.argv.slice(2)))
