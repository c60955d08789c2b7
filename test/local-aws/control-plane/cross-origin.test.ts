/**
 * What web pages may read of AWS's answers, as a browser would ask: by the bucket's CORS configuration alone.
 */
import { CreateBucketCommand, PutBucketCorsCommand, S3Client } from '@aws-sdk/client-s3'
import { clientOptions, startTestAws, type TestAws } from '../../support/local-aws.js'

const PAGE = 'https://d111.cloudfront.localhost:8443'

let aws: TestAws

beforeAll(async () => {
  aws = await startTestAws()
  const s3 = new S3Client(clientOptions(aws, 'us-east-1'))
  const rule = {
    AllowedOrigins: [PAGE],
    AllowedMethods: ['GET', 'PUT'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag'],
  }
  for (const Bucket of ['shared', 'private']) await s3.send(new CreateBucketCommand({ Bucket }))
  await s3.send(new PutBucketCorsCommand({ Bucket: 'shared', CORSConfiguration: { CORSRules: [rule] } }))
  s3.destroy()
})

afterAll(async () => {
  await aws?.stop()
})

function scope(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`
}

function ask(path: string, method: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${aws.endpoint}${path}`, { method, headers: { authorization: scope('s3'), ...headers } })
}

const allowed = (answer: Response) => [answer.status, answer.headers.get('access-control-allow-origin')]

describe('a bucket', () => {
  it.each([
    ['a page that a rule names', 'shared', PAGE, 'PUT', [200, PAGE]],
    ['a method that no rule names', 'shared', PAGE, 'DELETE', [403, null]],
    ['a page that no rule names', 'shared', 'https://other.localhost', 'PUT', [403, null]],
    ['a bucket without rules', 'private', PAGE, 'PUT', [403, null]],
  ])('answers the preflight of %s by its rules', async (_what, bucket, origin, method, expected) => {
    const answer = await ask(`/${bucket}/1.jpg`, 'OPTIONS', { origin, 'access-control-request-method': method })
    expect(allowed(answer)).toEqual(expected)
  })

  it.each([
    ['an object that is not there', 'shared', PAGE, [404, PAGE]],
    ['a page that no rule names', 'shared', 'https://other.localhost', [404, null]],
    ['a bucket without rules', 'private', PAGE, [404, null]],
  ])('tells the browser of %s whether the page may know', async (_what, bucket, origin, expected) => {
    expect(allowed(await ask(`/${bucket}/none.jpg`, 'GET', { origin }))).toEqual(expected)
  })

  it('lets a page read the headers that its rule exposes', async () => {
    const answer = await ask('/shared/1.jpg', 'PUT', { origin: PAGE })
    expect([...allowed(answer), answer.headers.get('access-control-expose-headers')]).toEqual([200, PAGE, 'ETag'])
  })
})

it('an identity pool answers pages of every origin', async () => {
  const headers = {
    authorization: scope('cognito-identity'),
    'x-amz-target': 'AWSCognitoIdentityService.GetId',
    origin: PAGE,
  }
  expect(allowed(await ask('/', 'POST', headers))).toEqual([400, '*'])
})
