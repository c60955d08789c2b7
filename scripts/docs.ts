/**
 * `npm run docs`: writes the README's tables of variables and outputs, and the table of costs in docs/operations.md. With
 * `--check` it writes nothing, and fails when a table or an address in the examples is stale.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { ASSUMPTIONS, bill, costTable } from './docs/cost.js'
import { readModuleInterface, type SourceFile } from './docs/module-interface.js'
import { addressProblems, COST, type Markers, type PackageName, replaceBetweenMarkers, TABLES } from './docs/readme.js'
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

/** Writes a table into its page, or says that it is stale. */
function tableProblems(markers: Markers, table: string, check: boolean): string[] {
  const page = readFileSync(markers.file, 'utf8')
  const fresh = replaceBetweenMarkers(page, table, markers)
  if (fresh === page) return []
  if (check) return [`${markers.file}: what "npm run docs" writes there is stale: run it and commit.`]
  writeFileSync(markers.file, fresh)
  return []
}

async function main(check: boolean): Promise<string[]> {
  return [
    ...tableProblems(TABLES, renderTables(await readModuleInterface(rootFiles())), check),
    ...tableProblems(COST, costTable(bill(ASSUMPTIONS)), check),
    ...addressProblems(addressedFiles(), packageName()),
  ]
}

const check = process.argv.includes('--check')
const problems = await main(check).catch((error: unknown) => [error instanceof Error ? error.message : String(error)])
if (problems.length === 0)
  process.stdout.write(
    check ? 'The generated docs are up to date.\n' : 'README.md and docs/operations.md have their tables.\n',
  )
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exitCode = problems.length > 0 ? 1 : 0
