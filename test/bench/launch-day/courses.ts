/** The three launch days that docs/operations.md shows side by side. */
import { type Course, play, type Scenario } from './launch-day.js'
import { report } from './report.js'

/** How they differ: in what Parameter Store gives, and in how often Lambda starts a sandbox that it does not need. */
export interface Courses {
  readonly standard: Course
  readonly high: Course
  readonly frugal: Course
}

/** As many people as the documented day has. */
export const PEOPLE = 4_000

/** The seed of the documented day. */
export const SEED = 20_261_121

/**
 * Plays the three days through. With fewer people everything else that they share is smaller in the same ratio: the calls
 * that the account has, and those that other programs take.
 */
export async function playCourses(people: number, seed: number): Promise<Courses> {
  const scale = people / PEOPLE
  const launch = {
    people,
    withinMinutes: 2,
    othersPerSecond: 10 * scale,
    newThoughOthersWait: 0.5,
    restMs: 300_000,
    seed,
  }
  const standard: Scenario = { ...launch, callsPerSecond: 40 * scale }
  const high: Scenario = { ...launch, callsPerSecond: 1_000 * scale }
  const frugal: Scenario = { ...standard, newThoughOthersWait: 0 }
  return { standard: await play(standard), high: await play(high), frugal: await play(frugal) }
}

/** The table in docs/operations.md. */
export async function launchDayTable(): Promise<string> {
  const { standard, high, frugal } = await playCourses(PEOPLE, SEED)
  return report([
    ['standard', standard],
    ['high', high],
    ['standard, waiting sandboxes first', frugal],
  ])
}
