/**
 * Ends the life of every cookie and every session: rotates to a version that holds nothing of the versions before, then
 * takes every other public key of this signing key from the group and deletes it.
 *
 * Whoever revokes fears that the secret was read. It holds the keys that seal sessions as well, and a rotation carries
 * the last of them over; a tag on the secret tells the rotator not to. Whether the new version really holds none of the
 * old ones is looked at in the end: the rotator may have read the tags before it was there.
 *
 * The rules: the group never loses the current key, nor that of a rotation in progress (it may become current at any
 * moment, and has signed nothing yet); a key that is not this signing key's stays. Every part may be repeated: run
 * again after it was interrupted, it does what is left to do, with another new key.
 */

import { DISCARD_SEALING_KEYS_TAG, HOME_REGION } from '../../contract/names.js'
import { isNamed } from '../../key-rotator/src/error.js'
import { GROUP_QUOTA } from '../../key-rotator/src/keys/key-group.js'
import { ACCOUNT_QUOTA } from '../../key-rotator/src/keys/public-keys.js'
import { OperatorError, reasonOf } from './error.js'
import { deletePublicKey } from './public-key.js'
import { type RotationOutcome, removeLabel, rotateKey } from './rotation.js'
import { type KeyState, readGroup, readLabels, readVersionKey, stateOf, takeSnapshot } from './signing-keys.js'
import { argumentsFor } from './stack.js'
import type { OperatorWorld, SigningKeyStack } from './world.js'

const ATTEMPTS = 8
/** A rotation that was in progress may hold a sealing key of before; the next one is made under the tag from its beginning. */
const ROTATIONS = 3
/** The rotator tidies up after the promotion; deleting keys under its hands would raise an alarm for nothing. */
const TIDYING_MS = 10_000

/** States of keys that sign nothing any more once the current key is a new one. */
const REVOKED: readonly KeyState[] = ['previous', 'replaced', 'orphan']

/** What was done. */
export interface Revocation extends RotationOutcome {
  /** Ids of the keys that were taken from the group. */
  readonly untrusted: readonly string[]
  /** Ids of the keys that were deleted. */
  readonly deleted: readonly string[]
  /** Keys that nobody trusts any more but which could not be deleted, and why. */
  readonly left: readonly { readonly id: string; readonly reason: string }[]
}

/**
 * Revokes: see the top of this file. `atOnce` says how many signing keys are being revoked at the same time: each needs
 * room in the account for one public key more.
 *
 * @throws OperatorError when the rotation does not end well, or the current key is not trusted: nothing is taken from
 * the group then. Also when the secret still holds an old sealing key after several rotations.
 */
export async function revokeKeys(world: OperatorWorld, stack: SigningKeyStack, atOnce = 1): Promise<Revocation> {
  const sealing = await sealingKeysInUse(world, stack)
  try {
    const early = await makeRoom(world, stack, atOnce)
    const { rotation, untrusted } = await replaceAll(world, stack, sealing)
    await world.sleep(TIDYING_MS)
    const { deleted, left } = await deleteRevoked(world, stack)
    return {
      ...rotation,
      untrusted: [...new Set([...early.untrusted, ...untrusted])],
      deleted: [...early.deleted, ...deleted],
      left,
    }
  } finally {
    await keepSealingKeys(world, stack)
  }
}

/** Digests of what sessions may have been sealed with until now. A key that is only pending has sealed nothing. */
async function sealingKeysInUse(world: OperatorWorld, stack: SigningKeyStack): Promise<ReadonlySet<string>> {
  const { current, previous } = await readLabels(world, stack)
  const keys = [await readVersionKey(world, stack, current), await readVersionKey(world, stack, previous)]
  return new Set(keys.flatMap((key) => key?.sealingKeyDigests ?? []))
}

/** Rotates until the current version holds no sealing key of `revoked`, and takes the other keys from the group each time. */
async function replaceAll(
  world: OperatorWorld,
  stack: SigningKeyStack,
  revoked: ReadonlySet<string>,
): Promise<{ readonly rotation: RotationOutcome; readonly untrusted: readonly string[] }> {
  const untrusted: string[] = []
  let first: RotationOutcome | undefined
  for (let attempt = 1; attempt <= ROTATIONS; attempt += 1) {
    await discardSealingKeys(world, stack)
    const rotation = await rotateKey(world, stack)
    first ??= rotation
    untrusted.push(...(await distrustOthers(world, stack)))
    world.say(`CloudFront trusts ${rotation.current} and no older key of "${stack.owner}" any more.`)
    await forgetPrevious(world, stack)
    const inUse = await sealingKeysInUse(world, stack)
    if (![...inUse].some((digest) => revoked.has(digest))) {
      return { rotation: { ...rotation, previous: first.previous, joined: first.joined }, untrusted }
    }
    world.say(
      'That rotation had begun before and carries a sealing key over, with which old sessions could still be opened: another one follows.',
    )
  }
  throw new OperatorError(
    `After ${ROTATIONS} rotations the secret ${stack.secretId} still holds a sealing key of before: old cookies are refused, but old sessions could still be opened. Run npm run revoke -- ${argumentsFor(stack)} again.`,
  )
}

async function discardSealingKeys({ secrets }: OperatorWorld, { secretId }: SigningKeyStack): Promise<void> {
  await secrets.tagResource({ SecretId: secretId, Tags: [{ Key: DISCARD_SEALING_KEYS_TAG, Value: 'revocation' }] })
}

/** Without the tag again. One that stays ends the sessions at every rotation, and no more. */
async function keepSealingKeys({ secrets, say }: OperatorWorld, { secretId }: SigningKeyStack): Promise<void> {
  try {
    await secrets.untagResource({ SecretId: secretId, TagKeys: [DISCARD_SEALING_KEYS_TAG] })
  } catch (error) {
    say(
      `The tag ${DISCARD_SEALING_KEYS_TAG} could not be taken from the secret (${reasonOf(error)}). While it is there, each rotation ends all sessions. Terraform removes it with the next apply, or you do: aws secretsmanager untag-resource --region ${HOME_REGION} --secret-id ${secretId} --tag-keys ${DISCARD_SEALING_KEYS_TAG}`,
    )
  }
}

/**
 * Where there is no room for one key more, the rotator would wait for a replaced one to be old enough. Here their cookies
 * are to die anyway, so they leave before the rotation.
 */
async function makeRoom(
  world: OperatorWorld,
  stack: SigningKeyStack,
  atOnce: number,
): Promise<Pick<Revocation, 'untrusted' | 'deleted'>> {
  const { group, labels, publicKeys } = await takeSnapshot(world, stack)
  const isFull = group.items.length >= GROUP_QUOTA || publicKeys.length + atOnce > ACCOUNT_QUOTA
  if (!isFull || labels.current === undefined) return { untrusted: [], deleted: [] }
  world.say('There is no room for another key, so the replaced ones leave first.')
  const untrusted = await distrustOthers(world, stack)
  await forgetPrevious(world, stack)
  const { deleted } = await deleteRevoked(world, stack)
  return { untrusted, deleted }
}

/** Ids of the keys that left the group. */
async function distrustOthers(world: OperatorWorld, stack: SigningKeyStack): Promise<readonly string[]> {
  const untrusted = new Set<string>()
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const snapshot = await takeSnapshot(world, stack)
    const { group, current, publicKeys } = snapshot
    assertTrusted(stack, group.items, current?.keyPairId)
    const revoked = publicKeys.filter((key) => REVOKED.includes(stateOf(key, stack, snapshot))).map(({ id }) => id)
    const items = group.items.filter((id) => !revoked.includes(id))
    for (const id of group.items) if (revoked.includes(id)) untrusted.add(id)
    const isDone = items.length === group.items.length
    if (isDone || (await hasWritten(world, stack, group, items))) {
      await restoreCurrent(world, stack)
      return [...untrusted]
    }
    await world.sleep(500 * attempt)
  }
  throw new OperatorError(
    `The key group ${stack.keyGroupId} was changed by somebody else ${ATTEMPTS} times in a row, and old keys are still trusted: run npm run revoke -- ${argumentsFor(stack)} again.`,
  )
}

function assertTrusted(stack: SigningKeyStack, items: readonly string[], current: string | undefined) {
  if (current !== undefined && items.includes(current)) return
  throw new OperatorError(
    `The current key ${current ?? '(none)'} is not in the key group ${stack.keyGroupId}, so nothing was taken from it: run npm run revoke -- ${argumentsFor(stack)} again, and if that ends here too, look at both with npm run keys -- ${argumentsFor(stack)}.`,
  )
}

/** False when somebody else wrote first, or when an answer of ours was lost: the next look tells. */
async function hasWritten(
  { cloudFront }: OperatorWorld,
  { keyGroupId }: SigningKeyStack,
  { etag, config }: Awaited<ReturnType<typeof readGroup>>,
  items: readonly string[],
): Promise<boolean> {
  try {
    await cloudFront.updateKeyGroup({
      Id: keyGroupId,
      IfMatch: etag,
      KeyGroupConfig: { ...config, Items: [...items] },
    })
    return true
  } catch (error) {
    if (isNamed(error, 'PreconditionFailed', 'InvalidIfMatchVersion')) return false
    throw error
  }
}

/** The label could have been moved by hand between the look and the write: what is current is trusted in the end. */
async function restoreCurrent(world: OperatorWorld, stack: SigningKeyStack): Promise<void> {
  const { current } = await readLabels(world, stack)
  const key = await readVersionKey(world, stack, current)
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const group = await readGroup(world, stack)
    if (key === undefined || group.items.includes(key.keyPairId)) return
    world.say(`AWSCURRENT was moved meanwhile: the key ${key.keyPairId} is current and is trusted again.`)
    if (await hasWritten(world, stack, group, [...group.items, key.keyPairId])) return
  }
}

/** A rollback to AWSPREVIOUS would sign with a key that nobody trusts; without any label AWS may delete that version. */
async function forgetPrevious(world: OperatorWorld, stack: SigningKeyStack): Promise<void> {
  const { previous, current } = await readLabels(world, stack)
  if (previous === undefined || previous === current) return
  if (await removeLabel(world, stack, 'AWSPREVIOUS', previous)) {
    world.say(`The version ${previous} has lost AWSPREVIOUS: nothing can be rolled back to its key.`)
  }
}

async function deleteRevoked(
  world: OperatorWorld,
  stack: SigningKeyStack,
): Promise<Pick<Revocation, 'deleted' | 'left'>> {
  const snapshot = await takeSnapshot(world, stack)
  const deleted: string[] = []
  const left: { id: string; reason: string }[] = []
  for (const key of snapshot.publicKeys) {
    // One that is trusted again has signed for a later rotation meanwhile.
    if (snapshot.group.items.includes(key.id) || !REVOKED.includes(stateOf(key, stack, snapshot))) continue
    try {
      await deletePublicKey(world, key.id)
      deleted.push(key.id)
    } catch (error) {
      left.push({ id: key.id, reason: reasonOf(error) })
    }
  }
  return { deleted, left }
}
