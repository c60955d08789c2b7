/**
 * An operator's year in one sitting: looks at the keys, rotates, switches the algorithm and the hash on the live system,
 * frees a rotation that got stuck, revokes, destroys and cleans up. Every command is the one that an operator types.
 */
import { spawn } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CloudFrontClient,
  CreatePublicKeyCommand,
  GetKeyGroupCommand,
  ListPublicKeysCommand,
  UpdateKeyGroupCommand,
} from '@aws-sdk/client-cloudfront'
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { realDirectory, realWorld } from '../../scripts/operator/aws.js'
import { type Inventory, takeInventory } from '../../scripts/operator/inventory.js'
import { findSigningKeys } from '../../scripts/operator/stack.js'
import { createUser, signInAtHostedLogin, type TestUser } from '../support/hosted-login.js'
import { clientOptions, startTestAws, type TestAws } from '../support/local-aws.js'
import { applyExample, type TestStack } from '../support/stack.js'
import type { Viewer } from '../support/viewer.js'
import { apply, planExitCode } from '../terratest/src/index.js'

/** Longer than the signer's cache is fresh: after it, every sandbox has read the key and its settings anew. */
const CACHE_MS = 6 * 60_000

let aws: TestAws
let stack: TestStack
let user: TestUser
let photo: string
let foreignKeyId: string
let clockMs = 0

beforeAll(async () => {
  aws = await startTestAws()
  // For the clients that the commands make, in this process as well.
  Object.assign(process.env, aws.environment)
  stack = await applyExample(aws, 'minimal')
  await stack.firstRotation()
  user = await createUser(aws, stack.output('user_pool_id'), 'grace@example.com')
  await bucket().send(new PutObjectCommand({ Bucket: stack.output('bucket_name'), Key: 'photo.jpg', Body: 'a photo' }))
  photo = `${stack.output('url')}/photo.jpg`
  foreignKeyId = await trustForeignKey()
})

afterAll(async () => {
  await aws?.stop()
})

interface CommandResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `npm run <verb> -- <args>`; `input` is what the person types, then the input ends. */
function command(
  verb: string,
  args: readonly string[],
  { input = '', environment = {} }: { input?: string; environment?: Record<string, string> } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', verb, '--', ...args], {
      env: { ...process.env, ...aws.environment, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (text) => {
      stdout += text
    })
    child.stderr.on('data', (text) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
    child.stdin.on('error', () => undefined) // it may end without reading
    child.stdin.end(input)
  })
}

/** What `npm run keys -- photos --json` prints, without the second that a process takes to start. */
async function inventory(): Promise<Inventory> {
  const [main] = await findSigningKeys(realDirectory(), 'photos')
  if (main === undefined) throw new Error('the stack has no signing key')
  return takeInventory(
    realWorld(() => undefined),
    main,
  )
}

async function states(): Promise<readonly string[]> {
  return (await inventory()).keys.map(({ state, trusted }) => (trusted ? state : `${state}, not trusted`))
}

function bucket(): S3Client {
  return new S3Client({ ...clientOptions(aws, 'eu-west-1'), forcePathStyle: true })
}

function cloudFront(): CloudFrontClient {
  return new CloudFrontClient(clientOptions(aws, 'us-east-1'))
}

function secrets(): SecretsManagerClient {
  return new SecretsManagerClient(clientOptions(aws, 'us-east-1'))
}

/** A key of somebody else's in the group, which nothing here may touch. */
async function trustForeignKey(): Promise<string> {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const EncodedKey = String(publicKey.export({ type: 'spki', format: 'pem' }))
  const { PublicKey } = await cloudFront().send(
    new CreatePublicKeyCommand({ PublicKeyConfig: { CallerReference: 'partner', Name: 'partner', EncodedKey } }),
  )
  const id = PublicKey?.Id ?? ''
  const Id = stack.output('key_group_id')
  // The first rotation may still be writing the group after its promotion: like every writer, read again and repeat.
  for (;;) {
    const { KeyGroup, ETag } = await cloudFront().send(new GetKeyGroupCommand({ Id }))
    const config = KeyGroup?.KeyGroupConfig
    const KeyGroupConfig = { Name: config?.Name, Items: [...(config?.Items ?? []), id] }
    try {
      await cloudFront().send(new UpdateKeyGroupCommand({ Id, IfMatch: ETag, KeyGroupConfig }))
      return id
    } catch (error) {
      if ((error as Error).name !== 'PreconditionFailed') throw error
    }
  }
}

/** Lets the signer's caches grow old. */
async function passTime(): Promise<void> {
  clockMs += CACHE_MS
  const answer = await fetch(`${aws.endpoint}/_local-aws/clock`, {
    method: 'POST',
    body: JSON.stringify({ offsetMs: clockMs }),
  })
  expect(answer.status).toBe(200)
}

/** A browser that has just signed in and traded its token for cookies. */
async function signedIn(): Promise<Viewer> {
  const viewer = stack.viewer()
  const app = {
    loginUrl: stack.output('login_url'),
    clientId: stack.output('user_pool_client_id'),
    redirectUri: `${stack.output('url')}/`,
  }
  const { access_token } = await signInAtHostedLogin(viewer, app, user)
  const headers = { authorization: `Bearer ${access_token}` }
  expect((await viewer.ask(stack.output('cookie_endpoint'), { headers })).status).toBe(200)
  return viewer
}

async function photoFor(viewer: Viewer): Promise<number> {
  return (await viewer.ask(photo)).status
}

function cookie(viewer: Viewer, name: string): string | undefined {
  return viewer.jar.all().find((stored) => stored.name === `CloudFront-${name}`)?.value
}

async function publicKeyNames(): Promise<readonly string[]> {
  const { PublicKeyList } = await cloudFront().send(new ListPublicKeysCommand({}))
  return (PublicKeyList?.Items ?? []).map(({ Name = '' }) => Name)
}

const everyCookie: Viewer[] = []

describe('npm run keys', () => {
  it('shows every key of the stack, and the quotas', async () => {
    everyCookie.push(await signedIn())
    const { status, stdout } = await command('keys', ['photos'])
    expect(status).toBe(0)
    const [heading = '', ...rows] = (stdout.split('\n\n')[0] ?? '').split('\n')
    expect(heading.split(/ {2,}/)).toEqual(['KEY', 'NAME', 'CREATED', 'STATE', 'TRUSTED UNTIL'])
    expect(rows.map((row) => row.split(/ {2,}/).slice(3))).toEqual([
      ['current', 'it is replaced'],
      ['bootstrap', 'not trusted'],
      ['foreign', 'somebody takes it out of the group'],
    ])
    expect(stdout).toContain(`2 of 5 keys in the key group ${stack.output('key_group_id')}, 3 of 10 public keys`)
  })

  it('never shows a private key', async () => {
    const { SecretString = '' } = await secrets().send(
      new GetSecretValueCommand({ SecretId: stack.output('signing_key_secret_name') }),
    )
    const { privateKey } = JSON.parse(SecretString) as { privateKey: string }
    const { stdout, stderr } = await command('keys', ['photos', '--json'])
    expect(JSON.parse(stdout)).toEqual([JSON.parse(JSON.stringify(await inventory()))])
    expect(stdout + stderr).not.toContain(privateKey.split('\n')[1])
  })
})

describe('a command that cannot be done', () => {
  it.each([
    ['no name', 'rotate', [], 2, 'Which stack?'],
    ['two names', 'keys', ['photos', 'films'], 2, 'One stack at a time; got photos, films.'],
    ['an unknown flag', 'revoke', ['photos', '--force'], 2, "Unknown option '--force'"],
    ['an unknown stack', 'rotate', ['films'], 1, 'There is no stack "films" in this account'],
    ['the stacks that there are', 'revoke', ['films', '--yes'], 1, 'There are: photos.'],
    ['a name that cannot be', 'keys', ['../photos'], 1, '"../photos" is no name of a stack'],
  ])('says so in one sentence: %s', async (_name, verb, args, status, sentence) => {
    const result = await command(verb, args)
    expect([result.status, result.stdout]).toEqual([status, ''])
    expect(result.stderr).toContain(sentence)
    expect(result.stderr).not.toContain('    at ')
  })

  it.each([
    [
      'no credentials',
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      'There are no AWS credentials: set AWS_PROFILE',
    ],
    [
      'no AWS',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
      'AWS does not answer: check the network, and AWS_ENDPOINT_URL',
    ],
  ])('says what is missing: %s', async (_name, environment, sentence) => {
    const result = await command('keys', ['photos'], { environment })
    expect([result.status, result.stdout]).toEqual([1, ''])
    expect(result.stderr).toContain(sentence)
  })

  it.each([
    ['the input ends', ''],
    ['another name is typed', 'films\n'],
    ['yes is typed', 'yes\n'],
  ])('revokes nothing when %s', async (_name, input) => {
    const before = await inventory()
    const result = await command('revoke', ['photos'], { input })
    expect([result.status, result.stdout]).toEqual([1, ''])
    expect(result.stderr).toContain('in account 123456789012')
    expect(result.stderr).toContain('up to 5 minutes, and 60 minutes more')
    expect(result.stderr).toContain('Nothing was changed.')
    expect(await inventory()).toEqual(before)
  })
})

describe('npm run rotate', () => {
  it('gives a new key, and the cookies of the old one stay good', async () => {
    const before = (await inventory()).keys[0]?.id

    const { status, stdout } = await command('rotate', ['photos'])

    const { keys } = await inventory()
    expect([status, stdout]).toEqual([0, `old key  ${before}\nnew key  ${keys[0]?.id}\n`])
    expect(keys.map(({ id, state }) => [id, state]).slice(0, 2)).toEqual([
      [keys[0]?.id, 'current'],
      [before, 'previous'],
    ])
    // 60 + 5 + 60 + 0 + 5 minutes after the replacement; the comment of the key has whole seconds.
    const replaced = Date.parse(keys[1]?.trustedUntil ?? '') - 130 * 60_000
    expect(replaced).toBeGreaterThanOrEqual(Date.parse(keys[0]?.created ?? '') - 1_000)
    expect(await Promise.all(everyCookie.map(photoFor))).toEqual([200])
  })

  it('frees a rotation that got stuck', async () => {
    const SecretId = stack.output('signing_key_secret_name')
    await secrets().send(
      new PutSecretValueCommand({ SecretId, SecretString: 'rubbish', VersionStages: ['AWSPENDING'] }),
    )
    const { pendingVersion } = await inventory()
    expect((await command('keys', ['photos'])).stdout).toContain(
      `A rotation is in progress: the version ${pendingVersion} holds AWSPENDING.`,
    )

    const unsure = await command('rotate', ['photos', '--restart'], { input: 'no\n' })
    expect([unsure.status, (await inventory()).pendingVersion]).toEqual([1, pendingVersion])

    const sure = await command('rotate', ['photos', '--restart'], { input: 'yes\n' })
    expect(sure.stderr).toContain(`The version ${pendingVersion} has lost AWSPENDING.`)
    expect([sure.status, (await inventory()).pendingVersion]).toEqual([0, null])
    expect(await Promise.all(everyCookie.map(photoFor))).toEqual([200])
  })
})

describe('another algorithm and another hash', () => {
  it('are a rotation like any other', async () => {
    await passTime()
    everyCookie.push(await signedIn())
    writeFileSync(
      join(stack.options.terraformDir, 'override.tf'),
      `module "content" {
        rotation                 = { interval_days = 7, propagation_minutes = 0 }
        signing_key_algorithm    = "ECDSA-P256"
        signature_hash_algorithm = "SHA256"
      }\n`,
    )
    await apply(stack.options)
    // Between the two: the old key, and soon the new hash.
    await passTime()
    everyCookie.push(await signedIn())
    expect((await command('rotate', ['photos'])).status).toBe(0)
    await passTime()
    const viewer = await signedIn()
    everyCookie.push(viewer)

    expect(await Promise.all(everyCookie.map(photoFor))).toEqual([200, 200, 200, 200])
    expect(everyCookie.map((each) => cookie(each, 'Hash-Algorithm'))).toEqual([
      undefined,
      undefined,
      'SHA256',
      'SHA256',
    ])
    const types = await Promise.all(everyCookie.map(async (each) => (await publicKeyOf(each)).asymmetricKeyType))
    expect(types).toEqual(['rsa', 'rsa', 'rsa', 'ec'])
    const policy = decoded(cookie(viewer, 'Policy'))
    expect(verify('sha256', policy, await publicKeyOf(viewer), decoded(cookie(viewer, 'Signature')))).toBe(true)
  })
})

/** The public key that CloudFront checks a viewer's cookies with. */
async function publicKeyOf(viewer: Viewer) {
  const { PublicKeyList } = await cloudFront().send(new ListPublicKeysCommand({}))
  const key = PublicKeyList?.Items?.find(({ Id }) => Id === cookie(viewer, 'Key-Pair-Id'))
  return createPublicKey(key?.EncodedKey ?? '')
}

function decoded(text = ''): Buffer {
  return Buffer.from(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64')
}

describe('npm run revoke', () => {
  it('makes every cookie worthless and leaves what is not ours', async () => {
    expect(await states()).toEqual(['current', 'previous', 'replaced', 'replaced', 'bootstrap, not trusted', 'foreign'])
    const old = (await inventory()).keys.filter(({ state }) => ['current', 'previous', 'replaced'].includes(state))

    const { status, stdout } = await command('revoke', ['photos', '--yes'])

    expect(status).toBe(0)
    expect(await Promise.all(everyCookie.map(photoFor))).toEqual([403, 403, 403, 403])
    for (const { id } of old) expect(stdout.split('out of the group')[1]).toContain(id)
    expect(await states()).toEqual(['current', 'bootstrap, not trusted', 'foreign'])
    const { VersionIdsToStages = {} } = await secrets().send(
      new DescribeSecretCommand({ SecretId: stack.output('signing_key_secret_name') }),
    )
    expect(Object.values(VersionIdsToStages)).toEqual([['AWSCURRENT']])
  })

  it('is over for new cookies as soon as the signer has read the new key', async () => {
    expect(await photoFor(await signedIn())).toBe(403)
    await passTime()
    const viewer = await signedIn()
    expect(await photoFor(viewer)).toBe(200)
    everyCookie.splice(0, Number.POSITIVE_INFINITY, viewer)
  })

  it('does it again, when the name is typed', async () => {
    const before = (await inventory()).keys[0]?.id
    const { status, stdout } = await command('revoke', ['photos'], { input: 'photos\n' })
    expect([status, stdout]).toEqual([
      0,
      `old key  ${before}\nnew key  ${(await inventory()).keys[0]?.id}\nout of the group  ${before}\ndeleted           ${before}\n`,
    ])
    expect(await Promise.all(everyCookie.map(photoFor))).toEqual([403])
    expect(await planExitCode(stack.options)).toBe(0)
  })
})

describe('npm run cleanup', () => {
  it('finds nothing while the stack stands', async () => {
    expect(await command('cleanup', ['photos', '--yes'])).toEqual({
      status: 0,
      stdout: 'Nothing of the stack "photos" is left behind.\n',
      stderr: '',
    })
  })

  it('removes what the destroy had to leave', async () => {
    expect((await command('rotate', ['photos'])).status).toBe(0)
    await bucket().send(new DeleteObjectCommand({ Bucket: stack.output('bucket_name'), Key: 'photo.jpg' }))
    expect(await stack.destroy()).toContain('Destroy complete!')
    const left = await publicKeyNames()
    expect(left.filter((name) => name.startsWith('photos-signing-key-'))).toHaveLength(2)
    expect(left).toHaveLength(3)

    const unsure = await command('cleanup', ['photos'], { input: '' })
    expect([unsure.status, await publicKeyNames()]).toEqual([1, left])

    const { status, stdout } = await command('cleanup', ['photos', '--yes'])
    expect(status).toBe(0)
    expect(stdout.match(/^public key K\S+: deleted$/gm)).toHaveLength(2)
    expect(stdout).toContain(`edge function ${stack.output('signer_function_name')}: still replicated`)
    expect(await publicKeyNames()).toEqual(['partner'])

    const again = await command('cleanup', ['photos', '--yes'])
    expect([again.status, again.stdout.includes('public key')]).toEqual([0, false])
  })

  it('leaves no stack to work on', async () => {
    const { status, stderr } = await command('keys', ['photos'])
    expect([status, stderr]).toEqual([
      1,
      'There is no stack "photos" in this account: us-east-1 has no function photos-key-rotator. There are no others either: check AWS_PROFILE and the account.\n',
    ])
    const { PublicKeyList } = await cloudFront().send(new ListPublicKeysCommand({}))
    expect(PublicKeyList?.Items?.map(({ Id }) => Id)).toEqual([foreignKeyId])
  })
})
