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
  /** The value of a query parameter, decoded as forms encode it; `undefined` too when it is there more than once. */
  readonly parameter: (name: string) => string | undefined
  /**
   * The values of all cookies of that name in the order of arrival (RFC 6265 section 5.4). There may be several: a
   * sibling host can set one for the whole domain, and no attribute tells it from ours.
   */
  readonly cookies: (name: string) => readonly string[]
  /** The names of all cookies, each once. */
  readonly cookieNames: () => readonly string[]
}

function property(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Name -> values of Cookie headers; HTTP/2 may split one header at its semicolons (RFC 9113 section 8.2.3). */
function cookiesIn(headers: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const cookies = new Map<string, string[]>()
  for (const pair of headers.flatMap((header) => header.split(';'))) {
    const equals = pair.indexOf('=')
    if (equals < 0) continue
    const name = trimmed(pair.slice(0, equals))
    const value = trimmed(pair.slice(equals + 1))
    const values = cookies.get(name)
    if (values === undefined) cookies.set(name, [value])
    else values.push(value)
  }
  return cookies
}

/**
 * Without the spaces and tabs around, which browsers take off too (draft RFC 6265bis section 5.6). `String.trim` takes off
 * more: a sibling host could set `<no-break space>__Host-session`, whose prefix no browser sees, and have it read as ours.
 */
function trimmed(text: string): string {
  const isSpace = (at: number) => text[at] === ' ' || text[at] === '\t'
  let [start, end] = [0, text.length]
  while (start < end && isSpace(start)) start += 1
  while (end > start && isSpace(end - 1)) end -= 1
  return text.slice(start, end)
}

/** Works out a value when it is first asked for: a header of 30 KB is not taken apart for each name that is looked up. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
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
  const cookies = once(() => cookiesIn(header('cookie')))
  const parameters = once(() => new URLSearchParams(text(property(request, 'querystring'))))
  return {
    method,
    path,
    clientIp: text(property(request, 'clientIp')),
    // Two Host headers join to a name that nobody serves.
    host: header('host').join(',').toLowerCase(),
    header,
    parameter: (name) => {
      const [value, ...others] = parameters().getAll(name)
      return others.length === 0 ? value : undefined
    },
    cookies: (name) => cookies().get(name) ?? [],
    cookieNames: () => [...cookies().keys()],
  }
}

/**
 * Whether a person looks at the answer: a navigation as the browser declares it (Fetch Metadata Request Headers,
 * section 2.2), or, from clients that declare nothing, a request for HTML.
 */
export function isNavigation(request: ViewerRequest): boolean {
  const modes = request.header('sec-fetch-mode')
  if (modes.length > 0) return modes.join() === 'navigate'
  const asksForPage = request.method === 'GET' || request.method === 'POST'
  return asksForPage && /(?:^|,)\s*text\/html\s*(?:[;,]|$)/i.test(request.header('accept').join())
}

/** Whether the answer would be shown in a part of another page (Fetch Metadata Request Headers, section 2.1). */
export function isEmbedded(request: ViewerRequest): boolean {
  const destinations = request.header('sec-fetch-dest')
  return destinations.length > 0 && destinations.join() !== 'document'
}

/** Where a request comes from, seen from this host. `none`: from the person, by address bar or bookmark. */
export type FetchSite = 'same-origin' | 'same-site' | 'cross-site' | 'none'

/**
 * What the browser says of the page that made the request (Fetch Metadata Request Headers, section 2.4); pages cannot
 * forge it. `undefined` from clients that say nothing; what cannot be understood counts as the worst.
 */
export function fetchSite(request: ViewerRequest): FetchSite | undefined {
  const values = request.header('sec-fetch-site')
  if (values.length === 0) return undefined
  const value = values.join()
  return value === 'same-origin' || value === 'same-site' || value === 'none' ? value : 'cross-site'
}
