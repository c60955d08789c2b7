/**
 * PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy, ValidateResourcePolicy. The policies are kept, and not
 * enforced: everyone here belongs to one account, whose roles are.
 */
import { SecretsManagerError } from './errors.js'
import { livingSecretOf, type SecretsAction, secretOf, text } from './request.js'

/** Attaches a policy to a secret. */
export const putResourcePolicy: SecretsAction = (world) => (request) => {
  const secret = livingSecretOf(world, request)
  secret.resourcePolicy = assertPolicy(text(request, 'ResourcePolicy'))
  return { ARN: secret.arn, Name: secret.name }
}

/** The policy of a secret. */
export const getResourcePolicy: SecretsAction = (world) => (request) => {
  const secret = secretOf(world, request)
  return { ARN: secret.arn, Name: secret.name, ResourcePolicy: secret.resourcePolicy }
}

/** Takes the policy from a secret. */
export const deleteResourcePolicy: SecretsAction = (world) => (request) => {
  const secret = livingSecretOf(world, request)
  secret.resourcePolicy = undefined
  return { ARN: secret.arn, Name: secret.name }
}

/** Checks a policy without attaching it. */
export const validateResourcePolicy: SecretsAction = () => (request) => {
  assertPolicy(text(request, 'ResourcePolicy'))
  return { PolicyValidationPassed: true, ValidationErrors: [] }
}

function assertPolicy(policy: string | undefined): string {
  try {
    JSON.parse(policy ?? '')
    return policy ?? ''
  } catch {
    throw new SecretsManagerError('MalformedPolicyDocumentException', 'This resource policy is not JSON.')
  }
}
