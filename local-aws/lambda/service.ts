/**
 * Lambda as a service of the endpoint: what moto cannot do. Everything else of Lambda is moto's.
 *
 * Sources: Lambda API Reference, Invoke, CreateFunction, UpdateFunctionCode, DeleteFunction; CloudFront Developer Guide,
 * "Delete Lambda@Edge functions and replicas": replicas outlive the association for hours, here for ever.
 */
import { randomUUID } from 'node:crypto'
import type { CloudFrontStore } from '../cloudfront/store.js'
import { ACCOUNT_ID } from '../cloudfront/store.js'
import { type AwsAnswer, type AwsRequest, type AwsService, jsonOf } from '../endpoint/aws-request.js'
import type { CodeStore } from './code.js'
import type { InvokeResult, LambdaService } from './invoke.js'

/** What the service works on. */
export interface LambdaWorld {
  readonly lambda: LambdaService
  readonly code: CodeStore
  readonly store: Pick<CloudFrontStore, 'replicated'>
  /** Receives the failure of an invocation that nobody waits for. */
  readonly onError: (sentence: string) => void
}

/** Keeps the zips that pass by, invokes functions, and keeps replicated ones from being deleted. */
export function createLambdaApi(world: LambdaWorld): AwsService {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url, 'http://lambda')
    const [, encodedName, tail = ''] = /^\/2015-03-31\/functions(?:\/([^/]+))?(?:\/(.+))?\/?$/.exec(pathname) ?? []
    const name = encodedName === undefined ? undefined : decodeURIComponent(encodedName)
    switch (`${request.method} ${tail}`) {
      case 'POST ':
        return keepZip(world, jsonOf(request).Code)
      case 'PUT code':
        return keepZip(world, jsonOf(request))
      case 'DELETE ':
        return name === undefined ? undefined : refuseReplicated(world, request, name, searchParams.get('Qualifier'))
      case 'POST invocations':
        return name === undefined ? undefined : invoke(world, request, name, searchParams.get('Qualifier'))
      default:
        return undefined
    }
  }
}

function keepZip({ code }: LambdaWorld, content: unknown): undefined {
  const zip = typeof content === 'object' && content !== null && 'ZipFile' in content ? content.ZipFile : undefined
  if (typeof zip === 'string') code.keep(Buffer.from(zip, 'base64'))
  return undefined
}

/** The ARN of a function from its name, partial ARN or ARN, and a qualifier. */
export function functionArn(region: string, name: string, qualifier: string | null): string {
  const arn = name.startsWith('arn:')
    ? name
    : `arn:aws:lambda:${region}:${ACCOUNT_ID}:function:${name.replace(/^\d{12}:function:/, '')}`
  return qualifier === null || qualifier === '' ? arn : `${arn}:${qualifier}`
}

function refuseReplicated(
  { store }: LambdaWorld,
  { region }: AwsRequest,
  name: string,
  qualifier: string | null,
): AwsAnswer | undefined {
  const arn = functionArn(region, name, qualifier)
  const replicated = [...store.replicated].find((version) => version === arn || version.startsWith(`${arn}:`))
  if (replicated === undefined) return undefined
  return restError(
    400,
    'InvalidParameterValueException',
    `Lambda was unable to delete ${replicated} because it is a replicated function. Please see our documentation for Deleting Lambda@Edge Functions and Replicas.`,
  )
}

async function invoke(
  { lambda, onError }: LambdaWorld,
  request: AwsRequest,
  name: string,
  qualifier: string | null,
): Promise<AwsAnswer> {
  const arn = functionArn(request.region, name, qualifier)
  const event = eventOf(request.body)
  if (event === undefined) {
    return restError(400, 'InvalidRequestContentException', 'Could not parse request body into json.')
  }
  const type = String(request.headers['x-amz-invocation-type'] ?? 'RequestResponse')
  if (type === 'DryRun') return { status: 204, headers: {}, body: '' }
  const result = lambda.invoke(arn, event.value)
  if (type === 'Event') {
    void result.then((ended) => ended.ok || onError(`${arn} failed: ${ended.errorType}: ${ended.errorMessage}`))
    return { status: 202, headers: {}, body: '' }
  }
  return invokeAnswer(await result, arn)
}

function eventOf(body: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: body.length === 0 ? {} : JSON.parse(body.toString('utf8')) }
  } catch {
    return undefined
  }
}

function invokeAnswer(result: InvokeResult, arn: string): AwsAnswer {
  const version = arn.split(':')[7] ?? '$LATEST'
  const headers = { 'content-type': 'application/json', 'x-amz-executed-version': version }
  if (result.ok) return { status: 200, headers, body: JSON.stringify(result.payload) }
  const { errorType, errorMessage } = result
  if (errorType === 'ResourceNotFoundException') return restError(404, errorType, errorMessage)
  if (errorType === 'TooManyRequestsException') return restError(429, errorType, errorMessage)
  const body = JSON.stringify({ errorType, errorMessage, trace: [] })
  return { status: 200, headers: { ...headers, 'x-amz-function-error': 'Unhandled' }, body }
}

function restError(status: number, type: string, message: string): AwsAnswer {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': type, 'x-amzn-requestid': randomUUID() }
  return { status, headers, body: JSON.stringify({ Type: 'User', Message: message, message }) }
}
