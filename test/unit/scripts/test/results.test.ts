import { reportOf } from '../../../../scripts/test/report.js'
import { createTally, type TestEvent } from '../../../../scripts/test/results.js'

const test = (group: string, name: string, hasPassed: boolean, seconds: number): TestEvent => ({
  kind: 'test ended',
  group,
  file: 'test/x.test.ts',
  name,
  hasPassed,
  seconds,
  messages: [],
})

describe('a tally', () => {
  it('counts tests and files by group', () => {
    const tally = createTally()
    tally.add(test('unit', 'a', true, 1))
    tally.add(test('unit', 'b', false, 2))
    tally.add({ kind: 'file ended', group: 'unit', file: 'test/x.test.ts', seconds: 3.4 })
    tally.add(test('e2e', 'c', true, 60))

    expect(Object.fromEntries(tally.groups)).toEqual({
      unit: { files: 1, passed: 1, failed: 1, seconds: 3.4 },
      e2e: { files: 0, passed: 1, failed: 0, seconds: 0 },
    })
    expect(tally.total).toEqual({ passed: 2, failed: 1 })
  })

  it('counts a file that could not be run, and a runner that failed, as failures', () => {
    const tally = createTally()
    tally.add({ kind: 'file ended', group: 'unit', file: 'test/x.test.ts', seconds: 1, error: 'SyntaxError' })
    tally.fail('jest')

    expect(tally.total).toEqual({ passed: 0, failed: 2 })
  })

  it('keeps the ten slowest tests, slowest first', () => {
    const tally = createTally()
    for (const seconds of [3, 12, 1, 11, 2, 10, 4, 9, 5, 8, 6, 7]) tally.add(test('unit', `t${seconds}`, true, seconds))

    expect(tally.slowest.map(({ name }) => name)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((n) => `t${n}`))
  })
})

describe('the report', () => {
  it('ends with the sum on a line of its own', () => {
    const tally = createTally()
    tally.add(test('unit', 'compares in constant time', true, 1.25))
    tally.add({ kind: 'file ended', group: 'unit', file: 'test/x.test.ts', seconds: 12.4 })
    tally.add(test('local-aws', 'answers', false, 0.5))

    expect(reportOf(tally)).toBe(`group      files  passed  failed  seconds
unit           1       1       0       12
local-aws      0       0       1        0

Slowest tests:
    1.3 s  unit: compares in constant time
    0.5 s  local-aws: answers

1 passed, 1 failed
`)
  })

  it('lists no slowest tests where none has run', () => {
    expect(reportOf(createTally())).toBe('group  files  passed  failed  seconds\n\n0 passed, 0 failed\n')
  })
})
