/**
 * Parameter Store in us-east-1 as far as a launch meets it: so many calls a second for the whole account, and
 * ThrottlingException for each one beyond (Systems Manager User Guide, Increasing Parameter Store throughput).
 */
import type { SeededRandom } from '../../faults/seeded-random.js'
import type { VirtualTime } from './virtual-time.js'

/** What the account has, and who else takes of it. */
export interface Throughput {
  readonly callsPerSecond: number
  /** Calls of the account's other programs. They never wait: what they take is gone. */
  readonly othersPerSecond: number
}

/** Parameter Store, and what it was asked. */
export interface ParameterStore {
  /** A call from a region that is so many milliseconds away, there and back. */
  readonly call: (roundTripMs: number) => Promise<ReadonlyMap<string, string>>
  readonly calls: () => number
  readonly throttled: () => number
}

/** As the SDK throws it. */
export class ThrottlingException extends Error {
  override readonly name = 'ThrottlingException'
  readonly $metadata = { httpStatusCode: 400 }
}

/** Connection and TLS 1.3 before the request itself: the client keeps no connection. */
const ROUND_TRIPS_BEFORE_ANSWER = 2.5

/** A store with these values. AWS does not say how many calls may come at once: here as many as in a second. */
export function parameterStore(
  values: ReadonlyMap<string, string>,
  { callsPerSecond, othersPerSecond }: Throughput,
  time: VirtualTime,
  random: SeededRandom,
): ParameterStore {
  let tokens = callsPerSecond
  let filledAt = time.now()
  let [calls, throttled] = [0, 0]
  const hasRoom = (): boolean => {
    const seconds = (time.now() - filledAt) / 1000
    filledAt = time.now()
    tokens = Math.min(callsPerSecond, tokens + seconds * (callsPerSecond - othersPerSecond))
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
  return {
    call: async (roundTripMs) => {
      await time.sleep(ROUND_TRIPS_BEFORE_ANSWER * roundTripMs + random.between(5, 15))
      calls += 1
      const isServed = hasRoom()
      await time.sleep(roundTripMs / 2 + (isServed ? random.between(20, 60) : 2))
      if (isServed) return values
      throttled += 1
      throw new ThrottlingException('Rate exceeded')
    },
    calls: () => calls,
    throttled: () => throttled,
  }
}
