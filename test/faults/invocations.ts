/**
 * Invocations of the rotator in time: its calls take a while, others act in between, and Lambda ends it at its limit or
 * at a fault. One that was ended never does anything again.
 */

import type { World } from '../../key-rotator/src/dependencies.js'
import { createRotator } from '../../key-rotator/src/rotator.js'
import { type Fault, faulty, type Rim } from '../support/aws-double/faults.js'
import { CutOff, LAMBDA_LIMIT_MS, type Stack } from '../support/aws-double/stack.js'
import type { Timeline } from './timeline.js'

/** What an invocation meets. */
export interface Circumstances {
  readonly timeline: Timeline
  /** How long the way of the next request or answer takes, in milliseconds. */
  readonly latencyMs: () => number
  readonly decide: (action: string) => Fault | undefined
  /** Told after each call that reached AWS. */
  readonly after: () => void
}

/** One step, as Secrets Manager asks for it; rejects when the function fails or is ended. */
export async function invoke(photos: Stack, step: string, token: string, circumstances: Circumstances): Promise<void> {
  const { timeline } = circumstances
  const deadline = timeline.now() + LAMBDA_LIMIT_MS
  let isAlive = true
  let end: (reason: CutOff) => void = () => undefined
  const ended = new Promise<never>((_, reject) => {
    end = reject
  })
  const cutOff = () => {
    isAlive = false
    end(new CutOff('the function was ended'))
    return new Promise<never>(() => undefined)
  }
  const pass = async (ms: number) => {
    await timeline.sleep(ms)
    if (!isAlive) await cutOff()
  }
  const rim: Rim = { decide: circumstances.decide, after: circumstances.after, cutOff }
  const through = <Actions extends object>(actions: Actions) =>
    slow(faulty(actions, rim), () => pass(circumstances.latencyMs()))
  const world: World = {
    ...photos.world,
    cloudFront: through(photos.cloudFront),
    secrets: through(photos.secrets),
    get: (url, headers, timeoutMs) => through({ get: () => photos.get(url, headers, timeoutMs) }).get(),
    now: timeline.now,
    sleep: pass,
  }
  const cancel = timeline.after(LAMBDA_LIMIT_MS, () => {
    cutOff().catch(() => undefined)
  })
  const event = { Step: step, SecretId: photos.secretId, ClientRequestToken: token }
  const context = { getRemainingTimeInMillis: () => deadline - timeline.now() }
  const rotator = createRotator(world, () => photos.configuration)
  await Promise.race([rotator(event, context), ended]).finally(cancel)
}

type Action = (request: never) => Promise<unknown>

/** The same actions with a way there and a way back. */
export function slow<Actions extends object>(actions: Actions, way: () => Promise<void>): Actions {
  return new Proxy(actions, {
    get: (target, name) => {
      const action: unknown = Reflect.get(target, name)
      if (typeof action !== 'function') return action
      return async (request: never) => {
        await way()
        try {
          return await (action as Action)(request) // the doubles' functions are all of this shape
        } finally {
          // An error has its way back as well.
          await way()
        }
      }
    },
  })
}
