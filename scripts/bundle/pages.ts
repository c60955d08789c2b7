/** What a browser gets from the module itself, under `/.sign-in/`: two pages, their style, and the scripts. */
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

/**
 * Builds the files of dist/pages, in the order of their names. Their bytes depend on sources and pinned tools only.
 *
 * @param root the project's folder
 * @throws Error when a source does not compile
 */
export async function buildPages(root: string): Promise<readonly Page[]> {
  const scripts = await Promise.all(SCRIPTS.map((script) => bundled(script, root)))
  const html = HTML.map((name) => {
    const source = `pages/${name}`
    return { name, bytes: new Uint8Array(readFileSync(join(root, source))), sources: [source] }
  })
  const style = { name: 'style.css', bytes: new TextEncoder().encode(STYLE), sources: ['pages/style.ts'] }
  return [...scripts, ...html, style].sort((a, b) => (a.name < b.name ? -1 : 1))
}
