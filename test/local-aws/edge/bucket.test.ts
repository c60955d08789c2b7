/**
 * The edge in front of a bucket of moto: what the bucket's policy and its CORS configuration let through.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { preloadManagedPolicies } from '../../../local-aws/cloudfront/managed-policies.js'
import { createCloudFrontStore } from '../../../local-aws/cloudfront/store.js'
import { type Edge, startEdge } from '../../../local-aws/edge/listener.js'
import { type Moto, startMoto } from '../../../local-aws/moto/moto.js'
import { type Answer, viewer } from '../../support/viewer.js'
import { bucketPolicy, fillBucket } from './content-bucket.js'
import { contentDistribution } from './content-distribution.js'

const directory = mkdtempSync(join(tmpdir(), 'edge-bucket-'))
const store = preloadManagedPolicies(createCloudFrontStore())
let moto: Moto
let edge: Edge
let host: string

beforeAll(async () => {
  moto = await startMoto({ dataDirectory: directory, onProgress: () => {} })
  edge = await startEdge({
    store,
    lambda: { invoke: () => Promise.reject(new Error('no function is asked')), stop: () => Promise.resolve() },
    moto: moto.url,
    aws: (_request, response) => response.end(),
    clock: Date.now,
    caDirectory: directory,
    port: 0,
  })
  host = `dcontent.cloudfront.localhost:${edge.port}`
  const oac = {
    Name: 'oac',
    SigningProtocol: 'sigv4',
    SigningBehavior: 'always',
    OriginAccessControlOriginType: 's3',
  } as const
  store.originAccessControls.set('OAC1', { id: 'OAC1', etag: 'E', lastModified: new Date(), config: oac })
  store.distributions.set('E1', contentDistribution(store, 'E1', host, 1))
  await fillBucket(moto.url)
})

afterAll(async () => {
  await edge?.stop()
  await moto?.stop()
  rmSync(directory, { recursive: true, force: true })
})

type Headers = Readonly<Record<string, string>>
const ask = (path: string, headers: Headers = {}, more: { method?: string } = {}): Promise<Answer> =>
  viewer(edge.caFile, edge.port).ask(`https://${host}${path}`, { headers, ...more })

describe('the bucket behind it', () => {
  it('is closed to a distribution that its policy does not name', async () => {
    await bucketPolicy(moto.url, ['E2'])
    const answer = await ask('/raw-public/photos/sea.jpg')
    await bucketPolicy(moto.url, ['E1', 'E2'])

    expect(answer.status).toBe(403)
    expect(answer.headers).toMatchObject({ server: 'AmazonS3', 'content-type': 'application/xml' })
    expect(answer.headers['x-amz-request-id']).toMatch(/^[0-9A-F]{16}$/)
    expect(answer.body).toContain('<Code>AccessDenied</Code><Message>Access Denied</Message>')
  })

  it('hides whether an object is missing from whoever may not list', async () => {
    const missing = await ask('/raw-public/photos/none.jpg')
    await bucketPolicy(moto.url, ['E1'], ['s3:GetObject'])
    const hidden = await ask('/raw-public/photos/none.jpg')
    await bucketPolicy(moto.url, ['E1', 'E2'])

    expect(missing).toMatchObject({ status: 404, body: expect.stringContaining('<Code>NoSuchKey</Code>') })
    expect(hidden).toMatchObject({ status: 403, body: expect.stringContaining('<Code>AccessDenied</Code>') })
  })
})

describe('the bucket itself', () => {
  const listing = { status: 200, body: expect.stringContaining('<Key>photos/sea.jpg</Key>') }

  /** The bare host name of the distribution, made public and with this root object. */
  const askForRoot = async (root?: string): Promise<Answer> => {
    const before = contentDistribution(store, 'E1', host, 1)
    const { DefaultRootObject: _, DefaultCacheBehavior: signed, ...config } = before.config
    const unsigned = {
      TargetOriginId: 'content',
      ViewerProtocolPolicy: 'https-only',
      CachePolicyId: signed?.CachePolicyId,
    } as const
    const named = root === undefined ? {} : { DefaultRootObject: root }
    store.distributions.set('E1', { ...before, config: { ...config, ...named, DefaultCacheBehavior: unsigned } })
    const answer = await ask('/')
    store.distributions.set('E1', before)
    return answer
  }

  it('lists its keys where the distribution names no root object', async () => {
    expect(await askForRoot()).toMatchObject(listing)
  })

  it('is not asked where the distribution names one, even one that is not there', async () => {
    expect(await askForRoot('index.html')).toMatchObject({ status: 200, body: '<h1>root</h1>' })
    expect(await askForRoot('none.html')).toMatchObject({ status: 404, body: expect.stringContaining('NoSuchKey') })
  })

  it('lists nothing to whoever may only read objects', async () => {
    await bucketPolicy(moto.url, ['E1'], ['s3:GetObject'])
    const answer = await askForRoot()
    await bucketPolicy(moto.url, ['E1', 'E2'])

    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('AccessDenied') })
  })
})

describe('CORS of the bucket', () => {
  const friend = { origin: 'https://app.example.com' }
  const stranger = { origin: 'https://evil.example' }
  const preflight = (headers: Headers) =>
    [{ ...headers, 'access-control-request-method': 'GET' }, { method: 'OPTIONS' }] as const
  const allowed = ({ status, headers }: Answer) => [status, headers['access-control-allow-origin']]

  it('answers preflights of those whom it covers', async () => {
    expect(allowed(await ask('/public-cors/map.json', ...preflight(friend)))).toEqual([200, 'https://app.example.com'])
    expect(allowed(await ask('/public-cors/map.json', ...preflight(stranger)))).toEqual([403, undefined])
  })

  it('lets pages read an object if it covers them', async () => {
    expect(allowed(await ask('/public-cors/map.json', friend))).toEqual([200, 'https://app.example.com'])
    expect(allowed(await ask('/public-cors/map.json', stranger))).toEqual([200, undefined])
    expect(allowed(await ask('/public-cors/map.json'))).toEqual([200, undefined])
  })

  it('decides nothing where no policy hands the origin on', async () => {
    expect(allowed(await ask('/public-blind/map.json', friend))).toEqual([200, undefined])
    expect(allowed(await ask('/public-blind/map.json', ...preflight(friend)))).toEqual([400, undefined])
  })
})
