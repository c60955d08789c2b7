/**
 * The TLS listener of the local AWS: AWS's own host names, hosted logins, and the distributions of CloudFront.
 *
 * Rule: the Host header decides; a host that is nobody's gets CloudFront's 403. A URL of more than 8,192 bytes or a
 * request of more than 32,768 bytes gets 413. Pages: "Request and response behavior for custom origins", Maximum
 * length; "Quotas". HTTP/1.1 only: no rule here depends on the version.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { CloudFrontStore } from '../cloudfront/store.js'
import { listen } from '../endpoint/ports.js'
import type { LambdaService } from '../lambda/invoke.js'
import { distributionOfHost } from './behaviors.js'
import { type DistributionWorld, serveDistribution } from './distribution.js'
import { HOP_BY_HOP, headerList, withHeader, withoutHeaders } from './headers.js'
import { viewKeyGroups } from './key-groups.js'
import { type EdgeResponse, htmlError, type ViewerRequest } from './messages.js'
import { openAuthority } from './tls.js'

/** The hosts of a hosted login, and its handler. */
export interface HostedLoginHandler {
  handles(host: string): Promise<boolean>
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
}

/** What the edge needs. */
export interface EdgeOptions {
  readonly store: CloudFrontStore
  readonly lambda: LambdaService
  /** Where S3 answers. */
  readonly moto: string
  /** Where S3 answers for bucket policies, if elsewhere. */
  readonly policies?: string
  /** Handler of requests to `*.amazonaws.com`. */
  readonly aws: (request: IncomingMessage, response: ServerResponse) => void
  /** Serves the domains of user pools; without it none is served. */
  readonly login?: HostedLoginHandler
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Where the local authority's certificate and key are kept. */
  readonly caDirectory: string
  /** TCP port on loopback; 0 takes any free one. */
  readonly port: number
  /** How long a change of a key group takes to reach the edge, in milliseconds; 0 (at once) when not said. */
  readonly propagationMs?: number
  /** Receives one sentence for each thing that an operator of the real service would read in a log. */
  readonly log?: (sentence: string) => void
}

/** A running edge. */
export interface Edge {
  readonly port: number
  /** Absolute path of the certificate to trust. */
  readonly caFile: string
  /** Sets how long a change of a key group takes to reach the edge from now on, in milliseconds. */
  setPropagation(ms: number): void
  stop(): Promise<void>
}

const MAXIMUM_URL_BYTES = 8192
const MAXIMUM_REQUEST_BYTES = 32_768
/** Above this Node answers 431 by itself, before we see the request. */
const MAXIMUM_HEADER_BYTES = 512 * 1024
const MAXIMUM_BODY_BYTES = 64 * 1024 * 1024

/** Starts the edge. @throws Error with a sentence when the port is in use or may not be used. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const authority = await openAuthority(options.caDirectory)
  const log = options.log ?? ((sentence) => process.stderr.write(`edge: ${sentence}\n`))
  const keyGroups = viewKeyGroups(options.store, options.clock, options.propagationMs)
  const ca = [readFileSync(authority.caFile, 'utf8')]
  const { store, lambda, moto, policies = moto, clock } = options
  const world: DistributionWorld = { store, lambda, moto, policies, clock, keyGroups, log, ca }
  const server = createServer(
    {
      ...(await authority.leafFor('localhost')),
      SNICallback: (name, done) => {
        authority.contextFor(name.toLowerCase()).then((context) => done(null, context), done)
      },
      maxHeaderSize: MAXIMUM_HEADER_BYTES,
    },
    (request, response) => {
      route(options, world, request, response).catch((error: unknown) => {
        log(`a request to ${request.headers.host ?? 'no host'} failed in the edge itself: ${String(error)}`)
        if (response.headersSent) response.destroy()
        else send(response, request, htmlError(500, 'The local edge failed; its log says why.'), clock())
      })
    },
  )
  const port = await listen(server, options.port, '--edge-port')
  return {
    port,
    caFile: authority.caFile,
    setPropagation: keyGroups.setPropagation,
    stop: () => {
      keyGroups.stop()
      return close(server)
    },
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function route(
  { store, login, aws }: EdgeOptions,
  world: DistributionWorld,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const host = request.headers.host ?? ''
  if (/\.amazonaws\.com(:\d+)?$/i.test(host)) return aws(request, response)
  const distribution = distributionOfHost(store, host)
  if (distribution === undefined && login !== undefined && (await login.handles(host))) {
    return login.handle(request, response)
  }
  const refused = refusedRequest(request)
  if (refused !== undefined || distribution === undefined) {
    const nobody = 'Bad request. No distribution, user pool domain or AWS service of this local AWS has this host name.'
    return send(response, request, refused ?? htmlError(403, nobody), world.clock())
  }
  const requestId = randomUUID()
  const body = await bodyOf(request)
  const answer =
    body === undefined
      ? htmlError(413, 'The request body is too large.')
      : await serveDistribution(world, distribution, viewerRequest(request, body), requestId)
  send(response, request, answer, world.clock(), requestId)
}

function refusedRequest(request: IncomingMessage): EdgeResponse | undefined {
  const hosts = request.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host')
  if (hosts.length !== 1) return htmlError(400, 'Bad request. There must be exactly one Host header.')
  const { url = '', rawHeaders, method = '' } = request
  if (!url.startsWith('/')) return htmlError(400, 'Bad request. The target must be a path.')
  const bytes = rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, method.length + url.length + 12)
  const urlBytes = `https://${request.headers.host ?? ''}${url}`.length
  if (urlBytes <= MAXIMUM_URL_BYTES && bytes <= MAXIMUM_REQUEST_BYTES) return undefined
  return htmlError(413, 'The request or its URL is longer than CloudFront takes.')
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > MAXIMUM_BODY_BYTES) return undefined
    chunks.push(part)
  }
  return Buffer.concat(chunks)
}

function viewerRequest(request: IncomingMessage, body: Buffer): ViewerRequest {
  const { url = '/', method = 'GET', rawHeaders, headers, socket } = request
  const question = url.indexOf('?')
  return {
    method,
    host: headers.host ?? '',
    path: question < 0 ? url : url.slice(0, question),
    query: question < 0 ? undefined : url.slice(question + 1),
    headers: headerList(rawHeaders),
    body,
    clientIp: (socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  }
}

function send(
  response: ServerResponse,
  { method }: IncomingMessage,
  answer: EdgeResponse,
  nowMs: number,
  requestId: string = randomUUID(),
): void {
  const { status, reason, body } = answer
  const hasBody = status !== 204 && status !== 304
  // The length of what HEAD would get is the origin's to say.
  const isOriginLength = method === 'HEAD' && body.length === 0
  const ownLength = isOriginLength ? answer.headers : withoutHeaders(answer.headers, ['Content-Length'])
  const measured = hasBody && !isOriginLength ? withHeader(ownLength, 'Content-Length', String(body.length)) : ownLength
  const isDated = answer.headers.some(([name]) => name.toLowerCase() === 'date')
  const headers = [
    // An HTTP server tells the time (RFC 9110 section 6.6.1), and the edge's may have been moved.
    ...(isDated ? [] : [['Date', new Date(nowMs).toUTCString()] as const]),
    ...withoutHeaders(measured, [...HOP_BY_HOP, 'X-Cache', 'Via', 'X-Amz-Cf-Id', 'X-Amz-Cf-Pop']),
    ['X-Cache', answer.xCache ?? (status >= 400 ? 'Error from cloudfront' : 'Miss from cloudfront')],
    ['Via', '1.1 edge.cloudfront.localhost (CloudFront)'],
    ['X-Amz-Cf-Pop', 'LOCAL1'],
    ['X-Amz-Cf-Id', requestId],
  ] as const
  // What an origin or a function may have put into a reason phrase must not end the status line.
  const phrase = (reason ?? '').replace(/[^\x20-\x7e]/g, '')
  response.writeHead(status, phrase === '' ? undefined : phrase, headers.flat())
  response.end(hasBody && method !== 'HEAD' ? body : undefined)
}
