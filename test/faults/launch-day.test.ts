/**
 * The day on which everybody comes at once: thousands of new sandboxes a minute against what Parameter Store gives to a
 * whole account. The table in docs/operations.md is what comes of it here; LAUNCH_DAY=write writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceLaunchDay } from '../launch-day/document.js'
import { type Course, play, type Scenario } from '../launch-day/launch-day.js'
import { report } from '../launch-day/report.js'

const MINUTES_10 = 600_000
const DOCUMENT = join(__dirname, '..', '..', 'docs', 'operations.md')

const launch = {
  people: 4_000,
  withinMinutes: 2,
  othersPerSecond: 10,
  newThoughOthersWait: 0.5,
  restMs: 300_000,
  seed: 20_261_121,
}
const standard: Scenario = { ...launch, callsPerSecond: 40 }
const high: Scenario = { ...launch, callsPerSecond: 1_000 }
const frugal: Scenario = { ...launch, callsPerSecond: 40, newThoughOthersWait: 0 }

const courses = new Map<Scenario, Course>()

beforeAll(async () => {
  for (const scenario of [standard, high, frugal]) courses.set(scenario, await play(scenario))
}, MINUTES_10)

const courseOf = (scenario: Scenario): Course => courses.get(scenario) as Course
const refusalsIn = ({ wishes }: Course) => wishes.reduce((sum, { refusals }) => sum + refusals, 0)
const slowestIn = ({ wishes }: Course) => Math.max(...wishes.map(({ waitedMs }) => waitedMs))

describe('a launch day', () => {
  test.each([
    ['standard throughput', standard],
    ['high throughput', high],
    ['standard throughput, waiting sandboxes first', frugal],
  ])('answers everybody, each in three steps: %s', (_, scenario) => {
    // Whatever is neither good nor a 503 that is asked for again would have ended the play.
    expect(courseOf(scenario).wishes.length).toBe(3 * launch.people)
  })

  test('has thousands of new sandboxes a minute, more than standard throughput can give their settings', () => {
    const { sandboxesInBusiestMinute, throttled } = courseOf(standard)
    expect(sandboxesInBusiestMinute).toBeGreaterThan((standard.callsPerSecond - standard.othersPerSecond) * 60)
    expect(throttled).toBeGreaterThan(1_000)
  })

  test('keeps nobody for a minute, and lets nobody reload more than a few times, at standard throughput', () => {
    const course = courseOf(standard)
    expect(slowestIn(course)).toBeLessThan(60_000)
    expect(Math.max(...course.wishes.map(({ refusals }) => refusals))).toBeLessThan(10)
  })

  test('has no cookie run out: the renewals are over long before', () => {
    const renewals = courseOf(standard).wishes.filter(({ kind }) => kind === 'renewal')
    // A tenth of the cookies' hour is left when the last ones begin.
    expect(Math.max(...renewals.map(({ waitedMs }) => waitedMs))).toBeLessThan(360_000)
  })

  test('is nothing special at high throughput', () => {
    const course = courseOf(high)
    expect([course.throttled, refusalsIn(course)]).toEqual([0, 0])
    expect(slowestIn(course)).toBeLessThan(4_000)
  })

  test('is nothing special where Lambda uses the sandboxes that it has', () => {
    const course = courseOf(frugal)
    expect([course.throttled, refusalsIn(course)]).toEqual([0, 0])
    expect(course.sandboxes).toBeLessThan(1_000)
  })

  test('is told in docs/operations.md as it came', () => {
    const table = report([
      ['standard', courseOf(standard)],
      ['high', courseOf(high)],
      ['standard, waiting sandboxes first', courseOf(frugal)],
    ])
    const document = readFileSync(DOCUMENT, 'utf8')
    const fresh = replaceLaunchDay(document, table)
    if (process.env.LAUNCH_DAY === 'write') writeFileSync(DOCUMENT, fresh)
    else expect(document).toBe(fresh)
  })
})
