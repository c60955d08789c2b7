/** The time that a changed key group takes to reach every edge location; CloudFront tells neither how long nor when it is over. */

import type { Rotation } from '../dependencies.js'
import { RotationError } from '../error.js'
import { logOutcome } from '../log.js'

/** Kept for an error to be told before Lambda ends the invocation without a word. */
export const RESERVE_MS = 15_000

/**
 * Waits until a group that was changed at `modifiedAt` (milliseconds since the epoch; undefined counts as now) is known
 * everywhere.
 *
 * @throws RotationError when the invocation has less time left.
 */
export async function untilPropagated(rotation: Rotation, modifiedAt: number | undefined): Promise<void> {
  const { world, configuration, step } = rotation
  const propagationMs = configuration.propagationSeconds * 1000
  const age = world.now() - (modifiedAt ?? world.now())
  // Never longer than the whole time: a group changed "in the future" is one of a clock that is ahead of ours.
  const rest = propagationMs - Math.max(0, age)
  if (rest <= 0) return
  if (rest > rotation.remainingMs() - RESERVE_MS) {
    throw new RotationError(
      step,
      `${Math.ceil(rest / 1000)} seconds are missing until every edge location knows the key, and the function has less time left`,
      "Give the function Lambda's 900 seconds; the next try waits only for what is left then",
    )
  }
  logOutcome(rotation, 'waiting until every edge location knows the key', { seconds: Math.ceil(rest / 1000) })
  await world.sleep(rest)
}
