import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  findProviderSource,
  type Machine,
  mirrorConfiguration,
  terraformEnvironment,
} from '../../../scripts/terraform-mirror.js'

const packages = 'registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64/provider'

interface Description {
  readonly env?: Record<string, string>
  readonly platform?: string
  readonly files?: readonly string[]
}

/** A Linux machine of somebody, with these files and no other. */
function machine({ env = {}, platform = 'linux', files = [] }: Description): Machine {
  return {
    env,
    platform,
    arch: 'x64',
    home: '/home/me',
    workingDirectory: '/project',
    list: (path) => [
      ...new Set(
        files
          .filter((file) => file.startsWith(`${path}/`))
          .map((file) => file.slice(path.length + 1).split('/')[0] ?? ''),
      ),
    ],
    isReadableFile: (path) => files.includes(path),
  }
}

describe('findProviderSource', () => {
  const optMirror = `/opt/b-mirror/${packages}`
  const rc = '/home/me/.terraformrc'

  test.each<[string, Description, ReturnType<typeof findProviderSource>]>([
    ['the registry where there is nothing', {}, { kind: 'registry' }],
    [
      'the named mirror, before all else',
      { env: { TERRAFORM_PROVIDER_MIRROR: '/m', TF_CLI_CONFIG_FILE: rc }, files: [`/m/${packages}`, rc, optMirror] },
      { kind: 'mirror', path: '/m' },
    ],
    [
      'the named mirror by its absolute path',
      { env: { TERRAFORM_PROVIDER_MIRROR: 'm' }, files: [`/project/m/${packages}`] },
      { kind: 'mirror', path: '/project/m' },
    ],
    [
      'a CLI configuration that is named',
      { env: { TF_CLI_CONFIG_FILE: '/etc/tfrc' }, files: ['/etc/tfrc', rc, optMirror] },
      { kind: 'cli-configuration', path: '/etc/tfrc' },
    ],
    ['the usual CLI configuration', { files: [rc, optMirror] }, { kind: 'cli-configuration', path: rc }],
    [
      'the usual CLI configuration where the named one is missing',
      { env: { TF_CLI_CONFIG_FILE: '/gone' }, files: [rc] },
      { kind: 'cli-configuration', path: rc },
    ],
    [
      'the usual CLI configuration of Windows',
      { platform: 'win32', env: { APPDATA: '/appdata' }, files: ['/appdata/terraform.rc', rc] },
      { kind: 'cli-configuration', path: '/appdata/terraform.rc' },
    ],
    ...[
      '/project/terraform.d/plugins',
      '/home/me/.terraform.d/plugins',
      '/home/me/.local/share/terraform/plugins',
      '/usr/local/share/terraform/plugins',
      '/usr/share/terraform/plugins',
    ].map((path): [string, Description, ReturnType<typeof findProviderSource>] => [
      `the implied mirror ${path}`,
      { files: [`${path}/${packages}`, optMirror] },
      { kind: 'implied-mirror', path },
    ]),
    [
      'the implied mirrors of XDG',
      { env: { XDG_DATA_HOME: '/data', XDG_DATA_DIRS: '/one::/two' }, files: [`/two/terraform/plugins/${packages}`] },
      { kind: 'implied-mirror', path: '/two/terraform/plugins' },
    ],
    [
      'an implied mirror of macOS',
      {
        platform: 'darwin',
        files: [
          '/Library/Application Support/io.terraform/plugins/registry.terraform.io/hashicorp/aws/6.0.0/darwin_amd64/p',
        ],
      },
      { kind: 'implied-mirror', path: '/Library/Application Support/io.terraform/plugins' },
    ],
    [
      'a mirror below /opt where the named CLI configuration is missing',
      { env: { TF_CLI_CONFIG_FILE: '/gone' }, files: [optMirror, '/opt/a-tool/bin/tool'] },
      { kind: 'mirror', path: '/opt/b-mirror' },
    ],
    [
      'a mirror of zips',
      { files: ['/opt/m/registry.terraform.io/hashicorp/aws/terraform-provider-aws_5.100.0_linux_amd64.zip'] },
      { kind: 'mirror', path: '/opt/m' },
    ],
    [
      'no mirror of another platform',
      { files: ['/opt/m/registry.terraform.io/hashicorp/aws/5.100.0/darwin_arm64/p'] },
      { kind: 'registry' },
    ],
    [
      'no mirror deeper below /opt, or of another provider',
      { files: [`/opt/a/b/${packages}`, '/opt/m/registry.terraform.io/hashicorp/tls/4.0.0/linux_amd64/p'] },
      { kind: 'registry' },
    ],
  ])('takes %s', (_, description, source) => {
    expect(findProviderSource(machine(description))).toEqual(source)
  })

  it('says that a named mirror does not hold the provider', () => {
    expect(() => findProviderSource(machine({ env: { TERRAFORM_PROVIDER_MIRROR: '/m' }, files: [optMirror] }))).toThrow(
      'TERRAFORM_PROVIDER_MIRROR is /m, but /m/registry.terraform.io/hashicorp/aws/<version>/linux_amd64 is not there: correct or unset it.',
    )
  })
})

describe('terraformEnvironment', () => {
  const quiet = { TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' }

  it('leaves the choice to Terraform, quietly', () => {
    expect(terraformEnvironment(machine({}))).toEqual(quiet)
    expect(terraformEnvironment(machine({ env: { TF_CLI_CONFIG_FILE: '/rc' }, files: ['/rc'] }))).toEqual(quiet)
  })

  it('overrides the name of a CLI configuration that is missing', () => {
    expect(terraformEnvironment(machine({ env: { TF_CLI_CONFIG_FILE: '/gone' } }))).toEqual({
      ...quiet,
      TF_CLI_CONFIG_FILE: '',
    })
  })

  it('names a CLI configuration for the mirror, the same one every time', () => {
    const XDG_CACHE_HOME = mkdtempSync(join(tmpdir(), 'cache-'))
    const described = machine({ env: { XDG_CACHE_HOME, TERRAFORM_PROVIDER_MIRROR: '/m' }, files: [`/m/${packages}`] })

    const { TF_CLI_CONFIG_FILE: path = '', ...rest } = terraformEnvironment(described)

    expect(rest).toEqual(quiet)
    expect(path).toMatch(new RegExp(`^${XDG_CACHE_HOME}/`))
    expect(readFileSync(path, 'utf8')).toBe(mirrorConfiguration('/m'))
    writeFileSync(path, 'damaged')
    expect(terraformEnvironment(described)).toEqual({ ...quiet, TF_CLI_CONFIG_FILE: path })
    expect(readFileSync(path, 'utf8')).toBe(mirrorConfiguration('/m'))
  })

  it('bears a cache that cannot be written to', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'cache-')), 'file')
    writeFileSync(file, '')
    const env = { XDG_CACHE_HOME: file, TERRAFORM_PROVIDER_MIRROR: '/m' }

    const { TF_CLI_CONFIG_FILE: path = '' } = terraformEnvironment(machine({ env, files: [`/m/${packages}`] }))

    expect(readFileSync(path, 'utf8')).toBe(mirrorConfiguration('/m'))
  })
})

describe('mirrorConfiguration', () => {
  it('takes one provider from the mirror and all others from the registry', () => {
    expect(mirrorConfiguration('C:\\mirror')).toBe(
      [
        'provider_installation {',
        '  filesystem_mirror {',
        '    path    = "C:\\\\mirror"',
        '    include = ["registry.terraform.io/hashicorp/aws"]',
        '  }',
        '  direct {',
        '    exclude = ["registry.terraform.io/hashicorp/aws"]',
        '  }',
        '}',
        '',
      ].join('\n'),
    )
  })
})
