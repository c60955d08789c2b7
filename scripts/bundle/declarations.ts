/** The types of the client, for apps in TypeScript: the declarations of what it exports, comments included. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The modules whose types an app meets. */
const MODULES = ['index', 'session']

function compiled(root: string, args: readonly string[]): void {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, ...args], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the sources for browsers do not compile:\n${stdout}${stderr}`)
}

/**
 * The declaration files of the client, by name. On the way everything that is written for browsers is checked, which has
 * a compiler configuration of its own: the rest of the project knows no `document`.
 *
 * @param root the project's folder
 * @throws Error when the sources have errors; they are in its message
 */
export function clientDeclarations(root: string): ReadonlyMap<string, Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'declarations-'))
  try {
    compiled(root, ['--project', 'pages', '--noEmit'])
    compiled(root, [
      ...['--project', 'client', '--noEmit', 'false', '--emitDeclarationOnly', '--declaration'],
      ...['--newLine', 'lf', '--outDir', folder],
    ])
    return new Map(MODULES.map((name) => [`${name}.d.ts`, readFileSync(join(folder, `${name}.d.ts`))]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
