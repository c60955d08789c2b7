/** What came of launch days, as the table in docs/operations.md. */
import type { Course } from './launch-day.js'
import type { Wish } from './people.js'

/** The table in Markdown, a column for each course. */
export function report(courses: readonly (readonly [title: string, course: Course])[]): string {
  const lines = [
    ['', ...courses.map(([title]) => title)],
    ['---', ...courses.map(() => '--:')],
    ...ROWS.map(([title, of]) => [title, ...courses.map(([, course]) => of(course))]),
  ]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const whole = (value: number): string => value.toLocaleString('en-US')
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** How long so many of a hundred waited at most. */
function waited({ wishes }: Course, kinds: readonly Wish['kind'][], percent: number): string {
  const sorted = wishes
    .flatMap(({ kind, waitedMs }) => (kinds.includes(kind) ? [waitedMs] : []))
    .sort((one, other) => one - other)
  return seconds(sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN)
}

const SIGNING_IN = ['sign-in', 'return'] as const

const ROWS: readonly (readonly [string, (course: Course) => string])[] = [
  ['calls a second for the account', ({ scenario }) => whole(scenario.callsPerSecond)],
  ['of them other programs take', ({ scenario }) => whole(scenario.othersPerSecond)],
  ['people, within minutes', ({ scenario }) => `${whole(scenario.people)}, ${scenario.withinMinutes}`],
  ['**answered in the end**', ({ scenario, wishes }) => `**${whole(wishes.length / 3)} of ${whole(scenario.people)}**`],
  ['requests to the function', ({ requests }) => whole(requests)],
  ['new sandboxes', ({ sandboxes }) => whole(sandboxes)],
  ['… in the busiest minute', ({ sandboxesInBusiestMinute }) => whole(sandboxesInBusiestMinute)],
  ['calls of Parameter Store', ({ calls }) => whole(calls)],
  ['… that were throttled', ({ throttled }) => whole(throttled)],
  ['answers with 503', ({ wishes }) => whole(wishes.reduce((sum, { refusals }) => sum + refusals, 0))],
  ['… to one person in a row, at most', ({ wishes }) => whole(Math.max(...wishes.map(({ refusals }) => refusals)))],
  ['half of the steps of a sign-in took at most', (course) => waited(course, SIGNING_IN, 50)],
  ['99 of 100', (course) => waited(course, SIGNING_IN, 99)],
  ['the slowest of all', (course) => waited(course, SIGNING_IN, 100)],
  ['the slowest renewal, in the background', (course) => waited(course, ['renewal'], 100)],
]
