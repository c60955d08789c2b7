/**
 * finishSecret: makes the pending key the current one, then retires keys by age.
 *
 * What a repeat does: the label is not moved twice, and the retirement, being judged anew from what is there, does
 * what is left to do. A crash between the two therefore heals with the repeat, or else with the next rotation.
 *
 * A retirement that fails does not fail the step. The rotation is over: the new key is current, and an error would make
 * Secrets Manager tell of a failed rotation although nothing but a clean-up is missing, which every later rotation
 * does again. The metric `RetirementFailures` tells the operator.
 */

import type { Rotation } from '../dependencies.js'
import { readKeyGroup } from '../keys/key-group.js'
import { listPublicKeys, writeComment } from '../keys/public-keys.js'
import { retireKeys } from '../keys/retire-keys.js'
import { replacedAt } from '../keys/retirement.js'
import { logOutcome } from '../log.js'
import { clearPending, promote, readKeyIfSound, readVersions, requirePendingKey } from '../secret-versions.js'
import { notTrusted } from './test-secret.js'

/** Does the step; see the top of this file. */
export async function finishSecret(rotation: Rotation): Promise<void> {
  const { keyPairId } = await requirePendingKey(rotation)
  const { items } = await readKeyGroup(rotation)
  if (!items.includes(keyPairId)) throw notTrusted(rotation, keyPairId)
  await unmarkCurrent(rotation)
  await promote(rotation)
  logOutcome(rotation, 'the new key is current', { keyPairId })
  await afterPromotion(rotation)
}

/** What is left to do when the key is current already: for a repeat after a crash. */
export async function afterPromotion(rotation: Rotation): Promise<void> {
  await clearPending(rotation)
  await retireKeys(rotation)
}

/**
 * A current key may bear the mark of an earlier replacement when an operator moved AWSCURRENT back to it. It must be
 * gone before the key is replaced again: its age would let the key be retired at once, with all its cookies alive.
 */
async function unmarkCurrent(rotation: Rotation): Promise<void> {
  const { current } = await readVersions(rotation)
  const key = await readKeyIfSound(rotation, current === rotation.token ? undefined : current)
  const listed = (await listPublicKeys(rotation.world)).find(({ id }) => id === key?.keyPairId)
  if (listed === undefined || replacedAt(listed.comment) === undefined) return
  await writeComment(rotation.world, listed.id, '')
  logOutcome(rotation, 'took the mark from a key in use', { keyPairId: listed.id })
}
