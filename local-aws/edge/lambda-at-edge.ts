/**
 * Lambda@Edge at viewer-request: the event, and what the function's value means.
 *
 * Rule: the function gets the request less disallowed headers and returns it, changed or not, or a response; what is
 * neither is an error 502, a function that fails or takes too long is a 503. A changed uri keeps the behaviour.
 * Pages: "Lambda@Edge event structure", "Generate HTTP responses in request triggers".
 */
import type { StoredDistribution } from '../cloudfront/store.js'
import type { LambdaService } from '../lambda/invoke.js'
import { isDisallowedHeader, READ_ONLY_IN_REQUESTS } from './function-headers.js'
import { type Checked, checkGeneratedResponse, checkHeaderEntries, isObject } from './generated-response.js'
import { type HeaderList, headerValues } from './headers.js'
import { type EdgeResponse, htmlError, type ViewerRequest } from './messages.js'

/** What becomes of a request after an edge function: it goes on, or is answered. */
export type Outcome = { readonly request: ViewerRequest } | { readonly response: EdgeResponse }

/** A viewer-request trigger: which function, and whether it sees the body. */
export interface ViewerRequestTrigger {
  readonly functionArn: string
  readonly includeBody: boolean
}

/** What the trigger needs of the world. */
export interface ViewerRequestWorld {
  readonly lambda: Pick<LambdaService, 'invoke'>
  readonly log: (sentence: string) => void
}

/** The most of a body that a viewer-request function sees, in bytes. */
const MAXIMUM_BODY_BYTES = 40 * 1024

/** Runs the function of a viewer-request trigger. */
export async function runViewerRequest(
  { lambda, log }: ViewerRequestWorld,
  distribution: StoredDistribution,
  trigger: ViewerRequestTrigger,
  request: ViewerRequest,
  requestId: string,
): Promise<Outcome> {
  const event = viewerRequestEvent(distribution, trigger, request, requestId)
  const result = await lambda.invoke(trigger.functionArn, event, { edge: true })
  if (!result.ok) {
    log(`viewer-request function of ${distribution.id} failed: ${result.errorType}: ${result.errorMessage}`)
    const sentence = 'The Lambda function associated with the CloudFront distribution failed or took too long.'
    return { response: htmlError(503, sentence, 'LambdaExecutionError from cloudfront') }
  }
  const outcome = outcomeOf(result.payload, request)
  if (outcome.valid) return outcome.value
  log(`viewer-request function of ${distribution.id} returned something invalid: ${outcome.why}`)
  const sentence = 'The Lambda function associated with the CloudFront distribution returned an invalid value.'
  return { response: htmlError(502, sentence, 'LambdaValidationError from cloudfront') }
}

/** The event of a viewer-request trigger. */
export function viewerRequestEvent(
  distribution: Pick<StoredDistribution, 'id' | 'domainName'>,
  { includeBody }: Pick<ViewerRequestTrigger, 'includeBody'>,
  request: ViewerRequest,
  requestId: string,
): unknown {
  const config = {
    distributionDomainName: distribution.domainName,
    distributionId: distribution.id,
    eventType: 'viewer-request',
    requestId,
  }
  const { clientIp, method, path, query = '' } = request
  const seen = { clientIp, headers: eventHeaders(request.headers), method, querystring: query, uri: path }
  return { Records: [{ cf: { config, request: includeBody ? { ...seen, body: eventBody(request.body) } : seen } }] }
}

function eventBody(body: Buffer): Record<string, unknown> {
  return {
    action: 'read-only',
    data: body.subarray(0, MAXIMUM_BODY_BYTES).toString('base64'),
    encoding: 'base64',
    inputTruncated: body.length > MAXIMUM_BODY_BYTES,
  }
}

function eventHeaders(headers: HeaderList): Record<string, { key: string; value: string }[]> {
  const grouped = new Map<string, { key: string; value: string }[]>()
  for (const [key, value] of headers) {
    const name = key.toLowerCase()
    if (!isDisallowedHeader(name)) grouped.set(name, [...(grouped.get(name) ?? []), { key, value }])
  }
  return Object.fromEntries(grouped)
}

/** What a function's value means for the request it was given. */
export function outcomeOf(value: unknown, request: ViewerRequest): Checked<Outcome> {
  if (!isObject(value)) return { valid: false, why: `it returned ${JSON.stringify(value) ?? 'nothing'}` }
  if (Object.hasOwn(value, 'status')) {
    const checked = checkGeneratedResponse(value)
    if (!checked.valid) return checked
    const xCache = 'LambdaGeneratedResponse from cloudfront'
    return { valid: true, value: { response: { ...checked.value, xCache } } }
  }
  const checked = checkReturnedRequest(value, request)
  return checked.valid ? { valid: true, value: { request: checked.value } } : checked
}

function checkReturnedRequest(
  value: Readonly<Record<string, unknown>>,
  request: ViewerRequest,
): Checked<ViewerRequest> {
  const { uri, querystring = '', method, clientIp, headers } = value
  if (typeof uri !== 'string' || !uri.startsWith('/')) return refused('uri must be a path that begins with a slash')
  if (/[?#\s]/.test(uri)) return refused('uri must not hold a query string, a fragment or white space')
  if (typeof querystring !== 'string' || /[#\s]/.test(querystring)) return refused('querystring must be a string')
  if (method !== request.method) return refused('method is read-only')
  if (clientIp !== request.clientIp) return refused('clientIp is read-only')
  if (!isObject(headers)) return refused('headers must be an object')
  const list = checkReturnedHeaders(headers, request)
  if (!list.valid) return list
  const body = replacedBody(value.body, request.body)
  const query = querystring === '' ? undefined : querystring
  return { valid: true, value: { ...request, path: uri, query, headers: list.value, body } }
}

const refused = (why: string) => ({ valid: false, why }) as const

function checkReturnedHeaders(headers: Readonly<Record<string, unknown>>, request: ViewerRequest): Checked<HeaderList> {
  const list: (readonly [string, string])[] = []
  for (const [name, entries] of Object.entries(headers)) {
    if (isDisallowedHeader(name) || name === 'cloudfront-viewer-country') return refused(`header ${name} is disallowed`)
    const checked = checkHeaderEntries(name, entries)
    if (!checked.valid) return checked
    list.push(...checked.value)
  }
  const changed = READ_ONLY_IN_REQUESTS.find(
    (name) => headerValues(list, name).join('\n') !== headerValues(request.headers, name).join('\n'),
  )
  if (changed !== undefined) return refused(`header ${changed} is read-only in a viewer-request trigger`)
  return { valid: true, value: list }
}

function replacedBody(body: unknown, original: Buffer): Buffer {
  if (!isObject(body) || body.action !== 'replace' || typeof body.data !== 'string') return original
  return Buffer.from(body.data, body.encoding === 'text' ? 'utf8' : 'base64')
}
