/** The folder dist/: both zips, the pages, the client's types, and two texts by which a reviewer can tell what is in them. */
import { createHash } from 'node:crypto'
import { BUNDLE_FILE, type Bundle, bundleFunction } from '../bundle.js'
import { clientDeclarations } from './declarations.js'
import { FUNCTIONS } from './functions.js'
import type { BundledPackage } from './packages.js'
import { buildPages, type Page } from './pages.js'

const sha256 = (bytes: Uint8Array, encoding: 'hex' | 'base64'): string =>
  createHash('sha256').update(bytes).digest(encoding)

function described({ code, zip, inputs, packages, replaced }: Bundle) {
  return {
    sha256: sha256(zip, 'hex'),
    // What Terraform's filebase64sha256 and Lambda's CodeSha256 show.
    codeSha256: sha256(zip, 'base64'),
    bytes: zip.length,
    entries: [{ name: BUNDLE_FILE, bytes: code.length, sha256: sha256(code, 'hex') }],
    sources: inputs.filter((input) => !input.includes('node_modules/')),
    packages: packages.map(({ name, version, licence }) => ({ name, version, licence })),
    replacedModules: replaced,
  }
}

/** The text of dist/manifest.json: what is in each zip and page, so that a change of either can be read in a diff. */
export function manifest(bundles: readonly Bundle[], pages: readonly Page[]): string {
  const zips = Object.fromEntries(bundles.map((bundle) => [`${bundle.name}.zip`, described(bundle)]))
  const files = pages.map(({ name, bytes, sources }) => [
    name,
    { sha256: sha256(bytes, 'hex'), bytes: bytes.length, sources },
  ])
  return `${JSON.stringify({ zips, pages: Object.fromEntries(files) }, null, 2)}\n`
}

const rule = '-'.repeat(80)

function changedModules(bundles: readonly Bundle[]): string {
  const modules = [...new Set(bundles.flatMap(({ replaced }) => replaced))].sort()
  return modules.map((module) => `  ${module}`).join('\n')
}

/**
 * The text of dist/THIRD-PARTY-NOTICES.txt: the licence of every bundled package, each text once, and the notice of
 * changed files that section 4(b) of the Apache License 2.0 asks for.
 */
export function notices(bundles: readonly Bundle[]): string {
  const packages = new Map<string, BundledPackage>()
  for (const { packages: bundled } of bundles) {
    for (const it of bundled) {
      packages.set(`${it.name} ${it.version} (${it.licence})`, it)
    }
  }
  const owners = new Map<string, string[]>()
  for (const title of [...packages.keys()].sort()) {
    const text = packages.get(title)?.texts.join(`\n\n${rule}\n\n`) ?? ''
    owners.set(text, [...(owners.get(text) ?? []), title])
  }
  const sections = [...owners].map(([text, titles]) => `${rule}\n${titles.join('\n')}\n${rule}\n\n${text}\n`)
  return `The zips beside this file contain the packages named below, under their own terms.
These of their modules were changed or replaced when the zips were built; scripts/bundle/replacements.ts has every change:

${changedModules(bundles)}

${sections.join('\n\n')}`
}

/**
 * Everything that belongs into dist/, by its path below it: built from the sources, written nowhere.
 *
 * @param root the project's folder
 */
export async function buildDist(root: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const [bundles, pages] = await Promise.all([
    Promise.all(FUNCTIONS.map((source) => bundleFunction(source, root))),
    buildPages(root),
  ])
  const text = new TextEncoder()
  return new Map([
    ...bundles.map(({ name, zip }): [string, Uint8Array] => [`${name}.zip`, zip]),
    ...pages.map(({ name, bytes }): [string, Uint8Array] => [`pages/${name}`, bytes]),
    ...[...clientDeclarations(root)].map(([name, bytes]): [string, Uint8Array] => [`client/${name}`, bytes]),
    ['manifest.json', text.encode(manifest(bundles, pages))],
    ['THIRD-PARTY-NOTICES.txt', text.encode(notices(bundles))],
  ])
}
