/**
 * What CloudFront adds to a distribution's configuration: it always gives back every member, those that were left out with
 * their defaults, and clients rely on that.
 *
 * Source: API Reference, DistributionConfig, CacheBehavior and Origin.
 */
import type { CacheBehavior, DefaultCacheBehavior, DistributionConfig, Origin } from '@aws-sdk/client-cloudfront'

const nothing = { Quantity: 0, Items: [] }

/** The configuration with CloudFront's defaults for every member that was left out. */
export function withDefaults(config: DistributionConfig): DistributionConfig {
  const { CacheBehaviors: behaviors, DefaultCacheBehavior: standard, Origins: origins } = config
  return {
    DefaultRootObject: '',
    Aliases: nothing,
    OriginGroups: nothing,
    CustomErrorResponses: nothing,
    Logging: { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '' },
    PriceClass: 'PriceClass_All',
    ViewerCertificate: {
      CloudFrontDefaultCertificate: true,
      SSLSupportMethod: 'vip',
      MinimumProtocolVersion: 'TLSv1',
      CertificateSource: 'cloudfront',
    },
    Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0, Items: [] } },
    WebACLId: '',
    HttpVersion: 'http2',
    IsIPV6Enabled: true,
    ContinuousDeploymentPolicyId: '',
    Staging: false,
    ...config,
    Origins: { Quantity: origins?.Quantity ?? 0, Items: (origins?.Items ?? []).map(originWithDefaults) },
    DefaultCacheBehavior: standard === undefined ? undefined : behaviorWithDefaults(standard),
    CacheBehaviors: {
      Quantity: behaviors?.Quantity ?? 0,
      Items: (behaviors?.Items ?? []).map((behavior: CacheBehavior) => behaviorWithDefaults(behavior)),
    },
  }
}

function originWithDefaults(origin: Origin): Origin {
  return {
    OriginPath: '',
    CustomHeaders: nothing,
    ConnectionAttempts: 3,
    ConnectionTimeout: 10,
    OriginShield: { Enabled: false },
    OriginAccessControlId: '',
    ...origin,
  }
}

function behaviorWithDefaults<Behavior extends DefaultCacheBehavior>(behavior: Behavior): Behavior {
  return {
    TrustedSigners: { Enabled: false, ...nothing },
    TrustedKeyGroups: { Enabled: false, ...nothing },
    AllowedMethods: {
      Quantity: 2,
      Items: ['HEAD', 'GET'],
      CachedMethods: { Quantity: 2, Items: ['HEAD', 'GET'] },
    },
    SmoothStreaming: false,
    Compress: false,
    LambdaFunctionAssociations: nothing,
    FunctionAssociations: nothing,
    FieldLevelEncryptionId: '',
    GrpcConfig: { Enabled: false },
    ...behavior,
  }
}
