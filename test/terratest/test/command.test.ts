// biome-ignore-all lint/suspicious/noTemplateCurlyInString: HCL's templates are written like JavaScript's.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatHcl } from '../src/command.js'
import * as terratest from '../src/index.js'
import { discardLogger } from '../src/logger.js'
import type { Options, TerraformValue } from '../src/options.js'
import { fullOptions } from './support/full-options.js'
import { standIn, temporaryFolder } from './support/stand-in.js'

const recordings: Record<string, string[][]> = JSON.parse(
  readFileSync(join(__dirname, '../recordings/command-lines.json'), 'utf8'),
)

/** The options of the recordings: those of `full`, with one variable. */
const { planFilePath = '', ...full } = { ...fullOptions, vars: { name: 'a<b>' } }

/** What a terraform that does nothing is made to run. */
async function commandsOf(run: (options: Options) => Promise<unknown>, options: Partial<Options>): Promise<string[][]> {
  const binary = standIn("process.stdout.write('{}')")
  await run({
    ...options,
    terraformBinary: binary.path,
    terraformDir: temporaryFolder(),
    logger: discardLogger,
  }).catch((error: unknown) => {
    if (!(error instanceof terratest.UnreadableOutput)) throw error
  })
  return binary.commands()
}

describe('command lines', () => {
  test.each<[string, (options: Options) => Promise<unknown>, Partial<Options>]>([
    ['init', terratest.init, full],
    ['plan', terratest.plan, { ...full, planFilePath }],
    ['planExitCode', terratest.planExitCode, { ...full, planFilePath }],
    ['apply', terratest.apply, full],
    ['applyAndIdempotent', terratest.applyAndIdempotent, full],
    ['destroy', terratest.destroy, full],
    ['show', terratest.show, { planFilePath }],
    ['output key', (options) => terratest.output(options, 'url'), full],
    ['outputAll', terratest.outputAll, full],
    ['zero init', terratest.init, {}],
    ['zero apply', terratest.apply, {}],
    ['zero destroy', terratest.destroy, {}],
    ['bool var', terratest.apply, { vars: { v: true } }],
    ['number var', terratest.apply, { vars: { v: 1_000_000 } }],
    ['null var', terratest.apply, { vars: { v: null } }],
  ])('are those of terratest: %s', async (name, run, options) => {
    expect(await commandsOf(run, options)).toEqual(recordings[name])
  })

  it('have flags ahead of the plan file, where terratest has --parallelism behind it', async () => {
    const recorded = recordings['apply with planFilePath']?.[0] ?? []
    expect(recorded.slice(-2)).toEqual(['plan.out', '--parallelism=4'])

    const commands = await commandsOf(terratest.apply, { ...full, planFilePath })

    expect(commands).toEqual([[...recorded.slice(0, -2), '--parallelism=4', 'plan.out']])
  })

  it('have neither variables nor targets for validate, where terratest passes them', async () => {
    expect(recordings.validate?.[0]).toContain('-var-file')

    expect(await commandsOf(terratest.validate, full)).toEqual([['validate', '-no-color']])
  })

  it('have escapes in nested strings, where terratest has none', async () => {
    const recorded = recordings['nested var']?.[0] ?? []
    expect(recorded).toContain('v={"k" = ["s", 1, true, null, {"q" = "a"b${c}"}]}')

    const commands = await commandsOf(terratest.apply, { vars: { v: { k: ['s', 1, true, null, { q: 'a"b${c}' }] } } })

    expect(commands).toEqual([recorded.map((arg) => arg.replace('"a"b${c}"', '"a\\"b\\u0024{c}"'))])
  })

  it('write a float that is whole as a whole number, where terratest has an exponent', async () => {
    expect(recordings['float var']?.[0]).toContain('v=1e+06')

    expect((await commandsOf(terratest.apply, { vars: { v: 1e6 } }))[0]).toContain('v=1000000')
  })

  it('have variables behind files only if asked, and mixed ones first', async () => {
    const options: Partial<Options> = {
      mixedVars: [terratest.varFile('first.tfvars'), terratest.varInline('second', [1])],
      vars: { third: 'x' },
      varFiles: ['fourth.tfvars'],
    }
    const first = ['-var-file', 'first.tfvars', '-var', 'second=[1]']
    const vars = ['-var', 'third=x']
    const files = ['-var-file', 'fourth.tfvars']

    expect((await commandsOf(terratest.plan, options))[0]?.slice(3, -1)).toEqual([...first, ...vars, ...files])
    expect((await commandsOf(terratest.plan, { ...options, setVarsAfterVarFiles: true }))[0]?.slice(3, -1)).toEqual([
      ...first,
      ...files,
      ...vars,
    ])
  })

  it('have the extra arguments of their verb, ahead of names and files', async () => {
    const extraArgs = { show: ['-a'], output: ['-b'], get: ['-c'], validate: ['-d'], destroy: ['-e'] }

    expect(await commandsOf(terratest.show, { extraArgs, planFilePath })).toEqual([
      ['show', '-no-color', '-json', '-a', 'plan.out'],
    ])
    expect(await commandsOf((o) => terratest.output(o, 'k'), { extraArgs })).toEqual([
      ['output', '-no-color', '-json', '-b', 'k'],
    ])
    expect(await commandsOf(terratest.get, { extraArgs })).toEqual([['get', '-update', '-c']])
    expect(await commandsOf(terratest.validate, { extraArgs })).toEqual([['validate', '-d']])
    expect(await commandsOf(terratest.destroy, { extraArgs })).toEqual([
      ['destroy', '-auto-approve', '-input=false', '-e', '-lock=false'],
    ])
  })

  it('have parallelism behind the verb of a command of your own, once', async () => {
    const run = (...args: string[]) => commandsOf((o) => terratest.runTerraformCommand(o, args), { parallelism: 2 })

    expect(await run('apply', 'plan.out')).toEqual([['apply', '--parallelism=2', 'plan.out']])
    expect(await run('apply', '-parallelism=9', 'plan.out')).toEqual([['apply', '-parallelism=9', 'plan.out']])
    expect(await run('fmt', '-check')).toEqual([['fmt', '-check']])
  })

  it('have the plugin directory for init alone', async () => {
    expect(await commandsOf(terratest.init, { pluginDir: '/plugins' })).toEqual([
      ['init', '-upgrade=false', '-plugin-dir=/plugins'],
    ])
    expect(await commandsOf(terratest.apply, { pluginDir: '/plugins' })).toEqual(recordings['zero apply'])
  })
})

describe('formatHcl', () => {
  test.each<[string, TerraformValue, string]>([
    ['an empty list', [], '[]'],
    ['an empty map', {}, '{}'],
    ['a quote and a backslash', 'a"\\', '"a\\"\\\\"'],
    ['a template', '${var.x}', '"\\u0024{var.x}"'],
    ['an escaped template', '$${x}', '"$\\u0024{x}"'],
    ['a directive', '%{ if true }', '"\\u0025{ if true }"'],
    ['lone signs', '$ % {', '"$ % {"'],
    ['line ends and controls', '\r\n\t\u0000\u007f', '"\\u000d\\u000a\\u0009\\u0000\\u007f"'],
    ['a hostile key', { 'a" = 1, "b': true }, '{"a\\" = 1, \\"b" = true}'],
    ['small and large numbers', [1e-7, 1e21, -0.5], '[1e-7, 1e+21, -0.5]'],
  ])('writes %s', (_, value, hcl) => {
    expect(formatHcl(value)).toBe(hcl)
  })
})
