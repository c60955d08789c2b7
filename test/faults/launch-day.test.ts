/**
 * A launch day: thousands of new sandboxes a minute share what Parameter Store gives to a whole account. The exhaustive
 * tier simulates the day that docs/operations.md documents; the quick tier a fifth of it, people and calls alike.
 */
import { type Courses, PEOPLE, playCourses, SEED } from '../bench/launch-day/courses.js'
import type { Course } from '../bench/launch-day/launch-day.js'
import { amount } from '../support/tier.js'

const people = amount(PEOPLE / 5, PEOPLE)
const scale = people / PEOPLE

let courses: Courses

beforeAll(async () => {
  courses = await playCourses(people, SEED)
}, 600_000)

const refusalsIn = ({ wishes }: Course) => wishes.reduce((sum, { refusals }) => sum + refusals, 0)
const slowestIn = ({ wishes }: Course) => Math.max(...wishes.map(({ waitedMs }) => waitedMs))

describe('a launch day', () => {
  test.each([
    ['standard throughput', 'standard'],
    ['high throughput', 'high'],
    ['standard throughput, waiting sandboxes first', 'frugal'],
  ] as const)('answers everybody, each in three steps: %s', (_, name) => {
    // The simulation ends with an error at any other answer than a good one or a 503 that says when to ask again.
    expect(courses[name].wishes.length).toBe(3 * people)
  })

  test('has more new sandboxes a minute than standard throughput can give their settings', () => {
    const { scenario, sandboxesInBusiestMinute, throttled } = courses.standard
    expect(sandboxesInBusiestMinute).toBeGreaterThan((scenario.callsPerSecond - scenario.othersPerSecond) * 60)
    expect(throttled).toBeGreaterThan(1_000 * scale)
  })

  test('keeps nobody for a minute, and lets nobody reload more than a few times, at standard throughput', () => {
    expect(slowestIn(courses.standard)).toBeLessThan(60_000)
    expect(Math.max(...courses.standard.wishes.map(({ refusals }) => refusals))).toBeLessThan(10)
  })

  test('has no cookie run out: the renewals are over long before', () => {
    const renewals = courses.standard.wishes.filter(({ kind }) => kind === 'renewal')
    // A tenth of the cookies' hour is left when the last ones begin.
    expect(Math.max(...renewals.map(({ waitedMs }) => waitedMs))).toBeLessThan(360_000)
  })

  test('is nothing special at high throughput', () => {
    expect([courses.high.throttled, refusalsIn(courses.high)]).toEqual([0, 0])
    expect(slowestIn(courses.high)).toBeLessThan(4_000)
  })

  test('is nothing special where Lambda uses the sandboxes that it has', () => {
    expect([courses.frugal.throttled, refusalsIn(courses.frugal)]).toEqual([0, 0])
    expect(courses.frugal.sandboxes).toBeLessThan(1_000 * scale)
  })
})
