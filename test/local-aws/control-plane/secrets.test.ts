import { AddPermissionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type RotateSecretCommandInput,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager'
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm'
import { clientOptions, startTestAws, type TestAws } from '../../support/local-aws.js'
import { createTestFunction } from './functions.js'

// A rotation function in AWS's own manner, without its SDK; a secret whose name ends in a step's name fails in that
// step once.
const source = `
import { request } from 'node:https'
const failed = new Set()
function ask(action, body) {
  const authorization = 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0'
  const headers = { authorization, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.' + action }
  return new Promise((resolve, reject) => {
    const sent = request({ host: 'secretsmanager.us-east-1.amazonaws.com', method: 'POST', headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part) => { text += part })
      answer.on('end', () => answer.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(text)))
    })
    sent.on('error', reject).end(JSON.stringify(body))
  })
}
export async function handler({ Step, SecretId, ClientRequestToken }) {
  const { VersionIdsToStages: stages, RotationEnabled, Name } = await ask('DescribeSecret', { SecretId })
  if (!RotationEnabled || !stages[ClientRequestToken].includes('AWSPENDING')) throw new Error('not staged')
  if (Name.endsWith('always-' + Step)) throw new Error(Step + ' always fails')
  if (Name.endsWith('once-' + Step) && !failed.has(Name)) { failed.add(Name); throw new Error(Step + ' fails once') }
  if (Step === 'createSecret') {
    const pending = { SecretId, VersionId: ClientRequestToken, VersionStage: 'AWSPENDING' }
    const reason = await ask('GetSecretValue', pending).then(() => 'there', (error) => error.message)
    if (reason === 'there') return
    if (!reason.includes('ResourceNotFoundException')) throw new Error(reason)
    const SecretString = 'rotated ' + ClientRequestToken
    await ask('PutSecretValue', { SecretId, ClientRequestToken, SecretString, VersionStages: ['AWSPENDING'] })
  }
  if (Step === 'finishSecret') {
    const current = Object.keys(stages).find((id) => stages[id].includes('AWSCURRENT'))
    await ask('UpdateSecretVersionStage', { SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId: current })
    await ask('UpdateSecretVersionStage', { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: ClientRequestToken })
  }
}
`

let aws: TestAws
let secrets: SecretsManagerClient
let rotator: string

beforeAll(async () => {
  aws = await startTestAws()
  const options = clientOptions(aws, 'us-east-1')
  secrets = new SecretsManagerClient(options)
  const statements = [{ Effect: 'Allow', Action: 'secretsmanager:*', Resource: '*' }]
  rotator = await createTestFunction(aws, { name: 'rotator', source, statements, settings: { Timeout: 10 } })
  await createTestFunction(aws, { name: 'stranger', source, statements })
  const lambda = new LambdaClient(options)
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'rotator',
      StatementId: 'SecretsManager',
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: '123456789012',
    }),
  )
  lambda.destroy()
})

afterAll(async () => {
  secrets?.destroy()
  await aws?.stop()
})

const daily = { AutomaticallyAfterDays: 1 }
const create = (Name: string, SecretString?: string) => secrets.send(new CreateSecretCommand({ Name, SecretString }))
const describeSecret = (SecretId: string) => secrets.send(new DescribeSecretCommand({ SecretId }))
const value = (SecretId: string, VersionStage?: string) =>
  secrets.send(new GetSecretValueCommand({ SecretId, VersionStage }))
const rotate = (SecretId: string, rest: Partial<RotateSecretCommandInput> = {}) =>
  secrets.send(new RotateSecretCommand({ SecretId, RotationLambdaARN: rotator, RotationRules: daily, ...rest }))

/** The state of a rotation once it has come to its end. */
async function ended(name: string): Promise<{ state: string; attempts: number; error?: string; step?: string }> {
  for (;;) {
    const answer = await fetch(`${aws.endpoint}/_local-aws/rotations/${encodeURIComponent(name)}`)
    const state = (await answer.json()) as { state: string; attempts: number }
    if (state.state !== 'running') return state
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe('RotateSecret', () => {
  test('gives a secret without any version its first value', async () => {
    await create('empty')

    const { VersionId: version } = await rotate('empty')

    expect(await ended('empty')).toEqual({ state: 'succeeded', versionId: version, attempts: 1 })
    expect(await value('empty')).toMatchObject({ VersionId: version, SecretString: `rotated ${version}` })
    expect(await describeSecret('empty')).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN: rotator,
      RotationRules: daily,
      LastRotatedDate: expect.any(Date),
      VersionIdsToStages: { [String(version)]: ['AWSCURRENT'] },
    })
  })

  test('replaces a value, which stays as the previous one', async () => {
    const { VersionId: first } = await create('old', 'one')

    const { VersionId: second } = await rotate('old')
    await ended('old')

    expect((await describeSecret('old')).VersionIdsToStages).toEqual({
      [String(first)]: ['AWSPREVIOUS'],
      [String(second)]: ['AWSCURRENT'],
    })
    expect((await value('old', 'AWSPREVIOUS')).SecretString).toBe('one')
  })

  test.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])(
    'tries again after a failure of %s',
    async (step) => {
      await create(`once-${step}`)

      const { VersionId: version } = await rotate(`once-${step}`)

      expect(await ended(`once-${step}`)).toEqual({ state: 'succeeded', versionId: version, attempts: 2 })
    },
  )

  test('leaves the old value when it fails for good, and says why it will not begin another', async () => {
    await create('always-testSecret', 'one')

    await rotate('always-testSecret')

    expect(await ended('always-testSecret')).toMatchObject({
      state: 'failed',
      attempts: 3,
      step: 'testSecret',
      error: 'Error: testSecret always fails',
    })
    expect((await value('always-testSecret')).SecretString).toBe('one')
    await expect(rotate('always-testSecret')).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining("A previous rotation isn't complete"),
    })
  })

  test('only tests the function when it is not to rotate at once, with a version that goes again', async () => {
    const { VersionId: first } = await create('later', 'one')

    await rotate('later', { RotateImmediately: false })

    expect(await ended('later')).toMatchObject({ state: 'succeeded' })
    expect((await describeSecret('later')).VersionIdsToStages).toEqual({ [String(first)]: ['AWSCURRENT'] })
  })

  test('refuses a function that Secrets Manager may not invoke', async () => {
    await create('forbidden')

    await expect(
      rotate('forbidden', { RotationLambdaARN: rotator.replace('rotator', 'stranger') }),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('Secrets Manager cannot invoke the specified Lambda function'),
    })
  })

  test.each([
    ['both kinds of rules', { AutomaticallyAfterDays: 1, ScheduleExpression: 'rate(1 day)' }],
    ['a rate under four hours', { ScheduleExpression: 'rate(3 hours)' }],
    ['a cron with minutes', { ScheduleExpression: 'cron(30 1 * * ? *)' }],
    ['a duration without its unit', { AutomaticallyAfterDays: 1, Duration: '3' }],
  ])('refuses %s', async (name, RotationRules) => {
    const secret = `rules ${name}`.replaceAll(' ', '-')
    await create(secret)

    await expect(rotate(secret, { RotationRules })).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  test('keeps function and rules when it is cancelled', async () => {
    await create('cancelled', 'one')
    await rotate('cancelled')
    await ended('cancelled')

    await secrets.send(new CancelRotateSecretCommand({ SecretId: 'cancelled' }))

    expect(await describeSecret('cancelled')).toMatchObject({ RotationEnabled: false, RotationLambdaARN: rotator })
  })
})

describe('versions', () => {
  const token = '11111111-1111-4111-8111-111111111111'
  const put = (SecretId: string, SecretString: string) =>
    secrets.send(new PutSecretValueCommand({ SecretId, SecretString, ClientRequestToken: token }))

  test('keep their value: the same again changes nothing, another is refused', async () => {
    await create('kept')
    await put('kept', 'one')

    expect((await put('kept', 'one')).VersionId).toBe(token)
    await expect(put('kept', 'two')).rejects.toMatchObject({ name: 'ResourceExistsException' })
    expect((await value('kept')).SecretString).toBe('one')
  })

  test('are not found while they have no value', async () => {
    await create('valueless')

    await expect(value('valueless')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  test('hand AWSCURRENT on only when the caller knows who has it', async () => {
    await create('staged', 'one')
    await secrets.send(
      new PutSecretValueCommand({
        SecretId: 'staged',
        SecretString: 'two',
        ClientRequestToken: token,
        VersionStages: ['AWSPENDING'],
      }),
    )
    const move = { SecretId: 'staged', VersionStage: 'AWSCURRENT', MoveToVersionId: token }

    await expect(secrets.send(new UpdateSecretVersionStageCommand(move))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
    expect((await value('staged')).SecretString).toBe('one')
  })
})

describe('/aws/reference/secretsmanager', () => {
  const read = async (Names: string[], WithDecryption = true) => {
    const ssm = new SSMClient(clientOptions(aws, 'us-east-1'))
    try {
      return await ssm.send(new GetParametersCommand({ Names, WithDecryption }))
    } finally {
      ssm.destroy()
    }
  }

  test('gives the value with the version that it is of', async () => {
    const { ARN: arn, VersionId: version } = await create('read/me', 'hello')

    const { Parameters: [parameter] = [] } = await read(['/aws/reference/secretsmanager/read/me'])

    expect(parameter).toMatchObject({
      ARN: arn,
      Name: '/aws/reference/secretsmanager/read/me',
      Type: 'SecureString',
      Value: 'hello',
      Version: 0,
    })
    expect(JSON.parse(parameter?.SourceResult ?? '')).toMatchObject({
      VersionId: version,
      VersionStages: ['AWSCURRENT'],
    })
  })

  test('lists what is not there or has no value as invalid', async () => {
    await create('read/nothing')
    const names = ['read/nothing', 'read/nobody'].map((name) => `/aws/reference/secretsmanager/${name}`)

    expect((await read(names)).InvalidParameters).toEqual(names)
  })

  test('must be asked for with decryption', async () => {
    await expect(read(['/aws/reference/secretsmanager/read/me'], false)).rejects.toMatchObject({
      name: 'ValidationException',
    })
  })
})
