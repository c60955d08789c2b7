/**
 * The errors of Secrets Manager's API.
 */

/** The codes that this Secrets Manager answers with; all have status 400. */
export type SecretsManagerErrorCode =
  | 'AccessDeniedException'
  | 'InvalidParameterException'
  | 'InvalidRequestException'
  | 'MalformedPolicyDocumentException'
  | 'NotImplementedException'
  | 'ResourceExistsException'
  | 'ResourceNotFoundException'

/** A refusal of Secrets Manager. */
export class SecretsManagerError extends Error {
  override readonly name = 'SecretsManagerError'
  readonly code: SecretsManagerErrorCode

  constructor(code: SecretsManagerErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** The refusal of a parameter. */
export function invalidParameter(message: string): SecretsManagerError {
  return new SecretsManagerError('InvalidParameterException', message)
}

/** The refusal of a request that does not fit the secret's state. */
export function invalidRequest(message: string): SecretsManagerError {
  return new SecretsManagerError('InvalidRequestException', message)
}

/** The answer for a secret that is not there. */
export function noSuchSecret(): SecretsManagerError {
  return new SecretsManagerError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
}
