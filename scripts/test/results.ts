/**
 * What the runners of tests tell while they run, and the sums that come of it.
 */

/** One thing that happened. `file` is a path from the project's root; `seconds` are those of the machine's clock. */
export type TestEvent =
  | { readonly kind: 'file started'; readonly group: string; readonly file: string }
  | {
      readonly kind: 'test ended'
      readonly group: string
      readonly file: string
      readonly name: string
      readonly hasPassed: boolean
      readonly seconds: number
      /** Why it failed. */
      readonly messages: readonly string[]
    }
  | {
      readonly kind: 'file ended'
      readonly group: string
      readonly file: string
      readonly seconds: number
      /** Why the file could not be run, or ran no further. */
      readonly error?: string
    }

/** The sums of one group. */
export interface GroupCount {
  files: number
  passed: number
  failed: number
  /** Of work: files that run side by side count each. */
  seconds: number
}

/** A test, and how long it took. */
export interface TimedTest {
  readonly group: string
  readonly name: string
  readonly seconds: number
}

/** The sums of a run so far. */
export interface Tally {
  readonly groups: ReadonlyMap<string, GroupCount>
  readonly slowest: readonly TimedTest[]
  readonly total: { readonly passed: number; readonly failed: number }
  add(event: TestEvent): void
  /** Counts a failure that belongs to no test, such as a program that could not be started. */
  fail(group: string): void
}

const SLOWEST = 10

/** A tally of nothing yet. */
export function createTally(): Tally {
  const groups = new Map<string, GroupCount>()
  const slowest: TimedTest[] = []
  const total = { passed: 0, failed: 0 }
  const countOf = (name: string): GroupCount => {
    const count = groups.get(name) ?? { files: 0, passed: 0, failed: 0, seconds: 0 }
    groups.set(name, count)
    return count
  }
  const count = (group: string, outcome: 'passed' | 'failed') => {
    countOf(group)[outcome] += 1
    total[outcome] += 1
  }
  return {
    groups,
    slowest,
    total,
    fail: (group) => count(group, 'failed'),
    add: (event) => {
      if (event.kind === 'test ended') {
        count(event.group, event.hasPassed ? 'passed' : 'failed')
        slowest.push({ group: event.group, name: event.name, seconds: event.seconds })
        slowest.sort((one, other) => other.seconds - one.seconds).splice(SLOWEST)
      }
      if (event.kind === 'file ended') {
        const group = countOf(event.group)
        group.files += 1
        group.seconds += event.seconds
        if (event.error !== undefined) count(event.group, 'failed')
      }
    },
  }
}
