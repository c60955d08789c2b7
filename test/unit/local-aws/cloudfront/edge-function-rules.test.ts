import { whyNotAtEdge, whyNotEdgeArn } from '../../../../local-aws/cloudfront/edge-function-rules.js'

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:signer:1'
const trustedServices = ['lambda.amazonaws.com', 'edgelambda.amazonaws.com']
const configuration = {
  Runtime: 'nodejs22.x',
  Timeout: 5,
  MemorySize: 128,
  Role: 'arn:aws:iam::123456789012:role/signer',
}

describe('whyNotEdgeArn', () => {
  test('takes the ARN of a version in us-east-1', () => {
    expect(whyNotEdgeArn(arn)).toBeUndefined()
  })

  test.each([
    ['an ARN without a version', arn.replace(/:1$/, ''), 'must reference a specific function version'],
    ['$LATEST', arn.replace(/:1$/, ':$LATEST'), 'must reference a specific function version'],
    ['an alias', arn.replace(/:1$/, ':live'), 'must reference a specific function version'],
    ['another Region', arn.replace('us-east-1', 'eu-west-1'), "must be in region 'us-east-1'"],
    ['what is no function', 'arn:aws:s3:::bucket', 'is not valid'],
  ])('refuses %s', (_name, wrong, reason) => {
    expect(whyNotEdgeArn(wrong)).toContain(reason)
  })
})

describe('whyNotAtEdge', () => {
  test('takes a plain Node.js function', () => {
    expect(whyNotAtEdge(arn, { configuration, trustedServices })).toBeUndefined()
  })

  test.each([
    [{ Environment: { Variables: { STAGE: 'dev' } } }, 'The function cannot have environment variables.'],
    [{ Timeout: 31 }, 'The function timeout is larger than 30 seconds.'],
    [{ Architectures: ['arm64'] }, 'The function must be of architecture x86_64.'],
    [{ Layers: [{ Arn: 'x' }] }, 'The function cannot have layers.'],
    [{ VpcConfig: { SubnetIds: ['subnet-1'] } }, 'The function cannot have a VPC configuration.'],
    [{ DeadLetterConfig: { TargetArn: 'arn:aws:sqs:x' } }, 'The function cannot have a dead letter queue.'],
    [{ TracingConfig: { Mode: 'Active' } }, 'The function cannot have active tracing.'],
    [{ EphemeralStorage: { Size: 1024 } }, 'The function cannot have more than 512 MB of ephemeral storage.'],
    [{ Runtime: 'java21' }, 'The function must have a Node.js or Python runtime.'],
    [{ PackageType: 'Image' }, 'The function cannot be a container image.'],
  ])('refuses %j', (change, reason) => {
    expect(whyNotAtEdge(arn, { configuration: { ...configuration, ...change }, trustedServices })).toBe(
      `${reason} Function: ${arn}`,
    )
  })

  test.each(trustedServices)('refuses a role that does not trust %s', (service) => {
    const others = trustedServices.filter((name) => name !== service)

    expect(whyNotAtEdge(arn, { configuration, trustedServices: others })).toContain(`must be assumable with ${service}`)
  })
})
