/**
 * CloudFront Functions at viewer-request and viewer-response.
 *
 * Rule: `handler(event)` returns the request or a response; an error in it is a 503, an invalid value a 502. Pages:
 * "CloudFront Functions event structure", "JavaScript runtime 2.0 features for CloudFront Functions". Of the runtime
 * only the language and `console` are here: key value stores, `crypto`, `querystring` and `buffer` are not.
 */
import { createContext, Script } from 'node:vm'
import type { StoredDistribution, StoredFunction } from '../cloudfront/store.js'
import { eventRequest, eventResponse, requestOfFunction, responseOfFunction } from './function-event.js'
import { type Checked, isObject } from './generated-response.js'
import type { Outcome } from './lambda-at-edge.js'
import { type EdgeResponse, htmlError, type ViewerRequest } from './messages.js'

/** Far more than the millisecond of CloudFront's compute limit: this machine may be busy with other things. */
const TIMEOUT_MS = 1000

/** What a function runs for. */
export interface FunctionRun {
  readonly fn: StoredFunction
  readonly distribution: StoredDistribution
  readonly request: ViewerRequest
  readonly requestId: string
  readonly log: (sentence: string) => void
}

/** Runs a function at viewer-request. */
export async function runFunctionOnRequest(run: FunctionRun): Promise<Outcome> {
  const { request } = run
  const result = await call(run, 'viewer-request', undefined)
  if ('failure' in result) return { response: result.failure }
  const { value } = result
  const checked: Checked<Outcome> =
    isObject(value) && Object.hasOwn(value, 'statusCode') ? generated(value) : continued(value, request)
  return checked.valid ? checked.value : { response: invalidResult(run, checked.why) }
}

function generated(value: Readonly<Record<string, unknown>>): Checked<Outcome> {
  const checked = responseOfFunction(value, undefined)
  if (!checked.valid) return checked
  return { valid: true, value: { response: { ...checked.value, xCache: 'FunctionGeneratedResponse from cloudfront' } } }
}

function continued(value: unknown, request: ViewerRequest): Checked<Outcome> {
  if (!isObject(value)) return { valid: false, why: 'it returned neither a request nor a response' }
  const checked = requestOfFunction(value, request)
  return checked.valid ? { valid: true, value: { request: checked.value } } : checked
}

/** Runs a function at viewer-response. */
export async function runFunctionOnResponse(run: FunctionRun, response: EdgeResponse): Promise<EdgeResponse> {
  const result = await call(run, 'viewer-response', response)
  if ('failure' in result) return result.failure
  const checked: Checked<EdgeResponse> = isObject(result.value)
    ? responseOfFunction(result.value, response)
    : { valid: false, why: 'it returned no response' }
  return checked.valid ? checked.value : invalidResult(run, checked.why)
}

function invalidResult({ fn, distribution, log }: FunctionRun, why: string): EdgeResponse {
  log(
    `CloudFront function ${fn.config.Comment ?? ''} (${fn.arn}) of ${distribution.id} returned something invalid: ${why}`,
  )
  const sentence = 'The CloudFront function associated with the CloudFront distribution is invalid.'
  return htmlError(502, sentence, 'FunctionValidationError from cloudfront')
}

async function call(
  { fn, distribution, request, requestId, log }: FunctionRun,
  eventType: string,
  response: EdgeResponse | undefined,
): Promise<{ readonly value: unknown } | { readonly failure: EdgeResponse }> {
  const event = {
    version: '1.0',
    context: {
      distributionDomainName: distribution.domainName,
      endpoint: distribution.domainName,
      distributionId: distribution.id,
      eventType,
      requestId,
    },
    viewer: { ip: request.clientIp },
    request: eventRequest(request),
    ...(response === undefined ? {} : { response: eventResponse(response) }),
  }
  try {
    return { value: await evaluate(fn.live ?? '', event, (line) => log(`${fn.arn}: ${line}`)) }
  } catch (error) {
    log(`CloudFront function ${fn.arn} of ${distribution.id} failed: ${String(error)}`)
    const sentence = 'The CloudFront function associated with the CloudFront distribution failed.'
    return { failure: htmlError(503, sentence, 'FunctionExecutionError from cloudfront') }
  }
}

/**
 * Calls `handler` in a world of its own; event and value cross as JSON, so that nothing of ours is within its reach.
 * The time limit stops a loop before the first `await`, not one behind it (Node ends itself over the latter).
 */
async function evaluate(source: string, event: unknown, print: (line: string) => void): Promise<unknown> {
  const context = createContext(
    { event: JSON.stringify(event), print },
    { codeGeneration: { strings: false, wasm: false } },
  )
  const prelude = 'const console = { log: (...words) => print(words.map(String).join(" ")) };'
  const epilogue = ';Promise.resolve(handler(JSON.parse(event))).then((value) => JSON.stringify(value))'
  const script = new Script(`${prelude}${source}\n${epilogue}`, { filename: 'function.js' })
  const running: unknown = script.runInContext(context, { timeout: TIMEOUT_MS })
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${TIMEOUT_MS} ms`)), TIMEOUT_MS)
  })
  try {
    const text = await Promise.race([running, tooLong])
    return typeof text === 'string' ? JSON.parse(text) : undefined
  } finally {
    clearTimeout(timer)
  }
}
