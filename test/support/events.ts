/** Events as Lambda@Edge gets them from CloudFront. */
import type { CloudFrontRequestEvent } from 'aws-lambda'

/** The distribution's own host name in the tests. */
export const HOST = 'd111111abcdef8.cloudfront.net'

/** What a viewer asks; whatever is left out is an ordinary `GET /cookie/` over IPv4. */
export interface ViewerAsks {
  readonly method?: string
  readonly path?: string
  readonly querystring?: string
  readonly clientIp?: string
  /** Name -> value; a list sends the header several times; `host` is {@link HOST} unless given. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

/** The viewer-request event for it. */
export function viewerRequest({
  method = 'GET',
  path = '/cookie/',
  querystring = '',
  clientIp = '203.0.113.178',
  headers = {},
}: ViewerAsks = {}): CloudFrontRequestEvent {
  const entries = Object.entries({ host: HOST, ...headers }).map(
    ([key, value]) => [key.toLowerCase(), [value].flat().map((one) => ({ key, value: String(one) }))] as const,
  )
  return {
    Records: [
      {
        cf: {
          config: {
            distributionDomainName: HOST,
            distributionId: 'EDFDVBD6EXAMPLE',
            eventType: 'viewer-request',
            requestId: '4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==',
          },
          request: { clientIp, method, uri: path, querystring, headers: Object.fromEntries(entries) },
        },
      },
    ],
  }
}
