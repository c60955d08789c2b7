/**
 * The fewest lines that work: apply examples/minimal, put a photo into the bucket, and live through everything that can
 * happen to a viewer: no cookies, cookies, forged cookies, a rotation. The end is in operator.e2e.test.ts.
 */
import { createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { CloudFrontClient, GetKeyGroupCommand, ListPublicKeysCommand } from '@aws-sdk/client-cloudfront'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { getSignedCookies } from '@aws-sdk/cloudfront-signer'
import { createUser, signInAtHostedLogin, type TestUser, type Tokens } from '../support/hosted-login.js'
import { clientOptions, startTestAws, type TestAws } from '../support/local-aws.js'
import { applyExample, type TestStack } from '../support/stack.js'
import type { Answer, Viewer } from '../support/viewer.js'
import { planExitCode } from '../terratest/src/index.js'

let aws: TestAws
let stack: TestStack
let user: TestUser
let tokens: Tokens
let browser: Viewer
let photo: string

beforeAll(async () => {
  aws = await startTestAws()
  stack = await applyExample(aws, 'minimal')
  await stack.firstRotation()
  user = await createUser(aws, stack.output('user_pool_id'), 'grace@example.com')
  browser = stack.viewer()
  tokens = await signInAtHostedLogin(browser, app(), user)
  const s3 = new S3Client({ ...clientOptions(aws, 'eu-west-1'), forcePathStyle: true })
  await s3.send(
    new PutObjectCommand({
      Bucket: stack.output('bucket_name'),
      Key: 'photos/1.jpg',
      Body: 'a photo',
      ContentType: 'image/jpeg',
    }),
  )
  photo = `${stack.output('url')}/photos/1.jpg`
})

afterAll(async () => {
  await aws?.stop()
})

function app() {
  return {
    loginUrl: stack.output('login_url'),
    clientId: stack.output('user_pool_client_id'),
    redirectUri: `${stack.output('url')}/`,
  }
}

/** Trades a token for cookies, which land in the viewer's jar. */
function exchange(viewer: Viewer, token = tokens.access_token): Promise<Answer> {
  return viewer.ask(stack.output('cookie_endpoint'), { headers: { authorization: `Bearer ${token}` } })
}

/** The key that signs now, and its id: read as an operator with full rights could. */
async function signingKey(): Promise<{ keyPairId: string; privateKey: string }> {
  const secrets = new SecretsManagerClient(clientOptions(aws, 'us-east-1'))
  const { SecretString = '' } = await secrets.send(
    new GetSecretValueCommand({ SecretId: stack.output('signing_key_secret_name') }),
  )
  return JSON.parse(SecretString)
}

async function trustedKeyIds(): Promise<readonly string[]> {
  const cloudFront = new CloudFrontClient(clientOptions(aws, 'us-east-1'))
  const { KeyGroup } = await cloudFront.send(new GetKeyGroupCommand({ Id: stack.output('key_group_id') }))
  return KeyGroup?.KeyGroupConfig?.Items ?? []
}

/** Puts the cookies into a fresh viewer's jar and asks for the photo. */
async function photoWith(cookies: Readonly<Record<string, string>>, url = photo): Promise<number> {
  const viewer = stack.viewer()
  for (const [name, value] of Object.entries(cookies))
    viewer.jar.put({ host: new URL(url).host, path: '/', name, value })
  return (await viewer.ask(url)).status
}

function cookiesOf(viewer: Viewer): Record<string, string> {
  return Object.fromEntries(
    viewer.jar
      .all()
      .filter(({ name }) => name.startsWith('CloudFront-'))
      .map(({ name, value }) => [name, value]),
  )
}

describe('a fresh stack', () => {
  it('has replaced the bootstrap key by one of its own', async () => {
    const { keyPairId } = await signingKey()
    expect(await trustedKeyIds()).toEqual([keyPairId])
  })

  it('keeps every private key out of the state', async () => {
    const state = readFileSync(`${stack.options.terraformDir}/terraform.tfstate`, 'utf8')
    const { privateKey } = await signingKey()
    expect(state).not.toContain('PRIVATE KEY')
    expect(state).not.toContain(privateKey.split('\n')[1])
  })
})

describe('the photo', () => {
  it('is refused without cookies, by CloudFront itself', async () => {
    const answer = await stack.viewer().ask(photo)
    expect(answer.status).toBe(403)
    expect(answer.body).toContain('<Code>MissingKey</Code>')
  })

  it('loads with the cookies that the token was traded for', async () => {
    const answer = await exchange(browser)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toEqual({ expires_at: expect.any(Number), paths: ['/*'] })
    const loaded = await browser.ask(photo)
    expect([loaded.status, loaded.body, loaded.headers['content-type']]).toEqual([200, 'a photo', 'image/jpeg'])
  })

  it('is a 404 in the words of S3 when it does not exist, for those who may look', async () => {
    const missing = await browser.ask(`${stack.output('url')}/photos/none.jpg`)
    expect([missing.status, missing.body]).toEqual([404, expect.stringContaining('<Code>NoSuchKey</Code>')])
    expect((await stack.viewer().ask(`${stack.output('url')}/photos/none.jpg`)).status).toBe(403)
  })

  it('is refused to a Range request without cookies and partly given to one with', async () => {
    const headers = { range: 'bytes=2-6' }
    const part = await browser.ask(photo, { headers })
    expect([part.status, part.body]).toEqual([206, 'photo'])
    expect((await stack.viewer().ask(photo, { headers })).status).toBe(403)
  })
})

describe('the cookies', () => {
  it('are what the AWS SDK signs with the same key and policy', async () => {
    const viewer = stack.viewer()
    await exchange(viewer)
    const { keyPairId, privateKey } = await signingKey()
    const cookies = cookiesOf(viewer)
    const policy = Buffer.from(
      (cookies['CloudFront-Policy'] ?? '').replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'),
      'base64',
    ).toString('utf8')
    expect(cookies).toEqual(getSignedCookies({ keyPairId, privateKey, policy }))
  })

  it('carry a signature that the public key in CloudFront verifies', async () => {
    const cookies = cookiesOf(browser)
    const cloudFront = new CloudFrontClient(clientOptions(aws, 'us-east-1'))
    const { PublicKeyList } = await cloudFront.send(new ListPublicKeysCommand({}))
    const pem = PublicKeyList?.Items?.find(({ Id }) => Id === cookies['CloudFront-Key-Pair-Id'])?.EncodedKey ?? ''
    const decode = (text = '') =>
      Buffer.from(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64')
    const policy = decode(cookies['CloudFront-Policy'])
    expect(verify('RSA-SHA1', policy, createPublicKey(pem), decode(cookies['CloudFront-Signature']))).toBe(true)
  })

  it.each([
    ['a tampered policy', (c: Record<string, string>) => ({ ...c, 'CloudFront-Policy': flip(c['CloudFront-Policy']) })],
    [
      'a tampered signature',
      (c: Record<string, string>) => ({ ...c, 'CloudFront-Signature': flip(c['CloudFront-Signature']) }),
    ],
    [
      'a key id that nobody trusts',
      (c: Record<string, string>) => ({ ...c, 'CloudFront-Key-Pair-Id': 'K000000000000A' }),
    ],
    ['no signature', (c: Record<string, string>) => without(c, 'CloudFront-Signature')],
    ['no policy', (c: Record<string, string>) => without(c, 'CloudFront-Policy')],
    ['no key id', (c: Record<string, string>) => without(c, 'CloudFront-Key-Pair-Id')],
    ['an over-long policy', (c: Record<string, string>) => ({ ...c, 'CloudFront-Policy': 'A'.repeat(9000) })],
    [
      'a hash algorithm that did not sign',
      (c: Record<string, string>) => ({ ...c, 'CloudFront-Hash-Algorithm': 'SHA256' }),
    ],
  ])('are refused with %s', async (_name, change) => {
    expect(await photoWith(cookiesOf(browser))).toBe(200)
    expect(await photoWith(change(cookiesOf(browser)))).toBe(403)
  })

  it.each([
    ['another host', { Resource: 'https://other.example/*' }],
    ['another path', { Resource: 'HOST/videos/*' }],
    ['http alone', { Resource: 'http://PLAIN/*' }],
  ])('are refused when their policy is for %s', async (_name, { Resource }) => {
    const { keyPairId, privateKey } = await signingKey()
    const url = new URL(photo)
    const resource = Resource.replace('HOST', url.origin).replace('PLAIN', url.host)
    expect(await photoWith(signed(`${url.origin}/*`, 300, keyPairId, privateKey))).toBe(200)
    expect(await photoWith(signed(resource, 300, keyPairId, privateKey))).toBe(403)
  })

  it('are refused when they have expired', async () => {
    const { keyPairId, privateKey } = await signingKey()
    expect(await photoWith(signed(`${new URL(photo).origin}/*`, -1, keyPairId, privateKey))).toBe(403)
  })

  it('are refused when they come twice', async () => {
    const cookies = cookiesOf(browser)
    const header = Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ')
    const twice = `${header}; CloudFront-Policy=${flip(cookies['CloudFront-Policy'])}`
    const viewer = stack.viewer()
    expect((await viewer.ask(photo, { headers: { cookie: header } })).status).toBe(200)
    expect((await viewer.ask(photo, { headers: { cookie: twice } })).status).toBe(403)
  })

  it.each(['Expires', 'Policy', 'Signature', 'Key-Pair-Id'])(
    'are ignored when the address carries %s',
    async (parameter) => {
      expect((await browser.ask(`${photo}?${parameter}=1`)).status).toBe(403)
      expect((await browser.ask(`${photo}?other=1`)).status).toBe(200)
    },
  )

  it('go when the viewer asks for it', async () => {
    const viewer = stack.viewer()
    await exchange(viewer)
    expect((await viewer.ask(photo)).status).toBe(200)
    expect((await viewer.ask(`${stack.output('cookie_endpoint')}remove`)).status).toBe(200)
    expect(cookiesOf(viewer)).toEqual({})
    expect((await viewer.ask(photo)).status).toBe(403)
  })
})

describe('a rotation', () => {
  it('changes the key, keeps the cookies of the old one, and leaves no change to plan', async () => {
    const before = await signingKey()
    const old = stack.viewer()
    await exchange(old)

    await stack.rotate()

    const after = await signingKey()
    expect(after.keyPairId).not.toBe(before.keyPairId)
    expect([...(await trustedKeyIds())].sort()).toEqual([before.keyPairId, after.keyPairId].sort())
    expect((await old.ask(photo)).status).toBe(200)
    expect(await photoWith(signed(`${new URL(photo).origin}/*`, 300, after.keyPairId, after.privateKey))).toBe(200)
    expect(await planExitCode(stack.options)).toBe(0)
  })
})

/** Cookies made by the AWS SDK for a policy of the test's own; `seconds` from now until they expire. */
function signed(resource: string, seconds: number, keyPairId: string, privateKey: string): Record<string, string> {
  const expires = Math.floor(Date.now() / 1000) + seconds
  const condition = { DateLessThan: { 'AWS:EpochTime': expires } }
  const policy = JSON.stringify({ Statement: [{ Resource: resource, Condition: condition }] })
  const cookies = Object.entries(getSignedCookies({ keyPairId, privateKey, policy }))
  return Object.fromEntries(cookies.map(([name, value]) => [name, String(value)]))
}

/** The text with one character in its middle changed. */
function flip(text = ''): string {
  const middle = Math.floor(text.length / 2)
  return text.slice(0, middle) + (text[middle] === 'A' ? 'B' : 'A') + text.slice(middle + 1)
}

function without(cookies: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(cookies).filter(([other]) => other !== name))
}
