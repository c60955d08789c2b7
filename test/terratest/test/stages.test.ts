import { runTestStage, skipStageEnvVarSet } from '../src/index.js'
import { recordingLogger } from './support/stand-in.js'

describe('runTestStage', () => {
  it('runs the stage and gives what it gives', async () => {
    const logger = recordingLogger()

    expect(await runTestStage('deploy', async () => 42, { env: {}, logger })).toBe(42)
    expect(logger.lines).toEqual(["The 'SKIP_deploy' environment variable is not set, so executing stage 'deploy'."])
  })

  test.each([
    ['true', 0],
    ['false', 0],
    ['0', 0],
    ['', 1],
  ])('with SKIP_deploy=%s runs it %i times', async (value, runs) => {
    let count = 0

    await runTestStage('deploy', () => (count += 1), { env: { SKIP_deploy: value }, logger: recordingLogger() })

    expect(count).toBe(runs)
  })

  it('skips the stage of exactly that name', async () => {
    const logger = recordingLogger()

    expect(await runTestStage('deploy', () => 1, { env: { SKIP_deploy: 'yes' }, logger })).toBeUndefined()
    expect(logger.lines).toEqual(["The 'SKIP_deploy' environment variable is set, so skipping stage 'deploy'."])
    expect(await runTestStage('deploy', () => 1, { env: { SKIP_deploy_all: 'yes', skip_deploy: 'yes' }, logger })).toBe(
      1,
    )
  })

  it('passes on the failure of a stage', async () => {
    const stage = () => Promise.reject(new Error('broken'))

    await expect(runTestStage('deploy', stage, { env: {}, logger: recordingLogger() })).rejects.toThrow('broken')
  })
})

describe('skipStageEnvVarSet', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['no variable', { PATH: '/bin', MY_SKIP_x: '1' }, false],
    ['a set one', { SKIP_deploy: 'true' }, true],
    ['an empty one', { SKIP_deploy: '' }, true],
  ])('for %s is %s', (_, env, answer) => {
    expect(skipStageEnvVarSet(env)).toBe(answer)
  })
})
