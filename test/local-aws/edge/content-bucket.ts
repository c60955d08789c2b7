/**
 * A bucket of moto behind the edge, with the policy of origin access control.
 */
import {
  CreateBucketCommand,
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'

const s3 = (moto: string) =>
  new S3Client({
    endpoint: moto,
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })

/** Makes the bucket `content`, with a few objects, open to the distributions E1 and E2. */
export async function fillBucket(moto: string): Promise<void> {
  const client = s3(moto)
  const location = { LocationConstraint: 'eu-west-1' } as const
  await client.send(new CreateBucketCommand({ Bucket: 'content', CreateBucketConfiguration: location }))
  const put = (Key: string, Body: string, ContentType: string) =>
    client.send(new PutObjectCommand({ Bucket: 'content', Key, Body, ContentType, CacheControl: 'max-age=60' }))
  await put('photos/sea.jpg', 'the sea at night', 'image/jpeg')
  await put('photos/ä b.jpg', 'umlaut', 'image/jpeg')
  await put('index.html', '<h1>root</h1>', 'text/html')
  await put('public/login.html', '<h1>please sign in</h1>', 'text/html')
  await put('public-cors/map.json', '{}', 'application/json')
  await put('public-blind/map.json', '{}', 'application/json')
  const rule = { AllowedOrigins: ['https://app.example.com'], AllowedMethods: ['GET'], AllowedHeaders: ['*'] }
  await client.send(new PutBucketCorsCommand({ Bucket: 'content', CORSConfiguration: { CORSRules: [rule] } }))
  client.destroy()
  await bucketPolicy(moto, ['E1', 'E2'])
}

/** Lets the distributions do the actions, and nobody else anything. */
export async function bucketPolicy(
  moto: string,
  distributions: readonly string[],
  actions: readonly string[] = ['s3:GetObject', 's3:ListBucket'],
): Promise<void> {
  const client = s3(moto)
  const statements = actions.map((Action) => ({
    Effect: 'Allow',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action,
    Resource: Action === 's3:ListBucket' ? 'arn:aws:s3:::content' : 'arn:aws:s3:::content/*',
    Condition: {
      StringEquals: {
        'AWS:SourceArn': distributions.map((id) => `arn:aws:cloudfront::123456789012:distribution/${id}`),
      },
    },
  }))
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  await client.send(new PutBucketPolicyCommand({ Bucket: 'content', Policy }))
  client.destroy()
}
