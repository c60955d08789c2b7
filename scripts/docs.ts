/**
 * `npm run docs`: writes the README's tables of variables and outputs. With `--check` it writes nothing, and fails
 * when the tables or the addresses in the examples are stale.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readModuleInterface, type SourceFile } from './docs/module-interface.js'
import { addressProblems, type PackageName, replaceBetweenMarkers } from './docs/readme.js'
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

async function main(check: boolean): Promise<string[]> {
  const page = readFileSync('README.md', 'utf8')
  const fresh = replaceBetweenMarkers(page, renderTables(await readModuleInterface(rootFiles())))
  if (!check && fresh !== page) writeFileSync('README.md', fresh)
  const stale = check && fresh !== page
  return [
    ...(stale ? ['README.md: the tables of variables and outputs are stale: run "npm run docs" and commit.'] : []),
    ...addressProblems(addressedFiles(), packageName()),
  ]
}

const check = process.argv.includes('--check')
const problems = await main(check).catch((error: unknown) => [error instanceof Error ? error.message : String(error)])
if (problems.length === 0)
  process.stdout.write(check ? 'The generated docs are up to date.\n' : 'README.md has its tables.\n')
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exitCode = problems.length > 0 ? 1 : 0
