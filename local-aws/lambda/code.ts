/**
 * The zips of functions, by their SHA-256, unpacked where no node_modules of this project is in sight.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { unzipSync } from 'fflate'

/** Keeps zips. */
export interface CodeStore {
  /** Remembers a zip. */
  keep(zip: Uint8Array): void
  /** The folder with the unpacked zip of that SHA-256 (base64); undefined if it was never uploaded here. */
  directoryOf(codeSha256: string): Promise<string | undefined>
  /** A folder for files beside the zips, removed with them. */
  readonly root: string
  remove(): Promise<void>
}

/** An empty store in the system's folder for temporary files. */
export async function createCodeStore(): Promise<CodeStore> {
  const root = await mkdtemp(join(tmpdir(), 'local-aws-lambda-'))
  const zips = new Map<string, Uint8Array>()
  const unpacked = new Map<string, Promise<string>>()
  return {
    root,
    keep: (zip) => void zips.set(createHash('sha256').update(zip).digest('base64'), zip),
    async directoryOf(codeSha256) {
      const zip = zips.get(codeSha256)
      if (zip === undefined) return undefined
      const name = Buffer.from(codeSha256, 'base64').toString('hex').slice(0, 16)
      const directory = unpacked.get(codeSha256) ?? unpack(zip, join(root, name))
      unpacked.set(codeSha256, directory)
      return directory
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

async function unpack(zip: Uint8Array, directory: string): Promise<string> {
  if (existsSync(directory)) return directory
  await mkdir(directory)
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const path = join(directory, normalize(name))
    if (!path.startsWith(`${directory}/`)) throw new Error(`the zip holds a file outside of it: ${name}`)
    if (name.endsWith('/')) continue
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
  return directory
}
