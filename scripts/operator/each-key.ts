/** One thing done for several signing keys of a stack at once: each takes minutes, and none waits for another. */
import { MAIN_KEY } from '../../contract/names.js'
import { explain } from './error.js'
import type { OperatorWorld, SigningKeyStack } from './world.js'

/** What came of it for one key. */
export interface Done<Result> {
  readonly stack: SigningKeyStack
  readonly result: Result
}

/** What came of it for all. */
export interface AllDone<Result> {
  readonly done: readonly Done<Result>[]
  /** How many failed; each has been told. */
  readonly failures: number
}

/** What people call a signing key. */
export function titleOf({ label }: Pick<SigningKeyStack, 'label'>): string {
  return label ?? MAIN_KEY
}

/**
 * Does it for all keys side by side. With several, whatever is said begins with the key's title, and one that fails is
 * told and keeps none of the others from it.
 *
 * @throws the error itself when there is only one key.
 */
export async function forEachKey<Result>(
  world: OperatorWorld,
  stacks: readonly SigningKeyStack[],
  act: (world: OperatorWorld, stack: SigningKeyStack) => Promise<Result>,
): Promise<AllDone<Result>> {
  const [only, ...others] = stacks
  if (only !== undefined && others.length === 0)
    return { done: [{ stack: only, result: await act(world, only) }], failures: 0 }
  const outcomes = await Promise.all(stacks.map((stack) => outcomeOf(world, stack, act)))
  const done = outcomes.flatMap((outcome) => (outcome === undefined ? [] : [outcome]))
  return { done, failures: stacks.length - done.length }
}

async function outcomeOf<Result>(
  world: OperatorWorld,
  stack: SigningKeyStack,
  act: (world: OperatorWorld, stack: SigningKeyStack) => Promise<Result>,
): Promise<Done<Result> | undefined> {
  const say = (line: string) => world.say(`[${titleOf(stack)}] ${line}`)
  try {
    return { stack, result: await act({ ...world, say }, stack) }
  } catch (error) {
    say(explain(error))
    return undefined
  }
}
