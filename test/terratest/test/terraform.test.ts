// biome-ignore-all lint/suspicious/noTemplateCurlyInString: HCL's templates are written like JavaScript's.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as terratest from '../src/index.js'
import { configuration, optionsOf, tofuIsInstalled } from './support/configuration.js'

const binaries = ['terraform', ...(tofuIsInstalled() ? ['tofu'] : [])]

const stored = `
variable "name" {
  type    = string
  default = "x"
}

resource "terraform_data" "stored" {
  input = var.name
}

output "name" {
  value = terraform_data.stored.output
}
`

describe('apply and destroy', () => {
  test.each(binaries)('of %s count what they do, and nothing the second time', async (terraformBinary) => {
    const options = optionsOf(configuration(stored), { terraformBinary, vars: { name: 'photos' } })

    const applied = await terratest.initAndApplyAndIdempotent(options)
    expect(terratest.getResourceCount(applied)).toEqual({ add: 1, change: 0, destroy: 0 })
    expect(await terratest.output(options, 'name')).toBe('photos')
    expect(terratest.getResourceCount(await terratest.plan(options))).toEqual({ add: 0, change: 0, destroy: 0 })
    expect(await terratest.planExitCode(options)).toBe(0)

    const changed = { ...options, vars: { name: 'videos' } }
    expect(await terratest.initAndPlanWithExitCode(changed)).toBe(terratest.planHasChangesExitCode)
    expect(terratest.getResourceCount(await terratest.initAndPlan(changed))).toEqual({ add: 0, change: 1, destroy: 0 })

    expect(terratest.getResourceCount(await terratest.destroy(options))).toEqual({ add: 0, change: 0, destroy: 1 })
    expect(await terratest.outputAll(options)).toEqual({})
  })

  it('find a configuration that never comes to rest', async () => {
    const restless = configuration(`
      resource "terraform_data" "restless" {
        input = timestamp()
      }`)

    const applying = terratest.initAndApplyAndIdempotent(optionsOf(restless))

    await expect(applying).rejects.toMatchObject({ name: 'NotIdempotent' })
    await expect(applying).rejects.toThrow(/terraform configuration not idempotent:.*terraform_data\.restless/s)
  })

  it('pass on what terraform says of a failure', async () => {
    const options = optionsOf(
      configuration(`
      resource "terraform_data" "refused" {
        lifecycle {
          precondition {
            condition     = length(path.module) > 99
            error_message = "One is not above two."
          }
        }
      }`),
    )

    await expect(terratest.initAndApply(options)).rejects.toMatchObject({
      name: 'TerraformCommandError',
      exitCode: 1,
      message: expect.stringContaining('One is not above two.'),
    })
    expect(await terratest.planExitCode(options)).toBe(1)
  })

  it('apply a saved plan, flags and all', async () => {
    const folder = configuration(stored)
    const options = optionsOf(folder, {
      vars: { name: 'planned' },
      planFilePath: 'plan.out',
      parallelism: 3,
      lockTimeout: '5s',
    })

    await terratest.initAndPlan(options)
    const output = await terratest.applyAndIdempotent(options)

    expect(terratest.getResourceCount(output)).toEqual({ add: 1, change: 0, destroy: 0 })
    expect(await terratest.output(options, 'name')).toBe('planned')
  })

  it('read variables from files, which win over vars unless told otherwise', async () => {
    const folder = configuration(stored, { 'dev.tfvars': 'name = "from the file"\n' })
    const options = optionsOf(folder, { vars: { name: 'from vars' }, varFiles: ['dev.tfvars'] })

    await terratest.initAndApply(options)
    expect(await terratest.output(options, 'name')).toBe('from the file')

    await terratest.apply({ ...options, setVarsAfterVarFiles: true })
    expect(await terratest.output(options, 'name')).toBe('from vars')

    await terratest.apply({
      ...options,
      varFiles: [],
      vars: {},
      mixedVars: [terratest.varFile('dev.tfvars'), terratest.varInline('name', 'last')],
    })
    expect(await terratest.output(options, 'name')).toBe('last')
  })

  it('configure the backend', async () => {
    const folder = configuration(`
      terraform {
        backend "local" {}
      }
      ${stored}`)
    const options = optionsOf(folder, { backendConfig: { path: 'states/dev.tfstate' } })

    await terratest.initAndApply(options)
    expect(JSON.parse(readFileSync(join(folder, 'states/dev.tfstate'), 'utf8'))).toMatchObject({ version: 4 })

    const moved = { ...options, backendConfig: { path: 'states/prod.tfstate' } }
    await expect(terratest.init(moved)).rejects.toThrow('Backend configuration changed')
    await terratest.init({ ...moved, migrateState: true })
    expect(await terratest.output(moved, 'name')).toBe('x')
    await terratest.init({ ...options, backendConfig: { path: 'states/empty.tfstate' }, reconfigure: true })
    expect(await terratest.outputAll(options)).toEqual({})
  })

  it('try again what failed for a while', async () => {
    const folder = configuration(`
      resource "terraform_data" "flaky" {
        provisioner "local-exec" {
          command = "test -e ready || { touch ready; echo transient trouble >&2; exit 1; }"
        }
      }`)
    const options = optionsOf(folder, {
      retryableTerraformErrors: { '.*transient trouble.*': 'It passes.' },
      maxRetries: 1,
      timeBetweenRetries: 1,
    })

    const output = await terratest.initAndApply(options)

    expect(terratest.getResourceCount(output)).toEqual({ add: 1, change: 0, destroy: 1 })
  })

  it('make a warning of terraform an error', async () => {
    const options = optionsOf(configuration(stored), {
      targets: ['terraform_data.stored'],
      warningsAsErrors: { 'Resource targeting is in effect': 'no targets' },
    })

    await terratest.init(options)

    await expect(terratest.plan(options)).rejects.toThrow(
      'terraform warned: no targets (Resource targeting is in effect)',
    )
  })

  it('validate without variables', async () => {
    const folder = configuration(stored)
    const options = optionsOf(folder, {
      vars: { name: 'x' },
      varFiles: ['missing.tfvars'],
      targets: ['terraform_data.stored'],
    })
    expect(await terratest.initAndValidate(options)).toContain('The configuration is valid')

    const broken = optionsOf(configuration('output "x" {\n  value = var.missing\n}\n'))
    await expect(terratest.initAndValidate(broken)).rejects.toThrow('Reference to undeclared input variable')
  })

  it('leave no lock behind when aborted', async () => {
    const folder = configuration(`
      resource "terraform_data" "first" {}

      resource "terraform_data" "slow" {
        depends_on = [terraform_data.first]
        provisioner "local-exec" {
          command = "echo underway; sleep 30"
        }
      }`)
    const controller = new AbortController()
    const log = (line: string) => {
      if (line.includes('underway') && line.includes('local-exec')) controller.abort()
    }
    const options = optionsOf(folder)
    await terratest.init(options)

    const applying = terratest.apply({ ...options, logger: { log } }, { signal: controller.signal })

    await expect(applying).rejects.toMatchObject({ name: 'AbortError' })
    await expect(applying).rejects.toThrow(/Interrupt received/)
    expect(existsSync(join(folder, '.terraform.tfstate.lock.info'))).toBe(false)
    expect(terratest.getResourceCount(await terratest.destroy(options)).destroy).toBeGreaterThanOrEqual(1)
  })
})

describe('values', () => {
  const echo = `
    variable "value" {
      type = any
    }

    output "value" {
      value = var.value
    }`

  it('arrive at terraform and come back as they were, however hostile', async () => {
    const hostile: terratest.TerraformValue = {
      'a "key" with ${template} = 1, "b"': [
        '${var.value}',
        '$${x}',
        '%{ if true }',
        '%%{x}',
        '$',
        '%',
        '$$',
        '\\',
        '\\"',
        '"',
      ],
      'line\nends\r\n': ['\t', '\u0001', '\u007f', 'é', '\u{1f600}', '', ' '],
      numbers: [0, -1, 1.5, 1e-7, 1_000_000, 123_456_789_012, true, false, null],
      nested: { empty: {}, list: [], deep: [[['x']]] },
      '-var': "'; rm -rf /",
    }
    const options = optionsOf(configuration(echo), { vars: { value: hostile } })

    await terratest.initAndApply(options)

    expect(await terratest.outputStruct(options, 'value')).toEqual(hostile)
  })

  test.each(['plain', '', ' spaces ', 'a"b', 'ünï', '-x', '$HOME `id`', 'two\nlines', '${not.a.template}'])(
    'of the type string arrive as they are: %j',
    async (value) => {
      const options = optionsOf(configuration(stored), { vars: { name: value } })

      await terratest.initAndApply(options)

      expect(await terratest.output(options, 'name')).toBe(value)
    },
  )
})

describe('outputs', () => {
  const options = optionsOf(
    configuration(`
      output "text"     { value = "https://d1.example/<&>" }
      output "empty"    { value = "" }
      output "million"  { value = 1000000 }
      output "large"    { value = 9007199254740993 }
      output "fraction" { value = 0.1 }
      output "yes"      { value = true }
      output "list"     { value = [1, "a", null, true] }
      output "map"      { value = { b = 1, a = [2] } }
      output "objects"  { value = [{ n = 1 }, { n = 2.5 }] }
      output "secret" {
        value     = "sesame"
        sensitive = true
      }`),
  )

  beforeAll(async () => {
    await terratest.initAndApply(options)
  })

  test.each([
    ['text', 'https://d1.example/<&>'],
    ['empty', ''],
    ['million', '1000000'],
    ['large', '9007199254740993'],
    ['fraction', '0.1'],
    ['yes', 'true'],
    ['list', '[1 a <nil> true]'],
    ['map', 'map[a:[2] b:1]'],
    ['secret', 'sesame'],
  ])('are text: %s', async (key, text) => {
    expect(await terratest.output(options, key)).toBe(text)
  })

  it('are lists and maps of text', async () => {
    expect(await terratest.outputList(options, 'list')).toEqual(['1', 'a', '<nil>', 'true'])
    expect(await terratest.outputMap(options, 'map')).toEqual({ a: '[2]', b: '1' })
  })

  it('are objects with values in their own types', async () => {
    expect(await terratest.outputListOfObjects(options, 'objects')).toEqual([{ n: 1 }, { n: 2.5 }])
    expect(await terratest.outputMapOfObjects(options, 'map')).toEqual({ a: [2], b: 1 })
    expect(await terratest.outputForKeys(options, ['yes', 'fraction'])).toEqual({ yes: true, fraction: 0.1 })
    expect(await terratest.outputAll(options)).toMatchObject({
      million: 1_000_000,
      secret: 'sesame',
      text: 'https://d1.example/<&>',
    })
  })

  it('are JSON', async () => {
    expect(await terratest.outputJson(options, 'map')).toBe('{\n  "a": [\n    2\n  ],\n  "b": 1\n}')
    expect(await terratest.outputJson(options, 'large')).toBe('9007199254740993')
    expect(JSON.parse(await terratest.outputJson(options))).toMatchObject({
      secret: { sensitive: true, type: 'string', value: 'sesame' },
    })
  })

  it('are what the caller makes of them', async () => {
    const parse = (value: unknown) => {
      if (typeof value !== 'number') throw new TypeError('not a number')
      return value + 1
    }

    expect(await terratest.outputStruct(options, 'million', { parse })).toBe(1_000_001)
    await expect(terratest.outputStruct(options, 'text', { parse })).rejects.toThrow('not a number')
  })

  test.each<[string, () => Promise<unknown>, string, string]>([
    [
      'a missing one',
      () => terratest.output(options, 'missing'),
      'TerraformCommandError',
      'Output "missing" not found',
    ],
    [
      'a missing one of several',
      () => terratest.outputForKeys(options, ['yes', 'constructor']),
      'OutputKeyNotFound',
      `output doesn't contain a value for the key "constructor"`,
    ],
    [
      'an empty one',
      () => terratest.outputRequired(options, 'empty'),
      'EmptyOutput',
      'Required output empty was empty',
    ],
    [
      'text for a list',
      () => terratest.outputList(options, 'text'),
      'UnexpectedOutputType',
      "Expected output 'text' to be of type 'a list' but got 'a string'",
    ],
    [
      'a list for a map',
      () => terratest.outputMap(options, 'list'),
      'UnexpectedOutputType',
      "Expected output 'list' to be of type 'a map' but got 'a list'",
    ],
    [
      'a list of other things',
      () => terratest.outputListOfObjects(options, 'list'),
      'UnexpectedOutputType',
      "Expected output 'list[0]' to be of type 'an object' but got 'a number'",
    ],
  ])('refuse %s', async (_, read, name, sentence) => {
    const reading = read()

    await expect(reading).rejects.toMatchObject({ name })
    await expect(reading).rejects.toThrow(sentence)
  })

  it('that are required are given', async () => {
    expect(await terratest.outputRequired(options, 'million')).toBe('1000000')
  })
})

describe('plans', () => {
  function withChild(): string {
    const folder = configuration(`module "child" {\n  source = "./child"\n}\n${stored}`)
    // A module lies in a folder of its own.
    mkdirSync(join(folder, 'child'))
    writeFileSync(join(folder, 'child/main.tf'), 'resource "terraform_data" "inner" {\n  count = 2\n}\n')
    return folder
  }

  it('are structs with the resources of all modules', async () => {
    const options = optionsOf(withChild(), { planFilePath: 'plan.out', vars: { name: 'planned' } })

    const plan = await terratest.initAndPlanAndShowWithStruct(options)

    expect([...plan.resourcePlannedValuesMap.keys()].sort()).toEqual([
      'module.child.terraform_data.inner[0]',
      'module.child.terraform_data.inner[1]',
      'terraform_data.stored',
    ])
    expect(terratest.assertPlannedValuesMapKeyExists(plan, 'terraform_data.stored').values).toMatchObject({
      input: 'planned',
    })
    const change = terratest.assertResourceChangesMapKeyExists(plan, 'module.child.terraform_data.inner[1]')
    expect(change).toMatchObject({ module_address: 'module.child', index: 1, change: { actions: ['create'] } })
    expect(() => terratest.assertResourceChangesMapKeyExists(plan, 'terraform_data.other')).toThrow(
      /the plan's resource changes have no terraform_data\.other; they have .*terraform_data\.stored/,
    )
    expect(JSON.parse(await terratest.initAndPlanAndShow(options))).toMatchObject({
      format_version: plan.rawPlan.format_version,
    })
  })

  it('need no file of the caller', async () => {
    const folder = withChild()

    const plan = await terratest.initAndPlanAndShowWithStructNoLogTempPlanFile(optionsOf(folder))

    expect(plan.resourceChangesMap.size).toBe(3)
    expect(existsSync(join(folder, 'plan.out'))).toBe(false)
  })

  it('refuse to be shown without a file', async () => {
    const options = optionsOf(configuration(stored))

    await expect(terratest.initAndPlanAndShow(options)).rejects.toThrow('you must set planFilePath')
    await terratest.initAndApply(options)
    await expect(terratest.showWithStruct(options)).rejects.toThrow('what terraform showed is no plan')
  })
})

describe('workspaces', () => {
  it('are made, selected and deleted by their whole names', async () => {
    const options = optionsOf(configuration(stored))
    await terratest.init(options)

    expect(await terratest.workspaceSelectOrNew(options, 'prod-dev')).toBe('prod-dev')
    expect(await terratest.workspaceSelectOrNew(options, 'dev')).toBe('dev')
    expect(await terratest.workspaceSelectOrNew(options, 'prod-dev')).toBe('prod-dev')
    expect(await terratest.workspaceDelete(options, 'dev')).toBe('prod-dev')
    expect(await terratest.workspaceDelete(options, 'prod-dev')).toBe('default')
    await expect(terratest.workspaceDelete(options, 'dev')).rejects.toThrow(
      'there is no workspace dev; there are default',
    )
    await expect(terratest.workspaceDelete(options, 'default')).rejects.toThrow(
      'the workspace default cannot be deleted',
    )
  })

  it('that hold resources are not deleted, and stay selected', async () => {
    const options = optionsOf(configuration(stored))
    await terratest.init(options)
    await terratest.workspaceSelectOrNew(options, 'full')
    await terratest.apply(options)

    await expect(terratest.workspaceDelete(options, 'full')).rejects.toMatchObject({ name: 'TerraformCommandError' })

    expect(await terratest.workspaceSelectOrNew(options, 'full')).toBe('full')
    expect(await terratest.output(options, 'name')).toBe('x')
  })
})

describe('stages', () => {
  it('hand over from one process to the next', async () => {
    const folder = configuration(stored)
    await terratest.runTestStage(
      'setup',
      async () => {
        const options = optionsOf(folder, { vars: { name: 'kept' } })
        await terratest.saveTerraformOptions(folder, options)
        await terratest.initAndApply(options)
      },
      { logger: terratest.discardLogger },
    )

    const loaded = await terratest.loadTerraformOptions(folder)
    const quiet = { ...loaded, logger: terratest.discardLogger }
    expect(await terratest.output(quiet, 'name')).toBe('kept')
    expect(terratest.getResourceCount(await terratest.destroy(quiet)).destroy).toBe(1)
  })
})

describe('the AWS provider', () => {
  it('is found where this machine has it, without a warning about the CLI configuration', async () => {
    const options = optionsOf(
      configuration(`
        terraform {
          required_providers {
            aws = {
              source  = "hashicorp/aws"
              version = ">= 5.100.0"
            }
          }
        }`),
    )

    const output = await terratest.init(options)

    expect(output).toContain('Installed hashicorp/aws')
    expect(output).not.toMatch(/CLI configuration/)
  })
})
