/**
 * Custom origins: any HTTP server that the distribution names, loopback included.
 *
 * Rule: an origin that cannot be reached is a 502, one that is too slow a 504. Page: "Request and response behavior for
 * custom origins". The protocol `match-viewer` is HTTPS here, as viewers come by TLS only.
 */
import type { Origin } from '@aws-sdk/client-cloudfront'
import { HOP_BY_HOP, withHeader, withoutHeaders } from './headers.js'
import { type EdgeResponse, htmlError, type ViewerRequest } from './messages.js'
import { askOrigin } from './origin-request.js'

/** Asks a custom origin; `request` is already what policies forward. */
export async function askHttpOrigin(
  origin: Origin,
  request: ViewerRequest,
  ca: readonly string[],
): Promise<EdgeResponse> {
  try {
    const answer = await askOrigin({
      url: originUrl(origin),
      path: originPath(origin, request),
      method: request.method,
      headers: withCustomHeaders(origin, request),
      body: request.body,
      timeoutMs: (origin.CustomOriginConfig?.OriginReadTimeout ?? 30) * 1000,
      ca,
    })
    return { ...answer, headers: withoutHeaders(answer.headers, HOP_BY_HOP) }
  } catch (error) {
    const isSlow = error instanceof Error && error.name === 'TimeoutError'
    if (isSlow)
      return htmlError(504, "We can't connect to the server for this app or website: it did not answer in time.")
    return htmlError(502, "CloudFront wasn't able to connect to the origin.")
  }
}

function originUrl(origin: Origin): URL {
  const custom = origin.CustomOriginConfig
  const isPlain = custom?.OriginProtocolPolicy === 'http-only'
  const port = isPlain ? (custom?.HTTPPort ?? 80) : (custom?.HTTPSPort ?? 443)
  return new URL(`${isPlain ? 'http' : 'https'}://${origin.DomainName ?? ''}:${port}`)
}

/** As it came: what it means is for the origin to say. */
function originPath(origin: Origin, { path, query }: ViewerRequest): string {
  return `${origin.OriginPath ?? ''}${path}${query === undefined ? '' : `?${query}`}`
}

function withCustomHeaders(origin: Origin, request: ViewerRequest): ViewerRequest['headers'] {
  return (origin.CustomHeaders?.Items ?? []).reduce(
    (headers, { HeaderName, HeaderValue }) => withHeader(headers, HeaderName ?? '', HeaderValue ?? ''),
    request.headers,
  )
}
