/**
 * Passes requests on to moto as they came, and its answers back.
 */
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import type { AwsAnswer, AwsRequest } from './aws-request.js'

// Both belong to one connection (RFC 9110 section 7.6.1), and Node has already answered an Expect of 100-continue.
const hopHeaders = new Set(['connection', 'expect', 'keep-alive'])

function onward(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.has(name)))
}

/** Streams a request to moto and moto's answer to the caller. */
export function forwardTo(moto: string, request: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = request
  const passed = httpRequest(new URL(moto), { method, path: url, headers: onward(headers) }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, onward(answer.headers))
    answer.pipe(response)
  })
  passed.once('error', (error) => {
    if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' })
    response.end(`moto did not answer: ${error.message}`)
  })
  response.once('close', () => {
    if (!response.writableFinished) passed.destroy()
  })
  request.pipe(passed)
}

/** Sends a request that has been read to moto and gives the whole answer. */
export function askMoto(moto: string, { method, url, headers, body }: AwsRequest): Promise<AwsAnswer> {
  const sent: OutgoingHttpHeaders = { ...onward(headers), 'content-length': body.length }
  delete sent['transfer-encoding']
  return new Promise((resolve, reject) => {
    const passed = httpRequest(new URL(moto), { method, path: url, headers: sent }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.once('error', reject)
      answer.once('end', () => {
        const { 'transfer-encoding': _, ...rest } = answer.headers
        const back = Object.entries(rest).flatMap(([name, value]) =>
          hopHeaders.has(name) || value === undefined ? [] : [[name, String(value)] as const],
        )
        resolve({ status: answer.statusCode ?? 502, headers: Object.fromEntries(back), body: Buffer.concat(chunks) })
      })
    })
    passed.once('error', reject)
    passed.end(body)
  })
}

/** A request of our own to moto: what a service of ours needs to know of another. */
export function ownRequest(
  service: string,
  region: string,
  parts: Partial<Pick<AwsRequest, 'method' | 'url' | 'headers'>> & { readonly body?: string },
): AwsRequest {
  const { method = 'POST', url = '/', headers = {}, body = '' } = parts
  // moto tells service and Region from the credential scope and does not check signatures.
  const scope = `AWS4-HMAC-SHA256 Credential=local/20200101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=local`
  return {
    service,
    region,
    accessKeyId: undefined,
    method,
    url,
    headers: { ...headers, authorization: scope },
    body: Buffer.from(body),
  }
}
