import { type Equivalent, judge, type Report, tableOf } from '../../../../scripts/mutation/report.js'

const SOURCE = `export function isOld(age: number): boolean {
  return age > 3
}
`
const FROM_TO = { start: { line: 2, column: 10 }, end: { line: 2, column: 17 } }
const BODY = { start: { line: 1, column: 45 }, end: { line: 3, column: 2 } }

/** A report on one file: a mutant that survived, and others by their status. */
function report(...others: readonly string[]): Report {
  const survivor = { location: FROM_TO, replacement: 'age >= 3', status: 'Survived' }
  const mutants = others.map((status) => ({ location: BODY, replacement: '{}', status }))
  return { files: { 'src/age.ts': { source: SOURCE, mutants: [survivor, ...mutants] } } }
}

const explanation: Equivalent = {
  file: 'src/age.ts',
  line: 'return age > 3',
  from: 'age > 3',
  to: 'age >= 3',
  reason: 'for this test',
}

describe('judge', () => {
  test('complains of a survivor, with its place', () => {
    expect(judge([report('Killed')], []).complaints).toEqual([
      'src/age.ts:2: no test notices the change of "age > 3" to "age >= 3"\n  in "return age > 3". Write a test, or explain in test/mutation/equivalents.json why none can.',
    ])
  })

  test('complains of what no test runs, on one line', () => {
    expect(judge([report('NoCoverage')], [explanation]).complaints).toEqual([
      'src/age.ts:1: no test notices the change of "{ return age > 3 }" to "{}"\n  in "export function isOld(age: number): boolean {". Write a test, or explain in test/mutation/equivalents.json why none can.',
    ])
  })

  test('takes a survivor that is explained for what it is', () => {
    const { files, score, complaints } = judge([report('Killed', 'Timeout', 'Killed', 'RuntimeError')], [explanation])
    expect(complaints).toEqual([])
    expect(files).toEqual([{ file: 'src/age.ts', killed: 2, timedOut: 1, equivalent: 1, survived: 0, failed: 1 }])
    expect(score).toBe(75)
  })

  test.each<keyof Equivalent>(['file', 'line', 'from', 'to'])(
    'explains a survivor of another %s by nothing',
    (field) => {
      const { files, complaints } = judge([report()], [{ ...explanation, [field]: 'another' }])
      expect(files.map(({ survived }) => survived)).toEqual([1])
      expect(complaints[0]).toMatch(/^src\/age\.ts:2: no test notices/)
    },
  )

  test('complains of an explanation for what does not survive any more', () => {
    const stale = { ...explanation, to: 'false' }
    expect(judge([report()], [explanation, stale]).complaints).toEqual([
      'src/age.ts: "age > 3" -> "false" in "return age > 3" is not among the survivors. Remove it from test/mutation/equivalents.json.',
    ])
  })

  test('says nothing of explanations for files that were left alone', () => {
    const elsewhere = { ...explanation, file: 'src/other.ts' }
    expect(judge([report()], [explanation, elsewhere]).complaints).toEqual([])
  })
})

test('tableOf has the worst file first', () => {
  const files = [
    { file: 'a.ts', killed: 10, timedOut: 0, equivalent: 0, survived: 0, failed: 2 },
    { file: 'long.ts', killed: 4, timedOut: 1, equivalent: 2, survived: 1, failed: 0 },
  ]
  expect(tableOf(files)).toBe(
    [
      'file       score  killed  timed out  equivalent  survived  failed to run',
      'long.ts   62.5 %       4          1           2         1              0',
      'a.ts     100.0 %      10          0           0         0              2',
    ].join('\n'),
  )
})
