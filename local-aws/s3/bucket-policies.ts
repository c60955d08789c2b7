/**
 * Bucket policies, which moto must not see: it enforces their Deny statements without looking at principal or condition
 * (moto 5.2.1, s3/models.py, get_permission), so the usual "refuse plain HTTP" would close the bucket to everybody.
 *
 * Rule: PutBucketPolicy, GetBucketPolicy and DeleteBucketPolicy as in the S3 API Reference. The edge evaluates the
 * policy for CloudFront; other callers are the account's own administrators here.
 */
import type { AwsAnswer, AwsRequest } from '../endpoint/aws-request.js'

/** Answers requests about bucket policies; undefined for everything else of S3. */
export type BucketPolicies = (
  request: Pick<AwsRequest, 'method' | 'url' | 'body'>,
  bucketExists: (bucket: string) => Promise<boolean>,
) => Promise<AwsAnswer | undefined>

/** Whether the request is about a bucket itself and may concern its policy: path style, as every client here asks. */
export function concernsBucketPolicy(method: string, url: string): boolean {
  const { pathname, searchParams } = new URL(url, 'http://s3')
  const isBucket = /^\/[^/]+\/?$/.test(pathname)
  return isBucket && (searchParams.has('policy') || (method === 'DELETE' && searchParams.size === 0))
}

/** Makes the store of the bucket policies of one account. */
export function createBucketPolicies(): BucketPolicies {
  const policies = new Map<string, string>()
  const answers: Readonly<Record<string, (bucket: string, body: string) => AwsAnswer>> = {
    GET: (bucket) => get(policies, bucket),
    PUT: (bucket, body) => put(policies, bucket, body),
    DELETE: (bucket) => {
      policies.delete(bucket)
      return { status: 204, headers: {}, body: '' }
    },
  }
  return async ({ method, url, body }, bucketExists) => {
    const { pathname, searchParams } = new URL(url, 'http://s3')
    const bucket = pathname.split('/')[1] ?? ''
    // Deleting the bucket itself is moto's business, and its policy goes with it. Of no bucket moto knows what to say.
    if (!searchParams.has('policy')) policies.delete(bucket)
    else if (await bucketExists(bucket)) return answers[method]?.(bucket, body.toString('utf8'))
    return undefined
  }
}

function get(policies: ReadonlyMap<string, string>, bucket: string): AwsAnswer {
  const policy = policies.get(bucket)
  if (policy === undefined) return s3Error(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist')
  return { status: 200, headers: { 'content-type': 'application/json' }, body: policy }
}

function put(policies: Map<string, string>, bucket: string, policy: string): AwsAnswer {
  try {
    JSON.parse(policy)
  } catch {
    return s3Error(400, 'MalformedPolicy', 'This policy contains invalid Json')
  }
  policies.set(bucket, policy)
  return { status: 204, headers: {}, body: '' }
}

function s3Error(status: number, code: string, message: string): AwsAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`
  return { status, headers: { 'content-type': 'application/xml' }, body }
}
