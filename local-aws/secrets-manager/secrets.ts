/**
 * CreateSecret, UpdateSecret, DescribeSecret, ListSecrets, DeleteSecret, RestoreSecret, TagResource, UntagResource.
 *
 * Source: Secrets Manager API Reference.
 */
import { randomInt } from 'node:crypto'
import { ACCOUNT_ID } from '../cloudfront/store.js'
import { invalidParameter, invalidRequest, SecretsManagerError } from './errors.js'
import {
  livingSecretOf,
  type SecretsAction,
  type SecretsRequest,
  seconds,
  secretOf,
  secretValueOf,
  tagsOf,
  text,
  tokenOf,
} from './request.js'
import { moveStage, type Secret, type SecretStore } from './store.js'
import { putVersion } from './versions.js'

const suffixAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Makes a secret, with a first version if the request holds a value. */
export const createSecret: SecretsAction =
  ({ secrets, clock }) =>
  (request) => {
    const name = text(request, 'Name') ?? ''
    if (!/^[A-Za-z0-9/_+=.@!-]{1,512}$/.test(name)) {
      throw invalidParameter(
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
      )
    }
    assertNameIsFree(secrets, request.region, name)
    const now = new Date(clock())
    const secret: Secret = {
      arn: newArn(request.region, name),
      name,
      region: request.region,
      description: text(request, 'Description'),
      kmsKeyId: text(request, 'KmsKeyId'),
      resourcePolicy: undefined,
      tags: new Map(tagsOf(request)),
      versions: new Map(),
      createdDate: now,
      lastChangedDate: now,
      lastRotatedDate: undefined,
      deletedDate: undefined,
      rotation: undefined,
    }
    const value = secretValueOf(request)
    const version = value === undefined ? undefined : putVersion(secret, tokenOf(request), value, now)
    if (version !== undefined) moveStage(secret, 'AWSCURRENT', version)
    secrets.add(secret)
    return { ARN: secret.arn, Name: name, VersionId: version?.id }
  }

/** Changes description, key or value of a secret. */
export const updateSecret: SecretsAction = (world) => (request) => {
  const secret = livingSecretOf(world, request)
  const now = new Date(world.clock())
  secret.description = text(request, 'Description') ?? secret.description
  secret.kmsKeyId = text(request, 'KmsKeyId') ?? secret.kmsKeyId
  secret.lastChangedDate = now
  const value = secretValueOf(request)
  const version = value === undefined ? undefined : putVersion(secret, tokenOf(request), value, now)
  if (version !== undefined) moveStage(secret, 'AWSCURRENT', version)
  return { ARN: secret.arn, Name: secret.name, VersionId: version?.id }
}

/** Everything about a secret but its value. */
export const describeSecret: SecretsAction = (world) => (request) => {
  const secret = secretOf(world, request)
  const { stages: VersionIdsToStages, ...description } = describe(secret)
  return { ...description, VersionIdsToStages }
}

/** The secrets of a Region; filters by name, description and tag as documented: a prefix, and every filter must hold. */
export const listSecrets: SecretsAction =
  ({ secrets }) =>
  (request) => {
    const { Filters: filters, IncludePlannedDeletion: planned } = request.parameters
    const wanted = secrets
      .list(request.region)
      .filter((secret) => planned === true || secret.deletedDate === undefined)
      .filter((secret) => (Array.isArray(filters) ? filters.every((filter) => passes(secret, filter)) : true))
    const SecretList = wanted.map((secret) => {
      const { stages: SecretVersionsToStages, ...description } = describe(secret)
      return { ...description, SecretVersionsToStages }
    })
    return { SecretList }
  }

function passes(secret: Secret, filter: { Key?: string; Values?: readonly string[] }): boolean {
  const { Key: key, Values: values = [] } = filter
  const texts: Readonly<Record<string, readonly string[]>> = {
    name: [secret.name],
    description: [secret.description ?? ''],
    'tag-key': [...secret.tags.keys()],
    'tag-value': [...secret.tags.values()],
    all: [secret.name, secret.description ?? '', ...secret.tags.keys(), ...secret.tags.values()],
  }
  return values.some((value) => texts[key ?? '']?.some((candidate) => candidate.startsWith(value)))
}

/** Deletes a secret, now or after its recovery window. */
export const deleteSecret: SecretsAction = (world) => (request) => {
  const secret = secretOf(world, request)
  const force = request.parameters.ForceDeleteWithoutRecovery === true
  const windowDays = force ? 0 : recoveryWindowDays(request, secret)
  assertNotBoth(force, request)
  const date = new Date(world.clock() + windowDays * 86_400_000)
  if (force) world.secrets.remove(secret)
  else secret.deletedDate = date
  world.rotations.cancel(secret.arn)
  return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(date) }
}

function assertNotBoth(force: boolean, { parameters }: SecretsRequest): void {
  if (force && parameters.RecoveryWindowInDays !== undefined) {
    throw invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
  }
}

function recoveryWindowDays({ parameters }: SecretsRequest, { deletedDate }: Secret): number {
  const { RecoveryWindowInDays: days = 30 } = parameters
  if (typeof days !== 'number' || days < 7 || days > 30) {
    throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).')
  }
  if (deletedDate !== undefined) {
    throw invalidRequest(
      "You can't perform this operation on the secret because it was already scheduled for deletion.",
    )
  }
  return days
}

/** Takes back a scheduled deletion. */
export const restoreSecret: SecretsAction = (world) => (request) => {
  const secret = secretOf(world, request)
  secret.deletedDate = undefined
  return { ARN: secret.arn, Name: secret.name }
}

/** Adds tags. */
export const tagResource: SecretsAction = (world) => (request) => {
  const { tags } = livingSecretOf(world, request)
  for (const [key, value] of tagsOf(request)) tags.set(key, value)
  return {}
}

/** Removes tags. */
export const untagResource: SecretsAction = (world) => (request) => {
  const { tags } = livingSecretOf(world, request)
  const { TagKeys: keys } = request.parameters
  for (const key of Array.isArray(keys) ? keys : []) tags.delete(String(key))
  return {}
}

function assertNameIsFree(secrets: SecretStore, region: string, name: string): void {
  const existing = secrets.list(region).find((secret) => secret.name === name)
  if (existing === undefined) return
  if (existing.deletedDate !== undefined) {
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    )
  }
  throw new SecretsManagerError(
    'ResourceExistsException',
    `The operation failed because the secret ${name} already exists.`,
  )
}

function newArn(region: string, name: string): string {
  const suffix = Array.from({ length: 6 }, () => suffixAlphabet[randomInt(suffixAlphabet.length)]).join('')
  return `arn:aws:secretsmanager:${region}:${ACCOUNT_ID}:secret:${name}-${suffix}`
}

function describe(secret: Secret) {
  const labelled = [...secret.versions.values()].filter(({ stages }) => stages.size > 0)
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    ...(secret.rotation === undefined
      ? {}
      : {
          RotationEnabled: secret.rotation.enabled,
          RotationLambdaARN: secret.rotation.lambdaArn,
          RotationRules: secret.rotation.rules,
        }),
    LastRotatedDate: seconds(secret.lastRotatedDate),
    LastChangedDate: seconds(secret.lastChangedDate),
    DeletedDate: seconds(secret.deletedDate),
    CreatedDate: seconds(secret.createdDate),
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
    stages: Object.fromEntries(labelled.map(({ id, stages }) => [id, [...stages]])),
  }
}
