/**
 * `npm run build`: builds both functions and the pages into dist/. With `--check` nothing is written; the command fails
 * when dist/ is not what the sources yield.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { buildDist } from './bundle/dist.js'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'dist')

/** Names of the files in dist/ that differ from what was built, are missing, or do not belong there. */
function staleFiles(built: ReadonlyMap<string, Uint8Array>): readonly string[] {
  mkdirSync(folder, { recursive: true })
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const present = new Set(entries.filter((name) => statSync(join(folder, name)).isFile()))
  const changed = [...built].filter(([name, bytes]) => {
    const same = present.has(name) && readFileSync(join(folder, name)).equals(bytes)
    present.delete(name)
    return !same
  })
  return [...changed.map(([name]) => name), ...present].sort()
}

function write(built: ReadonlyMap<string, Uint8Array>, names: readonly string[]): void {
  for (const name of names) {
    const bytes = built.get(name)
    if (bytes === undefined) {
      rmSync(join(folder, name))
    } else {
      // Renamed into place: whoever reads dist/ meanwhile sees the old file or the new one, never half of it.
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, `${name}.new`), bytes, { mode: 0o644 })
      renameSync(join(folder, `${name}.new`), join(folder, name))
    }
  }
}

const built = await buildDist(root)
const stale = staleFiles(built)
if (process.argv.includes('--check') && stale.length > 0) {
  process.stderr.write(`dist/ is stale: run \`npm run build\` and commit (${stale.join(', ')})\n`)
  process.exitCode = 1
} else {
  write(built, stale)
  for (const [name, bytes] of built) {
    process.stdout.write(`dist/${name}  ${bytes.length} bytes${stale.includes(name) ? '' : ', unchanged'}\n`)
  }
}
