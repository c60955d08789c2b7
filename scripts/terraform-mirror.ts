/**
 * Where terraform gets the hashicorp/aws provider from, decided the same way by every verb that runs terraform.
 *
 * Sources: Terraform's documentation, "CLI Configuration" (where the file is looked for) and "Provider Installation"
 * (layout of a mirror, "Implied Local Mirror Directories").
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** Where the provider stands in a mirror, and what Terraform calls it. */
export const provider = 'registry.terraform.io/hashicorp/aws'

/** What the decision depends on. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly arch: string
  readonly home: string
  readonly workingDirectory: string
  /** Names in a directory; empty where it is none or may not be read. */
  readonly list: (path: string) => readonly string[]
  readonly isReadableFile: (path: string) => boolean
}

/** Who says where the provider comes from: Terraform by its own means, or a mirror that it must be told of. */
export type ProviderSource =
  | { readonly kind: 'cli-configuration'; readonly path: string }
  | { readonly kind: 'implied-mirror'; readonly path: string }
  | { readonly kind: 'mirror'; readonly path: string }
  | { readonly kind: 'registry' }

/**
 * The first that applies of: the mirror in `TERRAFORM_PROVIDER_MIRROR`; Terraform's own CLI configuration; a mirror
 * that Terraform finds by itself; a mirror directly below /opt; else the registry.
 *
 * @throws Error when `TERRAFORM_PROVIDER_MIRROR` names a directory without the provider.
 */
export function findProviderSource(machine: Machine): ProviderSource {
  const given = machine.env.TERRAFORM_PROVIDER_MIRROR ?? ''
  if (given !== '') {
    // Absolute, since terraform runs elsewhere.
    const named = resolve(machine.workingDirectory, given)
    if (holdsProvider(machine, named)) return { kind: 'mirror', path: named }
    const wanted = join(named, provider, '<version>', platformName(machine))
    throw new Error(`TERRAFORM_PROVIDER_MIRROR is ${given}, but ${wanted} is not there: correct or unset it.`)
  }

  const configuration = cliConfiguration(machine)
  if (configuration !== undefined) return { kind: 'cli-configuration', path: configuration }

  const implied = impliedMirrors(machine).find((path) => holdsProvider(machine, path))
  if (implied !== undefined) return { kind: 'implied-mirror', path: implied }

  const found = [...machine.list('/opt')].sort().map((name) => `/opt/${name}`)
  const mirror = found.find((path) => holdsProvider(machine, path))
  return mirror === undefined ? { kind: 'registry' } : { kind: 'mirror', path: mirror }
}

/** The readable file that Terraform would read; one that is named and missing counts as none. */
function cliConfiguration({ env, platform, home, isReadableFile }: Machine): string | undefined {
  const named = env.TF_CLI_CONFIG_FILE ?? ''
  const usual = platform === 'win32' ? join(env.APPDATA ?? home, 'terraform.rc') : join(home, '.terraformrc')
  return [named, usual].find((path) => path !== '' && isReadableFile(path))
}

function impliedMirrors({ env, platform, home, workingDirectory }: Machine): string[] {
  const everywhere = join(workingDirectory, 'terraform.d/plugins')
  if (platform === 'win32') {
    const data = env.APPDATA ?? home
    return [everywhere, join(data, 'terraform.d/plugins'), join(data, 'HashiCorp/Terraform/plugins')]
  }
  const own = [everywhere, join(home, '.terraform.d/plugins')]
  if (platform === 'darwin') {
    const library = 'Library/Application Support/io.terraform/plugins'
    return [...own, join(home, library), join('/', library)]
  }
  const dataHome = env.XDG_DATA_HOME || join(home, '.local/share')
  const dataDirs = (env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':').filter((path) => path !== '')
  return [...own, ...[dataHome, ...dataDirs].map((path) => join(path, 'terraform/plugins'))]
}

/** Whether a mirror has any version of the provider for this platform, unpacked or as a zip. */
function holdsProvider(machine: Machine, mirror: string): boolean {
  const platform = platformName(machine)
  const folder = join(mirror, provider)
  return machine
    .list(folder)
    .some((name) => name.endsWith(`_${platform}.zip`) || machine.list(join(folder, name)).includes(platform))
}

function platformName({ platform, arch }: Machine): string {
  return `${platform === 'win32' ? 'windows' : platform}_${arch === 'x64' ? 'amd64' : arch}`
}

/** A CLI configuration that takes the provider from a mirror, and all others from the registry. */
export function mirrorConfiguration(mirror: string): string {
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["${provider}"]
  }
  direct {
    exclude = ["${provider}"]
  }
}
`
}

/**
 * What to add to the environment of terraform, so that it finds the provider, asks nothing and phones nowhere.
 *
 * A `TF_CLI_CONFIG_FILE` that names a missing file is overridden: Terraform would begin all its output with a warning.
 */
export function terraformEnvironment(machine: Machine = thisMachine()): Record<string, string> {
  const quiet = { TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' }
  const source = findProviderSource(machine)
  if (source.kind === 'mirror') {
    return { ...quiet, TF_CLI_CONFIG_FILE: saveConfiguration(mirrorConfiguration(source.path), machine) }
  }
  const named = machine.env.TF_CLI_CONFIG_FILE ?? ''
  // The empty string is Terraform's word for "not set".
  return named === '' || machine.isReadableFile(named) ? quiet : { ...quiet, TF_CLI_CONFIG_FILE: '' }
}

/** In the user's cache, by its content: saved options that name the file stay good after this process has ended. */
function saveConfiguration(text: string, { env, home }: Machine): string {
  const name = `${createHash('sha256').update(text).digest('hex').slice(0, 16)}.tfrc`
  const cached = join(env.XDG_CACHE_HOME || join(home, '.cache'), 'terraform-aws-cloudfront-signed-cookies', name)
  if (saved(cached, text)) return cached
  const path = join(mkdtempSync(join(tmpdir(), 'terraform-cli-')), name)
  writeFileSync(path, text)
  return path
}

/** Whether the file is there in the end: a cache that cannot be written to is no reason to fail. */
function saved(path: string, text: string): boolean {
  if (attempt(() => readFileSync(path, 'utf8')) === text) return true
  return (
    attempt(() => {
      mkdirSync(dirname(path), { recursive: true })
      const draft = `${path}.${randomUUID()}`
      writeFileSync(draft, text)
      renameSync(draft, path)
      return true
    }) ?? false
  )
}

function thisMachine(): Machine {
  return {
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    home: homedir(),
    workingDirectory: process.cwd(),
    list: (path) => attempt(() => readdirSync(path)) ?? [],
    isReadableFile: (path) => attempt(() => readFileSync(path)) !== undefined,
  }
}

/** undefined where reading or writing is not possible. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
