import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import * as terratest from '../src/index.js'
import { fullOptions } from './support/full-options.js'
import { temporaryFolder } from './support/stand-in.js'

const recordings = join(__dirname, '../recordings')

function bytesOf(folder: string, file: string): string {
  return readFileSync(join(folder, '.test-data', file), 'utf8')
}

/** A new folder whose .test-data holds one file. */
function folderWith(file: string, text: string): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, '.test-data'))
  writeFileSync(join(folder, '.test-data', file), text)
  return folder
}

describe('what is saved', () => {
  it('has the bytes and names that terratest wrote', async () => {
    const folder = temporaryFolder()
    await terratest.saveTerraformOptions(folder, fullOptions)
    await terratest.saveString(folder, 'distribution', 'https://d1.example/<&>')
    await terratest.saveInt(folder, 'port', 8443)
    await terratest.saveArtifactID(folder, 'ami-1')
    await terratest.saveTestData(terratest.formatTestDataPath(folder, 'object.json'), true, {
      z: 1,
      a: ['é', null, 1e21, 1_000_000, 0.1],
    })

    const files = readdirSync(join(recordings, 'full/.test-data'))
    expect(readdirSync(join(folder, '.test-data')).sort()).toEqual(files.sort())
    for (const file of files) expect(bytesOf(folder, file)).toBe(bytesOf(join(recordings, 'full'), file))
  })

  it('can be read by its owner alone, also over a file that all could read', async () => {
    const folder = folderWith('TerraformOptions.json', '{}')

    await terratest.saveTerraformOptions(folder, fullOptions)

    expect(statSync(join(folder, '.test-data/TerraformOptions.json')).mode & 0o777).toBe(0o600)
  })

  it('lies in a folder of mode 0755', async () => {
    const folder = join(temporaryFolder(), 'new')

    await terratest.saveInt(folder, 'port', 1)

    expect(statSync(join(folder, '.test-data')).mode & 0o777).toBe(0o755 & ~process.umask())
  })

  it('comes back', async () => {
    const folder = temporaryFolder()
    await terratest.saveTerraformOptions(folder, fullOptions)
    await terratest.saveString(folder, 'a name with blanks', 'ünï\n')
    await terratest.saveInt(folder, 'negative', -1)
    await terratest.saveArtifactID(folder, 'ami-2')

    expect(await terratest.loadTerraformOptions(folder)).toEqual(fullOptions)
    expect(await terratest.loadString(folder, 'a name with blanks')).toBe('ünï\n')
    expect(await terratest.loadInt(folder, 'negative')).toBe(-1)
    expect(await terratest.loadArtifactID(folder)).toBe('ami-2')
  })

  it('stays as it was when the new value cannot be saved', async () => {
    const folder = temporaryFolder()
    await terratest.saveTerraformOptions(folder, fullOptions)
    const path = terratest.formatTestDataPath(folder, 'TerraformOptions.json')

    await expect(terratest.saveTerraformOptions(folder, { terraformDir: '/x', stdin: 'yes' })).rejects.toThrow(
      'stdin cannot be saved',
    )
    await expect(terratest.saveTestData(path, true, { when: undefined })).rejects.toThrow(/value\.when is undefined/)

    expect(await terratest.loadTerraformOptions(folder)).toEqual(fullOptions)
    expect(readdirSync(join(folder, '.test-data'))).toEqual(['TerraformOptions.json'])
  })

  it('of the IfNotPresent kind replaces nothing but nothing', async () => {
    const folder = folderWith('TerraformOptions.json', '{}')

    await terratest.saveTerraformOptionsIfNotPresent(folder, { terraformDir: '/first' })
    await terratest.saveTerraformOptionsIfNotPresent(folder, { terraformDir: '/second' })

    expect(await terratest.loadTerraformOptions(folder)).toEqual({ terraformDir: '/first' })
  })

  test.each(['', '../up', 'a/b', 'a\\b', 'nul\0'])('refuses the name %j', async (name) => {
    await expect(terratest.saveString(temporaryFolder(), name, 'x')).rejects.toThrow('is no name for test data')
  })

  test.each([Number.NaN, 0.5, 2 ** 53])('refuses %d as a whole number', async (value) => {
    await expect(terratest.saveInt(temporaryFolder(), 'n', value)).rejects.toThrow('must be a whole number below 2^53')
  })
})

describe('what is loaded', () => {
  it('may come from terratest', async () => {
    const folder = temporaryFolder()
    cpSync(join(recordings, 'full'), folder, { recursive: true })

    expect(await terratest.loadTerraformOptions(folder)).toEqual(fullOptions)
    expect(await terratest.loadString(folder, 'distribution')).toBe('https://d1.example/<&>')
    expect(await terratest.loadInt(folder, 'port')).toBe(8443)
    expect(await terratest.loadArtifactID(folder)).toBe('ami-1')
    expect(await terratest.loadTestData(terratest.formatTestDataPath(folder, 'object.json'))).toEqual({
      a: ['é', null, 1e21, 1_000_000, 0.1],
      z: 1,
    })
  })

  it('is quoted in no error', async () => {
    const folder = folderWith('TerraformOptions.json', '{"EnvVars":{"TOKEN":"canary-7f3a",}}')

    const failure: unknown = await terratest.loadTerraformOptions(folder).catch((error: unknown) => error)

    expect(inspect(failure, { depth: 9 })).toContain('the saved options are not JSON')
    expect(inspect(failure, { depth: 9 })).not.toContain('canary-7f3a')
  })

  it('is missed by its path', async () => {
    const folder = temporaryFolder()

    await expect(terratest.loadTerraformOptions(folder)).rejects.toThrow(
      `${folder}/.test-data/TerraformOptions.json cannot be read; did the stage that saves it run?`,
    )
  })

  test.each<[string, (folder: string) => Promise<unknown>, string, string]>([
    [
      'options with two wrong fields',
      terratest.loadTerraformOptions,
      '{"Lock":1,"VarFiles":"x"}',
      'Lock must be true or false, got 1; VarFiles must be a list',
    ],
    [
      'options cut short',
      terratest.loadTerraformOptions,
      '{"Lock":tr',
      'TerraformOptions.json: the saved options are not JSON',
    ],
    [
      'a string for a number',
      (folder) => terratest.loadInt(folder, 'TerraformOptions'),
      '"42"',
      'must hold a whole number below 2^53, got a string',
    ],
    ['a fraction', (folder) => terratest.loadInt(folder, 'TerraformOptions'), '4.2', 'must hold a whole number'],
    [
      'digits that JavaScript would lose',
      (folder) => terratest.loadInt(folder, 'TerraformOptions'),
      '9007199254740993',
      'must hold a whole number below 2^53',
    ],
    [
      'a number for a string',
      (folder) => terratest.loadString(folder, 'TerraformOptions'),
      '42',
      'must hold a string, got a number',
    ],
    [
      'no JSON',
      (folder) => terratest.loadString(folder, 'TerraformOptions'),
      'hello',
      'TerraformOptions.json is not JSON',
    ],
  ])('is refused: %s', async (_, load, text, sentence) => {
    const loading = load(folderWith('TerraformOptions.json', text))

    await expect(loading).rejects.toMatchObject({ name: 'TestDataError' })
    await expect(loading).rejects.toThrow(sentence)
  })
})

describe('isTestDataPresent', () => {
  test.each(['', 'null', 'false', '0', '""', '[]', '{}', ' { } '])('is false for %j', async (text) => {
    const folder = folderWith('x.json', text)

    expect(await terratest.isTestDataPresent(terratest.formatTestDataPath(folder, 'x.json'))).toBe(false)
  })

  test.each(['true', '-1', '" "', '[null]', '{"a":null}'])('is true for %j', async (text) => {
    const folder = folderWith('x.json', text)

    expect(await terratest.isTestDataPresent(terratest.formatTestDataPath(folder, 'x.json'))).toBe(true)
  })

  it('is false for a missing file, and rejects for one that is not JSON', async () => {
    const folder = folderWith('x.json', 'hello')

    expect(await terratest.isTestDataPresent(join(folder, 'missing.json'))).toBe(false)
    await expect(terratest.isTestDataPresent(join(folder, '.test-data/x.json'))).rejects.toThrow('is not JSON')
  })
})

describe('cleanup', () => {
  it('removes one file, or the whole folder, there or not', async () => {
    const folder = temporaryFolder()
    await terratest.saveInt(folder, 'one', 1)
    await terratest.saveInt(folder, 'two', 2)

    await terratest.cleanupTestData(terratest.formatTestDataPath(folder, 'one.json'))
    await terratest.cleanupTestData(terratest.formatTestDataPath(folder, 'one.json'))
    expect(readdirSync(join(folder, '.test-data'))).toEqual(['two.json'])

    await terratest.cleanupTestDataFolder(folder)
    await terratest.cleanupTestDataFolder(folder)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('copyTerraformFolderToTemp', () => {
  const quiet = { env: {}, logger: terratest.discardLogger }

  function root(): string {
    const folder = join(temporaryFolder(), '.hidden', 'project')
    const files = [
      'main.tf',
      'terraform.tfvars',
      'terraform.tfvars.json',
      'dev.tfvars',
      'terraform.tfstate',
      'terraform.tfstate.backup',
      '.terraform-version',
      '.env',
      '.git/config',
      'node_modules/x/index.js',
      'examples/stages/main.tf',
      'examples/stages/.terraform.lock.hcl',
      'examples/stages/.terraform/modules/modules.json',
      'examples/stages/terraform.tfstate.d/dev/terraform.tfstate',
      'examples/node_modules/y.js',
    ]
    for (const file of files) {
      mkdirSync(join(folder, file, '..'), { recursive: true })
      writeFileSync(join(folder, file), file)
    }
    mkdirSync(join(folder, 'empty'))
    symlinkSync('../main.tf', join(folder, 'examples/link.tf'))
    return folder
  }

  it('copies the whole root, but what is hidden, state, local variables and node_modules', async () => {
    const original = root()
    const destination = temporaryFolder()

    const path = await terratest.copyTerraformFolderToTemp(original, 'examples/stages', {
      ...quiet,
      destination,
      testName: 'suite/My test: 1',
    })

    const [name = ''] = readdirSync(destination)
    expect(name).toMatch(/^My-test-1-[A-Za-z0-9]{6}$/)
    expect(path).toBe(join(destination, name, 'project/examples/stages'))
    const copied = readdirSync(join(destination, name, 'project'), { recursive: true })
      .map(String)
      .sort()
    expect(copied).toEqual([
      '.terraform-version',
      'dev.tfvars',
      'empty',
      'examples',
      'examples/link.tf',
      'examples/stages',
      'examples/stages/.terraform.lock.hcl',
      'examples/stages/main.tf',
      'examples/stages/terraform.tfstate.d',
      'examples/stages/terraform.tfstate.d/dev',
      'main.tf',
    ])
    expect(readFileSync(join(destination, name, 'project/examples/link.tf'), 'utf8')).toBe('main.tf')
  })

  it('gives every copy a folder of its own', async () => {
    const original = root()
    const options = { ...quiet, destination: temporaryFolder() }

    const paths = await Promise.all([1, 2].map(() => terratest.copyTerraformFolderToTemp(original, '.', options)))

    expect(new Set(paths).size).toBe(2)
  })

  it('copies nothing while any stage is skipped', async () => {
    const original = root()
    const destination = temporaryFolder()

    const path = await terratest.copyTerraformFolderToTemp(original, 'examples', {
      ...quiet,
      destination,
      env: { SKIP_teardown: '' },
    })

    expect(path).toBe(join(original, 'examples'))
    expect(readdirSync(destination)).toEqual([])
  })

  it('does not copy the copy into itself', async () => {
    const original = root()

    const path = await terratest.copyTerraformFolderToTemp(original, 'examples', {
      ...quiet,
      destination: join(original, 'tmp'),
    })

    expect(readdirSync(join(path, '..', 'tmp'))).toEqual([])
  })

  test.each([
    ['missing', 'there is no folder'],
    ['main.tf', 'there is no folder'],
    ['..', 'lies outside of'],
    ['../../etc', 'lies outside of'],
  ])('refuses the folder %s', async (folder, sentence) => {
    await expect(terratest.copyTerraformFolderToTemp(root(), folder, quiet)).rejects.toThrow(sentence)
  })
})
