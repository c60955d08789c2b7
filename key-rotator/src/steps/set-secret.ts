/**
 * setSecret: lets the distribution trust the pending key, beside all that it trusts already.
 *
 * What a repeat does: a key that is in the group is not added twice.
 */

import type { Rotation } from '../dependencies.js'
import { RotationError } from '../error.js'
import { changeKeyGroup, GROUP_QUOTA, readKeyGroup } from '../keys/key-group.js'
import { readPublicKey } from '../keys/public-keys.js'
import { retireKeys } from '../keys/retire-keys.js'
import { logOutcome } from '../log.js'
import { giveUp, requirePendingKey } from '../secret-versions.js'

/** Does the step; see the top of this file. */
export async function setSecret(rotation: Rotation): Promise<void> {
  const { keyPairId } = await requirePendingKey(rotation)
  if ((await readPublicKey(rotation.world, keyPairId)) === undefined) {
    await giveUp(rotation, `somebody deleted the pending public key ${keyPairId}`)
  }
  await trustKey(rotation, keyPairId)
  logOutcome(rotation, 'the pending key is in the group', { keyPairId, keyGroupId: rotation.keyGroupId })
}

/**
 * Adds a key to the group, after making room if there is none.
 *
 * @throws RotationError when the group is full of keys that may not leave.
 */
export async function trustKey(rotation: Rotation, keyPairId: string): Promise<void> {
  await makeRoom(rotation, keyPairId)
  await changeKeyGroup(rotation, (items) => withKey(rotation, items, keyPairId))
}

async function makeRoom(rotation: Rotation, keyPairId: string): Promise<void> {
  const { items } = await readKeyGroup(rotation)
  if (items.includes(keyPairId) || items.length < GROUP_QUOTA) return
  logOutcome(rotation, 'the key group is full, looking for keys that may go', { keyGroupId: rotation.keyGroupId })
  await retireKeys(rotation)
}

function withKey({ step, keyGroupId }: Rotation, items: readonly string[], keyPairId: string): readonly string[] {
  if (items.includes(keyPairId)) return items
  if (items.length < GROUP_QUOTA) return [...items, keyPairId]
  throw new RotationError(
    step,
    `the key group ${keyGroupId} holds ${items.length} keys, and none of ours may leave it yet`,
    'Take out keys that are not ours (aws cloudfront get-key-group), or wait until a replaced key is old enough, or rotate less often; then run the rotation again',
  )
}
