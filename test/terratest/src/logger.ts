/** Takes one line at a time, without its newline. */
export interface Logger {
  log(line: string): void
}

/** Writes nowhere. */
export const discardLogger: Logger = { log: () => undefined }

/**
 * Writes `<test name> <time of RFC 3339> <line>` to standard error.
 *
 * Past jest's own console, which would keep the lines back until the test has ended.
 */
export const defaultLogger: Logger = {
  log(line) {
    process.stderr.write(`${currentTestName() ?? 'terratest'} ${new Date().toISOString()} ${line}\n`)
  },
}

/** Name of the jest test that runs now; undefined outside of one, in a hook, or under another runner. */
export function currentTestName(): string | undefined {
  const expect: unknown = Reflect.get(globalThis, 'expect')
  if (typeof expect !== 'function') return undefined
  const getState: unknown = Reflect.get(expect, 'getState')
  if (typeof getState !== 'function') return undefined
  const state: unknown = Reflect.apply(getState, expect, [])
  const name: unknown = typeof state === 'object' && state !== null ? Reflect.get(state, 'currentTestName') : undefined
  return typeof name === 'string' && name !== '' ? name : undefined
}
