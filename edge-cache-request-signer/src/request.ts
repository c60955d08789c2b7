/** The viewer-request event of CloudFront, parsed once at the border (CloudFront Developer Guide, Lambda@Edge event structure). */

/** What the function reads of a request. */
export interface ViewerRequest {
  readonly method: string
  /** The path without query string. */
  readonly path: string
  /** The viewer's address, IPv4 or IPv6. */
  readonly clientIp: string
  /** The host the viewer asked for, in lower case (RFC 9110 section 4.2.3: host names know no case). */
  readonly host: string
  /** All values of a header in the order of arrival; empty when it is absent. The name in lower case. */
  readonly header: (name: string) => readonly string[]
}

function property(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/**
 * The request in a viewer-request event.
 *
 * @throws TypeError when the event is something else: the function was associated or invoked in a way that is not meant.
 */
export function parseViewerRequest(event: unknown): ViewerRequest {
  const request = property(property(property(property(event, 'Records'), 0), 'cf'), 'request')
  const method = property(request, 'method')
  const path = property(request, 'uri')
  if (typeof method !== 'string' || typeof path !== 'string') {
    throw new TypeError('the event is not a request of CloudFront; associate the function with viewer-request')
  }
  const headers = property(request, 'headers')
  const header = (name: string): readonly string[] => {
    const entries = property(headers, name)
    return Array.isArray(entries) ? entries.map((entry) => text(property(entry, 'value'))) : []
  }
  // Two Host headers join to a name that nobody serves.
  const host = header('host').join(',').toLowerCase()
  return { method, path, clientIp: text(property(request, 'clientIp')), host, header }
}
