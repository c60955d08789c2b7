/**
 * `npm test [group …]`: runs every kind of test, or the named ones, and ends with the sum of what passed and failed.
 *
 * Groups: unit, faults, terraform, terratest, local-aws, e2e. A group that ran no test counts as a failure: `terraform test`, for one,
 * reports success when it finds nothing.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { terraformEnvironment } from './terraform-mirror.js'

interface Count {
  readonly passed: number
  readonly failed: number
}

const groups: Readonly<Record<string, () => Count>> = {
  unit: () => jest('unit'),
  faults: () => jest('faults'),
  terraform: terraformTest,
  terratest: () => jest('terratest'),
  'local-aws': () => jest('local-aws'),
  e2e: () => jest('e2e'),
}

const environment = { ...process.env, ...terraformEnvironment() }

function jest(project: string): Count {
  const directory = mkdtempSync(join(tmpdir(), 'jest-'))
  const report = join(directory, 'report.json')
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/jest/bin/jest.js', '--selectProjects', project, '--json', `--outputFile=${report}`],
    // The report goes to the file; its copy on standard output is not for people.
    { env: environment, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'))
  rmSync(directory, { recursive: true })
  const failed = numFailedTests + numRuntimeErrorTestSuites
  return { passed: numPassedTests, failed: status === 0 ? failed : Math.max(failed, 1) }
}

function terraformTest(): Count {
  const directory = '-test-directory=test/terraform'
  const init = spawnSync('terraform', ['init', '-input=false', directory], { env: environment, encoding: 'utf8' })
  if (init.status !== 0) {
    process.stderr.write(`${init.stdout}${init.stderr}`)
    return { passed: 0, failed: 1 }
  }
  const run = spawnSync('terraform', ['test', '-no-color', directory], { env: environment, encoding: 'utf8' })
  process.stderr.write(`${run.stdout}${run.stderr}`)
  const summary = /(\d+) passed, (\d+) failed/.exec(run.stdout)
  const failed = Number(summary?.[2] ?? 1)
  return { passed: Number(summary?.[1] ?? 0), failed: run.status === 0 ? failed : Math.max(failed, 1) }
}

function main(wanted: readonly string[]): void {
  const unknown = wanted.find((name) => !Object.hasOwn(groups, name))
  if (unknown !== undefined) {
    process.stderr.write(
      `There is no group of tests called "${unknown}": choose from ${Object.keys(groups).join(', ')}.\n`,
    )
    process.exit(2)
  }
  let passed = 0
  let failed = 0
  for (const [name, run] of Object.entries(groups)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    const started = Date.now()
    const count = run()
    const empty = count.passed + count.failed === 0
    process.stdout.write(
      `${name}: ${count.passed} passed, ${count.failed} failed, ${Math.round((Date.now() - started) / 1000)} s${empty ? ': no test was found' : ''}\n`,
    )
    passed += count.passed
    failed += empty ? 1 : count.failed
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  process.exit(failed === 0 ? 0 : 1)
}

main(process.argv.slice(2))
