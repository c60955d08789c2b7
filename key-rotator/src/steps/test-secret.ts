/**
 * testSecret: proves the pending key end to end before anybody's cookie depends on it. The private half must belong to
 * the public key that CloudFront holds, a request signed with it must pass the distribution where one without a
 * signature does not, and every edge location must have had the time to learn of it.
 *
 * What a repeat does: the same again; it changes nothing. The propagation time is counted from the group's last change,
 * which cannot be earlier than the key's arrival in it, so a repeat waits only for what is left of it. (A later change
 * by somebody else makes the wait longer, never too short.)
 *
 * With RotateImmediately=false Secrets Manager runs this step alone, with a pending version that has no value and is
 * removed afterwards (API reference, RotateSecret): there is nothing to test then.
 */
import type { SigningKey } from '../../../contract/secret.js'
import type { Rotation } from '../dependencies.js'
import { RotationError } from '../error.js'
import { readKeyGroup } from '../keys/key-group.js'
import { isSamePem, publicHalf } from '../keys/key-pair.js'
import { untilPropagated } from '../keys/propagation.js'
import { readPublicKey } from '../keys/public-keys.js'
import { logOutcome } from '../log.js'
import { tryKey } from '../probe.js'
import { giveUp, readPendingKey } from '../secret-versions.js'

/** Does the step; see the top of this file. */
export async function testSecret(rotation: Rotation): Promise<void> {
  const key = await readPendingKey(rotation)
  if (key === undefined) {
    logOutcome(rotation, 'the pending version has no value, there is nothing to test')
    return
  }
  await assertPair(rotation, key)
  const { items, modifiedAt } = await readKeyGroup(rotation)
  if (!items.includes(key.keyPairId)) throw notTrusted(rotation, key.keyPairId)
  await tryKey(rotation, key)
  await untilPropagated(rotation, modifiedAt)
  logOutcome(rotation, 'the pending key is good', { keyPairId: key.keyPairId })
}

/** The error of a key that is not in the group. */
export function notTrusted({ step, keyGroupId }: Rotation, keyPairId: string): RotationError {
  return new RotationError(
    step,
    `the pending key ${keyPairId} is not in the key group ${keyGroupId}`,
    'Let Secrets Manager run the rotation again, from its first step: aws secretsmanager rotate-secret',
  )
}

/** A pair that does not match can never be used, and its version can hold no other. */
async function assertPair(rotation: Rotation, { keyPairId, privateKey }: SigningKey): Promise<void> {
  const published = await readPublicKey(rotation.world, keyPairId)
  if (isSamePem(publicHalf(privateKey), published)) return
  await giveUp(rotation, `the private key of the pending version does not belong to the public key ${keyPairId}`)
}
