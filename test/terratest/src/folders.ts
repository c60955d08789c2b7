import type { Dirent } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, readlink, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, isAbsolute, join, relative, resolve } from 'node:path'
import { FolderNotFound } from './errors.js'
import { currentTestName, defaultLogger, type Logger } from './logger.js'
import { skipStageEnvVarSet } from './stages.js'

/** Where a copy goes and what it is named after. */
export interface CopyOptions {
  /** Default: the system's folder for temporary files. */
  readonly destination?: string
  /** Default: the name of the jest test that runs. */
  readonly testName?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly logger?: Logger
}

/** Hidden files that count: they pin versions. */
const keptHidden = new Set(['.terraform-version', '.terraform.lock.hcl'])

/** State and local variables belong to the original; `node_modules` is large and of no use to Terraform. */
const leftBehind = new Set([
  'terraform.tfstate',
  'terraform.tfstate.backup',
  'terraform.tfvars',
  'terraform.tfvars.json',
  'node_modules',
])

/**
 * Copies `rootFolder` to a new temporary folder, so that tests of one configuration can run side by side; gives the
 * path of `terraformFolder` (relative to the root) in the copy.
 *
 * Where any `SKIP_` variable is set, nothing is copied and the original's path is given: stages that run one at a time
 * need their state kept. Hidden files and folders (`.git`, `.terraform`), state, `terraform.tfvars` and `node_modules`
 * stay behind; symbolic links stay links. The copy is not removed.
 *
 * @throws FolderNotFound when the folder is missing or lies outside the root.
 */
export async function copyTerraformFolderToTemp(
  rootFolder: string,
  terraformFolder: string,
  { destination = tmpdir(), testName = currentTestName(), env = process.env, logger = defaultLogger }: CopyOptions = {},
): Promise<string> {
  const root = resolve(rootFolder)
  const original = join(root, terraformFolder)
  await assertInside(root, original)
  if (skipStageEnvVarSet(env)) {
    logger.log(`A SKIP_ environment variable is set, so using ${original} itself and no copy.`)
    return original
  }

  await mkdir(destination, { recursive: true })
  const folder = await mkdtemp(join(destination, `${folderName(testName)}-`))
  const copy = join(folder, basename(root) || 'root')
  await copyFolder(root, copy, folder)
  const path = join(copy, terraformFolder)
  logger.log(`Copied ${root} to ${copy}; terraform runs in ${path}.`)
  return path
}

async function assertInside(root: string, folder: string): Promise<void> {
  const path = relative(root, folder)
  if (isAbsolute(path) || path.split(/[/\\]/)[0] === '..') throw new FolderNotFound(`${folder} lies outside of ${root}`)
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() !== true) throw new FolderNotFound(`there is no folder ${folder}`)
}

/** The last part of the test's name, in characters that suit every file system. */
function folderName(testName = 'terratest'): string {
  const words =
    testName
      .split('/')
      .at(-1)
      ?.match(/[A-Za-z0-9]+/g) ?? []
  return words.join('-').slice(-40).replace(/^-/, '') || 'terratest'
}

async function copyFolder(from: string, to: string, exclude: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    // The new folder may lie inside the root; a copy of the copy would never end.
    if (isCopied(entry.name) && source !== exclude) await copyEntry(entry, source, join(to, entry.name), exclude)
  }
}

async function copyEntry(entry: Dirent, source: string, target: string, exclude: string): Promise<void> {
  if (entry.isDirectory()) await copyFolder(source, target, exclude)
  else if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
  else if (entry.isFile()) await copyFile(source, target)
  // Sockets and pipes have no content to copy.
}

/** The name counts, not the path above the root, which may well have a hidden part. */
function isCopied(name: string): boolean {
  return keptHidden.has(name) || !(name.startsWith('.') || leftBehind.has(name))
}
