/**
 * The world of the operator's commands over a stack in memory. Secrets Manager's part is played while somebody sleeps:
 * each sleep runs the next step of the rotation that was asked for, and begins it anew after a failure.
 */
import { STEPS } from '../../key-rotator/src/error.js'
import type { OperatorWorld, SigningKeyStack } from '../../scripts/operator/world.js'
import { type Stack, tokenOf } from './aws-double/stack.js'

/** The commands' world, what was said in it, and hands to move it. */
export interface TestOperator {
  readonly world: OperatorWorld
  readonly place: SigningKeyStack
  readonly said: string[]
  /** Plays RotateSecret of somebody else, and runs the first `steps` of the four. */
  readonly schedule: (token: string, steps: number) => Promise<void>
  /** Errors of the rotator's steps. */
  readonly errors: unknown[]
}

/** An operator of this stack. The tokens of the rotations asked for count from 101. */
export function testOperator(photos: Stack): TestOperator {
  const said: string[] = []
  const errors: unknown[] = []
  let queue: { readonly token: string; readonly step: string }[] = []
  let count = 100
  const enqueue = (token: string) => {
    queue = STEPS.map((step) => ({ token, step }))
  }
  const runNext = async () => {
    const next = queue.shift()
    if (next === undefined) return
    try {
      await photos.step(next.step, next.token)
    } catch (error) {
      errors.push(error)
      if (photos.secrets.labels.get('AWSPENDING') === next.token) enqueue(next.token)
      else queue = []
    }
  }
  const world: OperatorWorld = {
    cloudFront: photos.world.cloudFront,
    secrets: {
      ...photos.world.secrets,
      rotateSecret: async ({ ClientRequestToken: token = '' }) => {
        try {
          photos.secrets.beginRotation(token)
        } catch (error) {
          // "A previous rotation isn't complete. That rotation will be reattempted."
          enqueue(photos.secrets.labels.get('AWSPENDING') ?? '')
          throw error
        }
        enqueue(token)
        return { ARN: photos.secretId, VersionId: token }
      },
    },
    newToken: () => {
      count += 1
      return tokenOf(count)
    },
    now: photos.now,
    sleep: async (ms) => {
      photos.advance(ms / 1000)
      await runNext()
    },
    say: (line) => said.push(line),
  }
  const { name, retireAfterSeconds, signingKeys } = photos.configuration
  const label = signingKeys[photos.secretId]?.label ?? null
  return {
    world,
    place: {
      name,
      label,
      owner: photos.owner,
      secretId: photos.secretId,
      keyGroupId: photos.cloudFront.group.id,
      retireAfterSeconds,
    },
    said,
    errors,
    schedule: async (token, steps) => {
      photos.secrets.beginRotation(token)
      for (const step of STEPS.slice(0, steps)) await photos.step(step, token)
    },
  }
}
