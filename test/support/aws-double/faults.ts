/** Faults: a call of AWS that fails before it took effect, took effect though its answer was lost, or was throttled. */
import { awsError } from './error.js'

/** What can happen to a call. A time-out is one of the first two: the caller cannot know which. */
export const FAULTS = ['fails', 'answer lost', 'throttled'] as const

/** One of {@link FAULTS}. */
export type Fault = (typeof FAULTS)[number]

type Action = (request: never) => Promise<unknown>

/** Decides about each call, in order; `count` begins with 1. */
export type FaultPlan = (action: string, count: number) => Fault | undefined

/** The same actions with faults put into them, and what is to happen before each call (`before`, for other writers). */
export function faulty<Actions extends object>(
  actions: Actions,
  decide: (action: string) => Fault | undefined,
  after: (action: string) => void = () => undefined,
): Actions {
  return new Proxy(actions, {
    get: (target, name) => {
      const action: unknown = Reflect.get(target, name)
      if (typeof action !== 'function' || typeof name !== 'string') return action
      return async (request: never) => {
        const fault = decide(name)
        if (fault === 'fails') throw awsError('InternalError')
        if (fault === 'throttled') throw awsError('ThrottlingException')
        const answer = await (action as Action)(request) // the doubles' functions are all of this shape
        after(name)
        if (fault === 'answer lost') throw awsError('TimeoutError')
        return answer
      }
    },
  })
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
