import type { Clock } from './dependencies.js'

/** A promise that did not settle in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError'

  constructor(ms: number) {
    super(`no answer within ${ms} ms`)
  }
}

/**
 * The promise, but for `ms` milliseconds at most: Lambda kills a function that waits for a peer without an answer,
 * and the viewer would see CloudFront's bare 503.
 *
 * @throws DeadlineError when the time is over first; what the promise brings later is ignored here.
 */
export function within<T>(promise: Promise<T>, ms: number, { after }: Pick<Clock, 'after'>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = after(ms, () => reject(new DeadlineError(ms)))
    promise.then(resolve, reject).finally(cancel)
  })
}
