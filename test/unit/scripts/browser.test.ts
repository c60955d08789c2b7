import {
  findBrowser,
  findHeadlessShell,
  type Machine,
  prepareBrowsers,
  requireBrowser,
} from '../../../scripts/browser.js'

interface Description {
  readonly env?: Record<string, string>
  readonly platform?: string
  readonly isRoot?: boolean
  /** Programs, each with what its `--version` ends with. */
  readonly programs?: Readonly<Record<string, number>>
  /** What apt-get brings: a program, or nothing. */
  readonly aptGet?: (args: readonly string[], programs: Record<string, number>) => { status: number; output: string }
}

/** A machine of somebody, with these programs and no other; `calls` is what was run. */
function machine({ env = {}, platform = 'linux', isRoot = false, programs = {}, aptGet }: Description) {
  const present: Record<string, number> = { ...programs, ...(aptGet === undefined ? {} : { '/usr/bin/apt-get': 0 }) }
  const calls: string[] = []
  const said: string[] = []
  const machine: Machine = {
    env,
    platform,
    home: '/home/me',
    isRoot,
    isProgram: (path) => Object.hasOwn(present, path),
    run: (program, args) => {
      if (program !== '/usr/bin/env') return { status: present[program] ?? null, output: '' }
      calls.push(args.join(' '))
      return aptGet?.(args, present) ?? { status: null, output: '' }
    },
    say: (line) => said.push(line),
  }
  return { machine, calls, said }
}

const chromium = { '/usr/bin/chromium': 0 }
const windows = { PROGRAMFILES: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local' }

describe('findBrowser', () => {
  test.each<[string, Description, string | undefined]>([
    ['nothing where there is none', {}, undefined],
    ['Chromium in its usual place', { programs: chromium }, '/usr/bin/chromium'],
    [
      'what CHROME_PATH names, before all else',
      { env: { CHROME_PATH: '/my/chrome', PATH: '/usr/bin' }, programs: { '/my/chrome': 0, ...chromium } },
      '/my/chrome',
    ],
    [
      'what is on the PATH, before the usual places',
      { env: { PATH: '/a:/b' }, programs: { '/b/google-chrome': 0, ...chromium } },
      '/b/google-chrome',
    ],
    [
      'Chromium before Edge, wherever on the PATH they are',
      { env: { PATH: '/a:/b' }, programs: { '/a/microsoft-edge': 0, '/b/chromium': 0 } },
      '/b/chromium',
    ],
    [
      'not a script that only asks for a snap',
      { env: { PATH: '/usr/bin' }, programs: { '/usr/bin/chromium-browser': 10, '/opt/google/chrome/chrome': 0 } },
      '/opt/google/chrome/chrome',
    ],
    ['Edge for Linux', { programs: { '/opt/microsoft/msedge/msedge': 0 } }, '/opt/microsoft/msedge/msedge'],
    [
      'Chrome for macOS',
      { platform: 'darwin', programs: { '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome': 0 } },
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    [
      'Edge in the own applications of a macOS user',
      {
        platform: 'darwin',
        programs: { '/home/me/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge': 0 },
      },
      '/home/me/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ],
    [
      'Chrome of a Windows user, whose version it does not ask',
      {
        platform: 'win32',
        env: windows,
        programs: { 'C:\\Users\\me\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe': 1 },
      },
      'C:\\Users\\me\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe',
    ],
    [
      'Edge on the PATH of Windows',
      { platform: 'win32', env: { Path: 'C:\\a;C:\\b' }, programs: { 'C:\\b\\msedge.exe': 1 } },
      'C:\\b\\msedge.exe',
    ],
  ])('finds %s', (_name, description, found) => {
    expect(findBrowser(machine(description).machine)).toBe(found)
  })

  it('refuses a CHROME_PATH that names no program, whatever else is there', () => {
    expect(() => findBrowser(machine({ env: { CHROME_PATH: '/gone' }, programs: chromium }).machine)).toThrow(
      'CHROME_PATH is /gone, but there is no program of that name: correct or unset it.',
    )
  })
})

describe('requireBrowser', () => {
  const install = 'DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get -q -y install --no-install-recommends chromium'
  const update = 'DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get -q -y update'
  const none =
    'The end-to-end tests need a browser and found none: install Chromium, Chrome or Edge, or put the path of one into CHROME_PATH.'

  it('installs nothing where there is one', () => {
    const { machine: debian, calls } = machine({ isRoot: true, programs: chromium, aptGet: brings })
    expect([requireBrowser(debian), calls]).toEqual(['/usr/bin/chromium', []])
  })

  it('installs Chromium as root on Debian, and says so', () => {
    const { machine: debian, calls, said } = machine({ isRoot: true, aptGet: brings })
    expect(requireBrowser(debian)).toBe('/usr/bin/chromium')
    expect([calls, said]).toEqual([[install], ['Installing Chromium for the end-to-end tests …']])
  })

  it('brings the package lists up to date when they do not do', () => {
    let isFresh = false
    const { machine: debian, calls } = machine({
      isRoot: true,
      aptGet: (args, programs) => {
        if (isFresh && !args.includes('update')) return brings(args, programs)
        isFresh = args.includes('update')
        return isFresh ? { status: 0, output: '' } : { status: 100, output: 'E: Unable to locate package chromium\n' }
      },
    })
    expect(requireBrowser(debian)).toBe('/usr/bin/chromium')
    expect(calls).toEqual([install, update, install])
  })

  test.each<[string, Description]>([
    ['who is not root', { aptGet: brings }],
    ['whose Linux has no apt-get', { isRoot: true }],
    ['who has macOS', { isRoot: true, platform: 'darwin', aptGet: brings }],
  ])('asks somebody for a browser %s', (_name, description) => {
    const { machine: poor, calls } = machine(description)
    expect(() => requireBrowser(poor)).toThrow(none)
    expect(calls).toEqual([])
  })

  it('says why apt-get could not install one', () => {
    const { machine: debian } = machine({
      isRoot: true,
      aptGet: () => ({ status: 100, output: 'Reading package lists...\nE: Unable to locate package chromium\n' }),
    })
    expect(() => requireBrowser(debian)).toThrow(
      'apt-get could not install Chromium (E: Unable to locate package chromium): install Chromium,',
    )
  })

  function brings(_args: readonly string[], programs: Record<string, number>) {
    programs['/usr/bin/chromium'] = 0
    return { status: 0, output: '' }
  }
})

describe('findHeadlessShell', () => {
  test.each<[string, Description, string | undefined]>([
    ['nothing where there is none', { programs: chromium }, undefined],
    [
      "Debian's in its usual place",
      { programs: { '/usr/bin/chromium-headless-shell': 0 } },
      '/usr/bin/chromium-headless-shell',
    ],
    [
      'what is on the PATH, before the usual place',
      { env: { PATH: '/a' }, programs: { '/a/chrome-headless-shell': 0, '/usr/bin/chromium-headless-shell': 0 } },
      '/a/chrome-headless-shell',
    ],
    [
      'that of Windows',
      { platform: 'win32', env: { Path: 'C:\\a' }, programs: { 'C:\\a\\chrome-headless-shell.exe': 0 } },
      'C:\\a\\chrome-headless-shell.exe',
    ],
    [
      'nothing where CHROME_PATH names the browser to use',
      { env: { CHROME_PATH: '/my/chrome' }, programs: { '/usr/bin/chromium-headless-shell': 0 } },
      undefined,
    ],
  ])('finds %s', (_name, description, found) => {
    expect(findHeadlessShell(machine(description).machine)).toBe(found)
  })
})

describe('prepareBrowsers', () => {
  const install =
    'DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get -q -y install --no-install-recommends --no-remove chromium-headless-shell'
  const both = { ...chromium, '/usr/bin/chromium-headless-shell': 0 }

  function bringsShell(_args: readonly string[], programs: Record<string, number>) {
    programs['/usr/bin/chromium-headless-shell'] = 0
    return { status: 0, output: '' }
  }

  it('installs the headless shell as root on Debian, and says so', () => {
    const { machine: debian, calls, said } = machine({ isRoot: true, programs: chromium, aptGet: bringsShell })
    prepareBrowsers(debian)
    expect([calls, said]).toEqual([[install], ['Installing the headless shell of Chromium, which is faster …']])
    expect(findHeadlessShell(debian)).toBe('/usr/bin/chromium-headless-shell')
  })

  it('goes on without it where apt-get has none', () => {
    const aptGet = () => ({ status: 100, output: 'E: Unable to locate package chromium-headless-shell\n' })
    const { machine: ubuntu, said } = machine({ isRoot: true, programs: chromium, aptGet })
    prepareBrowsers(ubuntu)
    expect(said.at(-1)).toBe('It could not be installed: the tests take longer.')
  })

  test.each<[string, Description]>([
    ['where there is one', { isRoot: true, programs: both, aptGet: bringsShell }],
    ['for somebody who is not root', { programs: chromium, aptGet: bringsShell }],
    [
      'where CHROME_PATH names the browser to use',
      { isRoot: true, env: { CHROME_PATH: '/usr/bin/chromium' }, programs: chromium, aptGet: bringsShell },
    ],
  ])('installs none %s', (_name, description) => {
    const { machine: other, calls } = machine(description)
    prepareBrowsers(other)
    expect(calls).toEqual([])
  })

  it('asks for a browser where there is none at all', () => {
    expect(() => prepareBrowsers(machine({}).machine)).toThrow('The end-to-end tests need a browser and found none')
  })
})
