/**
 * A private site as the edge serves it: signed content in one bucket with a CloudFront function in front of it, the pages
 * for refusals in another.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CacheBehavior, ResponseHeadersPolicyConfig } from '@aws-sdk/client-cloudfront'
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedCookies } from '@aws-sdk/cloudfront-signer'
import { preloadManagedPolicies } from '../../../local-aws/cloudfront/managed-policies.js'
import { createCloudFrontStore } from '../../../local-aws/cloudfront/store.js'
import { type Edge, startEdge } from '../../../local-aws/edge/listener.js'
import { type Moto, startMoto } from '../../../local-aws/moto/moto.js'
import { keyPair } from '../../support/keys.js'
import { viewer } from '../../support/viewer.js'
import { distribution } from '../../unit/local-aws/edge/fixtures.js'

const NOW = Date.UTC(2026, 10, 21, 5, 0, 0)
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'
const SITE_CSP = "default-src 'self'"
const PAGE_CSP = "default-src 'none'; script-src 'self'"
const FRIEND = 'https://app.example.com'

/** Adds the index document to directories, drops a parameter, and redirects what has moved. */
const SITE_FUNCTION = `
function handler(event) {
  const request = event.request
  if (request.uri === '/seen') {
    return { statusCode: 200, headers: { 'content-type': { value: 'application/json' } }, body: JSON.stringify(request) }
  }
  if (request.uri === '/old') {
    const location = { value: '/new/?from=' + request.querystring.from.value }
    return { statusCode: 302, statusDescription: 'Found', headers: { location, 'cache-control': { value: 'no-store' } } }
  }
  if (request.uri.endsWith('/')) request.uri += 'index.html'
  return request
}`

const directory = mkdtempSync(join(tmpdir(), 'edge-pages-'))
const store = preloadManagedPolicies(createCloudFrontStore())
const invoked: unknown[] = []
let moto: Moto
let edge: Edge
let host: string

beforeAll(async () => {
  moto = await startMoto({ dataDirectory: directory, onProgress: () => {} })
  edge = await startEdge({
    store,
    lambda: {
      invoke: (_arn, event) => {
        invoked.push(event)
        return Promise.resolve({ ok: true, payload: { status: '403', body: 'the function refuses' } })
      },
      stop: () => Promise.resolve(),
    },
    moto: moto.url,
    aws: (_request, response) => response.end(),
    clock: () => NOW,
    caDirectory: directory,
    port: 0,
    log: () => {},
  })
  host = `dsite.cloudfront.localhost:${edge.port}`
  addTrust()
  addFunction()
  store.distributions.set('E1', site())
  await addBucket('content', {
    'private/index.html': '<h1>private</h1>',
    'new/index.html': '<h1>moved here</h1>',
  })
  await addBucket('pages', { '.sign-in/denied.html': '<h1>Please sign in</h1>' })
})

afterAll(async () => {
  await edge?.stop()
  await moto?.stop()
  rmSync(directory, { recursive: true, force: true })
})

beforeEach(() => {
  invoked.length = 0
  policies({ site: {}, pages: {} })
  store.distributions.set('E1', site())
})

function addTrust(): void {
  const { publicPem } = keyPair('edge')
  const publicKey = { CallerReference: 'K1', Name: 'K1', EncodedKey: publicPem }
  store.publicKeys.set('K1', { id: 'K1', etag: 'E', createdTime: new Date(NOW), config: publicKey })
  const group = { Name: 'G1', Items: ['K1'] }
  store.keyGroups.set('G1', { id: 'G1', etag: 'E', lastModified: new Date(NOW), config: group })
  for (const id of ['OAC1', 'OAC2']) {
    const config = {
      Name: id,
      SigningProtocol: 'sigv4',
      SigningBehavior: 'always',
      OriginAccessControlOriginType: 's3',
    } as const
    store.originAccessControls.set(id, { id, etag: 'E', lastModified: new Date(NOW), config })
  }
}

function addFunction(): void {
  store.functions.set('site', {
    arn: 'arn:aws:cloudfront::123456789012:function/site',
    etag: 'E',
    liveEtag: 'E',
    createdTime: new Date(NOW),
    lastModified: new Date(NOW),
    config: { Comment: '', Runtime: 'cloudfront-js-2.0' },
    development: SITE_FUNCTION,
    live: SITE_FUNCTION,
  })
}

/** Policies of the content's behaviour and of the pages' behaviour. */
function policies(configs: Readonly<Record<'site' | 'pages', Partial<ResponseHeadersPolicyConfig>>>): void {
  for (const [id, config] of Object.entries(configs)) {
    const stored = { id, etag: 'E', lastModified: new Date(NOW), managed: false }
    store.responseHeadersPolicies.set(id, { ...stored, config: { Name: id, ...config } })
  }
}

function site(page: { path?: string; status?: string } = {}) {
  const { path = '/.sign-in/denied.html', status = '403' } = page
  const common = { ViewerProtocolPolicy: 'redirect-to-https', CachePolicyId: CACHING_DISABLED } as const
  const EventType = 'viewer-request'
  const FunctionARN = 'arn:aws:cloudfront::123456789012:function/site'
  const LambdaFunctionARN = 'arn:aws:lambda:us-east-1:123456789012:function:f:1'
  const pages: CacheBehavior = {
    ...{ ...common, PathPattern: '.sign-in/*', TargetOriginId: 'pages', ResponseHeadersPolicyId: 'pages' },
    LambdaFunctionAssociations: { Quantity: 1, Items: [{ EventType, LambdaFunctionARN }] },
  }
  const errorPage = { ErrorCode: 403, ResponsePagePath: path, ResponseCode: status, ErrorCachingMinTTL: 0 }
  const origin = (Id: string, OriginAccessControlId: string) => ({
    ...{ Id, OriginAccessControlId, DomainName: `${Id}.s3.eu-west-1.amazonaws.com` },
    S3OriginConfig: { OriginAccessIdentity: '' },
  })
  return distribution('E1', {
    domainName: host,
    config: {
      DefaultCacheBehavior: {
        ...{ ...common, TargetOriginId: 'content', ResponseHeadersPolicyId: 'site' },
        TrustedKeyGroups: { Enabled: true, Quantity: 1, Items: ['G1'] },
        FunctionAssociations: { Quantity: 1, Items: [{ EventType, FunctionARN }] },
      },
      CacheBehaviors: { Quantity: 1, Items: [pages] },
      CustomErrorResponses: { Quantity: 1, Items: [errorPage] },
      Origins: { Quantity: 2, Items: [origin('content', 'OAC1'), origin('pages', 'OAC2')] },
    },
  })
}

async function addBucket(Bucket: string, objects: Readonly<Record<string, string>>): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new S3Client({ endpoint: moto.url, region: 'eu-west-1', forcePathStyle: true, credentials })
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const
  await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }))
  for (const [Key, Body] of Object.entries(objects)) {
    const metadata = { ContentType: 'text/html', CacheControl: 'no-store' }
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ...metadata }))
  }
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${Bucket}/*`,
    Condition: { StringEquals: { 'AWS:SourceArn': 'arn:aws:cloudfront::123456789012:distribution/E1' } },
  }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await client.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  client.destroy()
}

type Headers = Readonly<Record<string, string>>
const ask = (path: string, headers: Headers = {}, method = 'GET') =>
  viewer(edge.caFile, edge.port).ask(`https://${host}${path}`, { headers, method })
const csp = (value: string): Partial<ResponseHeadersPolicyConfig> => ({
  SecurityHeadersConfig: { ContentSecurityPolicy: { Override: true, ContentSecurityPolicy: value } },
})

function signed(): Headers {
  const condition = { DateLessThan: { 'AWS:EpochTime': NOW / 1000 + 60 } }
  const policy = JSON.stringify({ Statement: [{ Resource: `https://${host}/*`, Condition: condition }] })
  const cookies = getSignedCookies({ policy, keyPairId: 'K1', privateKey: keyPair('edge').privatePem })
  return {
    cookie: Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; '),
  }
}

describe('the page for a refused signature', () => {
  const denied = { status: 403, body: '<h1>Please sign in</h1>' }

  it('keeps the status, comes from its own bucket, and runs no function', async () => {
    const answer = await ask('/private/?q=1')

    expect(answer).toMatchObject(denied)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html',
      'cache-control': 'no-store',
      'x-cache': 'Error from cloudfront',
      server: 'AmazonS3',
    })
    expect(answer.headers.location).toBeUndefined()
    expect(invoked).toEqual([])
  })

  it('is there for forged cookies, and for an object that the bucket does not have', async () => {
    const { cookie = '' } = signed()

    expect(await ask('/private/', { cookie: cookie.replace(/Signature=.{8}/, 'Signature=AAAAAAAA') })).toMatchObject(
      denied,
    )
    expect(await ask('/private/none.html', signed())).toMatchObject(denied)
    expect(await ask('/private/', signed())).toMatchObject({ status: 200, body: '<h1>private</h1>' })
  })

  it('answers HEAD with its length and without itself', async () => {
    const answer = await ask('/private/', {}, 'HEAD')

    expect(answer).toMatchObject({ status: 403, body: '' })
    expect(answer.headers['content-length']).toBe(String(denied.body.length))
  })

  it('knows nothing of the range and the conditions of the request', async () => {
    expect(await ask('/private/', { range: 'bytes=0-3', 'if-none-match': '*' })).toMatchObject(denied)
  })

  it('replaces nothing that a function answers', async () => {
    expect(await ask('/.sign-in/denied.html')).toMatchObject({ status: 403, body: 'the function refuses' })
  })

  it('has the status that the rule names', async () => {
    store.distributions.set('E1', site({ status: '200' }))

    expect(await ask('/private/')).toMatchObject({ ...denied, status: 200 })
  })

  it('leaves the original error where the page is behind a signature itself', async () => {
    store.distributions.set('E1', site({ path: '/private/denied.html' }))

    expect(await ask('/private/')).toMatchObject({ status: 403, body: expect.stringContaining('MissingKey') })
  })

  it('leaves the status of the page’s own origin where the page is not there', async () => {
    store.distributions.set('E1', site({ path: '/.sign-in/none.html' }))

    expect(await ask('/private/')).toMatchObject({
      status: 403,
      body: expect.stringContaining('get the custom error page'),
    })
  })
})

describe('the headers of that page', () => {
  const cors = (origin: string): Partial<ResponseHeadersPolicyConfig> => ({
    CorsConfig: {
      AccessControlAllowOrigins: { Quantity: 1, Items: [origin] },
      AccessControlAllowHeaders: { Quantity: 1, Items: ['*'] },
      AccessControlAllowMethods: { Quantity: 1, Items: ['GET'] },
      AccessControlAllowCredentials: true,
      OriginOverride: true,
    },
  })
  const cacheFor = (value: string, Override: boolean): Partial<ResponseHeadersPolicyConfig> => ({
    CustomHeadersConfig: { Quantity: 1, Items: [{ Header: 'Cache-Control', Value: value, Override }] },
  })

  test.each([
    ['the page’s', {}, csp(PAGE_CSP), PAGE_CSP],
    ['the asked path’s', csp(SITE_CSP), {}, SITE_CSP],
    ['both', csp(SITE_CSP), csp(PAGE_CSP), `${PAGE_CSP}, ${SITE_CSP}`],
    ['the same once', csp(SITE_CSP), csp(SITE_CSP), SITE_CSP],
  ])('hold to a content security policy: %s', async (_name, ofSite, ofPages, expected) => {
    policies({ site: ofSite, pages: ofPages })

    expect((await ask('/private/')).headers['content-security-policy']).toBe(expected)
  })

  it('are overridden by the asked path’s policy where that overrides', async () => {
    policies({ site: cacheFor('max-age=60', true), pages: {} })
    expect((await ask('/private/')).headers['cache-control']).toBe('max-age=60')

    policies({ site: cacheFor('max-age=60', false), pages: {} })
    expect((await ask('/private/')).headers['cache-control']).toBe('no-store')
  })

  test.each([
    ['by both policies', cors(FRIEND), cors(FRIEND), FRIEND],
    ['not by the asked path’s alone', cors(FRIEND), {}, undefined],
    ['not by the page’s alone', {}, cors(FRIEND), undefined],
  ])('let scripts of another origin read it %s', async (_name, ofSite, ofPages, expected) => {
    policies({ site: ofSite, pages: ofPages })

    expect((await ask('/private/', { origin: FRIEND })).headers['access-control-allow-origin']).toBe(expected)
  })
})

describe('a CloudFront function on a signed behaviour', () => {
  it('does not run for a request without a valid signature', async () => {
    expect(await ask('/seen')).toMatchObject({ status: 403, body: '<h1>Please sign in</h1>' })
    expect(await ask('/old?from=a')).toMatchObject({ status: 403 })
  })

  it('gets the query string as an object, values as they were sent', async () => {
    const answer = await ask('/seen?a=1&b=x%20y&a=2&flag&empty=', signed())

    expect(JSON.parse(answer.body).querystring).toEqual({
      a: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] },
      b: { value: 'x%20y' },
      flag: { value: '' },
      empty: { value: '' },
    })
  })

  it('may redirect', async () => {
    const answer = await ask('/old?from=%2Fold%3Fa', signed())

    expect([answer.status, answer.headers.location]).toEqual([302, '/new/?from=%2Fold%3Fa'])
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-cache': 'FunctionGeneratedResponse from cloudfront',
    })
  })

  it('may name another object, and the query string stays', async () => {
    expect(await ask('/new/?a=1', signed())).toMatchObject({ status: 200, body: '<h1>moved here</h1>' })
  })
})
