/**
 * Distributions and requests for the tests of the edge.
 */
import type { DistributionConfig } from '@aws-sdk/client-cloudfront'
import type { StoredDistribution } from '../../../../local-aws/cloudfront/store.js'
import type { ViewerRequest } from '../../../../local-aws/edge/messages.js'

/** A deployed distribution with one custom origin. */
export function distribution(
  id: string,
  settings: { domainName?: string; aliases?: string[]; config?: Partial<DistributionConfig> } = {},
): StoredDistribution {
  const { domainName = `${id.toLowerCase()}.cloudfront.localhost:8443`, aliases = [], config } = settings
  return {
    id,
    arn: `arn:aws:cloudfront::123456789012:distribution/${id}`,
    domainName,
    etag: 'E',
    status: 'Deployed',
    lastModified: new Date(0),
    config: {
      CallerReference: id,
      Comment: '',
      Enabled: true,
      Origins: { Quantity: 0, Items: [] },
      DefaultCacheBehavior: { TargetOriginId: 'content', ViewerProtocolPolicy: 'https-only' },
      Aliases: { Quantity: aliases.length, Items: aliases },
      ...config,
    },
  }
}

/** A GET of a browser. */
export function viewerRequest(changes: Partial<ViewerRequest> = {}): ViewerRequest {
  const host = 'e1.cloudfront.localhost:8443'
  return {
    method: 'GET',
    host,
    path: '/cookie/',
    query: undefined,
    headers: [
      ['Host', host],
      ['Accept', '*/*'],
    ],
    body: Buffer.alloc(0),
    clientIp: '127.0.0.1',
    ...changes,
  }
}
