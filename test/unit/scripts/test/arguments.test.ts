import { readArguments, UsageError } from '../../../../scripts/test/arguments.js'
import { GROUPS } from '../../../../scripts/test/groups.js'

const ALL = GROUPS.map(({ name }) => name)

describe('readArguments', () => {
  it('runs every group in the quick tier by default, with a new seed each time', () => {
    const request = readArguments([])

    expect(request).toEqual({
      groups: ALL,
      patterns: [],
      name: undefined,
      isExhaustive: false,
      seed: expect.any(Number),
      keepsFiles: false,
    })
    expect(new Set([1, 2, 3, 4].map(() => readArguments([]).seed)).size).toBeGreaterThan(1)
  })

  it('takes groups first and parts of paths behind them', () => {
    expect(readArguments(['unit', 'faults', 'grants', 'unit'])).toMatchObject({
      groups: ['unit', 'faults'],
      patterns: ['grants', 'unit'],
    })
  })

  it('takes all options', () => {
    const words = ['unit', '--exhaustive', '--seed', '42', '--keep', '--name', 'a name']

    expect(readArguments(words)).toMatchObject({ isExhaustive: true, seed: 42, keepsFiles: true, name: 'a name' })
  })

  it.each([
    ['an unknown group', ['grants'], 'There is no group of tests called "grants".'],
    ['an unknown option', ['--fast'], "Unknown option '--fast'"],
    ['a seed that is no whole number', ['--seed', '1.5'], '--seed must be a whole number; got "1.5".'],
    ['a negative seed', ['--seed=-1'], '--seed must be a whole number; got "-1".'],
  ])('rejects %s and lists the groups', (_, words, sentence) => {
    expect(() => readArguments(words)).toThrow(UsageError)
    expect(() => readArguments(words)).toThrow(sentence)
    expect(() => readArguments(words)).toThrow(`groups: ${ALL.join(', ')}`)
  })
})
