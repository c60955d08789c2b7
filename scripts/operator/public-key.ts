/** Deletes a public key, whoever else is at work on it. */
import { isNamed } from '../../key-rotator/src/error.js'
import type { OperatorWorld } from './world.js'

const ATTEMPTS = 3

/**
 * Deletes a public key that is in no group. One that is gone already is what was wanted; one whose comment the rotator
 * has just written has another ETag, and is read again.
 */
export async function deletePublicKey({ cloudFront }: Pick<OperatorWorld, 'cloudFront'>, id: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { ETag } = await cloudFront.getPublicKey({ Id: id })
      await cloudFront.deletePublicKey({ Id: id, IfMatch: ETag })
      return
    } catch (error) {
      if (isNamed(error, 'NoSuchPublicKey')) return
      if (attempt >= ATTEMPTS || !isNamed(error, 'PreconditionFailed', 'InvalidIfMatchVersion')) throw error
    }
  }
}
