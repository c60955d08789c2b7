import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configuration } from './support/configuration.js'
import { standIn, temporaryFolder } from './support/stand-in.js'

const repository = join(__dirname, '../../..')
const own: { name: string; dependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(repository, 'package.json'), 'utf8'),
)

function run(cwd: string, program: string, ...args: string[]): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/**
 * A project that has installed the packed package, without network: what the package depends on elsewhere is replaced
 * by packages that fail when they are loaded, since the harness is to need none of it.
 */
function consumer(): string {
  const folder = temporaryFolder()
  const overrides = Object.fromEntries(
    Object.entries(own.dependencies).map(([name, version]) => [name, stub(folder, name, version)]),
  )
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module', overrides }),
  )
  run(repository, 'npm', 'pack', '--silent', '--pack-destination', folder)
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  run(folder, 'npm', 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, tarball))
  return folder
}

function stub(folder: string, name: string, version: string): string {
  const path = join('stubs', name.replaceAll('/', '-'))
  mkdirSync(join(folder, path), { recursive: true })
  writeFileSync(join(folder, path, 'package.json'), JSON.stringify({ name, version }))
  writeFileSync(join(folder, path, 'index.js'), 'throw new Error("not needed by the harness")')
  return `file:./${path}`
}

describe('the packed package', () => {
  const folder = consumer()
  const installed = join(folder, 'node_modules', own.name)

  const client = ['dist/client/index.d.ts', 'dist/client/session.d.ts', 'dist/pages/client.js']

  it('holds the harness, the client for apps and nothing else', () => {
    const files = readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1))

    expect(files.filter((name) => !/^test\/terratest\/lib\/[a-z-]+\.(d\.ts|c?js)$/.test(name)).sort()).toEqual([
      'LICENSE',
      'README.md',
      ...client,
      'package.json',
      'test/terratest/README.md',
    ])
    expect(files).toEqual(
      expect.arrayContaining(['index.cjs', 'index.d.ts', 'index.js'].map((name) => `test/terratest/lib/${name}`)),
    )
  })

  test.each([
    ['import', 'use.mjs', `import * as terratest from '${own.name}/terratest'`],
    ['require', 'use.cjs', `const terratest = require('${own.name}/terratest')`],
  ])('runs in plain Node by %s', (_, file, line) => {
    const binary = standIn("console.log('done')")
    const options = { terraformBinary: binary.path, terraformDir: folder, vars: { name: 'x' } }
    writeFileSync(
      join(folder, file),
      `${line}
      const options = { ...${JSON.stringify(options)}, logger: terratest.discardLogger }
      terratest.saveTerraformOptions('${folder}', options)
        .then(() => terratest.initAndApply(options))
        .then((output) => console.log(output, terratest.marshalOptions(options).length > 600))`,
    )

    expect(run(folder, process.execPath, file)).toBe('done true\n')
    expect(binary.commands()).toEqual([
      ['init', '-upgrade=false'],
      ['apply', '-input=false', '-auto-approve', '-var', 'name=x', '-lock=false'],
    ])
  })

  it('runs under jest as it comes, and names its log lines after the test', () => {
    const terraformDir = configuration('output "x" {\n  value = "from jest"\n}\n')
    writeFileSync(
      join(folder, 'use.test.cjs'),
      `const terratest = require('${own.name}/terratest')
      test('applies', async () => {
        const options = { terraformDir: '${terraformDir}' }
        await terratest.initAndApply(options)
        expect(await terratest.output(options, 'x')).toBe('from jest')
      })`,
    )
    const jest = join(repository, 'node_modules/jest/bin/jest.js')
    const script = `'${process.execPath}' '${jest}' --rootDir '${folder}' --testMatch '**/use.test.cjs' --testTimeout 600000 2>&1`

    const printed = run(folder, 'sh', '-c', script)

    expect(printed).toContain('Tests:       1 passed, 1 total')
    expect(printed).toMatch(/^applies \d{4}-\d\d-\d\dT[\d:.]+Z Running terraform init -upgrade=false in /m)
  })

  it('has types, which refuse what is wrong', () => {
    const program = (lines: string): string =>
      `import { getSession, type Session } from '${own.name}/client'
      import { initAndApply, outputStruct, type Options, type PlanStruct, showWithStruct } from '${own.name}/terratest'\n${lines}`
    writeFileSync(
      join(folder, 'right.ts'),
      program(`export const options: Options = { terraformDir: '.', vars: { a: [1, null, { b: true }] }, lock: true }
      export const plan: Promise<PlanStruct> = showWithStruct(options, { signal: AbortSignal.timeout(1000) })
      export const text: Promise<string> = initAndApply(options)
      export const port: Promise<number> = outputStruct(options, 'port', { parse: Number })
      export const session: Promise<Session | undefined> = getSession()`),
    )
    writeFileSync(
      join(folder, 'wrong.ts'),
      program(`export const options: Options = { terraformDir: '.', maxRetrys: 3 }
      export const number: Promise<number> = initAndApply({ terraformDir: 1 })
      export const end: Promise<Date> = getSession().then((session) => session.expiresAt)`),
    )
    const check = (file: string): string => {
      const tsc = join(repository, 'node_modules/.bin/tsc')
      const flags = '--noEmit --strict --module nodenext --target es2023 --lib es2023,dom --types'
      return run(folder, 'sh', '-c', `'${tsc}' ${flags} '' ${file} || true`)
    }

    expect(check('right.ts')).toBe('')
    expect(check('wrong.ts')).toMatch(
      /'maxRetrys' does not exist.*Type 'number' is not assignable to type 'string'.*'session' is possibly 'undefined'/s,
    )
  })
})
