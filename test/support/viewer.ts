/**
 * A viewer: an HTTPS client with a cookie jar that trusts the local authority and finds every name at loopback.
 *
 * Node's resolver leaves `*.localhost` to the system, which knows it on some machines only (RFC 6761 section 6.3).
 */
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { type RequestOptions, request } from 'node:https'

/** What came back. Redirects are answers like any other: nothing is followed. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly setCookies: readonly string[]
  readonly body: string
  readonly bytes: Buffer
}

/** What is asked: header values may be lists, to send a header twice. */
export interface Question {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
  /** Sends no cookies and keeps none. */
  readonly anonymous?: boolean
  /** The address of this machine to ask from; without it the system takes 127.0.0.1. */
  readonly from?: string
  /** Path and query to send in place of those of the address, in which dots have been resolved (URL Standard). */
  readonly path?: string
}

/** One browser-like client; each has a jar of its own. */
export interface Viewer {
  readonly jar: CookieJar
  ask(url: string, question?: Question): Promise<Answer>
}

/** Cookies by host or domain and path, as RFC 6265 section 5.3 stores them; attributes beyond that are not needed here. */
export interface CookieJar {
  readonly all: () => readonly StoredCookie[]
  keep(url: URL, setCookie: string): void
  header(url: URL): string
  put(cookie: StoredCookie): void
  clear(): void
}

/** One cookie with the scope it was set for. */
export interface StoredCookie {
  /** With its port; a domain begins with a dot and goes to every host below it. */
  readonly host: string
  readonly path: string
  readonly name: string
  readonly value: string
}

export function cookieJar(): CookieJar {
  let cookies: StoredCookie[] = []
  const same = (a: StoredCookie, b: StoredCookie) => a.host === b.host && a.path === b.path && a.name === b.name
  const put = (cookie: StoredCookie) => {
    cookies = [...cookies.filter((other) => !same(cookie, other)), cookie]
  }
  return {
    all: () => cookies,
    put,
    clear: () => {
      cookies = []
    },
    keep: (url, setCookie) => {
      const [pair = '', ...attributes] = setCookie.split(/;\s*/)
      const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/'
      const domain = attributes.find((attribute) => /^domain=/i.test(attribute))?.slice(7)
      const gone = attributes.some((attribute) => /^max-age=0$/i.test(attribute))
      const cookie = {
        host: domain === undefined ? url.host : `.${domain}`,
        path,
        name: pair.slice(0, pair.indexOf('=')),
        value: pair.slice(pair.indexOf('=') + 1),
      }
      if (gone) cookies = cookies.filter((other) => !same(cookie, other))
      else put(cookie)
    },
    header: (url) =>
      cookies
        .filter(({ host, path }) => isFor(host, url) && url.pathname.startsWith(path))
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
  }
}

function isFor(host: string, url: URL): boolean {
  return host.startsWith('.') ? `.${url.hostname}`.endsWith(host) : host === url.host
}

/**
 * A viewer that trusts the authority in the PEM file `caFile`. An address without a port leads to `edgePort`, where the
 * local AWS plays every host of the world.
 */
export function viewer(caFile: string, edgePort: number): Viewer {
  const ca = readFileSync(caFile)
  const jar = cookieJar()
  return {
    jar,
    ask: async (url, question = {}) => {
      const target = new URL(url)
      const isKnown = question.anonymous !== true
      const cookie = isKnown ? jar.header(target) : ''
      const options = {
        ca,
        headers: {
          host: target.host,
          ...(cookie === '' ? {} : { cookie }),
          ...question.headers,
        } as OutgoingHttpHeaders,
        port: target.port === '' ? edgePort : target.port,
      }
      const answer = await exchange(target, { ...options, ...said(question, target) }, question.body)
      if (isKnown) for (const setCookie of answer.setCookies) jar.keep(target, setCookie)
      return answer
    },
  }
}

/** The options of Node's request that the question says by itself. */
function said({ method = 'GET', from, path }: Question, { hostname, pathname, search }: URL): RequestOptions {
  return { method, servername: hostname, localAddress: from, path: path ?? pathname + search } as RequestOptions
}

const toLoopback: NonNullable<RequestOptions['lookup']> = (_host, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

function exchange(url: URL, options: RequestOptions, body: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ...options, lookup: toLoopback, agent: false }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const bytes = Buffer.concat(chunks)
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          setCookies: incoming.headers['set-cookie'] ?? [],
          body: bytes.toString('utf8'),
          bytes,
        })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
