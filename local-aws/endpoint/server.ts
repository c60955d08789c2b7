/**
 * One endpoint for every AWS API: the service that a request is signed for decides who answers it, one of ours or moto.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { concernsBucketPolicy } from '../s3/bucket-policies.js'
import { type AwsAnswer, type AwsRequest, type AwsService, addressOf } from './aws-request.js'
import { crossOriginHeaders, withCrossOrigin } from './cross-origin.js'
import { askMoto, forwardTo } from './forward.js'
import { whyNotFromHere } from './host-guard.js'

// The largest body that one of ours reads: Lambda's 50 MB zip in base64, and room for the rest of the document.
const bodyLimitBytes = 80 * 1024 * 1024

/** What the endpoint is made of. */
export interface Endpoint {
  /** moto's address. */
  readonly moto: string
  /** Our services by the name that requests are signed for. */
  readonly services: Readonly<Record<string, AwsService>>
  /** The refusal of a request that its sender's role does not allow; undefined lets it pass. */
  readonly refusal: (request: AwsRequest) => Promise<AwsAnswer | undefined>
  /** Whether requests of this access key must be asked about at all. */
  readonly isRestricted: (accessKeyId: string | undefined) => boolean
  /** Routes beside the AWS APIs; undefined where the path is not one of them. */
  readonly ownRoute: (request: AwsRequest) => Promise<AwsAnswer | undefined>
  /** Receives what went wrong inside, a sentence at a time. */
  readonly onError: (sentence: string) => void
}

/** The handler of the endpoint, for plain HTTP and for `*.amazonaws.com` behind TLS alike. */
export function createAwsHandler(endpoint: Endpoint): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const stranger = whyNotFromHere(request.headers)
    if (stranger !== undefined) {
      response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' })
      response.end(stranger)
      return
    }
    answer(endpoint, request, response).catch((error: unknown) => {
      const sentence = `${request.method} ${request.url} failed inside the local AWS: ${error instanceof Error ? error.stack : error}`
      endpoint.onError(sentence)
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(sentence)
    })
  }
}

async function answer(endpoint: Endpoint, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = addressOf(incoming)
  const { method = 'GET', url = '/', headers } = incoming
  const isOwnPath =
    url.startsWith('/_local-aws/') ||
    url.includes('/.well-known/') ||
    (address.service === 's3' && concernsBucketPolicy(method, url))
  const service = endpoint.services[address.service]
  const crossOrigin = await crossOriginHeaders(endpoint.moto, { ...address, method, url, headers })
  const isPlain = !isOwnPath && service === undefined && crossOrigin === undefined
  if (isPlain && !endpoint.isRestricted(address.accessKeyId)) {
    forwardTo(endpoint.moto, incoming, response)
    return
  }
  const request: AwsRequest = { ...address, method, url, headers, body: await readBody(incoming) }
  const told =
    (isOwnPath ? await endpoint.ownRoute(request) : undefined) ??
    (await endpoint.refusal(request)) ??
    (await service?.(request)) ??
    (await askMoto(endpoint.moto, request))
  const given = crossOrigin === undefined ? told : withCrossOrigin(told, request, crossOrigin)
  response.writeHead(given.status, { ...given.headers, ...lengthOf(given, method) })
  response.end(method === 'HEAD' ? undefined : given.body)
}

// The answer to HEAD keeps the length of what GET would have sent.
function lengthOf({ body, status }: AwsAnswer, method: string): Record<string, string> {
  return method === 'HEAD' || status === 204 ? {} : { 'content-length': String(Buffer.byteLength(body)) }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bodyLimitBytes) throw new Error(`the body has more than ${bodyLimitBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
