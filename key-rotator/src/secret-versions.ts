/**
 * The versions of the secret and their staging labels (Secrets Manager User Guide, What's in a secret: versions):
 * AWSCURRENT is what the edge function reads, AWSPENDING what a rotation is about to make current.
 */
import { DISCARD_SEALING_KEYS_TAG } from '../../contract/names.js'
import { parseSigningKey, type SigningKey, SigningKeyError } from '../../contract/secret.js'
import type { Rotation } from './dependencies.js'
import { isNamed, RotationError } from './error.js'
import { logWarning } from './log.js'

/** Who has which label. */
export interface SecretVersions {
  readonly rotationEnabled: boolean
  /** Labels by version id. A version without a label may be missing. */
  readonly labels: Readonly<Record<string, readonly string[]>>
  /** Ids of the labelled versions. */
  readonly current: string | undefined
  readonly pending: string | undefined
  readonly previous: string | undefined
  /** Whether somebody is revoking: what was sealed before must never be opened again. */
  readonly discardsSealingKeys: boolean
}

/** Reads the labels anew. */
export async function readVersions({ world, secretId }: Pick<Rotation, 'world' | 'secretId'>): Promise<SecretVersions> {
  const { RotationEnabled, VersionIdsToStages, Tags = [] } = await world.secrets.describeSecret({ SecretId: secretId })
  const labels = VersionIdsToStages ?? {}
  const holder = (label: string) => Object.keys(labels).find((version) => labels[version]?.includes(label))
  return {
    rotationEnabled: RotationEnabled === true,
    labels,
    current: holder('AWSCURRENT'),
    pending: holder('AWSPENDING'),
    previous: holder('AWSPREVIOUS'),
    discardsSealingKeys: Tags.some(({ Key }) => Key === DISCARD_SEALING_KEYS_TAG),
  }
}

/**
 * The signing key in a version of the secret. Undefined when the version has no value, as RotateSecret leaves it before
 * createSecret.
 *
 * @throws SigningKeyError when the value is not of our format.
 */
export async function readKey({ world, secretId }: Rotation, version: string): Promise<SigningKey | undefined> {
  try {
    const answer = await world.secrets.getSecretValue({ SecretId: secretId, VersionId: version })
    if (answer.SecretString === undefined && answer.SecretBinary === undefined) return undefined
    return parseSigningKey(answer.SecretString)
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return undefined
    throw error
  }
}

/**
 * The key that this rotation stored, or undefined when it has stored none yet.
 *
 * @throws RotationError when the stored value can never become a key in use; the rotation is given up then.
 */
export async function readPendingKey(rotation: Rotation): Promise<SigningKey | undefined> {
  try {
    return await readKey(rotation, rotation.token)
  } catch (error) {
    if (error instanceof SigningKeyError) return giveUp(rotation, 'the pending version holds no signing key', error)
    throw error
  }
}

/** The pending key where a step cannot do without it. */
export async function requirePendingKey(rotation: Rotation): Promise<SigningKey> {
  const key = await readPendingKey(rotation)
  if (key !== undefined) return key
  throw new RotationError(
    rotation.step,
    'the pending version has no value, createSecret has not been done',
    'Let Secrets Manager run the rotation again: aws secretsmanager rotate-secret',
  )
}

/** The key of a version, or undefined when there is no such version, no value, or (with a warning) none of our format. */
export async function readKeyIfSound(rotation: Rotation, version: string | undefined): Promise<SigningKey | undefined> {
  if (version === undefined) return undefined
  try {
    return await readKey(rotation, version)
  } catch (error) {
    if (!(error instanceof SigningKeyError)) throw error
    logWarning(rotation, 'a version of the secret holds no signing key', { version, problems: error.problems })
    return undefined
  }
}

/**
 * Ends a rotation whose pending value can never be used: a version's value cannot be changed (API reference,
 * PutSecretValue), and while its label is there RotateSecret refuses to begin another rotation.
 *
 * @throws RotationError always.
 */
export async function giveUp(rotation: Rotation, what: string, cause?: unknown): Promise<never> {
  const { world, secretId, token, step } = rotation
  const request = { SecretId: secretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: token }
  await world.secrets.updateSecretVersionStage(request)
  const remedy =
    'The current key goes on working and this attempt is given up; start another one: aws secretsmanager rotate-secret'
  throw new RotationError(step, what, remedy, { cause })
}

/**
 * Makes this rotation's version the current one. Secrets Manager moves AWSPREVIOUS by itself. Repeating it is a no-op;
 * an error is one only if the label has not moved after all, so that a lost answer does no harm.
 */
export async function promote(rotation: Rotation): Promise<void> {
  const { world, secretId, token } = rotation
  const { current } = await readVersions(rotation)
  if (current === token) return
  try {
    await world.secrets.updateSecretVersionStage({
      SecretId: secretId,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: token,
      ...(current === undefined ? {} : { RemoveFromVersionId: current }),
    })
  } catch (error) {
    if ((await readVersions(rotation)).current !== token) throw error
  }
}

/**
 * Takes AWSPENDING from this rotation's version, as AWS's template does, so that `describe-secret` shows no rotation in
 * progress. It may stay where it is: on the current version it stands in nobody's way (User Guide, Lambda rotation
 * functions).
 */
export async function clearPending(rotation: Rotation): Promise<void> {
  const { world, secretId, token } = rotation
  try {
    await world.secrets.updateSecretVersionStage({
      SecretId: secretId,
      VersionStage: 'AWSPENDING',
      RemoveFromVersionId: token,
    })
  } catch (error) {
    if ((await readVersions(rotation)).pending !== token) return
    logWarning(rotation, 'left AWSPENDING on the current version', { reason: String(error) })
  }
}
