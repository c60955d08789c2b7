import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { goFormat, goJson } from '../src/go-values.js'
import { indentJson } from '../src/indent-json.js'
import { discardLogger } from '../src/logger.js'
import { type Options, type TerraformValue, varFile, varInline, withDefaultRetryableErrors } from '../src/options.js'
import { marshalOptions, unmarshalOptions } from '../src/options-json.js'
import { fullOptions } from './support/full-options.js'
import { askGo, goIsInstalled } from './support/go.js'

function recorded(name: string): string {
  return readFileSync(join(__dirname, '../recordings', name, '.test-data/TerraformOptions.json'), 'utf8')
}

describe('marshalOptions', () => {
  it('writes the bytes that terratest wrote for the same options', () => {
    expect(marshalOptions(fullOptions)).toBe(recorded('full'))
    expect(marshalOptions({ terraformDir: '/src' })).toBe(recorded('empty'))
  })

  it('makes a relative terraformDir absolute', () => {
    expect(unmarshalOptions(marshalOptions({ terraformDir: 'examples/minimal' }))).toEqual({
      terraformDir: resolve('examples/minimal'),
    })
  })

  it('writes a logger and an agent as empty objects, and lists and maps without elements as such', () => {
    const text = marshalOptions({
      terraformDir: '/src',
      logger: discardLogger,
      sshAgent: { socketFile: '/run/agent' },
      vars: {},
      targets: [],
      mixedVars: [],
    })

    expect(text).toContain('"Logger":{},')
    expect(text).toContain('"SshAgent":{},')
    expect(text).toContain('"Vars":{},')
    expect(text).toContain('"Targets":[],"MixedVars":[],"VarFiles":null,')
    expect(text).not.toContain('/run/agent')
  })

  it('writes the four maps of withDefaultRetryableErrors as empty objects', () => {
    const text = marshalOptions(withDefaultRetryableErrors({ terraformDir: '/src' }))

    expect(text).toMatch(
      /^\{"Stdin":null,"WarningsAsErrors":\{\},"Logger":null,"BackendConfig":\{\},"EnvVars":\{\},"Vars":\{\},/,
    )
    expect(text).toContain('"TimeBetweenRetries":5000000000,')
    expect(text).toContain('"MaxRetries":3,')
  })

  test.each<[string, unknown, string]>([
    ['a field of another name', { terraformdir: '/x' }, 'terraformdir is no option'],
    ['text for a number', { maxRetries: '3' }, 'maxRetries must be a whole number, got a string'],
    ['a fraction of a retry', { maxRetries: 1.5 }, 'maxRetries must be a whole number, got 1.5'],
    ['a duration in words', { timeBetweenRetries: '5s' }, 'timeBetweenRetries must be a number of milliseconds'],
    ['a duration beyond int64', { timeBetweenRetries: 1e13 }, 'timeBetweenRetries must be a number of milliseconds'],
    ['no number', { timeBetweenRetries: Number.NaN }, 'timeBetweenRetries must be a number of milliseconds, got NaN'],
    ['an infinite variable', { vars: { a: { b: [1, -Infinity] } } }, 'vars.a.b[1] is -Infinity, which JSON cannot say'],
    ['an undefined variable', { vars: { a: undefined } }, 'vars.a is undefined, which JSON cannot say'],
    ['a date', { vars: { a: new Date(0) } }, 'vars.a is a Date, which JSON cannot say'],
    ['a big integer', { vars: { a: 1n } }, 'vars.a is a bigint, which JSON cannot say'],
    ['a list of variables', { vars: ['a'] }, 'vars must be an object, got a list'],
    [
      'a variable whose name ends early',
      { vars: { 'a=b': 1, '': 2 } },
      "vars has 'a=b', which is no name; vars has '', which is no name",
    ],
    ['a number in the environment', { envVars: { PORT: 8443 } }, 'envVars.PORT must be a string, got 8443'],
    ['one variables file', { varFiles: 'dev.tfvars' }, 'varFiles must be a list of strings, got a string'],
    ['extra arguments of no verb', { extraArgs: { refresh: [] } }, 'extraArgs.refresh is no verb'],
    ['a logger without log', { logger: console.log }, 'logger must have a function log(line), got a function'],
    ['mixed variables', { mixedVars: [varFile('a.tfvars'), varInline('b', 1)] }, 'mixedVars cannot be saved'],
    ['standard input', { stdin: 'yes' }, 'stdin cannot be saved'],
  ])('refuses %s', (_, fields, sentence) => {
    const options = { terraformDir: '/src', ...Object(fields) } as Options

    expect(() => marshalOptions(options)).toThrow(expect.objectContaining({ name: 'InvalidOptions' }))
    expect(() => marshalOptions(options)).toThrow(sentence)
  })

  it('names every wrong field at once, and no value that could be a secret', () => {
    const options = { terraformDir: '/src', lock: 'sesame', envVars: { TOKEN: ['sesame'] } } as unknown as Options

    expect(() => marshalOptions(options)).toThrow(
      /^these options cannot be saved: lock must be true or false, got a string; envVars\.TOKEN must be a string, got a list$/,
    )
  })
})

describe('unmarshalOptions', () => {
  it('reads what terratest wrote', () => {
    expect(unmarshalOptions(recorded('full'))).toEqual(fullOptions)
    expect(unmarshalOptions(recorded('empty'))).toEqual({ terraformDir: '/src' })
  })

  it('reads keys in any case, and passes over unknown keys and nulls', () => {
    const text =
      '{"terraformdir":"/src","LOCK":true,"extraargs":{"PLAN":["-x"],"new":1},"New":[1],"Vars":null,"VarFiles":[null]}'

    expect(unmarshalOptions(text)).toEqual({
      terraformDir: '/src',
      lock: true,
      extraArgs: { plan: ['-x'] },
      varFiles: [''],
    })
  })

  it('keeps an empty logger, agent and list apart from absent ones', () => {
    const text = marshalOptions({ terraformDir: '/src', logger: discardLogger, sshAgent: {}, varFiles: [], vars: {} })

    expect(marshalOptions(unmarshalOptions(text))).toBe(text)
  })

  it('keeps a variable named __proto__ a variable', () => {
    const { vars = {} } = unmarshalOptions('{"TerraformDir":"/src","Vars":{"__proto__":{"polluted":true}}}')

    expect(Object.keys(vars)).toEqual(['__proto__'])
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  test.each<[string, string, string]>([
    ['no JSON', '{"TerraformDir":', 'the saved options are not JSON'],
    ['nothing', '', 'the saved options are not JSON'],
    ['a list', '[]', 'the saved options must be a JSON object, got a list'],
    ['null', 'null', 'the saved options must be a JSON object, got null'],
    [
      'a duration in words',
      '{"TimeBetweenRetries":"5s"}',
      'TimeBetweenRetries must be a whole number of nanoseconds, got a string',
    ],
    ['a fraction of a retry', '{"MaxRetries":1.5}', 'MaxRetries must be a whole number, got 1.5'],
    ['an element of MixedVars', '{"MixedVars":[{}]}', 'MixedVars must be null or empty, got a list'],
    ['a Stdin', '{"Stdin":{}}', 'Stdin must be null, got an object'],
    ['a number in EnvVars', '{"EnvVars":{"A":1}}', 'EnvVars.A must be a string, got a number'],
    ['a list for Vars', '{"Vars":[]}', 'Vars must be an object, got a list'],
    ['a number among Targets', '{"Targets":["a",1]}', 'Targets[1] must be a string, got a number'],
    [
      'text for ExtraArgs.Plan',
      '{"ExtraArgs":{"Plan":"-x"}}',
      'ExtraArgs.Plan must be a list of strings, got a string',
    ],
    [
      'two wrong fields',
      '{"Lock":1,"PluginDir":[]}',
      'Lock must be true or false, got 1; PluginDir must be a string, got a list',
    ],
  ])('refuses %s', (_, text, sentence) => {
    expect(() => unmarshalOptions(text)).toThrow(sentence)
  })
})

describe('goJson', () => {
  test.each<[string, unknown, string]>([
    ['numbers', [1e21, 1_000_000, 0.1, 1e-7, -0, 123_456_789_012_345], '[1e+21,1000000,0.1,1e-7,0,123456789012345]'],
    ['markup', '<a href="x">&</a>', '"\\u003ca href=\\"x\\"\\u003e\\u0026\\u003c/a\\u003e"'],
    ['separators', '\u2028\u2029', '"\\u2028\\u2029"'],
    ['control characters', '\b\f\n\r\t\u0001\u007f', '"\\b\\f\\n\\r\\t\\u0001\u007f"'],
    [
      'keys by their bytes',
      { '\u{1f600}': 1, '\uffee': 2, b: 3, 10: 4, 9: 5 },
      '{"10":4,"9":5,"b":3,"\uffee":2,"\u{1f600}":1}',
    ],
  ])('writes %s as Go does', (_, value, text) => {
    expect(goJson(value)).toBe(text)
  })
})

if (goIsInstalled()) {
  describe('Go, asked for its opinion', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 })
    const name = text.filter((key) => key !== '' && !key.includes('='))
    const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 })

    it('reads every saved file and writes the same bytes', () => {
      const vars = fc.sample(fc.dictionary(name, json, { maxKeys: 5 }), { numRuns: 300, seed: 3 })
      const files = vars.map((values) =>
        marshalOptions({
          ...fullOptions,
          vars: values as Record<string, TerraformValue>,
          timeBetweenRetries: 0.000_001,
        }),
      )

      expect(askGo(files.map((file) => ({ what: 'options', text: file })))).toEqual(files)
    })

    it('formats and indents values as we do', () => {
      const values = fc.sample(json, { numRuns: 200, seed: 4 }).map((value) => withoutFractions(value))
      const texts = values.map((value) => goJson(value))

      expect(askGo(texts.map((value) => ({ what: 'format', text: value })))).toEqual(values.map(goFormat))
      expect(askGo(texts.map((value) => ({ what: 'indent', text: value })))).toEqual(texts.map(indentJson))
    })

    it('refuses and accepts the same files', () => {
      const refused = [
        '{"MixedVars":[{}]}',
        '{"Stdin":{}}',
        '{"TimeBetweenRetries":"5s"}',
        '{"MaxRetries":1.5}',
        '{"Vars":[]}',
        '{"EnvVars":{"A":1}}',
      ]
      const accepted = [
        '{"MixedVars":[]}',
        '{"Logger":{},"SshAgent":{}}',
        '{"LOCK":true}',
        '{"New":1}',
        '{"VarFiles":[null]}',
      ]

      const verdicts = askGo([...refused, ...accepted].map((file) => ({ what: 'options', text: file })))

      expect(verdicts.map((verdict) => verdict.startsWith('error: '))).toEqual([
        ...refused.map(() => true),
        ...accepted.map(() => false),
      ])
      for (const file of refused) expect(() => unmarshalOptions(file)).toThrow('cannot be loaded')
      for (const file of accepted) expect(unmarshalOptions(file)).toMatchObject({ terraformDir: '' })
    })
  })
}

/** `%v` writes large and fractional numbers in its own way, where the harness differs on purpose. */
function withoutFractions(value: unknown): unknown {
  if (typeof value === 'number') return Math.trunc(value) % 1000 || 0
  if (Array.isArray(value)) return value.map(withoutFractions)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutFractions(item)]))
}
