/**
 * A rotator as it is often written, to be found wanting: it looks at no step and so rotates four times, keeps the private
 * key in one store and the id in another, and drops the old key as soon as the new one is there.
 */

import { publicKeyName } from '../../contract/names.js'
import type { SigningKey } from '../../contract/secret.js'
import type { World } from '../../key-rotator/src/dependencies.js'
import { awsError } from '../support/aws-double/error.js'
import { SECRET_ARN, type Stack, tokenOf } from '../support/aws-double/stack.js'
import type { Subject } from './subjects.js'

const GROUP = { Id: 'group-1' }

/** Parameter Store, as much of it as holds one id. */
function parameterStore() {
  let value: string | undefined
  return {
    getParameter: async () => {
      if (value === undefined) throw awsError('ParameterNotFound')
      return value
    },
    putParameter: async (other: string) => {
      value = other
    },
    read: () => value,
    save: () => {
      const before = value
      return () => {
        value = before
      }
    },
  }
}

/** The rotator and the signer that goes with it. */
export function simpleSubject(): Subject {
  const idStore = parameterStore()
  let versions = 0
  return {
    rotator: (world, through) => {
      const ids = through({ getParameter: idStore.getParameter, putParameter: idStore.putParameter })
      return async (event) => {
        const { privateKey, publicKey } = await world.generateKeyPair('ECDSA-P256')
        versions += 1
        const token = tokenOf(10_000 + versions)
        const { PublicKey } = await world.cloudFront.createPublicKey({
          PublicKeyConfig: {
            Name: publicKeyName('photos', token),
            CallerReference: token,
            EncodedKey: publicKey,
          },
        })
        const { KeyGroup, ETag } = await world.cloudFront.getKeyGroup(GROUP)
        const { Name = '', Items = [] } = KeyGroup?.KeyGroupConfig ?? {}
        const inUse = await ids.getParameter().catch(() => undefined)
        const dropped = await ownKeys(world, inUse)
        const added = PublicKey?.Id ?? ''
        await world.cloudFront.updateKeyGroup({
          ...GROUP,
          IfMatch: ETag,
          KeyGroupConfig: { Name, Items: [...Items.filter((id) => !dropped.includes(id)), added] },
        })
        await world.secrets.putSecretValue({
          SecretId: SECRET_ARN,
          ClientRequestToken: token,
          SecretString: privateKey,
        })
        await ids.putParameter(added)
        for (const id of dropped) {
          const { ETag: match } = await world.cloudFront.getPublicKey({ Id: id })
          await world.cloudFront.deletePublicKey({ Id: id, IfMatch: match })
        }
        await clearPending(world, event)
      }
    },
    signingKey: (photos) => keyOfBothStores(photos, idStore.read()),
    kept: ({ cloudFront }) => cloudFront.group.items,
    save: idStore.save,
  }
}

/** It has no use for the empty version that RotateSecret made, whose label would block the next rotation. */
async function clearPending({ secrets }: World, event: unknown): Promise<void> {
  const { ClientRequestToken } = event as { ClientRequestToken: string }
  const label = { SecretId: SECRET_ARN, VersionStage: 'AWSPENDING', RemoveFromVersionId: ClientRequestToken }
  await secrets.updateSecretVersionStage(label).catch(() => undefined)
}

/** Every key of ours that is in the group but for the one in use: the one before it, that is. */
async function ownKeys(world: World, inUse: string | undefined): Promise<readonly string[]> {
  const { KeyGroup } = await world.cloudFront.getKeyGroup(GROUP)
  const items = KeyGroup?.KeyGroupConfig?.Items ?? []
  const { PublicKeyList } = await world.cloudFront.listPublicKeys({})
  const own = (PublicKeyList?.Items ?? []).filter(({ Name }) => Name?.startsWith('photos-signing-key-'))
  return own.flatMap(({ Id }) => (Id !== undefined && Id !== inUse && items.includes(Id) ? [Id] : []))
}

const combined = new Map<string, SigningKey>()

/** What its signer makes of both stores; whether they belong together it cannot know. */
function keyOfBothStores({ secrets }: Stack, keyPairId: string | undefined): SigningKey | undefined {
  const privateKey = secrets.versions.get(secrets.labels.get('AWSCURRENT') ?? '')?.value
  if (privateKey === undefined || keyPairId === undefined) return undefined
  const key = combined.get(keyPairId + privateKey) ?? {
    version: 1,
    keyPairId,
    algorithm: 'ECDSA-P256',
    privateKey,
    createdAt: '2026-11-21T05:00:00.000Z',
    sealingKeys: [],
  }
  combined.set(keyPairId + privateKey, key)
  return key
}
