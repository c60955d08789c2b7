/**
 * Everything that CloudFront remembers of an account: what its API changes and what its edge reads.
 *
 * The configurations are kept in the shapes of `@aws-sdk/client-cloudfront`, so that nobody has to translate.
 */
import type {
  CachePolicyConfig,
  DistributionConfig,
  FunctionConfig,
  KeyGroupConfig,
  OriginAccessControlConfig,
  OriginRequestPolicyConfig,
  PublicKeyConfig,
  ResponseHeadersPolicyConfig,
} from '@aws-sdk/client-cloudfront'

/** The account that everything here belongs to. */
export const ACCOUNT_ID = '123456789012'

/** Something with an id and a configuration that is replaced as a whole, under the guard of its ETag. */
export interface Stored<Config> {
  readonly id: string
  readonly etag: string
  readonly lastModified: Date
  readonly config: Config
}

/** A distribution. `domainName` carries the edge's port: `d<13 alphanumerics>.cloudfront.localhost:<port>`. */
export interface StoredDistribution extends Stored<DistributionConfig> {
  readonly arn: string
  readonly domainName: string
  readonly status: 'Deployed' | 'InProgress'
}

/** A public key; `config.EncodedKey` is the PEM text as it was sent. */
export interface StoredPublicKey {
  readonly id: string
  readonly etag: string
  readonly createdTime: Date
  readonly config: PublicKeyConfig
}

/** A key group; `config.Items` are public key ids. */
export type StoredKeyGroup = Stored<KeyGroupConfig>

/** A cache, origin request or response headers policy; `managed` ones are AWS's own. */
export interface StoredPolicy<Config> extends Stored<Config> {
  readonly managed: boolean
}

/** A CloudFront function: the stage under development and, once published, the live one. */
export interface StoredFunction {
  readonly arn: string
  /** ETag of the development stage. */
  readonly etag: string
  /** ETag of the live stage. */
  readonly liveEtag: string | undefined
  readonly createdTime: Date
  readonly lastModified: Date
  readonly config: FunctionConfig
  /** JavaScript source of the development stage. */
  readonly development: string
  /** JavaScript source that the edge runs; undefined before PublishFunction. */
  readonly live: string | undefined
}

/** An invalidation: it is complete as soon as it is made. */
export interface StoredInvalidation {
  readonly id: string
  readonly distributionId: string
  readonly createTime: Date
  readonly callerReference: string
  readonly paths: readonly string[]
}

/** The state of CloudFront. Keys are ids, those of functions are names. */
export interface CloudFrontStore {
  readonly distributions: Map<string, StoredDistribution>
  readonly publicKeys: Map<string, StoredPublicKey>
  readonly keyGroups: Map<string, StoredKeyGroup>
  readonly originAccessControls: Map<string, Stored<OriginAccessControlConfig>>
  readonly cachePolicies: Map<string, StoredPolicy<CachePolicyConfig>>
  readonly originRequestPolicies: Map<string, StoredPolicy<OriginRequestPolicyConfig>>
  readonly responseHeadersPolicies: Map<string, StoredPolicy<ResponseHeadersPolicyConfig>>
  readonly functions: Map<string, StoredFunction>
  readonly invalidations: Map<string, StoredInvalidation>
  /** Tags by resource ARN. */
  readonly tags: Map<string, ReadonlyMap<string, string>>
  /** Ids of the distributions whose additional metrics are switched on. */
  readonly monitored: Set<string>
  /** ARNs of every function version that was ever associated with a distribution: those have replicas. */
  readonly replicated: Set<string>
}

/** A store without any resource; `preloadManagedPolicies` adds what every account has. */
export function createCloudFrontStore(): CloudFrontStore {
  return {
    distributions: new Map(),
    publicKeys: new Map(),
    keyGroups: new Map(),
    originAccessControls: new Map(),
    cachePolicies: new Map(),
    originRequestPolicies: new Map(),
    responseHeadersPolicies: new Map(),
    functions: new Map(),
    invalidations: new Map(),
    tags: new Map(),
    monitored: new Set(),
    replicated: new Set(),
  }
}
