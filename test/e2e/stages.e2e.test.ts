/**
 * One root, one tfvars file per stage: dev and prod stand side by side in one account, and nothing of one opens the other.
 */

import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { getSignedCookies } from '@aws-sdk/cloudfront-signer'
import { isDestroyed } from '../support/destroyed.js'
import { createUser, signInAtHostedLogin } from '../support/hosted-login.js'
import { clientOptions, startTestAws, type TestAws } from '../support/local-aws.js'
import { applyExample, type TestStack } from '../support/stack.js'
import type { Viewer } from '../support/viewer.js'
import { apply, destroy, planExitCode } from '../terratest/src/index.js'

let aws: TestAws
let stages: Record<'dev' | 'prod', TestStack>
let viewers: Record<'dev' | 'prod', Viewer>

beforeAll(async () => {
  aws = await startTestAws()
  await s3().send(
    new CreateBucketCommand({
      Bucket: 'example-terraform-states',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  )
  const [dev, prod] = await Promise.all([applyStage('dev'), applyStage('prod')])
  stages = { dev, prod }
  await Promise.all([dev.firstRotation(), prod.firstRotation()])
  viewers = { dev: await signedIn(dev, 'dev@example.com'), prod: await signedIn(prod, 'prod@example.com') }
})

afterAll(async () => {
  await aws?.stop()
})

function s3(): S3Client {
  return new S3Client({ ...clientOptions(aws, 'eu-west-1'), forcePathStyle: true })
}

function applyStage(stage: string): Promise<TestStack> {
  // The example's own backend files: a path alone is what terratest spells as a key without a value.
  return applyExample(aws, 'stages', {
    settings: { varFiles: [`${stage}.tfvars`], backendConfig: { [`${stage}.s3.tfbackend`]: null } },
  })
}

/** A viewer with the cookies of a user of the stage, which holds one object that names it. */
async function signedIn(stack: TestStack, email: string): Promise<Viewer> {
  await s3().send(
    new PutObjectCommand({ Bucket: stack.output('bucket_name'), Key: 'stage.txt', Body: stack.output('url') }),
  )
  const user = await createUser(aws, stack.output('user_pool_id'), email)
  const viewer = stack.viewer()
  const tokens = await signInAtHostedLogin(viewer, appOf(stack), user)
  const answer = await viewer.ask(stack.output('cookie_endpoint'), {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  expect(answer.status).toBe(200)
  return viewer
}

function appOf(stack: TestStack) {
  return {
    loginUrl: stack.output('login_url'),
    clientId: stack.output('user_pool_client_id'),
    redirectUri: `${stack.output('url')}/`,
  }
}

async function signingKey(stack: TestStack): Promise<{ keyPairId: string; privateKey: string }> {
  const secrets = new SecretsManagerClient(clientOptions(aws, 'us-east-1'))
  const secret = await secrets.send(new GetSecretValueCommand({ SecretId: stack.output('signing_key_secret_name') }))
  return JSON.parse(secret.SecretString ?? '')
}

describe.each([
  ['dev', 'prod'],
  ['prod', 'dev'],
] as const)('%s beside %s', (stage, other) => {
  it('serves its own content to its own people', async () => {
    const answer = await viewers[stage].ask(`${stages[stage].output('url')}/stage.txt`)
    expect([answer.status, answer.body]).toEqual([200, stages[stage].output('url')])
  })

  it('refuses the cookies of the other stage', async () => {
    const url = `${stages[stage].output('url')}/stage.txt`
    const cookie = viewers[other].jar
      .all()
      .filter(({ name }) => name.startsWith('CloudFront-'))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
    const answer = await stages[stage].viewer().ask(url, { headers: { cookie } })
    expect(answer.status).toBe(403)
  })

  it('refuses a policy for its own content that the key of the other stage signed', async () => {
    const { keyPairId, privateKey } = await signingKey(stages[other])
    const url = stages[stage].output('url')
    const condition = { DateLessThan: { 'AWS:EpochTime': Math.floor(Date.now() / 1000) + 300 } }
    const policy = JSON.stringify({ Statement: [{ Resource: `${url}/*`, Condition: condition }] })
    const cookies = getSignedCookies({ keyPairId, privateKey, policy })
    const cookie = Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ')
    expect((await stages[stage].viewer().ask(`${url}/stage.txt`, { headers: { cookie } })).status).toBe(403)
  })

  it('refuses a token of the other stage', async () => {
    const user = await createUser(aws, stages[other].output('user_pool_id'), `${stage}-stranger@example.com`)
    const tokens = await signInAtHostedLogin(stages[other].viewer(), appOf(stages[other]), user)
    const answer = await stages[stage].viewer().ask(stages[stage].output('cookie_endpoint'), {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    expect([answer.status, JSON.parse(answer.body).error]).toEqual([401, 'invalid_token'])
  })
})

describe('a rotation of dev', () => {
  it('leaves the keys of prod alone and neither stage with a change to plan', async () => {
    const before = await signingKey(stages.prod)
    await stages.dev.rotate()
    expect(await signingKey(stages.prod)).toEqual(before)
    expect((await viewers.dev.ask(`${stages.dev.output('url')}/stage.txt`)).status).toBe(200)
    expect(await planExitCode(stages.dev.options)).toBe(0)
    expect(await planExitCode(stages.prod.options)).toBe(0)
  })
})

describe('the end', () => {
  it('of dev leaves prod serving', async () => {
    expect(await stages.dev.destroy()).toContain('Destroy complete!')
    expect((await viewers.prod.ask(`${stages.prod.output('url')}/stage.txt`)).status).toBe(200)
  })

  if (isDestroyed('stages'))
    it('of prod comes once its owner calls it disposable', async () => {
      const disposable = { ...stages.prod.options, vars: { disposable: true } }
      await apply(disposable)
      expect(await destroy(disposable)).toContain('Destroy complete!')
    })
})
