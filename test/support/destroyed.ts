/**
 * Which stacks are destroyed at the end of their story. A destroy takes longer than most stories, and the local AWS ends
 * with them in any case.
 */
import { sample } from './sample.js'

/** Examples whose destroy belongs to a story are not in this list: they are destroyed in every run. */
const EXAMPLES = ['bring-your-own', 'custom-domain', 'oidc', 'spa', 'stages', 'website'] as const

/** An example that is not destroyed in every run. */
export type SometimesDestroyed = (typeof EXAMPLES)[number]

const chosen = sample('destroyed', EXAMPLES, 1)

/** Whether this run destroys the example: the exhaustive tier destroys all of them, the quick tier one. */
export function isDestroyed(example: SometimesDestroyed): boolean {
  return chosen.includes(example)
}
