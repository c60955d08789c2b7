/**
 * A value that is read from afar and kept: one read at a time, a jittered age at which it is read anew, and the old
 * value for as long as its age allows while reading fails.
 *
 * Lambda freezes a sandbox between invocations, sockets and timers included, so a refresh "in the background" would
 * be cut off at the answer and end in a dead socket. The one viewer whose request finds the value stale therefore
 * waits for the refresh, but only for a short patience; then it gets the old value and the next request joins in.
 */
import type { Clock } from './dependencies.js'

/** How long a value is good, in seconds. */
export interface Ages {
  /** Up to this age nothing is read; each value draws between 80 and 100 % of it, so that sandboxes do not read in step. */
  readonly freshSeconds: number
  /** For so much longer it is served while reading fails; never beyond. */
  readonly staleSeconds: number
}

/** What a {@link Refreshing} value needs. */
export interface RefreshingOptions<T> {
  readonly load: () => Promise<T>
  /** The ages come with the value, because they may be configured in it. */
  readonly ages: (value: T) => Ages
  /** How long a viewer waits for a refresh, in milliseconds, while an old value could be served. */
  readonly patienceMs: number
  /** How long a read may take at all, in milliseconds. */
  readonly limitMs: number
  /** For a peer that is often too busy for a moment; without it each read is one try. */
  readonly retry?: RetryPolicy
  /** Told once of each failed read. */
  readonly onFailure: (error: unknown) => void
  readonly clock: Clock
}

/** How to go on trying within one read while nothing old could be served instead. */
export interface RetryPolicy {
  /** Whether a failure may be over in a moment. Any other ends the read. */
  readonly isRetryable: (error: unknown) => boolean
  /** After so many milliseconds no other try is begun: the last one needs the rest of the limit. */
  readonly withinMs: number
}

/** The value cannot be had now. `cause` is why the last read failed. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
  /** Whole seconds, at least 1, after which asking again makes sense. */
  readonly retryAfterSeconds: number

  constructor(retryAfterMs: number, cause: unknown) {
    super('the value cannot be read at the moment', { cause })
    this.retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  }
}

interface Held<T> {
  readonly value: T
  readonly sequence: number
  readonly readAt: number
  readonly freshMs: number
  readonly servableMs: number
}

interface Flight<T> {
  readonly promise: Promise<T>
  readonly startedAt: number
}

const JITTER = 0.2
const FIRST_PAUSE_MS = 1_000
const FIRST_RETRY_MS = 300
const LONGEST_PAUSE_MS = 15_000

/** See the file's first comment. One instance per value, at module scope. */
export class Refreshing<T> {
  readonly #options: RefreshingOptions<T>
  #held: Held<T> | undefined
  #flight: Flight<T> | undefined
  #sequence = 0
  #failures = 0
  #pausedUntil = 0
  #lastError: unknown

  constructor(options: RefreshingOptions<T>) {
    this.#options = options
  }

  /** The value if it is fresh, at once; nothing is read for it. */
  fresh(): T | undefined {
    const held = this.#held
    return held !== undefined && this.#age(held.readAt) < held.freshMs ? held.value : undefined
  }

  /**
   * The value, fresh if it can be had, else stale within its age.
   *
   * @throws Unavailable when there is none young enough.
   */
  async get(): Promise<T> {
    const fresh = this.fresh()
    if (fresh !== undefined) return fresh
    try {
      return await this.#refreshed(this.#servable() === undefined ? undefined : this.#options.patienceMs)
    } catch (error) {
      const servable = this.#servable()
      if (servable === undefined) throw this.#unavailable(error)
      return servable.value
    }
  }

  /**
   * A value that was read less than `ageMs` milliseconds ago, for a caller who found the kept one lacking.
   *
   * @throws Unavailable when reading fails: an old value is no answer to this question.
   */
  async getNewerThan(ageMs: number): Promise<T> {
    const held = this.#held
    if (held !== undefined && this.#age(held.readAt) < ageMs) return held.value
    try {
      return await this.#refreshed()
    } catch (error) {
      throw this.#unavailable(error)
    }
  }

  #servable(): Held<T> | undefined {
    return this.#held !== undefined && this.#age(this.#held.readAt) < this.#held.servableMs ? this.#held : undefined
  }

  /** A clock that was set back tells nothing about an age: such a value counts as too old. */
  #age(since: number): number {
    const age = this.#options.clock.now() - since
    return age < 0 ? Number.POSITIVE_INFINITY : age
  }

  #unavailable(cause: unknown): Unavailable {
    return new Unavailable(this.#pausedUntil - this.#options.clock.now(), cause)
  }

  /** What a read brings, a read under way if there is one; without `patienceMs` as long as a read may take. */
  async #refreshed(patienceMs?: number): Promise<T> {
    const { clock, limitMs } = this.#options
    const left = this.#pausedUntil - clock.now()
    const pause = left > LONGEST_PAUSE_MS ? 0 : left
    if (pause > 0 && !this.#mayRetry(pause, this.#lastError)) throw this.#lastError
    // A read that is older than its limit was frozen with the sandbox: do not wait for its dead socket.
    const flight =
      this.#flight !== undefined && this.#age(this.#flight.startedAt) < limitMs ? this.#flight : this.#takeOff(pause)
    return await (patienceMs === undefined ? flight.promise : within(flight.promise, patienceMs, clock))
  }

  #takeOff(pause: number): Flight<T> {
    const { clock, limitMs } = this.#options
    this.#sequence += 1
    const sequence = this.#sequence
    const startedAt = clock.now()
    const landed = this.#loaded(startedAt, pause).then((value) => this.#land(value, sequence, startedAt))
    const promise = within(landed, limitMs, clock).catch((error: unknown) => {
      this.#fail(error, sequence, startedAt)
      throw error
    })
    // Whoever waits sees the rejection; nobody has to be waiting.
    promise.catch(() => undefined)
    const flight = { promise, startedAt }
    this.#flight = flight
    return flight
  }

  /**
   * What loading brings, after what is left of the pause, and tried again after short, growing, jittered ones. Whoever
   * asks a new sandbox has nothing else to hope for; whoever can be served an old value takes no share of a busy peer
   * from them.
   */
  async #loaded(startedAt: number, firstPause: number): Promise<T> {
    const { clock, load } = this.#options
    if (firstPause > 0) await sleep(firstPause, clock)
    for (let longest = FIRST_RETRY_MS; ; longest *= 2) {
      try {
        return await load()
      } catch (error) {
        const pause = longest * (0.5 + clock.random() / 2)
        if (!this.#mayRetry(this.#age(startedAt) + pause, error)) throw error
        await sleep(pause, clock)
      }
    }
  }

  /** Whether it is worth a viewer's time to try again when so much of it has passed. */
  #mayRetry(passedMs: number, error: unknown): boolean {
    const { retry } = this.#options
    if (retry === undefined || this.#servable() !== undefined) return false
    return passedMs <= retry.withinMs && retry.isRetryable(error)
  }

  /** Keeps what a read brought, unless a later read has already brought something newer. */
  #land(value: T, sequence: number, startedAt: number): T {
    if (sequence === this.#sequence) {
      this.#flight = undefined
      this.#failures = 0
      this.#pausedUntil = 0
    }
    if (this.#held !== undefined && this.#held.sequence > sequence) return this.#held.value
    const { freshSeconds, staleSeconds } = this.#options.ages(value)
    this.#held = {
      value,
      sequence,
      // The answer is as old as the question.
      readAt: startedAt,
      freshMs: freshSeconds * 1000 * (1 - JITTER * this.#options.clock.random()),
      servableMs: (freshSeconds + staleSeconds) * 1000,
    }
    return value
  }

  /** Doubles the pause before the next read: 40 GetParameters a second are shared by a whole account. */
  #fail(error: unknown, sequence: number, startedAt: number): void {
    const { clock, limitMs, onFailure } = this.#options
    if (sequence !== this.#sequence) return
    this.#flight = undefined
    // A sandbox frozen in mid-read: the failure is its own and says nothing of the peer.
    if (this.#age(startedAt) > 2 * limitMs) return
    this.#failures += 1
    this.#lastError = error
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1))
    this.#pausedUntil = clock.now() + pause * (0.5 + clock.random() / 2)
    onFailure(error)
  }
}

function sleep(ms: number, { after }: Pick<Clock, 'after'>): Promise<void> {
  return new Promise((resolve) => {
    after(ms, resolve)
  })
}

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
