/** Bundles one function: one JavaScript file, its zip, and the account of what went in. */
import { realpathSync } from 'node:fs'
import { build } from 'esbuild'
import type { FunctionSource } from './bundle/functions.js'
import { type BundledPackage, bundledPackages } from './bundle/packages.js'
import { prune } from './bundle/prune.js'
import { zip } from './bundle/zip.js'

/** The one file of each zip; the function's handler is `index.handler`. */
export const BUNDLE_FILE = 'index.js'

/** A built function. */
export interface Bundle {
  readonly name: string
  readonly code: Uint8Array
  readonly zip: Uint8Array
  /** Every source that gave at least one byte, as a path below the project's root, sorted. */
  readonly inputs: readonly string[]
  readonly packages: readonly BundledPackage[]
  /** The modules that were replaced, as paths below node_modules. */
  readonly replaced: readonly string[]
}

/**
 * Builds a function from its sources.
 *
 * The bytes depend on sources, lock file and pinned tools only: neither the current folder nor the place of the
 * checkout, the time zone or the umask enter them. The format is CommonJS, because Lambda's Node starts it about a
 * seventh faster than the same bundle as an ES module (`npm run bench`).
 *
 * @param root the project's folder
 * @throws Error when a source does not compile, or a replaced module of a dependency has changed
 */
export async function bundleFunction(source: FunctionSource, root: string): Promise<Bundle> {
  const absoluteRoot = realpathSync(root)
  const { outputFiles, metafile } = await build({
    absWorkingDir: absoluteRoot,
    entryPoints: [source.entryPoint],
    outfile: BUNDLE_FILE,
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    // Packages ship ES modules beside CommonJS; only the former can be shaken.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    sourcemap: false,
    // Nothing of a developer's tsconfig.json may change the bytes.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: 'ES2023' } },
    plugins: [prune(source.replacements)],
    logLevel: 'silent',
  })
  const code = outputFiles[0]?.contents ?? new Uint8Array()
  const contributions = metafile.outputs[BUNDLE_FILE]?.inputs ?? {}
  const inputs = Object.keys(contributions)
    .filter((path) => (contributions[path]?.bytesInOutput ?? 0) > 0)
    .sort()
  return {
    name: source.name,
    code,
    zip: zip({ [BUNDLE_FILE]: code }),
    inputs,
    packages: bundledPackages(absoluteRoot, inputs),
    replaced: source.replacements.map(({ module }) => module).sort(),
  }
}
