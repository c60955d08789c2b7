/**
 * Everything outside the function that it may touch, as one object of narrow types: the handler wires the real one
 * once, tests hand in a double, and a fault can be put into each single call.
 */
import type {
  CreatePublicKeyRequest,
  CreatePublicKeyResult,
  DeletePublicKeyRequest,
  GetKeyGroupRequest,
  GetKeyGroupResult,
  GetPublicKeyRequest,
  GetPublicKeyResult,
  ListPublicKeysRequest,
  ListPublicKeysResult,
  UpdateKeyGroupRequest,
  UpdateKeyGroupResult,
  UpdatePublicKeyRequest,
  UpdatePublicKeyResult,
} from '@aws-sdk/client-cloudfront'
import type {
  DescribeSecretRequest,
  DescribeSecretResponse,
  GetSecretValueRequest,
  GetSecretValueResponse,
  PutSecretValueRequest,
  PutSecretValueResponse,
  UpdateSecretVersionStageRequest,
  UpdateSecretVersionStageResponse,
} from '@aws-sdk/client-secrets-manager'
import type { SigningAlgorithm } from '../../contract/secret.js'
import type { RotationConfiguration } from './configuration.js'
import type { Answer, TextAnswer, TextLimits } from './http.js'
import type { KeyPair } from './keys/key-pair.js'

/** The actions of CloudFront that the rotator's role allows. */
export interface CloudFrontKeys {
  readonly createPublicKey: (request: CreatePublicKeyRequest) => Promise<CreatePublicKeyResult>
  readonly getPublicKey: (request: GetPublicKeyRequest) => Promise<GetPublicKeyResult>
  readonly updatePublicKey: (request: UpdatePublicKeyRequest) => Promise<UpdatePublicKeyResult>
  readonly deletePublicKey: (request: DeletePublicKeyRequest) => Promise<unknown>
  readonly listPublicKeys: (request: ListPublicKeysRequest) => Promise<ListPublicKeysResult>
  readonly getKeyGroup: (request: GetKeyGroupRequest) => Promise<GetKeyGroupResult>
  readonly updateKeyGroup: (request: UpdateKeyGroupRequest) => Promise<UpdateKeyGroupResult>
}

/** The actions of Secrets Manager that the rotator's role allows. */
export interface Secrets {
  readonly describeSecret: (request: DescribeSecretRequest) => Promise<DescribeSecretResponse>
  readonly getSecretValue: (request: GetSecretValueRequest) => Promise<GetSecretValueResponse>
  readonly putSecretValue: (request: PutSecretValueRequest) => Promise<PutSecretValueResponse>
  readonly updateSecretVersionStage: (
    request: UpdateSecretVersionStageRequest,
  ) => Promise<UpdateSecretVersionStageResponse>
}

/** The world of the rotation function. */
export interface World {
  readonly cloudFront: CloudFrontKeys
  readonly secrets: Secrets
  /** A GET that follows no redirect. Rejects when nothing came back within `timeoutMs`. */
  readonly get: (url: string, headers: Readonly<Record<string, string>>, timeoutMs: number) => Promise<Answer>
  /** A GET of a document, likewise. Rejects also when it is longer than the limit. */
  readonly getText: (url: string, limits: TextLimits) => Promise<TextAnswer>
  readonly generateKeyPair: (algorithm: SigningAlgorithm) => Promise<KeyPair>
  readonly randomBytes: (count: number) => Buffer
  /** A number in [0, 1), for jitter only. */
  readonly random: () => number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** Writes one line to the log. */
  readonly log: (line: string) => void
}

/** One step of one rotation: what Secrets Manager asked for, and what the deployer said about this secret. */
export interface Rotation {
  readonly world: World
  readonly configuration: RotationConfiguration
  readonly step: string
  /** ARN of the secret. */
  readonly secretId: string
  /** `ClientRequestToken`: the id of the secret's version that this rotation makes. */
  readonly token: string
  /** How the names of this secret's public keys begin: nobody else's do (contract/names.ts). */
  readonly owner: string
  readonly keyGroupId: string
  /** Where to try a new key; undefined where the rotator cannot reach the distribution. */
  readonly probeUrl: string | undefined
  /** Milliseconds until Lambda ends this invocation. */
  readonly remainingMs: () => number
}
