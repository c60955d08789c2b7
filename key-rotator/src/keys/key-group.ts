/**
 * The key group: which public keys the distribution trusts. UpdateKeyGroup replaces the whole list (API reference), so
 * every change reads, modifies and writes under the ETag, again and again until nobody else wrote in between.
 */
import type { KeyGroupConfig } from '@aws-sdk/client-cloudfront'
import type { Rotation } from '../dependencies.js'
import { isNamed, RotationError } from '../error.js'

/** Public keys a group may hold (CloudFront Developer Guide, Quotas on key groups). AWS can raise it; we plan with what everybody has. */
export const GROUP_QUOTA = 5

const ATTEMPTS = 8
const LONGEST_PAUSE_MS = 4_000

/** The group as it is now. */
export interface KeyGroup {
  /** Ids of the trusted public keys. */
  readonly items: readonly string[]
  /** When the list was last changed, in milliseconds since the epoch; undefined when CloudFront does not say. */
  readonly modifiedAt: number | undefined
  readonly etag: string | undefined
  readonly config: KeyGroupConfig
}

/**
 * Reads the group anew.
 *
 * @throws RotationError when it does not exist.
 */
export async function readKeyGroup({ world, keyGroupId, step }: Rotation): Promise<KeyGroup> {
  try {
    const { KeyGroup: group, ETag } = await world.cloudFront.getKeyGroup({ Id: keyGroupId })
    const config = group?.KeyGroupConfig
    if (config === undefined) throw new Error('GetKeyGroup answered without a configuration')
    return { items: config.Items ?? [], modifiedAt: group?.LastModifiedTime?.getTime(), etag: ETag, config }
  } catch (error) {
    if (!isNamed(error, 'NoSuchResource')) throw error
    const remedy = 'Apply the Terraform module again, it makes the group and tells the function its id'
    throw new RotationError(step, `there is no key group ${keyGroupId}`, remedy, { cause: error })
  }
}

/**
 * Changes the list of trusted keys. `change` may be called several times, each time with the list as it is then; when
 * it gives back the same list nothing is written.
 *
 * @throws RotationError when others kept on writing, or when the group would be left empty.
 */
export async function changeKeyGroup(
  rotation: Rotation,
  change: (items: readonly string[]) => readonly string[],
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const group = await readKeyGroup(rotation)
    const items = change(group.items)
    if (items.length === group.items.length && items.every((id) => group.items.includes(id))) return
    assertNotEmpty(rotation, items)
    if (await hasWritten(rotation, group, items)) return
    const pause = Math.min(LONGEST_PAUSE_MS, 100 * 2 ** attempt)
    await rotation.world.sleep(pause / 2 + (rotation.world.random() * pause) / 2)
  }
  throw new RotationError(
    rotation.step,
    `the key group ${rotation.keyGroupId} was changed by somebody else ${ATTEMPTS} times in a row`,
    'Find out who writes to it (CloudTrail, UpdateKeyGroup), then run the rotation again',
  )
}

/** False when somebody else wrote first; an answer of ours that was lost and repeated by the SDK looks the same. */
async function hasWritten(
  { world, keyGroupId }: Rotation,
  group: KeyGroup,
  items: readonly string[],
): Promise<boolean> {
  try {
    await world.cloudFront.updateKeyGroup({
      Id: keyGroupId,
      IfMatch: group.etag,
      KeyGroupConfig: { ...group.config, Items: [...items] },
    })
    return true
  } catch (error) {
    if (isNamed(error, 'PreconditionFailed', 'InvalidIfMatchVersion')) return false
    throw error
  }
}

function assertNotEmpty({ step, keyGroupId }: Rotation, items: readonly string[]): void {
  if (items.length > 0) return
  const remedy = 'Nothing was changed; compare the group with the secret, then run the rotation again'
  throw new RotationError(step, `the key group ${keyGroupId} would be left without a key`, remedy)
}
