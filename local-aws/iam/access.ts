/**
 * What a request asks IAM for: actions on resources, as the Service Authorization Reference names them.
 *
 * Only the services that functions and signed-in identities call are here. What is not known is not allowed.
 */

import { routeOf } from '../cloudfront/api.js'
import { ACCOUNT_ID } from '../cloudfront/store.js'
import { type AwsRequest, actionOf, jsonOf } from '../endpoint/aws-request.js'
import type { Access } from './policy.js'

/** What resolving names needs. */
export interface AccessParts {
  /** The ARN of a secret by its name or ARN; undefined if it is not there. */
  readonly secretArn: (region: string, id: string) => string | undefined
}

type Wanted = Pick<Access, 'action' | 'resource'> & Partial<Pick<Access, 'context'>>

/** Everything that a request needs to be allowed; undefined for a request that nobody here knows how to check. */
export function accessesOf(parts: AccessParts, request: AwsRequest): readonly Access[] | undefined {
  const wanted = readers[request.service]?.(request, parts)
  return wanted?.map((access) => ({ ...access, context: { 'aws:requestedregion': request.region, ...access.context } }))
}

type Reader = (request: AwsRequest, parts: AccessParts) => readonly Wanted[] | undefined

const readers: Readonly<Record<string, Reader>> = {
  cloudfront: ({ method, url }) => {
    const route = routeOf(method, url)?.route
    return route === undefined ? undefined : [{ action: `cloudfront:${route.name}`, resource: '*' }]
  },
  lambda: ({ method, url, region }) => {
    const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(url) ?? []
    if (name === undefined || method !== 'POST') return undefined
    return [
      { action: 'lambda:InvokeFunction', resource: arn('lambda', region, `function:${decodeURIComponent(name)}`) },
    ]
  },
  logs: (request) => {
    const { logGroupName: group } = jsonOf(request)
    return [{ action: `logs:${actionOf(request)}`, resource: arn('logs', request.region, `log-group:${group}:*`) }]
  },
  monitoring: (request) => [{ action: `cloudwatch:${actionOf(request)}`, resource: '*' }],
  s3: readS3,
  secretsmanager: readSecretsManager,
  sns: (request) => {
    const topic = new URLSearchParams(request.body.toString('utf8')).get('TopicArn')
    return [{ action: `sns:${actionOf(request)}`, resource: topic ?? '*' }]
  },
  ssm: readParameterStore,
  // Everybody may ask who they are.
  sts: (request) => (actionOf(request) === 'GetCallerIdentity' ? [] : undefined),
}

function arn(service: string, region: string, resource: string): string {
  return `arn:aws:${service}:${region}:${ACCOUNT_ID}:${resource}`
}

function readParameterStore(request: AwsRequest): readonly Wanted[] {
  const { Name: name, Names: names, Path: path } = jsonOf(request)
  const wanted = Array.isArray(names) ? names : [name ?? path]
  return wanted.map((parameter) => {
    const resource = `parameter/${String(parameter ?? '*')
      .replace(/^\//, '')
      .replace(/:[^/:]*$/, '')}`
    return { action: `ssm:${actionOf(request)}`, resource: arn('ssm', request.region, resource) }
  })
}

function readSecretsManager(request: AwsRequest, { secretArn }: AccessParts): readonly Wanted[] {
  const { SecretId: id, VersionStage: stage } = jsonOf(request)
  const name = String(id ?? '*')
  const named = name.startsWith('arn:') ? name : arn('secretsmanager', request.region, `secret:${name}`)
  const resource = secretArn(request.region, name) ?? named
  const context: Record<string, string> = { 'secretsmanager:secretid': name }
  if (typeof stage === 'string') context['secretsmanager:versionstage'] = stage
  return [{ action: `secretsmanager:${actionOf(request)}`, resource, context }]
}

const objectActions: Readonly<Record<string, string>> = {
  DELETE: 's3:DeleteObject',
  GET: 's3:GetObject',
  HEAD: 's3:GetObject',
  POST: 's3:PutObject',
  PUT: 's3:PutObject',
}

// Source: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations": objects, uploads in parts, listing.
function readS3({ headers, method, url }: AwsRequest): readonly Wanted[] | undefined {
  const { searchParams } = new URL(url, 'http://s3')
  const { bucket, key } = bucketAndKey(headers.host, url)
  if (key !== '') {
    const isAbort = method === 'DELETE' && searchParams.has('uploadId')
    const action = isAbort ? 's3:AbortMultipartUpload' : objectActions[method]
    return action === undefined ? undefined : [{ action, resource: `arn:aws:s3:::${bucket}/${key}` }]
  }
  if (method !== 'GET' && method !== 'HEAD') return undefined
  const prefix = searchParams.get('prefix')
  const context: Record<string, string> = prefix === null ? {} : { 's3:prefix': prefix }
  return [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}`, context }]
}

/** What a request to S3 is about, whether it names the bucket by host or by path. */
export function bucketAndKey(host = '', url: string): { readonly bucket: string; readonly key: string } {
  // The path as sent: a key is plain text, and "a/../b" is not "b".
  const path = decodeURIComponent(url.split('?', 1)[0] ?? '').replace(/^\//, '')
  const [, hostBucket] = /^(.+)\.s3[.-]/.exec(host) ?? []
  if (hostBucket !== undefined) return { bucket: hostBucket, key: path }
  const [bucket = ''] = path.split('/')
  return { bucket, key: path.slice(bucket.length + 1) }
}
