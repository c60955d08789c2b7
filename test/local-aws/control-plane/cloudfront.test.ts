import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import {
  CloudFrontClient,
  CreateFunctionCommand,
  CreateInvalidationCommand,
  CreateKeyGroupCommand,
  CreatePublicKeyCommand,
  DeleteFunctionCommand,
  DeleteKeyGroupCommand,
  DeletePublicKeyCommand,
  GetFunctionCommand,
  GetKeyGroupCommand,
  GetPublicKeyCommand,
  ListCachePoliciesCommand,
  ListPublicKeysCommand,
  PublishFunctionCommand,
  UpdateFunctionCommand,
  UpdateKeyGroupCommand,
  UpdatePublicKeyCommand,
} from '@aws-sdk/client-cloudfront'
import { clientOptions, startTestAws, type TestAws } from '../../support/local-aws.js'

let aws: TestAws
let cloudfront: CloudFrontClient

beforeAll(async () => {
  aws = await startTestAws()
  cloudfront = new CloudFrontClient(clientOptions(aws, 'us-east-1'))
})

afterAll(async () => {
  cloudfront?.destroy()
  await aws?.stop()
})

const publicPem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()
const rsaPair = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength })
const rsaPem = (bits: number): string => publicPem(rsaPair(bits).publicKey)
const ecPem = (namedCurve: string): string => publicPem(generateKeyPairSync('ec', { namedCurve }).publicKey)

const newName = (): string => `key-${randomUUID()}`

async function createKey(name = newName(), pem = ecPem('prime256v1')) {
  const config = { CallerReference: name, Name: name, EncodedKey: pem }
  const { PublicKey: key, ETag: etag } = await cloudfront.send(new CreatePublicKeyCommand({ PublicKeyConfig: config }))
  return { id: key?.Id ?? '', etag, config }
}

const createGroup = (name: string, items: string[]) =>
  cloudfront.send(new CreateKeyGroupCommand({ KeyGroupConfig: { Name: name, Items: items } }))

async function deleteKey(id: string): Promise<void> {
  const { ETag: etag } = await cloudfront.send(new GetPublicKeyCommand({ Id: id }))
  await cloudfront.send(new DeletePublicKeyCommand({ Id: id, IfMatch: etag }))
}

async function deleteAllKeys(): Promise<void> {
  const { PublicKeyList: list } = await cloudfront.send(new ListPublicKeysCommand({}))
  for (const { Id: id } of list?.Items ?? []) await deleteKey(id ?? '')
}

describe('public keys', () => {
  afterEach(deleteAllKeys)

  test.each([
    ['RSA 2048', () => rsaPem(2048)],
    ['ECDSA P-256', () => ecPem('prime256v1')],
  ])('takes a key of %s and gives it back with one line feed at its end', async (_name, pem) => {
    const text = pem()

    const { id } = await createKey('mine', text.trimEnd())

    const { PublicKey: key } = await cloudfront.send(new GetPublicKeyCommand({ Id: id }))
    expect(id).toMatch(/^K[A-Z0-9]{13}$/)
    expect(key?.PublicKeyConfig).toEqual({ CallerReference: 'mine', Name: 'mine', EncodedKey: text })
  })

  test.each([
    ['RSA 1024', () => rsaPem(1024)],
    ['RSA 4096', () => rsaPem(4096)],
    ['ECDSA P-384', () => ecPem('secp384r1')],
    ['a private key', () => rsaPair(2048).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['no key', () => 'hello'],
    ['a key with text before it', () => `hello\n${ecPem('prime256v1')}`],
    ['a broken key', () => ecPem('prime256v1').replace(/\nM/, '\nA')],
  ])('refuses %s', async (_name, pem) => {
    await expect(createKey('mine', pem())).rejects.toMatchObject({
      name: 'InvalidArgument',
      $metadata: { httpStatusCode: 400 },
    })
  })

  test('refuses a second key of one name', async () => {
    await createKey('mine')

    await expect(createKey('mine')).rejects.toMatchObject({
      name: 'PublicKeyAlreadyExists',
      $metadata: { httpStatusCode: 409 },
    })
  })

  test('refuses the eleventh key of an account', async () => {
    for (let made = 0; made < 10; made += 1) await createKey()

    await expect(createKey()).rejects.toMatchObject({ name: 'TooManyPublicKeys' })
  })

  test('lists them page by page', async () => {
    const ids = (await Promise.all([createKey(), createKey(), createKey()])).map(({ id }) => id).sort()

    const first = await cloudfront.send(new ListPublicKeysCommand({ MaxItems: 2 }))
    const marker = first.PublicKeyList?.NextMarker
    const second = await cloudfront.send(new ListPublicKeysCommand({ MaxItems: 2, Marker: marker }))

    expect(marker).toBe(ids[1])
    expect(first.PublicKeyList?.Items?.map(({ Id }) => Id)).toEqual(ids.slice(0, 2))
    expect(second.PublicKeyList?.Items?.map(({ Id }) => Id)).toEqual(ids.slice(2))
    expect(second.PublicKeyList?.NextMarker).toBeUndefined()
  })

  test('lets the comment change, under the ETag, and nothing else', async () => {
    const { id, etag, config } = await createKey()

    const update = (PublicKeyConfig: typeof config & { Comment?: string }, IfMatch: string | undefined) =>
      cloudfront.send(new UpdatePublicKeyCommand({ Id: id, IfMatch, PublicKeyConfig }))
    const changed = await update({ ...config, Comment: 'replaced 2026-11-21T05:00:00Z' }, etag)

    expect(changed.PublicKey?.PublicKeyConfig?.Comment).toBe('replaced 2026-11-21T05:00:00Z')
    expect(changed.ETag).not.toBe(etag)
    await expect(update(config, etag)).rejects.toMatchObject({ name: 'PreconditionFailed' })
    await expect(update({ ...config, EncodedKey: ecPem('prime256v1') }, changed.ETag)).rejects.toMatchObject({
      name: 'CannotChangeImmutablePublicKeyFields',
    })
    await expect(update({ ...config, Comment: 'x'.repeat(129) }, changed.ETag)).rejects.toMatchObject({
      name: 'InvalidArgument',
    })
  })

  test('knows nothing of a key that is not there', async () => {
    await expect(cloudfront.send(new GetPublicKeyCommand({ Id: 'KNOTHING' }))).rejects.toMatchObject({
      name: 'NoSuchPublicKey',
      $metadata: { httpStatusCode: 404 },
    })
  })
})

describe('key groups', () => {
  afterEach(deleteAllKeys)

  async function withGroup(name: string, use: (id: string, etag: string | undefined) => Promise<void>): Promise<void> {
    const { id } = await createKey()
    const { KeyGroup: group, ETag: etag } = await createGroup(name, [id])
    try {
      await use(group?.Id ?? '', etag)
    } finally {
      const found = await cloudfront.send(new GetKeyGroupCommand({ Id: group?.Id }))
      await cloudfront.send(new DeleteKeyGroupCommand({ Id: group?.Id, IfMatch: found.ETag }))
    }
  }

  test('keep their keys from being deleted', () =>
    withGroup('photos', async (id) => {
      const { KeyGroup: group } = await cloudfront.send(new GetKeyGroupCommand({ Id: id }))

      await expect(deleteKey(group?.KeyGroupConfig?.Items?.[0] ?? '')).rejects.toMatchObject({
        name: 'PublicKeyInUse',
        $metadata: { httpStatusCode: 409 },
      })
    }))

  test('change as a whole, under the current ETag only', () =>
    withGroup('photos', async (id, etag) => {
      const added = await createKey()
      const update = (IfMatch: string | undefined) =>
        cloudfront.send(
          new UpdateKeyGroupCommand({ Id: id, IfMatch, KeyGroupConfig: { Name: 'photos', Items: [added.id] } }),
        )

      const { KeyGroup: group } = await update(etag)

      expect(group?.KeyGroupConfig).toEqual({ Name: 'photos', Items: [added.id] })
      await expect(update(etag)).rejects.toMatchObject({
        name: 'PreconditionFailed',
        $metadata: { httpStatusCode: 412 },
      })
      await expect(update(undefined)).rejects.toMatchObject({ name: 'InvalidIfMatchVersion' })
    }))

  test('have names of their own', () =>
    withGroup('photos', async () => {
      const { id } = await createKey()

      await expect(createGroup('photos', [id])).rejects.toMatchObject({ name: 'KeyGroupAlreadyExists' })
    }))

  test.each([
    ['no key', () => Promise.resolve([]), 'InvalidArgument'],
    ['a key that is not there', () => Promise.resolve(['KNOTHING']), 'InvalidArgument'],
    [
      'six keys',
      () => Promise.all([0, 1, 2, 3, 4, 5].map(() => createKey().then(({ id }) => id))),
      'TooManyPublicKeysInKeyGroup',
    ],
  ])('refuse %s', async (_name, items, code) => {
    await expect(createGroup('photos', await items())).rejects.toMatchObject({ name: code })
  })

  test('are at most ten in an account', async () => {
    const { id } = await createKey()
    const groups = await Promise.all(Array.from({ length: 10 }, (_, index) => createGroup(`group-${index}`, [id])))

    await expect(createGroup('one-more', [id])).rejects.toMatchObject({ name: 'TooManyKeyGroups' })
    for (const { KeyGroup: group, ETag: etag } of groups) {
      await cloudfront.send(new DeleteKeyGroupCommand({ Id: group?.Id, IfMatch: etag }))
    }
  })
})

describe('managed policies', () => {
  test('are listed with the ids that they have everywhere', async () => {
    const { CachePolicyList: list } = await cloudfront.send(new ListCachePoliciesCommand({ Type: 'managed' }))

    const names = list?.Items?.map(({ CachePolicy: policy }) => [policy?.CachePolicyConfig?.Name, policy?.Id])
    expect(Object.fromEntries(names ?? [])).toEqual({
      'Managed-CachingDisabled': '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      'Managed-CachingOptimized': '658327ea-f89d-4fab-a63d-7e88639e58f6',
      'Managed-CachingOptimizedForUncompressedObjects': 'b2884449-e4de-46a7-ac36-70bc7f1ddd6d',
      'Managed-UseOriginCacheControlHeaders': '83da9c7e-98b4-4e11-a168-04f0df8e2c65',
      'Managed-UseOriginCacheControlHeaders-QueryStrings': '4cc15a8a-d715-48a4-82b8-cc0b614638fe',
    })
  })
})

test('publishes a function by the ETag that its update answers with', async () => {
  const Name = newName()
  const FunctionConfig = { Comment: '', Runtime: 'cloudfront-js-2.0' as const }
  const made = await cloudfront.send(
    new CreateFunctionCommand({ Name, FunctionConfig, FunctionCode: Buffer.from('1') }),
  )
  const updated = await cloudfront.send(
    new UpdateFunctionCommand({ Name, FunctionConfig, FunctionCode: Buffer.from('2'), IfMatch: made.ETag }),
  )

  await cloudfront.send(new PublishFunctionCommand({ Name, IfMatch: updated.ETag }))

  const live = await cloudfront.send(new GetFunctionCommand({ Name, Stage: 'LIVE' }))
  expect(Buffer.from(live.FunctionCode ?? []).toString()).toBe('2')
  await cloudfront.send(new DeleteFunctionCommand({ Name, IfMatch: updated.ETag }))
})

test('refuses an invalidation of a distribution that is not there', async () => {
  const InvalidationBatch = { CallerReference: 'one', Paths: { Quantity: 1, Items: ['/*'] } }

  await expect(
    cloudfront.send(new CreateInvalidationCommand({ DistributionId: 'ENOTHING', InvalidationBatch })),
  ).rejects.toMatchObject({ name: 'NoSuchDistribution' })
})
