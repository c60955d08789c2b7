/**
 * PutSecretValue, GetSecretValue, UpdateSecretVersionStage, ListSecretVersionIds.
 *
 * Source: Secrets Manager API Reference. A version keeps its value for ever: the same token with the same value changes
 * nothing, with another it is refused.
 */
import { invalidParameter, invalidRequest, SecretsManagerError } from './errors.js'
import { livingSecretOf, type SecretsAction, seconds, secretOf, secretValueOf, text, tokenOf } from './request.js'
import { moveStage, type Secret, type SecretValue, type SecretVersion, versionAt } from './store.js'

/** Stores a value under a token; a version that RotateSecret made without a value takes it. */
export function putVersion(secret: Secret, token: string, value: SecretValue, now: Date): SecretVersion {
  const existing = secret.versions.get(token)
  if (existing?.value !== undefined && !isSame(existing.value, value)) {
    throw new SecretsManagerError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${secret.arn}.`,
    )
  }
  const version = existing ?? { id: token, createdDate: now, value, stages: new Set<string>() }
  version.value = value
  secret.versions.set(token, version)
  secret.lastChangedDate = now
  return version
}

function isSame(one: SecretValue, other: SecretValue): boolean {
  return one.SecretString === other.SecretString && one.SecretBinary === other.SecretBinary
}

/** Adds a version with a value and gives it its labels, AWSCURRENT where none is named. */
export const putSecretValue: SecretsAction = (world) => (request) => {
  const secret = livingSecretOf(world, request)
  const value = secretValueOf(request)
  if (value === undefined) throw invalidParameter('You must provide either SecretString or SecretBinary.')
  const { VersionStages: stages = ['AWSCURRENT'] } = request.parameters
  if (!Array.isArray(stages) || stages.length === 0 || stages.length > 20) {
    throw invalidParameter('VersionStages must be a list of 1 to 20 staging labels.')
  }
  const isFirst = secret.versions.size === 0
  const version = putVersion(secret, tokenOf(request), value, new Date(world.clock()))
  for (const stage of stages) moveStage(secret, String(stage), version)
  // "If this operation creates the first version for the secret": not so for one that RotateSecret made before.
  if (isFirst) moveStage(secret, 'AWSCURRENT', version)
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] }
}

/** The value of a version, found by id, by label, or by both. */
export const getSecretValue: SecretsAction = (world) => (request) => {
  const secret = livingSecretOf(world, request)
  const version = findVersion(secret, text(request, 'VersionId'), text(request, 'VersionStage'))
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    ...version.value,
    VersionStages: [...version.stages],
    CreatedDate: seconds(version.createdDate),
  }
}

/**
 * The version with a value that an id and a label name.
 *
 * @throws SecretsManagerError `ResourceNotFoundException` for none, and for one that has no value yet.
 */
export function findVersion(secret: Secret, id: string | undefined, stage: string | undefined): SecretVersion {
  if (id === undefined) {
    const label = stage ?? 'AWSCURRENT'
    return assertValue(versionAt(secret, label), `staging label: ${label}`)
  }
  const version = assertValue(secret.versions.get(id), `VersionId: ${id}`)
  if (stage !== undefined && !version.stages.has(stage)) {
    throw invalidRequest(`You provided a VersionStage that is not associated to the provided VersionId.`)
  }
  return version
}

function assertValue(version: SecretVersion | undefined, wanted: string): SecretVersion {
  if (version?.value === undefined) {
    throw new SecretsManagerError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${wanted}`,
    )
  }
  return version
}

/** Moves a label from one version to another, or takes it away. */
export const updateSecretVersionStage: SecretsAction = (world) => (request) => {
  const secret = livingSecretOf(world, request)
  const stage = text(request, 'VersionStage')
  if (stage === undefined || stage === '') throw invalidParameter('The parameter VersionStage must not be empty.')
  const from = text(request, 'RemoveFromVersionId')
  const to = text(request, 'MoveToVersionId')
  const holder = versionAt(secret, stage)
  if (from !== undefined) assertHolder(secret, stage, from, holder)
  else if (holder !== undefined && holder.id !== to) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    )
  }
  if (to === undefined) removeStage(stage, holder)
  else moveStage(secret, stage, assertVersion(secret, to))
  secret.lastChangedDate = new Date(world.clock())
  return { ARN: secret.arn, Name: secret.name }
}

function assertVersion(secret: Secret, id: string): SecretVersion {
  const version = secret.versions.get(id)
  if (version !== undefined) return version
  throw new SecretsManagerError('ResourceNotFoundException', `Secrets Manager can't find the version ${id}.`)
}

function assertHolder(secret: Secret, stage: string, id: string, holder: SecretVersion | undefined): void {
  assertVersion(secret, id)
  if (holder?.id !== id) {
    throw invalidParameter(`Staging label ${stage} is not currently attached to version ${id}.`)
  }
}

function removeStage(stage: string, holder: SecretVersion | undefined): void {
  if (stage === 'AWSCURRENT') {
    throw invalidParameter("You can't remove the staging label AWSCURRENT: move it to another version.")
  }
  holder?.stages.delete(stage)
}

/** The versions of a secret; those without a label only when asked for. */
export const listSecretVersionIds: SecretsAction = (world) => (request) => {
  const secret = secretOf(world, request)
  const all = request.parameters.IncludeDeprecated === true
  const shown = [...secret.versions.values()].filter(({ stages }) => all || stages.size > 0)
  const Versions = shown.map(({ id, stages, createdDate }) => ({
    VersionId: id,
    VersionStages: [...stages],
    CreatedDate: seconds(createdDate),
  }))
  return { ARN: secret.arn, Name: secret.name, Versions }
}
