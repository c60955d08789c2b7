/**
 * S3 origins: objects of moto, as far as the bucket's policy lets the distribution see them.
 *
 * Rule: with origin access control CloudFront signs each request as cloudfront.amazonaws.com for its own ARN; what the
 * policy does not allow is a 403, a missing object is a 404 with s3:ListBucket and a 403 without. Pages: "Restrict
 * access to an Amazon S3 origin"; S3 API Reference, GetObject. Query strings are not passed to S3.
 */
import { randomBytes } from 'node:crypto'
import type { Origin } from '@aws-sdk/client-cloudfront'
import { ACCOUNT_ID, type CloudFrontStore, type StoredDistribution } from '../cloudfront/store.js'
import { allowsService, readPolicy } from '../iam/policy.js'
import { type HeaderList, headerValue, withoutHeaders } from './headers.js'
import { type EdgeResponse, htmlError, type ViewerRequest } from './messages.js'
import { askOrigin, type OriginAnswer } from './origin-request.js'

const S3_DOMAIN = /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/
const ACTIONS: Readonly<Record<string, string>> = {
  GET: 's3:GetObject',
  HEAD: 's3:GetObject',
  PUT: 's3:PutObject',
  DELETE: 's3:DeleteObject',
}
const TIMEOUT_MS = 30_000

/** The bucket behind an origin's domain name, or undefined for another kind of origin. */
export function bucketOfOrigin(origin: Origin): string | undefined {
  if (origin.CustomOriginConfig !== undefined) return undefined
  return S3_DOMAIN.exec(origin.DomainName ?? '')?.[1]
}

/** What an S3 origin needs of the world. */
export interface S3World {
  readonly store: Pick<CloudFrontStore, 'originAccessControls'>
  /** Where S3 answers for objects. */
  readonly moto: string
  /** Where it answers for bucket policies. */
  readonly policies: string
}

/** Asks a bucket for an object; `request` is already what policies forward. */
export async function askS3Origin(
  world: S3World,
  distribution: StoredDistribution,
  origin: Origin,
  bucket: string,
  request: ViewerRequest,
): Promise<EdgeResponse> {
  const path = `${origin.OriginPath ?? ''}${request.path}`
  const key = objectKey(path)
  if (key === undefined) return s3Error(400, 'InvalidURI', "Couldn't parse the specified URI.")
  try {
    const may = await permissions(world, distribution, origin, bucket, key)
    const refused = refusedByS3(request, key, may)
    if (refused !== undefined) return refused
    const answer = await askBucket(world.moto, bucket, path, request)
    if (answer.status === 404 && !may('s3:ListBucket')) return accessDenied()
    return fromS3(answer)
  } catch {
    return htmlError(502, "CloudFront wasn't able to connect to the origin.")
  }
}

function refusedByS3(
  { method, headers }: ViewerRequest,
  key: string,
  may: (action: string) => boolean,
): EdgeResponse | undefined {
  // A CORS preflight is answered by the bucket's CORS configuration, without credentials.
  if (method === 'OPTIONS') return headerValue(headers, 'Origin') === undefined ? noOrigin() : undefined
  // Without a key it is the bucket that is asked for: a list of its objects.
  const action = key === '' ? 's3:ListBucket' : ACTIONS[method]
  if (action === undefined) return s3Error(405, 'MethodNotAllowed', 'The specified method is not allowed.')
  return may(action) ? undefined : accessDenied()
}

function objectKey(path: string): string | undefined {
  try {
    return decodeURIComponent(path.slice(1))
  } catch {
    return undefined
  }
}

async function permissions(
  { store, policies }: S3World,
  distribution: StoredDistribution,
  origin: Origin,
  bucket: string,
  key: string,
): Promise<(action: string) => boolean> {
  const control = store.originAccessControls.get(origin.OriginAccessControlId ?? '')?.config
  const isSigned = control !== undefined && control.SigningBehavior !== 'never'
  const answer = await askMoto(policies, 'GET', `/${bucket}?policy`, [])
  // A bucket without a policy answers with an error document, which allows nothing.
  const policy = readPolicy(answer.body.toString('utf8'))
  const context: Readonly<Record<string, string>> = {
    'aws:securetransport': 'true',
    ...(isSigned ? { 'aws:sourcearn': distribution.arn, 'aws:sourceaccount': ACCOUNT_ID } : {}),
  }
  // Without a signature only what is open to everybody is allowed.
  const service = isSigned ? 'cloudfront.amazonaws.com' : '*'
  return (action) => {
    const resource = action === 's3:ListBucket' ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`
    return allowsService(policy, service, { action, resource, context })
  }
}

async function askBucket(moto: string, bucket: string, path: string, request: ViewerRequest): Promise<OriginAnswer> {
  const headers = withoutHeaders(request.headers, ['Host', 'Authorization', 'Cookie'])
  const answer = await askMoto(moto, request.method, `/${bucket}${path}`, headers, request.body)
  return isCoveredByCors(request, answer)
    ? answer
    : { ...answer, headers: withoutHeaders(answer.headers, CORS_HEADERS) }
}

/**
 * Whether CORS headers of an answer are the bucket's own: moto's server puts `Access-Control-Allow-Origin` on everything.
 * S3 sends them for an Origin that a rule covers, with that rule's methods (S3 User Guide, Using cross-origin resource
 * sharing).
 */
function isCoveredByCors({ headers }: ViewerRequest, answer: OriginAnswer): boolean {
  const hasOrigin = headerValue(headers, 'Origin') !== undefined
  return hasOrigin && answer.status < 400 && headerValue(answer.headers, 'Access-Control-Allow-Methods') !== undefined
}

const CORS_HEADERS = ['Origin', 'Credentials', 'Methods', 'Headers']
  .map((name) => `Access-Control-Allow-${name}`)
  .concat('Access-Control-Expose-Headers', 'Access-Control-Max-Age')

function askMoto(
  moto: string,
  method: string,
  target: string,
  headers: HeaderList,
  body: Buffer = Buffer.alloc(0),
): Promise<OriginAnswer> {
  // moto tells services apart by the credential scope and verifies no signature; this edge has checked the policy.
  const scope = 'edge/20260101/us-east-1/s3/aws4_request'
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`
  const signed: HeaderList = [...headers, ['Authorization', authorization]]
  return askOrigin({ url: new URL(target, moto), method, headers: signed, body, timeoutMs: TIMEOUT_MS })
}

const PASSED_ON =
  /^(etag|last-modified|content-(type|length|range|disposition|encoding|language)|accept-ranges|cache-control|expires|vary|access-control-.*|x-amz-(meta-.*|version-id|server-side-encryption))$/i

function fromS3({ status, reason, headers, body }: OriginAnswer): EdgeResponse {
  const passed = headers.filter(([name]) => PASSED_ON.test(name))
  return { status, reason, headers: [...passed, ...s3Headers()], body }
}

function s3Headers(): HeaderList {
  return [
    ['Server', 'AmazonS3'],
    ['x-amz-request-id', randomBytes(8).toString('hex').toUpperCase()],
    ['x-amz-id-2', randomBytes(32).toString('base64')],
  ]
}

const noOrigin = () => s3Error(400, 'BadRequest', 'Insufficient information. Origin request header needed.')

const accessDenied = () => s3Error(403, 'AccessDenied', 'Access Denied')

function s3Error(status: number, code: string, message: string): EdgeResponse {
  const headers = s3Headers()
  const [, [, requestId = ''] = [], [, hostId = ''] = []] = headers
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>${code}</Code><Message>${message}</Message><RequestId>${requestId}</RequestId><HostId>${hostId}</HostId></Error>`
  return { status, headers: [['Content-Type', 'application/xml'], ...headers], body: Buffer.from(body) }
}
