/**
 * `npm run docs`: writes the README's tables of variables and outputs, the sections of docs/variables.md, and the tables of
 * costs and of the launch day in docs/operations.md. With `--check` it writes nothing, and fails when one of them or an
 * address in the examples is stale.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { launchDayTable } from '../test/bench/launch-day/courses.js'
import { ASSUMPTIONS, bill, costTable } from './docs/cost.js'
import { readModuleInterface, type SourceFile } from './docs/module-interface.js'
import {
  addressProblems,
  COST,
  LAUNCH_DAY,
  type Markers,
  type PackageName,
  REFERENCE,
  replaceBetweenMarkers,
  TABLES,
} from './docs/readme.js'
import { renderReference } from './docs/reference.js'
import { renderTables } from './docs/tables.js'

function read(name: string): SourceFile {
  return { name, text: readFileSync(name, 'utf8') }
}

/** variables.tf comes before variables.identity.tf: names are compared without their ending. */
function rootFiles(): SourceFile[] {
  const stems = readdirSync('.').flatMap((name) => /^((?:variables|outputs)(?:\..+)?)\.tf$/.exec(name)?.[1] ?? [])
  return stems.sort().map((stem) => read(`${stem}.tf`))
}

/** Everything that names the module's public address. */
function addressedFiles(): SourceFile[] {
  const examples = readdirSync('examples').flatMap((name) => [`examples/${name}/main.tf`, `examples/${name}/README.md`])
  return ['README.md', ...examples].filter((name) => existsSync(name)).map(read)
}

function packageName(): PackageName {
  const { name, version }: Record<string, unknown> = JSON.parse(readFileSync('package.json', 'utf8'))
  return { name: String(name), version: String(version) }
}

/** Writes a text into its page, or says that it is stale. */
function staleProblems(markers: Markers, text: string, check: boolean): string[] {
  const page = readFileSync(markers.file, 'utf8')
  const fresh = replaceBetweenMarkers(page, text, markers)
  if (fresh === page) return []
  if (check) return [`${markers.file}: what "npm run docs" writes there is stale: run it and commit.`]
  writeFileSync(markers.file, fresh)
  return []
}

async function main(check: boolean): Promise<string[]> {
  process.stderr.write('Simulating the launch day of docs/operations.md, which takes about half a minute …\n')
  const launchDay = await launchDayTable()
  const moduleInterface = await readModuleInterface(rootFiles())
  return [
    ...staleProblems(TABLES, renderTables(moduleInterface), check),
    ...staleProblems(REFERENCE, renderReference(moduleInterface), check),
    ...staleProblems(COST, costTable(bill(ASSUMPTIONS)), check),
    ...staleProblems(LAUNCH_DAY, launchDay, check),
    ...addressProblems(addressedFiles(), packageName()),
  ]
}

const check = process.argv.includes('--check')
const problems = await main(check).catch((error: unknown) => [error instanceof Error ? error.message : String(error)])
if (problems.length === 0)
  process.stdout.write(
    check
      ? 'The generated docs are up to date.\n'
      : 'README.md, docs/variables.md and docs/operations.md are written.\n',
  )
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exitCode = problems.length > 0 ? 1 : 0
