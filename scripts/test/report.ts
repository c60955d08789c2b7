/**
 * The end of a test run: a table of groups, the slowest tests, and one line with the sum.
 */
import type { Tally } from './results.js'

/** The whole report, of which the last line is `N passed, N failed`. */
export function reportOf({ groups, slowest, total }: Tally): string {
  const rows = [...groups].map(([name, { files, passed, failed, seconds }]) => [
    name,
    ...[files, passed, failed, Math.round(seconds)].map(String),
  ])
  return [
    ...table([['group', 'files', 'passed', 'failed', 'seconds'], ...rows]),
    ...(slowest.length === 0 ? [] : ['', 'Slowest tests:']),
    ...slowest.map(({ group, name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${group}: ${name}`),
    '',
    `${total.passed} passed, ${total.failed} failed`,
    '',
  ].join('\n')
}

/** Columns of equal width; the first one holds names, the others numbers. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  )
}
