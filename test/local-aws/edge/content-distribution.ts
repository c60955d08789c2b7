/**
 * One distribution with a behaviour for everything that the edge is tested for.
 */
import type { CacheBehavior, Method } from '@aws-sdk/client-cloudfront'
import type { CloudFrontStore, StoredDistribution } from '../../../local-aws/cloudfront/store.js'
import { distribution } from '../../unit/local-aws/edge/fixtures.js'

/** A CloudFront function: rewrites, redirects, throws, and marks responses. */
export const FUNCTION_SOURCE = `
function handler(event) {
  if (event.response) {
    event.response.headers['x-by'] = { value: 'function' }
    return event.response
  }
  const request = event.request
  if (request.uri === '/site/throw') throw new Error('on purpose')
  if (request.uri === '/site/moved') {
    return { statusCode: 301, statusDescription: 'Moved', headers: { location: { value: '/site/login' } } }
  }
  request.uri = request.uri.replace('/site/', '/public/') + '.html'
  return request
}`

const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'
const ALL: Method[] = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE']
const ALL_BUT_DELETE = ALL.filter((method) => method !== 'DELETE')
const TRUSTED = { TrustedKeyGroups: { Enabled: true, Quantity: 1, Items: ['G1'] } }

const functionAt = (EventType: 'viewer-request' | 'origin-request') => ({
  LambdaFunctionAssociations: {
    Quantity: 1,
    Items: [{ EventType, LambdaFunctionARN: 'arn:aws:lambda:us-east-1:123456789012:function:signer:1' }],
  },
})

const behaviour = (PathPattern: string, settings: Partial<CacheBehavior> = {}): CacheBehavior => ({
  PathPattern,
  TargetOriginId: 'content',
  ViewerProtocolPolicy: 'redirect-to-https',
  CachePolicyId: CACHING_DISABLED,
  ...settings,
})

/** A distribution at `host`, with a custom origin on a port of loopback; adds its policies to the store. */
export function contentDistribution(
  store: CloudFrontStore,
  id: string,
  host: string,
  originPort: number,
): StoredDistribution {
  addPolicies(store)
  const rewrite = 'arn:aws:cloudfront::123456789012:function/rewrite'
  const items = [
    behaviour('cookie/*', { ...functionAt('viewer-request'), AllowedMethods: { Quantity: 6, Items: ALL_BUT_DELETE } }),
    behaviour('guarded/*', { ...functionAt('viewer-request'), ...TRUSTED }),
    behaviour('public/*'),
    // Under the managed policy CORS-S3Origin, which hands the bucket what CORS is decided by.
    behaviour('public-cors/*', {
      AllowedMethods: { Quantity: 3, Items: ['GET', 'HEAD', 'OPTIONS'] },
      OriginRequestPolicyId: '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf',
    }),
    behaviour('public-blind/*', { AllowedMethods: { Quantity: 3, Items: ['GET', 'HEAD', 'OPTIONS'] } }),
    behaviour('site/*', {
      FunctionAssociations: {
        Quantity: 2,
        Items: [
          { EventType: 'viewer-request', FunctionARN: rewrite },
          { EventType: 'viewer-response', FunctionARN: rewrite },
        ],
      },
    }),
    behaviour('raw/*', TRUSTED),
    behaviour('raw-public/*', { TargetOriginId: 'raw' }),
    behaviour('api/*', {
      TargetOriginId: 'api',
      AllowedMethods: { Quantity: 7, Items: ALL },
      OriginRequestPolicyId: 'some',
      ResponseHeadersPolicyId: 'headers',
    }),
    behaviour('nowhere/*', { TargetOriginId: 'nowhere' }),
    behaviour('origin-request/*', functionAt('origin-request')),
  ]
  return distribution(id, {
    domainName: host,
    config: {
      DefaultRootObject: 'index.html',
      DefaultCacheBehavior: { ...behaviour(''), ...TRUSTED },
      CacheBehaviors: { Quantity: items.length, Items: items },
      Origins: { Quantity: 4, Items: origins(originPort) },
    },
  })
}

function origins(port: number) {
  const s3 = {
    DomainName: 'content.s3.eu-west-1.amazonaws.com',
    OriginAccessControlId: 'OAC1',
    S3OriginConfig: { OriginAccessIdentity: '' },
  }
  const http = (HTTPPort: number) => ({ HTTPPort, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' as const })
  return [
    { Id: 'content', ...s3 },
    { Id: 'raw', ...s3 },
    {
      Id: 'api',
      DomainName: 'localhost',
      OriginPath: '/base',
      CustomOriginConfig: http(port),
      CustomHeaders: { Quantity: 1, Items: [{ HeaderName: 'X-Origin-Secret', HeaderValue: 'shh' }] },
    },
    // Port 1 (tcpmux) has no listener.
    { Id: 'nowhere', DomainName: 'localhost', CustomOriginConfig: http(1) },
  ]
}

function addPolicies({ originRequestPolicies, responseHeadersPolicies }: CloudFrontStore): void {
  const stored = { etag: 'E', lastModified: new Date(0), managed: false }
  originRequestPolicies.set('some', {
    ...stored,
    id: 'some',
    config: {
      Name: 'some',
      HeadersConfig: { HeaderBehavior: 'whitelist', Headers: { Quantity: 1, Items: ['X-App'] } },
      CookiesConfig: { CookieBehavior: 'whitelist', Cookies: { Quantity: 1, Items: ['keep'] } },
      QueryStringsConfig: { QueryStringBehavior: 'allExcept', QueryStrings: { Quantity: 1, Items: ['secret'] } },
    },
  })
  responseHeadersPolicies.set('headers', {
    ...stored,
    id: 'headers',
    config: {
      Name: 'headers',
      CorsConfig: {
        AccessControlAllowOrigins: { Quantity: 1, Items: ['https://app.example.com'] },
        AccessControlAllowHeaders: { Quantity: 1, Items: ['*'] },
        AccessControlAllowMethods: { Quantity: 1, Items: ['GET'] },
        AccessControlAllowCredentials: true,
        OriginOverride: true,
      },
      SecurityHeadersConfig: {
        StrictTransportSecurity: { Override: true, IncludeSubdomains: true, AccessControlMaxAgeSec: 63_072_000 },
        ContentTypeOptions: { Override: true },
      },
      CustomHeadersConfig: { Quantity: 1, Items: [{ Header: 'X-Stage', Value: 'test', Override: true }] },
      RemoveHeadersConfig: { Quantity: 1, Items: [{ Header: 'X-Powered-By' }] },
    },
  })
}
