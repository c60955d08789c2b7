/**
 * Which Chromium, Chrome or Edge the tests drive: found where people have one, installed where that is allowed and
 * usual, and else asked for in one sentence.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'

/** What the search depends on. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly home: string
  readonly isRoot: boolean
  /** Whether this is a program that may be run. */
  readonly isProgram: (path: string) => boolean
  /** Runs a program to its end; `status` is null where it could not be started. */
  readonly run: (
    program: string,
    args: readonly string[],
  ) => { readonly status: number | null; readonly output: string }
  /** Tells somebody who waits what is going on. */
  readonly say: (line: string) => void
}

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
]

const shells = ['chromium-headless-shell', 'chrome-headless-shell']

const remedy = 'install Chromium, Chrome or Edge, or put the path of one into CHROME_PATH'

/**
 * The browser in `CHROME_PATH`, else the first on the PATH, else the first in the usual places; undefined where there
 * is none.
 *
 * @throws Error when `CHROME_PATH` names something that is no program.
 */
export function findBrowser(machine: Machine): string | undefined {
  const named = machine.env.CHROME_PATH ?? ''
  if (named !== '') {
    if (machine.isProgram(named)) return named
    throw new Error(`CHROME_PATH is ${named}, but there is no program of that name: correct or unset it.`)
  }
  const files = machine.platform === 'win32' ? ['chrome.exe', 'msedge.exe', 'chromium.exe'] : names
  return [...onPath(machine, files), ...usualPlaces(machine)].find((path) => isBrowser(machine, path))
}

/**
 * Chromium's headless shell: the same engine without profiles, extensions and everything else that surrounds pages. It
 * needs a third of the CPU time. undefined where there is none, and where `CHROME_PATH` names the browser to use.
 *
 * Source: https://developer.chrome.com/blog/chrome-headless-shell
 */
export function findHeadlessShell(machine: Machine = thisMachine()): string | undefined {
  if ((machine.env.CHROME_PATH ?? '') !== '') return undefined
  const files = machine.platform === 'win32' ? ['chrome-headless-shell.exe'] : shells
  return [...onPath(machine, files), `/usr/bin/${shells[0]}`].find((path) => machine.isProgram(path))
}

function onPath({ env, platform }: Machine, files: readonly string[]): string[] {
  const { join, delimiter } = platform === 'win32' ? win32 : posix
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '')
  return files.flatMap((file) => folders.map((folder) => join(folder, file)))
}

function usualPlaces({ env, platform, home }: Machine): string[] {
  if (platform === 'darwin') {
    const applications = ['Google Chrome', 'Chromium', 'Microsoft Edge']
    return ['/Applications', posix.join(home, 'Applications')].flatMap((folder) =>
      applications.map((name) => posix.join(folder, `${name}.app`, 'Contents/MacOS', name)),
    )
  }
  if (platform === 'win32') {
    const programs = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
    const files = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe']
    return programs.flatMap((folder) => (folder === undefined ? [] : files.map((file) => win32.join(folder, file))))
  }
  return [
    ...names.map((name) => `/usr/bin/${name}`),
    '/usr/lib/chromium/chromium',
    '/opt/google/chrome/chrome',
    '/opt/microsoft/msedge/msedge',
    '/snap/bin/chromium',
  ]
}

/**
 * Ubuntu's /usr/bin/chromium-browser is a script that only asks for a snap, so a program has to name its version.
 * Not on Windows, where `--version` opens a window.
 */
function isBrowser(machine: Machine, path: string): boolean {
  if (!machine.isProgram(path)) return false
  return machine.platform === 'win32' || machine.run(path, ['--version']).status === 0
}

/**
 * A browser, if need be a freshly installed one: on Debian and its kin, as root, by apt-get.
 *
 * @throws Error with one sentence that says what to do, where there is none and none can be installed.
 */
export function requireBrowser(machine: Machine = thisMachine()): string {
  const found = findBrowser(machine)
  if (found !== undefined) return found
  if (!canInstall(machine)) {
    throw new Error(`The end-to-end tests need a browser and found none: ${remedy}.`)
  }
  machine.say('Installing Chromium for the end-to-end tests …')
  const output = install(machine, 'chromium')
  const installed = findBrowser(machine)
  if (installed !== undefined) return installed
  const lastLine = output.trimEnd().split('\n').at(-1) ?? ''
  throw new Error(
    `The end-to-end tests need a browser, and apt-get could not install Chromium (${lastLine}): ${remedy}.`,
  )
}

/**
 * A browser, and where it can be installed also the headless shell, without which the tests take longer.
 *
 * @throws Error as {@link requireBrowser} does.
 */
export function prepareBrowsers(machine: Machine = thisMachine()): void {
  requireBrowser(machine)
  const isWanted = (machine.env.CHROME_PATH ?? '') === '' && findHeadlessShell(machine) === undefined
  if (!isWanted || !canInstall(machine)) return
  machine.say('Installing the headless shell of Chromium, which is faster …')
  // Another browser on the machine must not go because of it.
  install(machine, '--no-remove', 'chromium-headless-shell')
  if (findHeadlessShell(machine) === undefined) machine.say('It could not be installed: the tests take longer.')
}

function canInstall(machine: Machine): boolean {
  return machine.isRoot && machine.platform === 'linux' && machine.isProgram('/usr/bin/apt-get')
}

/** With fresh package lists only if the present ones do not do. Gives what apt-get said last. */
function install({ run }: Machine, ...packages: readonly string[]): string {
  const aptGet = (...args: readonly string[]) =>
    run('/usr/bin/env', ['DEBIAN_FRONTEND=noninteractive', '/usr/bin/apt-get', '-q', '-y', ...args])
  const install = () => aptGet('install', '--no-install-recommends', ...packages)
  const first = install()
  if (first.status === 0) return first.output
  const update = aptGet('update')
  return update.status === 0 ? install().output : update.output
}

/** The machine that this runs on. */
export function thisMachine(): Machine {
  return {
    env: process.env,
    platform: process.platform,
    home: homedir(),
    isRoot: process.getuid?.() === 0,
    isProgram: (path) => {
      try {
        accessSync(path, constants.X_OK)
        return statSync(path).isFile()
      } catch {
        return false
      }
    },
    run: (program, args) => {
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
      return { status, output: `${stdout ?? ''}${stderr ?? ''}` }
    },
    say: (line) => process.stderr.write(`${line}\n`),
  }
}
