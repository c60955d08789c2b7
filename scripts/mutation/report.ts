/** Reads what Stryker reports on mutants, and says what is to be done about it. */

/** The part of Stryker's JSON report that is used (mutation-testing-report-schema). */
export interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>
}

interface Position {
  /** From 1, both. */
  readonly line: number
  readonly column: number
}

interface Mutant {
  readonly location: { readonly start: Position; readonly end: Position }
  readonly replacement: string
  readonly status: string
}

/** A mutant that no test can notice, because the program does the same with it. */
export interface Equivalent {
  readonly file: string
  /** The line that it begins in, trimmed. */
  readonly line: string
  readonly from: string
  readonly to: string
  readonly reason: string
}

/** What became of the mutants of one file. */
export interface FileScore {
  readonly file: string
  readonly killed: number
  /** A loop without an end: noticed too. */
  readonly timedOut: number
  readonly equivalent: number
  readonly survived: number
  /** The tests could not even begin, mostly because they use the code while they are loaded. Counts for nothing. */
  readonly failed: number
}

/** Everything there is to say about some reports. */
export interface Judgement {
  readonly files: readonly FileScore[]
  /** Noticed mutants, in percent of those that could run. */
  readonly score: number
  /** What makes the command fail, each with what to do. */
  readonly complaints: readonly string[]
}

type Survivor = Omit<Equivalent, 'reason'> & { readonly at: number }

/** The judgement on reports, each of other files; an equivalent of a file that has no report is not looked at. */
export function judge(reports: readonly Report[], equivalents: readonly Equivalent[]): Judgement {
  const entries = reports.flatMap(({ files }) => Object.entries(files))
  const survivors = entries.flatMap(([file, { source, mutants }]) =>
    mutants.filter(hasSurvived).map((mutant) => describe(file, source, mutant)),
  )
  const isSame = (one: Omit<Equivalent, 'reason'>, other: Omit<Equivalent, 'reason'>) =>
    one.file === other.file && one.line === other.line && one.from === other.from && one.to === other.to
  const isExplained = (survivor: Survivor) => equivalents.some((one) => isSame(one, survivor))
  const files = entries.map(([file, { mutants }]): FileScore => {
    const count = (status: string) => mutants.filter((mutant) => mutant.status === status).length
    const ours = survivors.filter((survivor) => survivor.file === file)
    const equivalent = ours.filter(isExplained).length
    const [killed, timedOut, failed] = [count('Killed'), count('Timeout'), count('RuntimeError')]
    return { file, killed, timedOut, equivalent, survived: ours.length - equivalent, failed }
  })
  const stale = equivalents.filter(
    (one) => entries.some(([file]) => file === one.file) && !survivors.some((survivor) => isSame(one, survivor)),
  )
  return {
    files,
    score: scoreOf(files),
    complaints: [
      ...survivors.filter((survivor) => !isExplained(survivor)).map(complaint),
      ...stale.map(
        ({ file, line, from, to }) =>
          `${file}: ${quoted(from)} -> ${quoted(to)} in ${quoted(line)} is not among the survivors. Remove it from test/mutation/equivalents.json.`,
      ),
    ],
  }
}

/** The scores as a table, the worst file first. */
export function tableOf(files: readonly FileScore[]): string {
  const head = ['file', 'score', 'killed', 'timed out', 'equivalent', 'survived', 'failed to run']
  const rows = [...files]
    .sort((a, b) => scoreOf([a]) - scoreOf([b]))
    .map((one) => [
      one.file,
      `${scoreOf([one]).toFixed(1)} %`,
      ...[one.killed, one.timedOut, one.equivalent, one.survived, one.failed].map(String),
    ])
  const table = [head, ...rows]
  const width = (column: number) => Math.max(...table.map((row) => row[column]?.length ?? 0))
  const padded = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(width(0)) : cell.padStart(width(column)))).join('  ')
  return table.map(padded).join('\n')
}

function hasSurvived({ status }: Mutant): boolean {
  return status === 'Survived' || status === 'NoCoverage'
}

function scoreOf(files: readonly FileScore[]): number {
  const sum = (count: (file: FileScore) => number) => files.map(count).reduce((a, b) => a + b, 0)
  const noticed = sum(({ killed, timedOut }) => killed + timedOut)
  const all = noticed + sum(({ equivalent, survived }) => equivalent + survived)
  return all === 0 ? 100 : (100 * noticed) / all
}

function describe(file: string, source: string, { location: { start, end }, replacement }: Mutant): Survivor {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const [first = ''] = lines
  const last = lines.length - 1
  const from = lines
    .map((line, index) => line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined))
    .join('\n')
  return { file, line: first.trim(), from: oneLine(from), to: oneLine(replacement), at: start.line }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function complaint({ file, at, line, from, to }: Survivor): string {
  return [
    `${file}:${at}: no test notices the change of ${quoted(from)} to ${quoted(to)}`,
    `  in ${quoted(line)}. Write a test, or explain in test/mutation/equivalents.json why none can.`,
  ].join('\n')
}

function quoted(text: string): string {
  return JSON.stringify(text)
}
