/**
 * Secrets Manager as a service of the endpoint. All of it is ours but GetRandomPassword, which moto has.
 */
import { type AwsService, actionOf, jsonAnswer, jsonError, jsonOf } from '../endpoint/aws-request.js'
import type { Functions } from '../lambda/functions.js'
import { SecretsManagerError } from './errors.js'
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy, validateResourcePolicy } from './policies.js'
import type { SecretsAction, SecretsWorld } from './request.js'
import { cancelRotateSecret, rotateSecret } from './rotate-secret.js'
import * as secrets from './secrets.js'
import * as versions from './versions.js'

/** Answers every request that is signed for `secretsmanager`. */
export function createSecretsManagerService(world: SecretsWorld, functions: Pick<Functions, 'policy'>): AwsService {
  const actions: Readonly<Record<string, SecretsAction>> = {
    CancelRotateSecret: cancelRotateSecret,
    CreateSecret: secrets.createSecret,
    DeleteResourcePolicy: deleteResourcePolicy,
    DeleteSecret: secrets.deleteSecret,
    DescribeSecret: secrets.describeSecret,
    GetResourcePolicy: getResourcePolicy,
    GetSecretValue: versions.getSecretValue,
    ListSecrets: secrets.listSecrets,
    ListSecretVersionIds: versions.listSecretVersionIds,
    PutResourcePolicy: putResourcePolicy,
    PutSecretValue: versions.putSecretValue,
    RestoreSecret: secrets.restoreSecret,
    RotateSecret: (known) => rotateSecret(known, functions),
    TagResource: secrets.tagResource,
    UntagResource: secrets.untagResource,
    UpdateSecret: secrets.updateSecret,
    UpdateSecretVersionStage: versions.updateSecretVersionStage,
    ValidateResourcePolicy: validateResourcePolicy,
  }
  return async (request) => {
    const name = actionOf(request) ?? ''
    if (name === 'GetRandomPassword') return undefined
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (action === undefined) return jsonError('NotImplementedException', `The local Secrets Manager has no ${name}.`)
    try {
      return jsonAnswer(await action(world)({ region: request.region, parameters: jsonOf(request) }))
    } catch (error) {
      if (error instanceof SecretsManagerError) return jsonError(error.code, error.message)
      throw error
    }
  }
}
