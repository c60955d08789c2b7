/**
 * One HTTP exchange between the edge and an origin, body held whole.
 */
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type HeaderList, headerList } from './headers.js'

/** Where and what to ask. */
export interface OriginQuestion {
  readonly url: URL
  /** Path and query where they must not be read as a URL, which would resolve them; else those of `url`. */
  readonly path?: string
  readonly method: string
  /** Headers in order; Host is the URL's unless given. */
  readonly headers: HeaderList
  readonly body?: Buffer
  readonly timeoutMs: number
  /** PEM of a certificate authority to trust besides the usual ones. */
  readonly ca?: readonly string[]
}

/** What the origin said. */
export interface OriginAnswer {
  readonly status: number
  readonly reason: string
  readonly headers: HeaderList
  readonly body: Buffer
}

/** Asks an origin. @throws Error when it cannot be reached; `TimeoutError` by name when it says nothing for too long. */
export function askOrigin(question: OriginQuestion): Promise<OriginAnswer> {
  const { url, method, timeoutMs } = question
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      method,
      agent: false,
      timeout: timeoutMs,
      headers: flattened(question),
      // `*.localhost` is loopback (RFC 6761 section 6.3), which not every resolver knows.
      ...(url.hostname.endsWith('localhost') ? { hostname: '127.0.0.1', servername: url.hostname } : {}),
      ...(question.path === undefined ? {} : { path: question.path }),
      ...(question.ca === undefined ? {} : { ca: [...question.ca] }),
    }
    const outgoing = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options, (incoming) => {
      collect(incoming).then(resolve, reject)
    })
    outgoing.on('timeout', () => {
      const error = new Error(`${url.host} said nothing for ${timeoutMs} ms`)
      error.name = 'TimeoutError'
      outgoing.destroy(error)
    })
    outgoing.on('error', reject)
    outgoing.end(question.body)
  })
}

function flattened({ url, headers, body }: OriginQuestion): Record<string, string | string[]> {
  const grouped = new Map<string, string[]>()
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    grouped.set(lower, [...(grouped.get(lower) ?? []), value])
  }
  if (!grouped.has('host')) grouped.set('host', [url.host])
  grouped.delete('content-length')
  if (body !== undefined && body.length > 0) grouped.set('content-length', [String(body.length)])
  return Object.fromEntries(
    [...grouped].map(([name, [first = '', ...more]]) => [name, more.length === 0 ? first : [first, ...more]]),
  )
}

async function collect(incoming: IncomingMessage): Promise<OriginAnswer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
  return {
    status: incoming.statusCode ?? 502,
    reason: incoming.statusMessage ?? '',
    headers: headerList(incoming.rawHeaders),
    body: Buffer.concat(chunks),
  }
}
