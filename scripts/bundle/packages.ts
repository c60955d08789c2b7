/** Which npm packages are in a bundle, and the terms under which they may be passed on. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A package that gave at least one byte to a bundle. */
export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** SPDX identifier, as the package declares it. */
  readonly licence: string
  /** The package's licence and notice files, in the order of their names. */
  readonly texts: readonly string[]
}

const packageFolder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/
const legalFile = /^(licen[cs]e|notice|copying)(\.|$)/i

function readPackage(root: string, folder: string): BundledPackage {
  const declared: unknown = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const { name, version, license }: { name?: unknown; version?: unknown; license?: unknown } = Object(declared)
  const texts = readdirSync(join(root, folder))
    .filter((file) => legalFile.test(file))
    .sort()
    .map((file) =>
      readFileSync(join(root, folder, file), 'utf8')
        .replaceAll('\r\n', '\n')
        .trim(),
    )
  if (typeof name !== 'string' || typeof version !== 'string' || typeof license !== 'string' || texts.length === 0) {
    throw new Error(`${folder} says no name, version or licence, or carries no licence text: it may not be bundled`)
  }
  return { name, version, licence: license, texts }
}

/**
 * The packages behind the given inputs of a bundle, sorted by name and version.
 *
 * @param inputs paths below `root`, as in esbuild's metafile
 * @throws Error when a package names no licence or brings no text of it
 */
export function bundledPackages(root: string, inputs: readonly string[]): readonly BundledPackage[] {
  const folders = new Set(
    inputs.map((input) => packageFolder.exec(input)?.[0]).filter((folder) => folder !== undefined),
  )
  const packages = new Map(
    [...folders].map((folder) => readPackage(root, folder)).map((it) => [`${it.name}@${it.version}`, it]),
  )
  return [...packages.keys()].sort().flatMap((key) => packages.get(key) ?? [])
}
