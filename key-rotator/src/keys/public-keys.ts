/** The public keys at CloudFront: listed, uploaded under the rotation's name, marked in their comment, deleted. */
import { publicKeyName } from '../../../contract/names.js'
import type { Rotation, World } from '../dependencies.js'
import { isNamed, RotationError } from '../error.js'
import { isSamePem } from './key-pair.js'
import { ATTEMPT_LENGTH, compact, isUploadOf, type PublicKey } from './retirement.js'

/** Public keys an account may have unless AWS raised it (CloudFront Developer Guide, Quotas on field-level encryption). */
export const ACCOUNT_QUOTA = 10

const ATTEMPTS = 4

/** Every public key of the account, page by page. */
export async function listPublicKeys({ cloudFront }: Pick<World, 'cloudFront'>): Promise<readonly PublicKey[]> {
  return (await listAll(cloudFront)).map(({ Id, Name, Comment, CreatedTime }) => ({
    id: Id ?? '',
    name: Name ?? '',
    comment: Comment ?? '',
    createdAt: CreatedTime?.getTime() ?? 0,
  }))
}

async function listAll(cloudFront: World['cloudFront']) {
  const keys = []
  let marker: string | undefined
  do {
    const { PublicKeyList } = await cloudFront.listPublicKeys(marker === undefined ? {} : { Marker: marker })
    keys.push(...(PublicKeyList?.Items ?? []))
    marker = PublicKeyList?.NextMarker
  } while (marker !== undefined && marker !== '')
  return keys
}

/** Ids of the uploads that earlier or concurrent attempts of this very rotation made. */
export async function listUploads(rotation: Rotation): Promise<readonly string[]> {
  const { world, owner, token } = rotation
  const keys = await listPublicKeys(world)
  return keys.filter((key) => isUploadOf(owner, token, key.name)).map((key) => key.id)
}

/**
 * Uploads a public key and gives its id. The first attempt of a rotation bears the rotation's token as its name, every
 * other one the token and a random end: an upload of another attempt is never taken over, because its private half is
 * not ours, and never deleted here, because its maker may be about to store it.
 *
 * @throws the error of CloudFront; `TooManyPublicKeys` when the account is full.
 */
export async function uploadPublicKey(rotation: Rotation, publicKey: string, isFirst: boolean): Promise<string> {
  const { world } = rotation
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const name = uploadName(rotation, isFirst && attempt === 1)
    const id = await createOrFind(world, name, publicKey)
    if (id !== undefined) return id
  }
  throw new RotationError(
    rotation.step,
    'every name for the new public key is taken',
    'Look at the names with aws cloudfront list-public-keys, then run the rotation again',
  )
}

function uploadName({ owner, token, world }: Rotation, isFirst: boolean): string {
  if (isFirst) return publicKeyName(owner, token)
  const attempt = world.randomBytes(ATTEMPT_LENGTH / 2).toString('hex')
  return publicKeyName(owner, compact(token) + attempt)
}

/** Undefined when the name belongs to another key. A 409 may also mean that our own first try took effect and its answer was lost. */
async function createOrFind(world: World, name: string, publicKey: string): Promise<string | undefined> {
  try {
    const { PublicKey } = await world.cloudFront.createPublicKey({
      PublicKeyConfig: {
        CallerReference: `${name}-${world.randomBytes(8).toString('hex')}`,
        Name: name,
        EncodedKey: publicKey,
        Comment: '',
      },
    })
    return PublicKey?.Id
  } catch (error) {
    if (!isNamed(error, 'PublicKeyAlreadyExists')) throw error
    const namesake = (await listAll(world.cloudFront)).find((key) => key.Name === name)
    return isSamePem(namesake?.EncodedKey, publicKey) ? namesake?.Id : undefined
  }
}

/** The PEM that CloudFront holds under an id, or undefined when there is no such key. */
export async function readPublicKey(
  { cloudFront }: Pick<World, 'cloudFront'>,
  id: string,
): Promise<string | undefined> {
  try {
    return (await cloudFront.getPublicKey({ Id: id })).PublicKey?.PublicKeyConfig?.EncodedKey
  } catch (error) {
    if (isNamed(error, 'NoSuchPublicKey')) return undefined
    throw error
  }
}

/** Writes the one field of a public key that can be changed (API reference, UpdatePublicKey). Repeating it changes nothing. */
export async function writeComment(
  { cloudFront }: Pick<World, 'cloudFront'>,
  id: string,
  comment: string,
): Promise<void> {
  const { PublicKey, ETag } = await cloudFront.getPublicKey({ Id: id })
  const config = PublicKey?.PublicKeyConfig
  if (config === undefined || config.Comment === comment) return
  await cloudFront.updatePublicKey({ Id: id, IfMatch: ETag, PublicKeyConfig: { ...config, Comment: comment } })
}

/** Deletes a public key that is in no group. One that is gone already is what was wanted. */
export async function deletePublicKey({ cloudFront }: Pick<World, 'cloudFront'>, id: string): Promise<void> {
  try {
    const { ETag } = await cloudFront.getPublicKey({ Id: id })
    await cloudFront.deletePublicKey({ Id: id, IfMatch: ETag })
  } catch (error) {
    if (!isNamed(error, 'NoSuchPublicKey')) throw error
  }
}
