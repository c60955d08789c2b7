/** Time that moves only when a test says so. */
import type { Clock } from '../../edge-cache-request-signer/src/dependencies.js'

/** 2026-11-21T05:00:00Z, in milliseconds: a multiple of five minutes, as good a moment as any. */
export const START = Date.UTC(2026, 10, 21, 5)

/** A clock with hands. */
export interface TestClock extends Clock {
  /** Moves time and runs what is due, in order, letting promises settle in between. */
  advance(ms: number): Promise<void>
  /** Jumps without running anything, as a frozen sandbox experiences it; negative for a clock that is set back. */
  jump(ms: number): void
  /** How many callbacks wait. */
  readonly pending: () => number
}

/** Lets every promise settle that needs nothing but a turn of the event loop. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** A clock that stands at `start`; `random` is what it gives for chance. */
export function testClock(start: number = START, random: () => number = () => 0): TestClock {
  let time = start
  let timers: readonly { readonly at: number; readonly callback: () => void }[] = []
  const due = (until: number) => timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
  return {
    now: () => time,
    random,
    after: (ms, callback) => {
      const timer = { at: time + ms, callback }
      timers = [...timers, timer]
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance: async (ms) => {
      const until = time + ms
      await settle()
      for (let next = due(until); next !== undefined; next = due(until)) {
        const timer = next
        timers = timers.filter((other) => other !== timer)
        time = Math.max(time, timer.at)
        timer.callback()
        await settle()
      }
      time = until
    },
    jump: (ms) => {
      time += ms
    },
    pending: () => timers.length,
  }
}

/** Makes `Date.now` follow the clock, for libraries that ask no one else. Undone by `jest.restoreAllMocks`. */
export function pinDate(clock: Pick<Clock, 'now'>): void {
  jest.spyOn(Date, 'now').mockImplementation(clock.now)
}
