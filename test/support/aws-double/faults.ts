/**
 * Faults: what the rotator can meet at a call of AWS. They sit where the SDK's answer reaches it, so "fails", "throttled"
 * and "answer lost" are what is left after all of the SDK's own retries.
 */
import { awsError } from './error.js'

/** What the caller lives to see: no effect, an effect without an answer, no effect because of too many calls. */
export const FAULTS = ['fails', 'answer lost', 'throttled'] as const

/** What it does not live to see: Lambda ends the function while it waits, before or after the call took effect. */
export const CUTS = ['cut off before', 'cut off after'] as const

/** All of them, and the SDK's repetition of a call whose first answer was lost: it takes effect twice. */
export const ALL_FAULTS = [...FAULTS, ...CUTS, 'repeated'] as const

/** One of {@link ALL_FAULTS}. */
export type Fault = (typeof ALL_FAULTS)[number]

type Action = (request: never) => Promise<unknown>

/** Decides about each call, in order; `count` begins with 1. */
export type FaultPlan = (action: string, count: number) => Fault | undefined

/** What a rim of faults is made of. */
export interface Rim {
  /** Told of each call before it takes effect; says what happens to it. */
  readonly decide: (action: string) => Fault | undefined
  /** Told of each call that reached AWS, whatever AWS said. */
  readonly after?: (action: string) => void
  /** Ends the invocation: what it gives never settles. */
  readonly cutOff?: () => Promise<never>
}

/** The same actions with faults put into them. */
export function faulty<Actions extends object>(actions: Actions, rim: Rim): Actions {
  return new Proxy(actions, {
    get: (target, name) => {
      const action: unknown = Reflect.get(target, name)
      if (typeof action !== 'function' || typeof name !== 'string') return action
      return (request: never) => callThrough(rim, name, () => (action as Action)(request)) // the doubles' functions are all of this shape
    },
  })
}

async function callThrough(rim: Rim, name: string, call: () => Promise<unknown>): Promise<unknown> {
  const { decide, after = () => undefined, cutOff = never } = rim
  const fault = decide(name)
  if (fault === 'fails') throw awsError('InternalError')
  if (fault === 'throttled') throw awsError('ThrottlingException')
  if (fault === 'cut off before') return cutOff()
  const observed = () => call().finally(() => after(name))
  // What AWS refuses the SDK does not repeat: the error of a first call that was lost comes out as well.
  if (fault === 'repeated') await observed()
  const answer = await observed()
  if (fault === 'answer lost') throw awsError('TimeoutError')
  return fault === 'cut off after' ? cutOff() : answer
}

function never(): Promise<never> {
  return new Promise(() => undefined)
}

/** The same actions, each of which waits for its turn before it takes effect: for invocations that run side by side. */
export function paced<Actions extends object>(actions: Actions, turn: () => Promise<void>): Actions {
  return new Proxy(actions, {
    get: (target, name) => {
      const action: unknown = Reflect.get(target, name)
      if (typeof action !== 'function') return action
      return async (request: never) => {
        await turn()
        return (action as Action)(request) // the doubles' functions are all of this shape
      }
    },
  })
}
