/**
 * Everything outside that the operator's commands touch, as one object of narrow types. The actions are those that the
 * rotator calls too, RotateSecret, and tagging; the real ones are wired in aws.ts, tests hand in doubles.
 */
import type {
  RotateSecretRequest,
  RotateSecretResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-secrets-manager'
import type { CloudFrontKeys, Secrets } from '../../key-rotator/src/dependencies.js'

/** The actions of Secrets Manager that the commands need. */
export interface OperatorSecrets extends Omit<Secrets, 'putSecretValue'> {
  readonly rotateSecret: (request: RotateSecretRequest) => Promise<RotateSecretResponse>
  readonly tagResource: (request: TagResourceRequest) => Promise<unknown>
  readonly untagResource: (request: UntagResourceRequest) => Promise<unknown>
}

/** The world of the commands. */
export interface OperatorWorld {
  readonly cloudFront: CloudFrontKeys
  readonly secrets: OperatorSecrets
  /** A new UUID: the `ClientRequestToken` of a rotation, and so the id of the version that it makes. */
  readonly newToken: () => string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** Tells the operator what happens, a line at a time. */
  readonly say: (line: string) => void
}

/** One signing key of a stack, with all that it was and will be: where it is kept and where it is trusted. */
export interface SigningKeyStack {
  /** What the module was given as `name`. */
  readonly name: string
  /** Tells a further signing key from the main one, which has none. */
  readonly label: string | null
  /** How the names of its public keys begin. */
  readonly owner: string
  /** ARN of the secret. */
  readonly secretId: string
  readonly keyGroupId: string
  /** How long after its replacement a key stays trusted, in seconds. */
  readonly retireAfterSeconds: number
}
