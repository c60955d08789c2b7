/** What the secret, the group and the account say about a stack's keys at this moment. */
import { createHash } from 'node:crypto'
import type { KeyGroupConfig } from '@aws-sdk/client-cloudfront'
import { isBootstrapKey, requestTokenOf } from '../../contract/names.js'
import { parseSigningKey, type SigningAlgorithm } from '../../contract/secret.js'
import { isNamed } from '../../key-rotator/src/error.js'
import { listPublicKeys } from '../../key-rotator/src/keys/public-keys.js'
import { isUploadOf, type PublicKey } from '../../key-rotator/src/keys/retirement.js'
import { OperatorError } from './error.js'
import type { OperatorWorld, SigningKeyStack } from './world.js'

/** Who has which staging label. */
export interface Labels {
  readonly current: string | undefined
  readonly previous: string | undefined
  /** Undefined too when AWSPENDING lies on the current version, where it means nothing (User Guide, Lambda rotation functions). */
  readonly pending: string | undefined
  /** The labels of each version that has any. */
  readonly byVersion: Readonly<Record<string, readonly string[]>>
  /** False when the schedule does not rotate this secret, and RotateSecret cannot either. */
  readonly rotationEnabled: boolean
  /** When the schedule rotates next; undefined when Secrets Manager does not say. */
  readonly nextRotation: Date | undefined
}

/** Reads the labels anew. */
export async function readLabels(
  { secrets }: Pick<OperatorWorld, 'secrets'>,
  { secretId }: Pick<SigningKeyStack, 'secretId'>,
): Promise<Labels> {
  const answer = await secrets.describeSecret({ SecretId: secretId })
  const { VersionIdsToStages: byVersion = {} } = answer
  const holder = (label: string) => Object.keys(byVersion).find((version) => byVersion[version]?.includes(label))
  const [current, pending, previous] = ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'].map(holder)
  return {
    current,
    previous,
    pending: pending === current ? undefined : pending,
    byVersion,
    rotationEnabled: answer.RotationEnabled === true,
    nextRotation: answer.NextRotationDate,
  }
}

/** What an operator may see of a version's value. */
export interface VersionKey {
  readonly keyPairId: string
  readonly algorithm: SigningAlgorithm
  /** SHA-256 of each sealing key: enough to see whether one is still there. */
  readonly sealingKeyDigests: readonly string[]
}

/**
 * The public key that a version names. Undefined when there is no such version, no value in it, or none of our format:
 * the rotator takes such a value for none as well.
 *
 * The name of a public key carries the version's id, but two attempts of one rotation each make a key; only the value
 * tells which of them counts. The private half and the sealing keys are dropped here.
 */
export async function readVersionKey(
  { secrets }: Pick<OperatorWorld, 'secrets'>,
  { secretId }: Pick<SigningKeyStack, 'secretId'>,
  version: string | undefined,
): Promise<VersionKey | undefined> {
  if (version === undefined) return undefined
  try {
    const { SecretString } = await secrets.getSecretValue({ SecretId: secretId, VersionId: version })
    if (SecretString === undefined) return undefined
    const { keyPairId, algorithm, sealingKeys } = parseSigningKey(SecretString)
    return { keyPairId, algorithm, sealingKeyDigests: sealingKeys.map((key) => sha256(key)) }
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException', 'SigningKeyError')) return undefined
    throw error
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

/** The group at one moment; a write under `etag` succeeds only if nobody wrote since. */
export interface TrustedKeys {
  readonly items: readonly string[]
  readonly etag: string | undefined
  readonly config: KeyGroupConfig
}

/**
 * Reads the group anew.
 *
 * @throws OperatorError when it does not exist.
 */
export async function readGroup(
  { cloudFront }: Pick<OperatorWorld, 'cloudFront'>,
  { keyGroupId, name }: SigningKeyStack,
): Promise<TrustedKeys> {
  try {
    const { KeyGroup, ETag } = await cloudFront.getKeyGroup({ Id: keyGroupId })
    const config = KeyGroup?.KeyGroupConfig
    if (config === undefined)
      throw new OperatorError(`CloudFront gave no configuration of the key group ${keyGroupId}.`)
    return { items: config.Items ?? [], etag: ETag, config }
  } catch (error) {
    if (!isNamed(error, 'NoSuchResource')) throw error
    throw new OperatorError(
      `The key group ${keyGroupId} of the stack "${name}" is gone: run terraform apply, which makes it again.`,
      { cause: error },
    )
  }
}

/** Everything that decides what a key is, read in the one order that is safe for whoever writes the group afterwards. */
export interface Snapshot {
  readonly group: TrustedKeys
  readonly labels: Labels
  readonly current: VersionKey | undefined
  readonly pending: VersionKey | undefined
  readonly previous: VersionKey | undefined
  /** All public keys of the account. */
  readonly publicKeys: readonly PublicKey[]
}

/**
 * Reads the group first and the labels afterwards. A rotation labels its version before it adds the key to the group, so
 * a key of a rotation in the group read here is found as pending or current; one that is added later changes the ETag.
 */
export async function takeSnapshot(world: OperatorWorld, stack: SigningKeyStack): Promise<Snapshot> {
  const group = await readGroup(world, stack)
  const publicKeys = await listPublicKeys(world)
  const labels = await readLabels(world, stack)
  const current = await readVersionKey(world, stack, labels.current)
  const pending = await readVersionKey(world, stack, labels.pending)
  const previous = await readVersionKey(world, stack, labels.previous)
  return { group, labels, current, pending, previous, publicKeys }
}

/** What a public key is to a signing key of the stack. */
export type KeyState =
  | 'current'
  | 'pending'
  | 'previous'
  | 'replaced'
  | 'bootstrap'
  | 'foreign'
  | 'orphan'
  | 'elsewhere'

/**
 * What a key is: `current`, `pending` and `previous` by the secret's labels; `replaced` when it is an older one that is
 * still trusted, `orphan` when it is one of the signing key's own that nobody trusts; `bootstrap` for Terraform's;
 * `foreign` for another's in the group, `elsewhere` for another's outside of it.
 */
export function stateOf(
  key: PublicKey,
  { name, owner }: Pick<SigningKeyStack, 'name' | 'owner'>,
  snapshot: Snapshot,
): KeyState {
  const { group, labels, current, pending, previous } = snapshot
  const isTrusted = group.items.includes(key.id)
  if (key.id === current?.keyPairId) return 'current'
  if (key.id === pending?.keyPairId) return 'pending'
  if (isBootstrapKey(name, key.name)) return 'bootstrap'
  if (requestTokenOf(owner, key.name) === undefined) return isTrusted ? 'foreign' : 'elsewhere'
  if (key.id === previous?.keyPairId) return 'previous'
  // Uploaded by a rotation that has not stored the private half yet.
  if (labels.pending !== undefined && pending === undefined && isUploadOf(owner, labels.pending, key.name))
    return 'pending'
  return isTrusted ? 'replaced' : 'orphan'
}
