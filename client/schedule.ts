/** One thing to do later, measured by time that passes rather than by the time of day. */

/** Also the longest that a computer's sleep can go unnoticed; far below the 2^31 ms at which timers overflow. */
const LONGEST_TIMER_MS = 60_000

const FIRST_PAUSE_MS = 5_000
const LONGEST_PAUSE_MS = 300_000

let timer: ReturnType<typeof setTimeout> | undefined

/** Looks whether the time has come: right now, because something happened that timers may have slept through. */
export let look = (): void => undefined

/**
 * Does something in `delayMs`, in place of what was to be done before.
 *
 * The wall clock stands still for nothing, but can be set; the steady one cannot, but may stand still while the computer
 * sleeps. Whichever has gone further is believed.
 */
export function later(delayMs: number, act: () => unknown): void {
  const wall = Date.now()
  const steady = performance.now()
  look = () => {
    clearTimeout(timer)
    const left = delayMs - Math.max(Date.now() - wall, performance.now() - steady)
    if (left > 0) timer = setTimeout(() => look(), Math.min(left, LONGEST_TIMER_MS))
    else act()
  }
  look()
}

/** Does nothing later. */
export function never(): void {
  clearTimeout(timer)
  look = () => undefined
}

/** When to renew what is good for `leftMs`: after 80 to 90 % of it, so that neither tabs nor people come all at once. */
export function renewalDelay(leftMs: number): number {
  return Math.max(leftMs * (0.8 + Math.random() / 10), FIRST_PAUSE_MS)
}

/** How long to wait after so many failures in a row: twice as long each time, and never shorter than asked for. */
export function retryDelay(failures: number, retryAfterMs: number): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS)
  return Math.max(retryAfterMs, pause / 2) + (pause / 2) * Math.random()
}
