/** Carries out what retirement.ts judges: marks, retires and deletes public keys of one secret. */

import type { Rotation } from '../dependencies.js'
import { logOutcome, logRetirementFailure } from '../log.js'
import { readKeyIfSound, readVersions } from '../secret-versions.js'
import { changeKeyGroup, readKeyGroup } from './key-group.js'
import { deletePublicKey, listPublicKeys, writeComment } from './public-keys.js'
import { judgeKeys, replacementMark, type Verdict } from './retirement.js'

/**
 * Gives every public key of this secret its due: see retirement.ts. Each retirement is independent of the others, and
 * all of it may be repeated at any time. Never throws: what fails is logged and counted (metric `RetirementFailures`),
 * and left for the next call. A key that stays trusted too long harms nobody who is signed in.
 */
export async function retireKeys(rotation: Rotation): Promise<void> {
  try {
    const verdicts = await judgeAll(rotation)
    const leaving = verdicts.filter(({ fate }) => fate === 'leave' || fate === 'delete').map(({ key }) => key.id)
    await changeKeyGroup(rotation, (items) => items.filter((id) => !leaving.includes(id)))
    for (const verdict of verdicts) await carryOut(rotation, verdict)
  } catch (error) {
    logRetirementFailure(rotation, 'could not retire keys', error)
  }
}

/**
 * The keys are listed before the secret's versions are read: whatever was uploaded by then belongs to a version that
 * this reading still sees as pending, or to no version at all.
 */
async function judgeAll(rotation: Rotation): Promise<readonly Verdict[]> {
  const { world, configuration, owner } = rotation
  const keys = await listPublicKeys(world)
  const { items: trusted } = await readKeyGroup(rotation)
  const { current, pending, previous } = await readVersions(rotation)
  const [currentKey, pendingKey, previousKey] = await Promise.all([
    readKeyIfSound(rotation, current),
    readKeyIfSound(rotation, pending),
    readKeyIfSound(rotation, previous),
  ])
  return judgeKeys({
    name: configuration.name,
    owner,
    keys,
    trusted,
    current: currentKey?.keyPairId,
    pending: pendingKey?.keyPairId,
    previous: previousKey?.keyPairId,
    unsavedToken: pendingKey === undefined ? pending : undefined,
    now: world.now(),
    retireAfterSeconds: configuration.retireAfterSeconds,
  })
}

async function carryOut(rotation: Rotation, { key, fate, reason }: Verdict): Promise<void> {
  const { world } = rotation
  if (fate === 'stay') return
  try {
    if (fate === 'mark') await writeComment(world, key.id, replacementMark(world.now()))
    if (fate === 'unmark') await writeComment(world, key.id, '')
    if (fate === 'delete') await deletePublicKey(world, key.id)
    logOutcome(rotation, OUTCOMES[fate], { keyPairId: key.id, keyName: key.name, reason })
  } catch (error) {
    logRetirementFailure(rotation, `could not ${fate} a key`, error, { keyPairId: key.id, keyName: key.name })
  }
}

const OUTCOMES = {
  mark: 'marked a key as replaced',
  unmark: 'took the mark from a key in use',
  leave: 'took the bootstrap key from the group',
  delete: 'deleted a key',
} as const
