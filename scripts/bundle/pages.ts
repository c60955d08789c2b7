/** What a browser gets from the module itself, under `/.sign-in/`: two pages, their style, and the scripts. */
import { createHash } from 'node:crypto'
import { readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { STYLE } from '../../pages/style.js'

/** One file of dist/pages. */
export interface Page {
  readonly name: string
  readonly bytes: Uint8Array
  /** What it is made of, as paths below the project's root, sorted. */
  readonly sources: readonly string[]
}

/** A script for browsers, from its source to its name. */
interface BrowserScript {
  readonly name: string
  readonly entryPoint: string
  /** `esm` for what pages import, `iife` for what a page loads before it is known to know modules. */
  readonly format: 'esm' | 'iife'
  readonly target: string
}

const SCRIPTS: readonly BrowserScript[] = [
  { name: 'client.js', entryPoint: 'client/index.ts', format: 'esm', target: 'es2020' },
  { name: 'denied.js', entryPoint: 'pages/denied.ts', format: 'iife', target: 'es2017' },
]

const HTML = ['denied.html', 'signed-out.html']

/** Where a page names the bytes of a script: "{hash of denied.js}". */
const HASH = /\{hash of ([\w.]+)\}/g

async function bundled({ name, entryPoint, format, target }: BrowserScript, root: string): Promise<Page> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: realpathSync(root),
    entryPoints: [entryPoint],
    outfile: name,
    write: false,
    metafile: true,
    bundle: true,
    platform: 'browser',
    target,
    format,
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    sourcemap: false,
    // Nothing of a developer's tsconfig.json may change the bytes.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: 'ES2023' } },
    logLevel: 'silent',
  })
  const bytes = outputFiles[0]?.contents ?? new Uint8Array()
  return { name, bytes, sources: Object.keys(metafile.inputs).sort() }
}

/** A page with the hashes of the scripts that it names. A policy can let a script run by that alone (CSP Level 3, section 8.4). */
function pageOf(name: string, scripts: readonly Page[], root: string): Page {
  const source = `pages/${name}`
  const text = readFileSync(join(root, source), 'utf8').replace(HASH, (_, named) => hashOf(scripts, named))
  return { name, bytes: new TextEncoder().encode(text), sources: [source] }
}

/** As in an integrity attribute (Subresource Integrity, section 3.5). */
function hashOf(scripts: readonly Page[], named: string): string {
  const script = scripts.find(({ name }) => name === named)
  if (script === undefined) throw new Error(`A page names the hash of ${named}, which is no script of dist/pages.`)
  return `sha256-${createHash('sha256').update(script.bytes).digest('base64')}`
}

/**
 * Builds the files of dist/pages, in the order of their names. Their bytes depend on sources and pinned tools only.
 *
 * @param root the project's folder
 * @throws Error when a source does not compile
 */
export async function buildPages(root: string): Promise<readonly Page[]> {
  const scripts = await Promise.all(SCRIPTS.map((script) => bundled(script, root)))
  const html = HTML.map((name) => pageOf(name, scripts, root))
  const style = { name: 'style.css', bytes: new TextEncoder().encode(STYLE), sources: ['pages/style.ts'] }
  return [...scripts, ...html, style].sort((a, b) => (a.name < b.name ? -1 : 1))
}
