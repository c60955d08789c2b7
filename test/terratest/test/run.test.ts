import { inspect } from 'node:util'
import * as terratest from '../src/index.js'
import { compilePattern } from '../src/patterns.js'
import { recordingLogger, standIn, temporaryFolder } from './support/stand-in.js'

function optionsFor(program: string, more: Partial<terratest.Options> = {}) {
  const binary = standIn(program)
  const logger = recordingLogger()
  const options = { terraformBinary: binary.path, terraformDir: temporaryFolder(), logger, ...more }
  return { binary, logger, options }
}

describe('runTerraformCommand', () => {
  it('gives both streams as one text, and logs each line as it comes', async () => {
    const { logger, options } = optionsFor(`
      console.log('one')
      setTimeout(() => console.error('two'), 1_000)
      setTimeout(() => process.stdout.write('thr\\u00e9\\u00e9'), 2_000)`)

    expect(await terratest.runTerraformCommand(options, ['plan'])).toBe('one\ntwo\nthréé')
    expect(logger.lines.slice(1)).toEqual(['one', 'two', 'thréé'])
  })

  it('breaks lines at newlines alone', async () => {
    const { logger, options } = optionsFor("process.stdout.write('a\\u2028b\\rc\\r\\nd\\n\\ne')")

    expect(await terratest.runTerraformCommand(options, ['plan'])).toBe('a\u2028b\rc\nd\n\ne')
    expect(logger.lines.slice(1)).toEqual(['a\u2028b\rc', 'd', '', 'e'])
  })

  it('quotes nothing that could be a secret when it cannot read or pass it', async () => {
    const { options } = optionsFor("console.log('canary-7f3a')", { envVars: { TOKEN: 'canary-7f3a\0' } })
    const { envVars: _broken, ...rest } = options

    const failures = await Promise.all(
      [terratest.apply(options), terratest.output(rest, 'password'), terratest.showWithStruct(rest)].map((running) =>
        running.catch((error: unknown) => error),
      ),
    )

    expect(failures.map(String)).toEqual([
      'InvalidOptions: these have a NUL character: envVars.TOKEN; take it out',
      "UnreadableOutput: terraform did not print JSON for the output 'password'",
      'UnreadableOutput: what terraform showed is not JSON',
    ])
    expect(inspect(failures, { depth: 9 })).not.toContain('canary-7f3a')
  })

  it('passes envVars to terraform, and to no log', async () => {
    const { logger, options } = optionsFor('console.log(process.env.COLOUR.length, process.env.PATH.length > 0)', {
      envVars: { COLOUR: 'canary-7f3a' },
    })

    expect(await terratest.runTerraformCommand(options, ['plan'])).toBe('11 true')
    expect(logger.lines.join('\n')).not.toContain('canary-7f3a')
  })

  it('keeps the values of outputs and of the state out of the log', async () => {
    const { logger, options } = optionsFor(`console.log('"canary-7f3a"'); console.error('progress')`)

    expect(await terratest.output(options, 'password')).toBe('canary-7f3a')
    await terratest.show(options)

    expect(logger.lines.join('\n')).not.toContain('canary-7f3a')
    expect(logger.lines).toContain('progress')
  })

  it('feeds stdin, and an empty one where none is given', async () => {
    const echo = 'process.stdin.pipe(process.stdout)'

    expect(await terratest.runTerraformCommand(optionsFor(echo, { stdin: 'yes\n' }).options, ['apply'])).toBe('yes')
    expect(await terratest.runTerraformCommand(optionsFor(echo).options, ['apply'])).toBe('')
  })

  it('bears a process that does not read its input', async () => {
    const { options } = optionsFor('process.exit(0)', { stdin: 'x'.repeat(1_000_000) })

    expect(await terratest.runTerraformCommand(options, ['apply'])).toBe('')
  })

  it('sets SSH_AUTH_SOCK for an agent', async () => {
    const { options } = optionsFor('console.log(process.env.SSH_AUTH_SOCK)', { sshAgent: { socketFile: '/run/agent' } })

    expect(await terratest.runTerraformCommand(options, ['init'])).toBe('/run/agent')
  })

  it('rejects with status and output of a process that failed', async () => {
    const { binary, options } = optionsFor("console.log('out'); console.error('why'); process.exitCode = 7")

    await expect(terratest.runTerraformCommand(options, ['apply'])).rejects.toMatchObject({
      name: 'TerraformCommandError',
      message: `'${binary.path} apply' ended with exit status 7:\nwhy`,
      stdout: 'out',
      stderr: 'why',
      exitCode: 7,
    })
  })

  it('gives status and streams of a process that failed, if asked for them', async () => {
    const { options } = optionsFor("console.log('out'); console.error('why'); process.exitCode = 7")

    expect(await terratest.getExitCodeForTerraformCommand(options, ['apply'])).toBe(7)
    expect(await terratest.runTerraformCommandAndGetStdOutErrCode(options, ['apply'])).toMatchObject({
      stdout: 'out',
      stderr: 'why',
      exitCode: 7,
    })
  })

  it('counts a process that was killed as shells do', async () => {
    const { options } = optionsFor("process.kill(process.pid, 'SIGKILL')")

    expect(await terratest.getExitCodeForTerraformCommand(options, ['apply'])).toBe(137)
  })

  it('says that the binary is missing', async () => {
    const options = {
      terraformBinary: 'no-such-terraform',
      terraformDir: temporaryFolder(),
      logger: terratest.discardLogger,
    }

    await expect(terratest.init(options)).rejects.toThrow(
      'no-such-terraform could not be started (ENOENT): is it installed and on PATH?',
    )
  })

  it('says that the directory is missing', async () => {
    const options = { terraformDir: 'no/such/folder', logger: terratest.discardLogger }

    await expect(terratest.init(options)).rejects.toThrow(/terraformDir .*no\/such\/folder is no directory/)
  })

  it('refuses wrong options before anything runs', async () => {
    const { binary, options } = optionsFor('')
    const wrong = { ...options, maxRetries: -0.5, vars: { a: Number.NaN } }

    await expect(terratest.apply(wrong)).rejects.toThrow(
      'these options cannot be used: maxRetries must be a whole number, got -0.5; vars.a is NaN, which JSON cannot say',
    )
    expect(binary.commands()).toEqual([])
  })

  it('ends with terraform, even if a child of it keeps the output open', async () => {
    const { options } = optionsFor(`
      const child = require('node:child_process').spawn('sleep', ['30'], { stdio: ['ignore', 'inherit', 'inherit'], detached: true })
      console.log(child.pid)
      process.exit(0)`)

    const pid = Number(await terratest.runTerraformCommand(options, ['apply']))

    expect(pid).toBeGreaterThan(0)
    process.kill(pid)
  })

  it('uses tofu where terraform does not run', async () => {
    const { options } = optionsFor('')
    const { terraformBinary: _none, ...unnamed } = options

    await expect(terratest.init({ ...unnamed, envVars: { PATH: temporaryFolder() } })).rejects.toThrow(
      'tofu could not be started (ENOENT)',
    )
  })
})

describe('retries', () => {
  const failTwice =
    "if (tries < 3) { console.error('Error: read: connection reset by peer'); process.exitCode = 1 } else console.log('done')"

  it('happen while a pattern matches what terraform wrote', async () => {
    const { binary, logger, options } = optionsFor(failTwice, {
      retryableTerraformErrors: { '.*connection reset.*': 'The network shook.' },
      maxRetries: 2,
      timeBetweenRetries: 1,
    })

    expect(await terratest.apply(options)).toBe('done')
    expect(binary.commands()).toHaveLength(3)
    expect(logger.lines.filter((line) => line.includes('The network shook.'))).toHaveLength(2)
  })

  it('end after maxRetries, with the last failure as the cause', async () => {
    const { binary, options } = optionsFor(failTwice, {
      retryableTerraformErrors: { '.*connection reset.*': 'The network shook.' },
      maxRetries: 1,
    })

    await expect(terratest.apply(options)).rejects.toMatchObject({
      name: 'MaxRetriesExceeded',
      message: `'${binary.path} apply -input=false -auto-approve -lock=false' unsuccessful after 1 retries: The network shook.`,
      cause: expect.objectContaining({ name: 'TerraformCommandError', exitCode: 1 }),
    })
    expect(binary.commands()).toHaveLength(2)
  })

  it('do not happen for another failure', async () => {
    const { binary, options } = optionsFor(failTwice, { retryableTerraformErrors: { 'another.*': '' }, maxRetries: 5 })

    await expect(terratest.apply(options)).rejects.toMatchObject({ name: 'TerraformCommandError' })
    expect(binary.commands()).toHaveLength(1)
  })

  it('do not happen for planExitCode', async () => {
    const { binary, options } = optionsFor(failTwice, { retryableTerraformErrors: { '.*': '' }, maxRetries: 5 })

    expect(await terratest.planExitCode(options)).toBe(1)
    expect(binary.commands()).toHaveLength(1)
  })

  it('keep the patterns of the caller beside the default ones', () => {
    const options = terratest.withDefaultRetryableErrors({
      terraformDir: '/src',
      maxRetries: 9,
      retryableTerraformErrors: { mine: 'My own.' },
    })

    expect(options).toMatchObject({ maxRetries: 3, timeBetweenRetries: 5000 })
    expect(Object.keys(options.retryableTerraformErrors ?? {})).toHaveLength(13)
    expect(options.retryableTerraformErrors).toMatchObject({ mine: 'My own.' })
  })
})

describe('doWithRetry', () => {
  it('retries every failure', async () => {
    let tries = 0
    const action = async () => {
      tries += 1
      if (tries < 3) throw new Error('not yet')
      return tries
    }
    const policy = { maxRetries: 5, timeBetweenRetries: 1, logger: terratest.discardLogger }

    expect(await terratest.doWithRetry('waiting', policy, action)).toBe(3)
  })
})

describe('warningsAsErrors', () => {
  const warning = "console.log('Warning: Argument is deprecated\\n\\nUse another.')"

  it('makes a warning an error', async () => {
    const { options } = optionsFor(warning, { warningsAsErrors: { '.*deprecated': 'nothing deprecated' } })

    await expect(terratest.apply(options)).rejects.toMatchObject({
      name: 'WarningsFound',
      message: expect.stringContaining('terraform warned: nothing deprecated (.*deprecated)'),
      output: 'Warning: Argument is deprecated\n\nUse another.',
    })
  })

  it('leaves other warnings, and the word elsewhere', async () => {
    const { options } = optionsFor(warning, { warningsAsErrors: { deprecated: 'a', '.*another': 'b' } })

    expect(await terratest.apply(options)).toContain('deprecated')
  })

  it('lets a warning be retried', async () => {
    const { binary, options } = optionsFor(`if (tries < 2) ${warning}`, {
      warningsAsErrors: { '.*deprecated': '' },
      retryableTerraformErrors: { deprecated: '' },
      maxRetries: 1,
    })

    expect(await terratest.apply(options)).toBe('')
    expect(binary.commands()).toHaveLength(2)
  })
})

describe('a signal', () => {
  const patient = `
    process.on('SIGINT', () => { console.log('stopping'); process.exit(1) })
    setInterval(() => undefined, 1000)
    console.log('ready')`

  it('interrupts terraform, and waits until it has stopped', async () => {
    const { logger, options } = optionsFor(patient)
    const controller = new AbortController()
    const log = (line: string) => {
      logger.lines.push(line)
      if (line === 'ready') controller.abort(new Error('enough'))
    }

    await expect(terratest.apply({ ...options, logger: { log } }, controller)).rejects.toMatchObject({
      name: 'AbortError',
      message: expect.stringContaining('was aborted:\nready\nstopping'),
      cause: expect.objectContaining({ message: 'enough' }),
    })
  })

  it('that has fired starts nothing', async () => {
    const { binary, options } = optionsFor('')

    await expect(terratest.apply(options, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(binary.commands()).toEqual([])
  })

  it('ends the wait for the next try', async () => {
    const { binary, options } = optionsFor('process.exitCode = 1', {
      retryableTerraformErrors: { '': 'always' },
      maxRetries: 1,
      timeBetweenRetries: 600_000,
    })
    const controller = new AbortController()
    const log = (line: string) => {
      if (line.includes('Next try')) controller.abort()
    }

    await expect(terratest.apply({ ...options, logger: { log } }, controller)).rejects.toMatchObject({
      name: 'AbortError',
    })
    expect(binary.commands()).toHaveLength(1)
  })
})

describe('compilePattern', () => {
  test.each<[string, string, string]>([
    ['(?i)TIMEOUT', 'a timeout', 'timeout'],
    ['(?is)a.B', 'A\nb', 'A\nb'],
    ['(?P<what>reset) by peer', 'reset by peer', 'reset by peer'],
    ['\\Aabc', 'abcabc', 'abc'],
    ['\\\\z', 'a\\z', '\\z'],
    ['(?:a|b)c', 'bc', 'bc'],
  ])('reads %s as Go does', (pattern, text, found) => {
    expect(compilePattern(pattern).exec(text)?.[0]).toBe(found)
  })

  it('takes \\z for the end of the text and of no line', () => {
    expect(compilePattern('(?m)a\\z').test('a\nb')).toBe(false)
    expect(compilePattern('(?m)a\\z').test('b\na')).toBe(true)
  })

  test.each([
    ['(unclosed', 'is no regular expression'],
    ['a(?i:b)', 'uses flags inside a group'],
    ['a(?i)b', 'uses flags behind the beginning'],
    ['[[:alpha:]]+', 'uses a POSIX class'],
    ['\\Qa.b\\E', 'uses \\Q, \\p or \\C'],
    ['\\pL', 'uses \\Q, \\p or \\C'],
  ])('refuses %s', (pattern, sentence) => {
    expect(() => compilePattern(pattern)).toThrow(sentence)
  })
})
