/**
 * createSecret: makes a key pair, uploads the public half, and stores both id and private half as the pending version.
 *
 * What a repeat does: a stored pending value is kept as it is, so whatever came after the storing is not repeated. An
 * upload whose private half was lost is worth nothing; it is found by its name and deleted once a value is stored.
 * Two invocations at once each upload a key of their own; the one that stores first wins, for Secrets Manager takes one
 * value a token (API reference, PutSecretValue), and the other one's upload is deleted.
 */
import { type SigningKey, serializeSigningKey } from '../../../contract/secret.js'
import type { Rotation } from '../dependencies.js'
import { isNamed, RotationError, reasonOf } from '../error.js'
import { changeKeyGroup, readKeyGroup } from '../keys/key-group.js'
import { untilPropagated } from '../keys/propagation.js'
import { ACCOUNT_QUOTA, deletePublicKey, listUploads, uploadPublicKey } from '../keys/public-keys.js'
import { retireKeys } from '../keys/retire-keys.js'
import { logOutcome, logWarning } from '../log.js'
import { readKeyIfSound, readPendingKey, readVersions } from '../secret-versions.js'
import { trustKey } from './set-secret.js'

const SEALING_KEY_BYTES = 32

/** Does the step; see the top of this file. */
export async function createSecret(rotation: Rotation): Promise<void> {
  const { world, configuration } = rotation
  const stored = await readPendingKey(rotation)
  if (stored !== undefined) {
    logOutcome(rotation, 'the pending key is stored already', { keyPairId: stored.keyPairId })
    return
  }

  const { algorithm } = configuration
  const { current, discardsSealingKeys } = await readVersions(rotation)
  const sealingKeys = await nextSealingKeys(rotation, discardsSealingKeys ? undefined : current)
  if (discardsSealingKeys) logOutcome(rotation, 'a revocation is under way, no sealing key of before is carried over')
  const pair = await world.generateKeyPair(algorithm)
  const lost = await listUploads(rotation)
  const keyPairId = await uploadMakingRoom(rotation, pair.publicKey, lost.length === 0)
  const createdAt = new Date(world.now()).toISOString()
  const key = { version: 1, keyPairId, algorithm, privateKey: pair.privateKey, createdAt, sealingKeys } as const

  if (current === undefined) await trustEverywhere(rotation, keyPairId)
  const winner = await store(rotation, key)
  logOutcome(rotation, winner === keyPairId ? 'stored a new pending key' : 'another invocation stored its key first', {
    keyPairId: winner,
  })
  await discard(rotation, [...lost, keyPairId], winner)
}

/**
 * The first value of a secret becomes current as soon as it is stored (API reference, PutSecretValue), before any other
 * step: signers use it at once, so every edge location has to know it by then.
 */
async function trustEverywhere(rotation: Rotation, keyPairId: string): Promise<void> {
  await trustKey(rotation, keyPairId)
  const { modifiedAt } = await readKeyGroup(rotation)
  await untilPropagated(rotation, modifiedAt)
}

/** A new key first, then those that sessions were sealed with until now, by the version that holds them, but for the oldest. */
async function nextSealingKeys(rotation: Rotation, from: string | undefined): Promise<readonly string[]> {
  const { world, configuration } = rotation
  const earlier = (await readKeyIfSound(rotation, from))?.sealingKeys ?? []
  const next = world.randomBytes(SEALING_KEY_BYTES).toString('base64url')
  return [next, ...earlier].slice(0, configuration.sealingKeysKept)
}

async function uploadMakingRoom(rotation: Rotation, publicKey: string, isFirst: boolean): Promise<string> {
  try {
    return await uploadPublicKey(rotation, publicKey, isFirst)
  } catch (error) {
    if (!isNamed(error, 'TooManyPublicKeys')) throw error
  }
  logOutcome(rotation, 'the account has no room for another public key, looking for leftovers')
  await retireKeys(rotation)
  try {
    return await uploadPublicKey(rotation, publicKey, isFirst)
  } catch (error) {
    if (!isNamed(error, 'TooManyPublicKeys')) throw error
    throw new RotationError(
      rotation.step,
      `the account has no room for another public key (${ACCOUNT_QUOTA} unless AWS raised the quota), and no leftover of ours may be deleted yet`,
      'Delete public keys that nobody uses (aws cloudfront list-public-keys), or ask for a higher quota; then run the rotation again',
      { cause: error },
    )
  }
}

/** The id that is stored in the end: ours, or that of an invocation which was faster. */
async function store(rotation: Rotation, key: SigningKey): Promise<string> {
  const { world, secretId, token } = rotation
  try {
    await world.secrets.putSecretValue({
      SecretId: secretId,
      ClientRequestToken: token,
      SecretString: serializeSigningKey(key),
      VersionStages: ['AWSPENDING'],
    })
    return key.keyPairId
  } catch (error) {
    // Taken by another invocation (ResourceExistsException), or by ourselves and only the answer was lost.
    const stored = await readPendingKey(rotation)
    if (stored === undefined) throw error
    return stored.keyPairId
  }
}

/** Leftovers that cannot be deleted now are found again by finishSecret. */
async function discard(rotation: Rotation, uploads: readonly string[], winner: string): Promise<void> {
  const losers = uploads.filter((id) => id !== winner)
  for (const keyPairId of losers) {
    try {
      await deleteUpload(rotation, keyPairId)
      logOutcome(rotation, 'deleted an upload whose private half is lost', { keyPairId })
    } catch (error) {
      logWarning(rotation, 'could not delete an upload whose private half is lost', {
        keyPairId,
        reason: reasonOf(error),
      })
    }
  }
}

async function deleteUpload(rotation: Rotation, keyPairId: string): Promise<void> {
  try {
    await deletePublicKey(rotation.world, keyPairId)
  } catch (error) {
    if (!isNamed(error, 'PublicKeyInUse')) throw error
    await changeKeyGroup(rotation, (items) => items.filter((id) => id !== keyPairId))
    await deletePublicKey(rotation.world, keyPairId)
  }
}
