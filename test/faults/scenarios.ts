/** The kinds of rotation: each a stack as it is just before one, watched already. */
import { type Stack, type StackOptions, stack, tokenOf } from '../support/aws-double/stack.js'
import type { Subject } from './subjects.js'

export const DAY_SECONDS = 86_400

/** A kind of rotation. */
export interface Scenario {
  readonly name: string
  /** Rotations that were, a day apart. */
  readonly before: number
  readonly options?: StackOptions
  /** Whether the first value of the secret becomes current at once. */
  readonly firstIsCurrent?: boolean
  /** Public keys of others in the group, and outside of it. */
  readonly trustedOthers?: number
  readonly others?: number
  /** Whether an upload that a fault left behind takes the last place, so that a try without a pause finds none. */
  readonly isFull?: boolean
  readonly change?: (photos: Stack) => void
}

/** Every kind that the campaign knows. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'the first rotation', before: 0 },
  { name: 'a first rotation whose value becomes current at once', before: 0, firstIsCurrent: true },
  { name: 'the second rotation', before: 1 },
  { name: 'a rotation with a retirement due', before: 2 },
  { name: 'a rotation in a group with one place left', before: 1, trustedOthers: 3 },
  { name: 'a rotation in a full group with a retirement due', before: 2, trustedOthers: 3 },
  { name: 'a rotation in an account with one place left', before: 2, trustedOthers: 1, others: 5 },
  { name: 'a rotation in a full account with a retirement due', before: 2, trustedOthers: 1, others: 6, isFull: true },
  {
    name: 'a rotation from RSA to ECDSA and SHA-256',
    before: 2,
    options: { configuration: { algorithm: 'RSA-2048' } },
    change: ({ configuration }) => Object.assign(configuration, { algorithm: 'ECDSA-P256', hashAlgorithm: 'SHA256' }),
  },
]

/** The stack, a day after its last rotation. */
export async function prepare(scenario: Scenario, subject: Subject, page?: number): Promise<Stack> {
  const { before, firstIsCurrent = false, trustedOthers = 1, others = 1 } = scenario
  const { rotator } = subject
  const options = {
    ...scenario.options,
    ...(page === undefined ? {} : { page }),
    ...(rotator === undefined ? {} : { rotator }),
  }
  const photos = stack(options)
  photos.secrets.firstIsCurrent = firstIsCurrent
  for (let number = 1; number <= trustedOthers; number += 1) {
    photos.cloudFront.seed(`trusted-other-${number}`, { trusted: true })
  }
  for (let number = 1; number <= before; number += 1) {
    await photos.rotate(tokenOf(number))
    photos.advance(DAY_SECONDS)
  }
  // Those of others who took what was left of the account only now.
  for (let number = 1; number <= others; number += 1) photos.cloudFront.seed(`other-${number}`)
  scenario.change?.(photos)
  return photos
}
