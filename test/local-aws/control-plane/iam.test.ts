import {
  CreatePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { clientOptions, startTestAws, type TestAws } from '../../support/local-aws.js'
import { createTestFunction } from './functions.js'

// Sends the requests of its event to AWS's own host names, as the SDK in a function would, and gives the answers.
const source = `
import { request } from 'node:https'
function ask({ service, region = 'us-east-1', host, method = 'POST', path = '/', target, body = '' }) {
  const { AWS_ACCESS_KEY_ID: key } = process.env
  const authorization = 'AWS4-HMAC-SHA256 Credential=' + key + '/20260101/' + region + '/' + service + '/aws4_request, SignedHeaders=host, Signature=0'
  const headers = { authorization, 'content-type': 'application/x-amz-json-1.1', ...(target ? { 'x-amz-target': target } : {}) }
  return new Promise((resolve, reject) => {
    const sent = request({ host, method, path, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part) => { text += part }).on('end', () => resolve({ status: answer.statusCode, text }))
    })
    sent.on('error', reject).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
}
export const handler = (event) => ask(event)
`

const account = '123456789012'
const statements = [
  {
    Effect: 'Allow',
    Action: ['ssm:GetParameters'],
    Resource: [
      `arn:aws:ssm:us-east-1:${account}:parameter/photos/configuration`,
      `arn:aws:ssm:us-east-1:${account}:parameter/aws/reference/secretsmanager/photos/*`,
    ],
  },
  {
    Effect: 'Allow',
    Action: 'secretsmanager:GetSecretValue',
    Resource: 'arn:aws:secretsmanager:*:*:secret:photos/open-??????',
  },
  { Effect: 'Allow', Action: 'cloudfront:List*', Resource: '*' },
  { Effect: 'Deny', Action: 'cloudfront:ListKeyGroups', Resource: '*' },
  {
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::content/*',
    Condition: { NumericLessThan: { x: '1' } },
  },
]

let aws: TestAws
let lambda: LambdaClient

beforeAll(async () => {
  aws = await startTestAws()
  const options = clientOptions(aws, 'us-east-1')
  lambda = new LambdaClient(options)
  await createTestFunction(aws, { name: 'asker', source, statements, settings: { Timeout: 10 } })
  const ssm = new SSMClient(options)
  for (const Name of ['/photos/configuration', '/photos/other']) {
    await ssm.send(new PutParameterCommand({ Name, Type: 'String', Value: 'plain' }))
  }
  ssm.destroy()
  const secrets = new SecretsManagerClient(options)
  for (const Name of ['photos/open', 'photos/closed']) {
    await secrets.send(new CreateSecretCommand({ Name, SecretString: `value of ${Name}` }))
  }
  secrets.destroy()
  const s3 = new S3Client(options)
  await s3.send(new CreateBucketCommand({ Bucket: 'content' }))
  s3.destroy()
})

afterAll(async () => {
  lambda?.destroy()
  await aws?.stop()
})

async function ask(event: object): Promise<{ status: number; text: string }> {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: 'asker', Payload: Buffer.from(JSON.stringify(event)) }),
  )
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString())
}

const getParameters = (...Names: string[]) => ({
  service: 'ssm',
  host: 'ssm.us-east-1.amazonaws.com',
  target: 'AmazonSSM.GetParameters',
  body: { Names, WithDecryption: true },
})
const reference = (name: string): string => `/aws/reference/secretsmanager/${name}`

test('lets a function read what its role allows, parameter and secret in one call', async () => {
  const { status, text } = await ask(getParameters('/photos/configuration', reference('photos/open')))

  expect(status).toBe(200)
  const { Parameters: parameters } = JSON.parse(text) as { Parameters: { Name: string; Value: string }[] }
  expect(parameters.map(({ Name, Value }) => [Name, Value])).toEqual([
    ['/photos/configuration', 'plain'],
    [reference('photos/open'), 'value of photos/open'],
  ])
})

test.each([
  ['a parameter that the role does not name', getParameters('/photos/other'), 'ssm:GetParameters'],
  ['one allowed and one other parameter', getParameters('/photos/configuration', '/photos/other'), 'ssm:GetParameters'],
  [
    'a reference whose secret it may not read',
    getParameters(reference('photos/closed')),
    'secretsmanager:GetSecretValue',
  ],
  [
    'an action that the role does not name',
    { ...getParameters('/photos/configuration'), target: 'AmazonSSM.DeleteParameters' },
    'ssm:DeleteParameters',
  ],
  [
    'a parameter of another Region',
    { ...getParameters('/photos/configuration'), region: 'eu-west-1', host: 'ssm.eu-west-1.amazonaws.com' },
    'ssm:GetParameters',
  ],
])('refuses %s', async (_name, event, action) => {
  const { status, text } = await ask(event)

  expect(status).toBe(400)
  expect(JSON.parse(text)).toMatchObject({
    __type: 'AccessDeniedException',
    message: expect.stringContaining(
      `assumed-role/asker/asker is not authorized to perform: ${action} on resource: arn:`,
    ),
  })
})

const cloudfront = { service: 'cloudfront', host: 'cloudfront.amazonaws.com', method: 'GET' }
const s3 = { service: 's3', host: 'content.s3.us-east-1.amazonaws.com', method: 'GET', path: '/photo.jpg' }

test.each([
  ['an allowed wildcard action', { ...cloudfront, path: '/2020-05-31/public-key' }, 200],
  ['an action that is also denied', { ...cloudfront, path: '/2020-05-31/key-group' }, 403],
  ['an action that is not allowed', { ...cloudfront, path: '/2020-05-31/public-key/K1' }, 403],
  ['a condition that nobody here can judge', s3, 403],
  ['a service that nobody here can judge', { service: 'dynamodb', host: 'dynamodb.us-east-1.amazonaws.com' }, 400],
])('answers %s with its status', async (_name, event, status) => {
  const answer = await ask(event)

  expect(answer.status).toBe(status)
  expect(answer.text.includes('AccessDenied')).toBe(status !== 200)
})

test('notices at once that a permission was taken away', async () => {
  const iam = new IAMClient(clientOptions(aws, 'us-east-1'))
  const names = { RoleName: 'asker', PolicyName: 'inline' }
  const { PolicyDocument: before = '' } = await iam.send(new GetRolePolicyCommand(names))
  const statement = { Effect: 'Deny', Action: '*', Resource: '*' }
  const nothing = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })

  await iam.send(new PutRolePolicyCommand({ ...names, PolicyDocument: nothing }))
  const refused = await ask(getParameters('/photos/configuration'))
  await iam.send(new PutRolePolicyCommand({ ...names, PolicyDocument: decodeURIComponent(before) }))
  iam.destroy()

  expect(refused.status).toBe(400)
  expect((await ask(getParameters('/photos/configuration'))).status).toBe(200)
})

test.each([
  ['holds', ['ssm:GetParameters', 'secretsmanager:GetSecretValue'], 200],
  ['lacks what the secret needs', ['ssm:*', 'cloudfront:*'], 400],
  ['lacks all of it', ['cloudfront:*'], 400],
])('keeps a role within a boundary that %s', async (name, Action, status) => {
  const iam = new IAMClient(clientOptions(aws, 'us-east-1'))
  const statement = { Effect: 'Allow', Action, Resource: '*' }
  const { Policy: policy } = await iam.send(
    new CreatePolicyCommand({
      PolicyName: name.replaceAll(' ', '-'),
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statement }),
    }),
  )
  const boundary = { RoleName: 'asker', PermissionsBoundary: policy?.Arn }

  await iam.send(new PutRolePermissionsBoundaryCommand(boundary))
  const within = await ask(getParameters('/photos/configuration', reference('photos/open')))
  // A boundary allows nothing that the role's own policy does not.
  const beyond = await ask(getParameters('/photos/other'))
  await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'asker' }))
  iam.destroy()

  expect([within.status, beyond.status]).toEqual([status, 400])
})

test('lets no web page of a stranger run code on this machine', async () => {
  const headers = { origin: 'https://evil.example', 'content-type': 'text/plain' }
  const invoke = (origin: Record<string, string>) =>
    fetch(
      `${aws.endpoint}/2015-03-31/functions/asker/invocations?X-Amz-Credential=x/20260101/us-east-1/lambda/aws4_request`,
      {
        method: 'POST',
        headers: origin,
        body: JSON.stringify({ service: 'sts', host: 'sts.amazonaws.com' }),
      },
    )

  expect((await invoke({})).status).toBe(200)
  expect((await invoke(headers)).status).toBe(403)
})
