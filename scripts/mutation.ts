/**
 * `npm run mutation [area …]`: changes the security core in small ways, one at a time, and runs its unit tests against each
 * change (a mutant). Fails for every mutant that no test notices and that test/mutation/equivalents.json does not explain,
 * and when fewer than 95 % are noticed at all. Areas: test/mutation/areas.json.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Equivalent, judge, type Report, tableOf } from './mutation/report.js'

/** Of the mutants that could run, in percent. */
const REQUIRED = 95

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8'))
}

const areas = read<Readonly<Record<string, unknown>>>('test/mutation/areas.json')

/** Stryker's report on one area. */
async function mutate(area: string, directory: string): Promise<Report> {
  const child = spawn('node_modules/.bin/stryker', ['run', 'test/mutation/stryker.config.mjs'], {
    stdio: ['ignore', 2, 2],
    // The quick tier of randomized tests, always with the same input: a mutant is noticed or is not, whoever looks.
    env: { ...process.env, MUTATION_AREA: area, MUTATION_DIRECTORY: directory, TEST_EXHAUSTIVE: '', TEST_SEED: '1' },
  })
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  const report = join(directory, `${area}.json`)
  if (status !== 0 || !existsSync(report)) throw new Error(`Stryker failed on the area ${area}: see the lines above.`)
  return read<Report>(report)
}

async function reportsOn(names: readonly string[]): Promise<Report[]> {
  const directory = mkdtempSync(join(tmpdir(), 'mutation-'))
  // Ctrl-C reaches Stryker as well; this process waits for its end, and so tidies up behind it.
  process.on('SIGINT', () => undefined)
  try {
    const reports: Report[] = []
    for (const area of names) {
      const started = Date.now()
      process.stderr.write(`${area} …\n`)
      reports.push(await mutate(area, directory))
      process.stderr.write(`${area}: ${Math.round((Date.now() - started) / 1000)} s\n`)
    }
    return reports
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function main(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.find((name) => !Object.hasOwn(areas, name))
  if (unknown !== undefined) {
    process.stderr.write(`There is no area called "${unknown}": choose from ${Object.keys(areas).join(', ')}.\n`)
    return 2
  }
  const reports = await reportsOn(wanted.length === 0 ? Object.keys(areas) : wanted)
  const { files, score, complaints } = judge(reports, read<readonly Equivalent[]>('test/mutation/equivalents.json'))
  process.stdout.write(`${tableOf(files)}\n\n${score.toFixed(1)} % of the mutants were noticed\n`)
  const all = score < REQUIRED ? [...complaints, `At least ${REQUIRED} % have to be noticed.`] : complaints
  for (const complaint of all) process.stdout.write(`\n${complaint}\n`)
  return all.length === 0 ? 0 : 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}
