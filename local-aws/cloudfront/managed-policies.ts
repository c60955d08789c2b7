/**
 * The policies that AWS manages and every account has, with the ids that they have everywhere.
 *
 * Sources: Developer Guide, "Use managed cache policies", "Use managed origin request policies",
 * "Use managed response headers policies".
 */
import type {
  CachePolicyConfig,
  OriginRequestPolicyConfig,
  OriginRequestPolicyHeaderBehavior,
  ResponseHeadersPolicyConfig,
} from '@aws-sdk/client-cloudfront'
import { newId } from './ids.js'
import type { CloudFrontStore, StoredPolicy } from './store.js'

const yearSeconds = 31_536_000
const daySeconds = 86_400

/** Adds AWS's managed policies to a store. */
export function preloadManagedPolicies(store: CloudFrontStore): CloudFrontStore {
  for (const [id, config] of Object.entries(cachePolicies)) store.cachePolicies.set(id, managed(id, config))
  for (const [id, config] of Object.entries(originRequestPolicies)) {
    store.originRequestPolicies.set(id, managed(id, config))
  }
  for (const [id, config] of Object.entries(responseHeadersPolicies)) {
    store.responseHeadersPolicies.set(id, managed(id, config))
  }
  return store
}

function managed<Config>(id: string, config: Config): StoredPolicy<Config> {
  return { id, etag: newId(), lastModified: new Date('2020-07-22T00:00:00Z'), config, managed: true }
}

function list<Item>(items: readonly Item[]): { Quantity: number; Items: Item[] } {
  return { Quantity: items.length, Items: [...items] }
}

interface CacheSettings {
  /** Minimum, default and maximum time to live, in seconds. */
  readonly ttl: readonly [number, number, number]
  readonly compressed: boolean
  readonly headers?: readonly string[]
  readonly cookies?: 'all' | 'none'
  readonly queryStrings?: 'all' | 'none'
}

function cachePolicy(name: string, { ttl, compressed, headers, ...settings }: CacheSettings): CachePolicyConfig {
  const [MinTTL, DefaultTTL, MaxTTL] = ttl
  return {
    Name: `Managed-${name}`,
    MinTTL,
    DefaultTTL,
    MaxTTL,
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: compressed,
      EnableAcceptEncodingBrotli: compressed,
      HeadersConfig:
        headers === undefined ? { HeaderBehavior: 'none' } : { HeaderBehavior: 'whitelist', Headers: list(headers) },
      CookiesConfig: { CookieBehavior: settings.cookies ?? 'none' },
      QueryStringsConfig: { QueryStringBehavior: settings.queryStrings ?? 'none' },
    },
  }
}

const originControlled = {
  ttl: [0, 0, yearSeconds],
  compressed: true,
  headers: ['Host', 'Origin', 'X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'],
  cookies: 'all',
} as const

const cachePolicies: Readonly<Record<string, CachePolicyConfig>> = {
  '658327ea-f89d-4fab-a63d-7e88639e58f6': cachePolicy('CachingOptimized', {
    ttl: [1, daySeconds, yearSeconds],
    compressed: true,
  }),
  'b2884449-e4de-46a7-ac36-70bc7f1ddd6d': cachePolicy('CachingOptimizedForUncompressedObjects', {
    ttl: [1, daySeconds, yearSeconds],
    compressed: false,
  }),
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': cachePolicy('CachingDisabled', { ttl: [0, 0, 0], compressed: false }),
  '83da9c7e-98b4-4e11-a168-04f0df8e2c65': cachePolicy('UseOriginCacheControlHeaders', originControlled),
  '4cc15a8a-d715-48a4-82b8-cc0b614638fe': cachePolicy('UseOriginCacheControlHeaders-QueryStrings', {
    ...originControlled,
    queryStrings: 'all',
  }),
}

function originRequestPolicy(
  name: string,
  behavior: OriginRequestPolicyHeaderBehavior,
  headers: readonly string[],
  rest: 'all' | 'none',
): OriginRequestPolicyConfig {
  return {
    Name: `Managed-${name}`,
    HeadersConfig: {
      HeaderBehavior: behavior,
      ...(headers.length > 0 ? { Headers: list(headers) } : {}),
    },
    CookiesConfig: { CookieBehavior: rest },
    QueryStringsConfig: { QueryStringBehavior: rest },
  }
}

const cloudFrontHeaders = [
  'CloudFront-Forwarded-Proto',
  'CloudFront-Is-Android-Viewer',
  'CloudFront-Is-Desktop-Viewer',
  'CloudFront-Is-IOS-Viewer',
  'CloudFront-Is-Mobile-Viewer',
  'CloudFront-Is-SmartTV-Viewer',
  'CloudFront-Is-Tablet-Viewer',
  'CloudFront-Viewer-Address',
  'CloudFront-Viewer-ASN',
  'CloudFront-Viewer-City',
  'CloudFront-Viewer-Country',
  'CloudFront-Viewer-Country-Name',
  'CloudFront-Viewer-Country-Region',
  'CloudFront-Viewer-Country-Region-Name',
  'CloudFront-Viewer-Http-Version',
  'CloudFront-Viewer-Latitude',
  'CloudFront-Viewer-Longitude',
  'CloudFront-Viewer-Metro-Code',
  'CloudFront-Viewer-Postal-Code',
  'CloudFront-Viewer-Time-Zone',
  'CloudFront-Viewer-TLS',
]

const corsS3Headers = ['Origin', 'Access-Control-Request-Headers', 'Access-Control-Request-Method']

const originRequestPolicies: Readonly<Record<string, OriginRequestPolicyConfig>> = {
  '216adef6-5c7f-47e4-b989-5492eafa07d3': originRequestPolicy('AllViewer', 'allViewer', [], 'all'),
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': originRequestPolicy(
    'AllViewerExceptHostHeader',
    'allExcept',
    ['Host'],
    'all',
  ),
  '33f36d7e-f396-46d9-90e0-52428a34d9dc': originRequestPolicy(
    'AllViewerAndCloudFrontHeaders-2022-06',
    'allViewerAndWhitelistCloudFront',
    cloudFrontHeaders,
    'all',
  ),
  '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf': originRequestPolicy('CORS-S3Origin', 'whitelist', corsS3Headers, 'none'),
  '59781a5b-3903-41f3-afcb-af62929ccde1': originRequestPolicy('CORS-CustomOrigin', 'whitelist', ['Origin'], 'none'),
  'bf0718e1-ba1e-49d1-88b1-f726733018ae': originRequestPolicy('HostHeaderOnly', 'whitelist', ['Host'], 'none'),
  'acba4595-bd28-49b8-b9fe-13317c0390fa': originRequestPolicy(
    'UserAgentRefererHeaders',
    'whitelist',
    ['User-Agent', 'Referer'],
    'none',
  ),
}

const securityHeaders: Pick<ResponseHeadersPolicyConfig, 'SecurityHeadersConfig'> = {
  SecurityHeadersConfig: {
    ContentTypeOptions: { Override: true },
    FrameOptions: { Override: false, FrameOption: 'SAMEORIGIN' },
    ReferrerPolicy: { Override: false, ReferrerPolicy: 'strict-origin-when-cross-origin' },
    StrictTransportSecurity: { Override: false, AccessControlMaxAgeSec: yearSeconds },
    XSSProtection: { Override: false, Protection: true, ModeBlock: true },
  },
}

const simpleCors: Pick<ResponseHeadersPolicyConfig, 'CorsConfig'> = {
  CorsConfig: {
    AccessControlAllowOrigins: list(['*']),
    AccessControlAllowHeaders: list(['*']),
    AccessControlAllowMethods: list(['GET']),
    AccessControlAllowCredentials: false,
    OriginOverride: false,
  },
}

const corsWithPreflight: Pick<ResponseHeadersPolicyConfig, 'CorsConfig'> = {
  CorsConfig: {
    AccessControlAllowOrigins: list(['*']),
    AccessControlAllowHeaders: list(['*']),
    AccessControlAllowMethods: list(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']),
    AccessControlExposeHeaders: list(['*']),
    AccessControlAllowCredentials: false,
    OriginOverride: false,
  },
}

const responseHeadersPolicies: Readonly<Record<string, ResponseHeadersPolicyConfig>> = {
  '67f7725c-6f97-4210-82d7-5512b31e9d03': { Name: 'Managed-SecurityHeadersPolicy', ...securityHeaders },
  '60669652-455b-4ae9-85a4-c4c02393f86c': { Name: 'Managed-SimpleCORS', ...simpleCors },
  '5cc3b908-e619-4b99-88e5-2cf7f45965bd': { Name: 'Managed-CORS-With-Preflight', ...corsWithPreflight },
  'e61eb60c-9c35-4d20-a928-2b84e02af89c': {
    Name: 'Managed-CORS-and-SecurityHeadersPolicy',
    ...simpleCors,
    ...securityHeaders,
  },
  'eaab4381-ed33-4a86-88ca-d9558dc6cd63': {
    Name: 'Managed-CORS-with-preflight-and-SecurityHeadersPolicy',
    ...corsWithPreflight,
    ...securityHeaders,
  },
}
