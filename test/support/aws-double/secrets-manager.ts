/**
 * One secret of Secrets Manager in memory: versions, staging labels, and what a client request token may do twice. The
 * rules are those of the API reference (2017-10-17) for PutSecretValue, UpdateSecretVersionStage and RotateSecret.
 */
import type { TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-secrets-manager'
import type { Secrets } from '../../../key-rotator/src/dependencies.js'
import { refill } from './cloudfront.js'
import { awsError } from './error.js'

/** A version: RotateSecret makes one without a value. */
export interface StoredVersion {
  readonly value: string | undefined
  readonly createdAt: number
}

/** The state and the actions that change it. */
export interface SecretsDouble extends Secrets {
  readonly versions: Map<string, StoredVersion>
  /** Version id by label: a label is on one version at most. */
  readonly labels: Map<string, string>
  readonly tags: Map<string, string>
  rotationEnabled: boolean
  /** Whether the first value becomes current at once, as the API reference says of the first version; with the empty version of RotateSecret there before, nobody says. */
  firstIsCurrent: boolean
  /** What RotateSecret does before it invokes the function: an empty version with AWSPENDING. Refuses while another rotation is pending. */
  readonly beginRotation: (token: string) => void
  readonly tagResource: (request: TagResourceRequest) => Promise<unknown>
  readonly untagResource: (request: UntagResourceRequest) => Promise<unknown>
  /** Remembers all of it; what it gives back puts it there again. */
  readonly save: () => () => void
}

/** A secret without any version, as Terraform leaves it. */
export function secretsDouble(arn: string, now: () => number): SecretsDouble {
  const versions = new Map<string, StoredVersion>()
  const labels = new Map<string, string>()
  const tags = new Map<string, string>()
  const createdAt = now()
  const assertSecret = (id: string | undefined) => {
    if (id !== arn) throw awsError('ResourceNotFoundException')
  }
  const labelsOf = (version: string) => [...labels].filter(([, holder]) => holder === version).map(([label]) => label)
  const move = (label: string, version: string) => {
    const before = labels.get(label)
    labels.set(label, version)
    // "Secrets Manager automatically moves the staging label AWSPREVIOUS to the version that AWSCURRENT was removed from."
    if (label === 'AWSCURRENT' && before !== undefined && before !== version) labels.set('AWSPREVIOUS', before)
  }
  const double: SecretsDouble = {
    versions,
    labels,
    tags,
    rotationEnabled: true,
    firstIsCurrent: false,
    beginRotation: (token) => {
      const pending = labels.get('AWSPENDING')
      if (pending !== undefined && pending !== token && pending !== labels.get('AWSCURRENT')) {
        throw awsError('InvalidRequestException', 'a previous rotation is in progress')
      }
      if (!versions.has(token)) versions.set(token, { value: undefined, createdAt: now() })
      if (labels.get('AWSCURRENT') !== token) labels.set('AWSPENDING', token)
    },
    save: () => {
      const before = { versions: [...versions], labels: [...labels], tags: [...tags] }
      return () => {
        refill(versions, before.versions)
        refill(labels, before.labels)
        refill(tags, before.tags)
      }
    },
    describeSecret: async ({ SecretId }) => {
      assertSecret(SecretId)
      const staged = [...versions.keys()].filter((version) => labelsOf(version).length > 0)
      return {
        ARN: arn,
        Name:
          arn
            .split(':')
            .at(-1)
            ?.replace(/-.{6}$/, '') ?? '',
        CreatedDate: new Date(createdAt),
        RotationEnabled: double.rotationEnabled,
        VersionIdsToStages: Object.fromEntries(staged.map((version) => [version, labelsOf(version)])),
        // A secret without any has no such member.
        ...(tags.size === 0 ? {} : { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) }),
      }
    },
    getSecretValue: async ({ SecretId, VersionId, VersionStage }) => {
      assertSecret(SecretId)
      const id = VersionId ?? labels.get(VersionStage ?? 'AWSCURRENT')
      const version = versions.get(id ?? '')
      if (id === undefined || version?.value === undefined) throw awsError('ResourceNotFoundException')
      return {
        VersionId: id,
        SecretString: version.value,
        CreatedDate: new Date(version.createdAt),
        VersionStages: labelsOf(id),
      }
    },
    putSecretValue: async ({ SecretId, ClientRequestToken = '', SecretString, VersionStages = ['AWSCURRENT'] }) => {
      assertSecret(SecretId)
      const version = versions.get(ClientRequestToken)
      // Same token, same value: ignored. Same token, other value: an error, "because you can't modify an existing version".
      if (version?.value !== undefined && version.value !== SecretString) throw awsError('ResourceExistsException')
      versions.set(ClientRequestToken, { value: SecretString, createdAt: version?.createdAt ?? now() })
      for (const label of VersionStages) move(label, ClientRequestToken)
      if (double.firstIsCurrent && !labels.has('AWSCURRENT')) move('AWSCURRENT', ClientRequestToken)
      return { VersionId: ClientRequestToken }
    },
    tagResource: async ({ SecretId, Tags = [] }) => {
      assertSecret(SecretId)
      for (const { Key = '', Value = '' } of Tags) tags.set(Key, Value)
      return {}
    },
    untagResource: async ({ SecretId, TagKeys = [] }) => {
      assertSecret(SecretId)
      for (const key of TagKeys) tags.delete(key)
      return {}
    },
    updateSecretVersionStage: async ({ SecretId, VersionStage = '', MoveToVersionId, RemoveFromVersionId }) => {
      assertSecret(SecretId)
      const holder = labels.get(VersionStage)
      if (MoveToVersionId !== undefined && !versions.has(MoveToVersionId)) throw awsError('ResourceNotFoundException')
      if (holder !== undefined && holder !== MoveToVersionId && holder !== RemoveFromVersionId) {
        // "If the staging label is already attached to a different version, then you must also specify
        // RemoveFromVersionId."
        throw awsError('InvalidParameterException')
      }
      if (RemoveFromVersionId !== undefined && holder !== RemoveFromVersionId)
        throw awsError('InvalidParameterException')
      if (MoveToVersionId === undefined) labels.delete(VersionStage)
      else move(VersionStage, MoveToVersionId)
      return {}
    },
  }
  return double
}
