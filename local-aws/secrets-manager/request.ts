/**
 * A request to Secrets Manager, and what its actions work on.
 */
import { randomUUID } from 'node:crypto'
import { invalidParameter, invalidRequest, noSuchSecret } from './errors.js'
import type { Rotations } from './rotation.js'
import type { Secret, SecretStore, SecretValue } from './store.js'

/** What an action reads of a request. */
export interface SecretsRequest {
  readonly region: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** What the actions work on. */
export interface SecretsWorld {
  readonly secrets: SecretStore
  readonly rotations: Rotations
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** One action: gives the document of its answer. */
export type SecretsAction = (world: SecretsWorld) => (request: SecretsRequest) => unknown

/** A parameter that is text, or undefined where it was left out. @throws SecretsManagerError for anything else. */
export function text({ parameters }: SecretsRequest, name: string): string | undefined {
  const value = parameters[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalidParameter(`The parameter ${name} must be text.`)
  return value
}

/** The secret that a request is about. @throws SecretsManagerError if it is not there. */
export function secretOf({ secrets }: Pick<SecretsWorld, 'secrets'>, request: SecretsRequest): Secret {
  const id = text(request, 'SecretId')
  if (id === undefined || id === '') throw invalidParameter('The parameter SecretId must not be empty.')
  const secret = secrets.find(request.region, id)
  if (secret === undefined) throw noSuchSecret()
  return secret
}

/** The secret that a request is about, if it is not scheduled for deletion. */
export function livingSecretOf(world: Pick<SecretsWorld, 'secrets'>, request: SecretsRequest): Secret {
  const secret = secretOf(world, request)
  if (secret.deletedDate !== undefined) {
    throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.")
  }
  return secret
}

/** The value in a request: text or bytes, not both; undefined for none. */
export function secretValueOf(request: SecretsRequest): SecretValue | undefined {
  const SecretString = text(request, 'SecretString')
  const SecretBinary = text(request, 'SecretBinary')
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalidParameter("You can't specify both SecretString and SecretBinary.")
  }
  if (Buffer.byteLength(SecretString ?? SecretBinary ?? '') > 65_536) {
    throw invalidParameter('A secret value has at most 65536 bytes.')
  }
  if (SecretString !== undefined) return { SecretString }
  return SecretBinary === undefined ? undefined : { SecretBinary }
}

/** The version id that a request asks for, or a new one. */
export function tokenOf(request: SecretsRequest): string {
  const token = text(request, 'ClientRequestToken')
  if (token === undefined) return randomUUID()
  if (token.length < 32 || token.length > 64)
    throw invalidParameter('ClientRequestToken must be 32-64 characters long.')
  return token
}

/** The tags in a request. */
export function tagsOf({ parameters }: SecretsRequest): readonly (readonly [string, string])[] {
  const { Tags: tags = [] } = parameters
  if (!Array.isArray(tags)) throw invalidParameter('The parameter Tags must be a list.')
  return (tags as { Key?: unknown; Value?: unknown }[]).map(({ Key, Value }) => [String(Key), String(Value ?? '')])
}

/** A time in the AWS JSON protocol: seconds since 1970. */
export function seconds(date: Date | undefined): number | undefined {
  return date === undefined ? undefined : date.getTime() / 1000
}
