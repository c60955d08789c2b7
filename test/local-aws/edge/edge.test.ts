/**
 * The edge over real TLS, in front of moto's S3 and of an origin of this test; only Lambda is a double.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { request } from 'node:https'
import { createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getSignedCookies } from '@aws-sdk/cloudfront-signer'
import { preloadManagedPolicies } from '../../../local-aws/cloudfront/managed-policies.js'
import { createCloudFrontStore } from '../../../local-aws/cloudfront/store.js'
import { type Edge, startEdge } from '../../../local-aws/edge/listener.js'
import { portOf } from '../../../local-aws/endpoint/ports.js'
import type { InvokeResult } from '../../../local-aws/lambda/invoke.js'
import { type Moto, startMoto } from '../../../local-aws/moto/moto.js'
import { keyPair } from '../../support/keys.js'
import { type Answer, viewer } from '../../support/viewer.js'
import { fillBucket } from './content-bucket.js'
import { contentDistribution, FUNCTION_SOURCE } from './content-distribution.js'

const NOW = Date.UTC(2026, 10, 21, 5, 0, 0)
const directory = mkdtempSync(join(tmpdir(), 'edge-'))
const store = preloadManagedPolicies(createCloudFrontStore())
const log: string[] = []
const events: unknown[] = []
let payload: (event: unknown) => InvokeResult = () => ({
  ok: true,
  payload: { status: '200', body: 'from the function' },
})
let moto: Moto
let origin: Server
let edge: Edge
let host: string
let now = NOW

beforeAll(async () => {
  moto = await startMoto({ dataDirectory: directory, onProgress: () => {} })
  origin = createServer((request, response) => {
    response.setHeader('X-Powered-By', 'test')
    response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers }))
  })
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve))
  edge = await startEdge({
    store,
    lambda: {
      invoke: (_arn, event) => {
        events.push(event)
        return Promise.resolve(payload(event))
      },
      stop: () => Promise.resolve(),
    },
    moto: moto.url,
    aws: (request, response) => response.end(`aws: ${request.headers.host}`),
    clock: () => now,
    caDirectory: directory,
    port: 0,
    log: (line) => log.push(line),
  })
  host = `dcontent.cloudfront.localhost:${edge.port}`
  const signing = keyPair('edge')
  store.publicKeys.set('K1', {
    id: 'K1',
    etag: 'E1',
    createdTime: new Date(NOW),
    config: { CallerReference: 'K1', Name: 'K1', EncodedKey: signing.publicPem },
  })
  keyGroup(['K1'])
  const oac = {
    Name: 'oac',
    SigningProtocol: 'sigv4',
    SigningBehavior: 'always',
    OriginAccessControlOriginType: 's3',
  } as const
  store.originAccessControls.set('OAC1', { id: 'OAC1', etag: 'E', lastModified: new Date(NOW), config: oac })
  store.functions.set('rewrite', {
    arn: 'arn:aws:cloudfront::123456789012:function/rewrite',
    etag: 'E',
    liveEtag: 'E',
    createdTime: new Date(NOW),
    lastModified: new Date(NOW),
    config: { Comment: '', Runtime: 'cloudfront-js-2.0' },
    development: FUNCTION_SOURCE,
    live: FUNCTION_SOURCE,
  })
  store.distributions.set('E1', contentDistribution(store, 'E1', host, portOf(origin)))
  const withPages = contentDistribution(store, 'E2', hostWithPages(), portOf(origin))
  const page = { ErrorCode: 403, ResponsePagePath: '/public/login.html', ResponseCode: '401', ErrorCachingMinTTL: 0 }
  const config = { ...withPages.config, CustomErrorResponses: { Quantity: 1, Items: [page] } }
  store.distributions.set('E2', { ...withPages, config })
  await fillBucket(moto.url)
})

afterAll(async () => {
  await edge?.stop()
  origin?.closeAllConnections()
  await new Promise((resolve) => origin.close(resolve))
  await moto?.stop()
  rmSync(directory, { recursive: true, force: true })
})

beforeEach(() => {
  now = NOW
  log.length = 0
  events.length = 0
  payload = () => ({ ok: true, payload: { status: '200', body: 'from the function' } })
})

const hostWithPages = () => host.replace('dcontent', 'dpages')

function keyGroup(items: string[]): void {
  store.keyGroups.set('G1', {
    id: 'G1',
    etag: items.join(),
    lastModified: new Date(now),
    config: { Name: 'G1', Items: items },
  })
}

/** Cookies for everything on this distribution, valid for a minute. */
function signedCookie(changes: { resource?: string; keyPairId?: string } = {}): string {
  const { resource = `https://${host}/*`, keyPairId = 'K1' } = changes
  const condition = { DateLessThan: { 'AWS:EpochTime': NOW / 1000 + 60 } }
  const policy = JSON.stringify({ Statement: [{ Resource: resource, Condition: condition }] })
  const cookies = getSignedCookies({ policy, keyPairId, privateKey: keyPair('edge').privatePem })
  return Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
}

type Headers = Readonly<Record<string, string | readonly string[]>>
const ask = (path: string, headers: Headers = {}, more: { method?: string; body?: string } = {}): Promise<Answer> =>
  viewer(edge.caFile, edge.port).ask(`https://${host}${path}`, { headers, ...more })
const signed = (path: string, headers: Headers = {}, more: { method?: string } = {}) =>
  ask(path, { cookie: signedCookie(), ...headers }, more)

/** The status for a target that a URL parser would not leave as it is. */
function rawStatus(path: string): Promise<number | undefined> {
  const options = { host: '127.0.0.1', port: edge.port, path, headers: { host }, agent: false }
  return new Promise((resolve, reject) => {
    request({ ...options, ca: readFileSync(edge.caFile), servername: 'localhost' }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('TLS', () => {
  it('keeps the authority’s key to its owner', () => {
    expect(statSync(join(directory, 'ca-key.pem')).mode & 0o777).toBe(0o600)
  })

  it('refuses a port in use with a sentence', async () => {
    const other = createTcpServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as { port: number }
    const options = { store, moto: moto.url, aws: () => {}, clock: () => now, caDirectory: directory, port }
    const lambda = { invoke: () => Promise.reject(new Error('unused')), stop: () => Promise.resolve() }

    await expect(startEdge({ ...options, lambda })).rejects.toThrow(/^Port \d+ is in use/)
    await new Promise((resolve) => other.close(resolve))
  })

  it('passes the hosts of AWS to the AWS endpoint', async () => {
    const answer = await viewer(edge.caFile, edge.port).ask(`https://ssm.us-east-1.amazonaws.com:${edge.port}/`)

    expect(answer.body).toBe(`aws: ssm.us-east-1.amazonaws.com:${edge.port}`)
  })

  it('answers 403 to a host that is nobody’s', async () => {
    const answer = await viewer(edge.caFile, edge.port).ask(`https://dnobody.cloudfront.localhost:${edge.port}/`)

    expect(answer.status).toBe(403)
    expect(answer.headers).toMatchObject({ server: 'CloudFront', 'x-cache': 'Error from cloudfront' })
  })

  test.each([
    ['a URL that is too long', `/${'a'.repeat(8192)}`, {}, 413],
    ['headers that are too long', '/', { authorization: `Bearer ${'a'.repeat(100_000)}` }, 413],
    ['a body with GET', '/public/login.html', { 'content-length': '1' }, 403],
  ])('refuses %s', async (_name, path, headers, status) => {
    const more = 'content-length' in headers ? { body: 'x' } : {}

    expect((await ask(path, headers, more)).status).toBe(status)
  })
})

describe('a behaviour with a trusted key group', () => {
  it('serves an object to signed cookies, as S3 has it', async () => {
    const answer = await signed('/photos/sea.jpg')

    expect(answer).toMatchObject({ status: 200, body: 'the sea at night' })
    expect(answer.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '16',
      'cache-control': 'max-age=60',
      server: 'AmazonS3',
      'x-cache': 'Miss from cloudfront',
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    })
  })

  it('answers HEAD, ranges and conditions', async () => {
    const head = await signed('/photos/sea.jpg', {}, { method: 'HEAD' })
    expect(head).toMatchObject({ status: 200, body: '', headers: { 'content-length': '16' } })

    const part = await signed('/photos/sea.jpg', { range: 'bytes=4-6' })
    expect(part).toMatchObject({ status: 206, body: 'sea', headers: { 'content-range': 'bytes 4-6/16' } })

    const unchanged = await signed('/photos/sea.jpg', { 'if-none-match': head.headers.etag ?? '' })
    expect(unchanged).toMatchObject({ status: 304, body: '' })
  })

  it('finds keys that need encoding', async () => {
    expect(await signed('/photos/%C3%A4%20b.jpg')).toMatchObject({ status: 200, body: 'umlaut' })
    expect((await signed('/photos/%C3')).status).toBe(400)
  })

  it('names the root object', async () => {
    expect(await signed('/')).toMatchObject({ status: 200, body: '<h1>root</h1>' })
  })

  test.each([
    ['without cookies', () => ({}), 'MissingKey', 'Missing Key-Pair-Id query parameter or cookie value'],
    ['with an unknown key', () => ({ cookie: signedCookie({ keyPairId: 'K9' }) }), 'InvalidKey', 'Unknown Key'],
    [
      'with another path',
      () => ({ cookie: signedCookie({ resource: `https://${host}/x/*` }) }),
      'AccessDenied',
      'Access denied',
    ],
    [
      'with the cookies twice',
      () => ({ cookie: `${signedCookie()}; ${signedCookie()}` }),
      'AccessDenied',
      'Access denied',
    ],
  ])('refuses a request %s', async (_name, headers, code, message) => {
    const answer = await ask('/raw/photos/sea.jpg', headers())

    expect(answer.status).toBe(403)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/xml',
      server: 'CloudFront',
      'x-cache': 'Error from cloudfront',
    })
    expect(answer.body).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
    )
  })

  it('refuses once the policy has expired', async () => {
    now = NOW + 59_999
    expect((await signed('/photos/sea.jpg')).status).toBe(200)

    now = NOW + 60_000
    const late = await signed('/photos/sea.jpg')
    expect([late.status, late.headers.date]).toEqual([403, new Date(NOW + 60_000).toUTCString()])
  })

  test.each(['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm'])(
    'ignores cookies when the URL has the parameter %s',
    async (name) => {
      expect((await signed(`/photos/sea.jpg?${name}=1`)).status).toBe(403)
      expect((await signed('/photos/sea.jpg?other=1')).status).toBe(200)
    },
  )

  it('refuses before any function runs', async () => {
    expect((await ask('/guarded/')).status).toBe(403)
    expect(events).toEqual([])

    expect((await signed('/guarded/')).body).toBe('from the function')
    expect(events).toHaveLength(1)
  })

  it('lets no dot segment lead around it', async () => {
    expect(await rawStatus('/public/login.html')).toBe(200)
    expect(await rawStatus('/public/%2e%2e/photos/sea.jpg')).toBe(403)
    expect(await rawStatus('/public/../photos/sea.jpg')).toBe(403)
  })

  it('learns of a changed key group after the propagation time', async () => {
    edge.setPropagation(300_000)
    await signed('/photos/sea.jpg')
    keyGroup(['K2'])
    now = NOW + 10_000
    expect((await signed('/photos/sea.jpg')).status).toBe(200)

    edge.setPropagation(0)
    expect((await signed('/photos/sea.jpg')).status).toBe(403)
    keyGroup(['K1'])
    expect((await signed('/photos/sea.jpg')).status).toBe(200)
  })
})

describe('a viewer-request function', () => {
  it('sees headers as they came, and answers with cookies of its own', async () => {
    payload = () => ({
      ok: true,
      payload: {
        status: '302',
        headers: { location: [{ key: 'Location', value: '/x' }], 'set-cookie': [{ value: 'a=1' }, { value: 'b=2' }] },
      },
    })
    const answer = await ask('/cookie/?q=1', { authorization: ['Bearer a', 'Bearer b'] })

    expect(answer).toMatchObject({ status: 302, setCookies: ['a=1', 'b=2'], headers: { location: '/x' } })
    expect(answer.headers['x-cache']).toBe('LambdaGeneratedResponse from cloudfront')
    expect(events).toMatchObject([
      {
        Records: [
          {
            cf: {
              config: { distributionId: 'E1', distributionDomainName: host, eventType: 'viewer-request' },
              request: {
                clientIp: '127.0.0.1',
                method: 'GET',
                uri: '/cookie/',
                querystring: 'q=1',
                headers: {
                  host: [{ value: host }],
                  authorization: [{ value: 'Bearer a' }, { value: 'Bearer b' }],
                },
              },
            },
          },
        ],
      },
    ])
  })

  it('is not run for a method that the behaviour does not list', async () => {
    expect((await ask('/cookie/', {}, { method: 'DELETE' })).status).toBe(403)
    expect(events).toEqual([])
  })

  it('answers 502 for an invalid value and 503 for an error, and the log says why', async () => {
    payload = () => ({ ok: true, payload: { status: '200', headers: { connection: [{ value: 'close' }] } } })
    expect((await ask('/cookie/')).status).toBe(502)

    payload = () => ({ ok: false, errorType: 'Error', errorMessage: 'broken' })
    expect((await ask('/cookie/')).status).toBe(503)
    expect(log).toEqual([expect.stringContaining('connection is disallowed'), expect.stringContaining('Error: broken')])
  })

  it('may change the path, and the behaviour stays', async () => {
    payload = (event) => {
      const { request } = (event as { Records: [{ cf: { request: object } }] }).Records[0].cf
      return { ok: true, payload: { ...request, uri: '/photos/sea.jpg', querystring: '' } }
    }

    expect(await ask('/cookie/')).toMatchObject({ status: 200, body: 'the sea at night' })
  })
})

describe('a CloudFront function', () => {
  it('rewrites a request, and a response', async () => {
    const answer = await ask('/site/login')

    expect(answer).toMatchObject({ status: 200, body: '<h1>please sign in</h1>' })
    expect(answer.headers['x-by']).toBe('function')
  })

  it('answers by itself', async () => {
    expect(await ask('/site/moved')).toMatchObject({ status: 301, headers: { location: '/site/login' } })
  })

  it('answers 503 when it throws', async () => {
    expect((await ask('/site/throw')).status).toBe(503)
    expect(log).toEqual([expect.stringMatching(/failed: Error: on purpose$/)])
  })
})

describe('a custom error response', () => {
  const askForPage = (path: string) => viewer(edge.caFile, edge.port).ask(`https://${hostWithPages()}${path}`)

  it('replaces a refused signature by its page and its status', async () => {
    const answer = await askForPage('/photos/sea.jpg')

    expect(answer).toMatchObject({ status: 401, body: '<h1>please sign in</h1>' })
    expect(answer.headers).toMatchObject({ 'content-type': 'text/html', 'x-cache': 'Error from cloudfront' })
    expect(events).toEqual([])
  })

  it('leaves alone what a function answers, and other errors', async () => {
    payload = () => ({ ok: true, payload: { status: '403', body: 'mine' } })

    expect(await askForPage('/cookie/')).toMatchObject({ status: 403, body: 'mine' })
    expect(await askForPage('/public/none')).toMatchObject({ status: 404, body: expect.stringContaining('NoSuchKey') })
  })
})

describe('a custom origin', () => {
  const seen = (answer: Answer) =>
    JSON.parse(answer.body) as { method: string; url: string; headers: Record<string, string> }

  it('gets what the policies forward, and no more', async () => {
    const headers = {
      cookie: 'keep=1; drop=2',
      authorization: 'Bearer x',
      'x-app': 'a',
      'x-other': 'b',
      'user-agent': 'me',
    }
    const answer = seen(await ask('/api/items?page=2&secret=1', headers))

    expect(answer).toMatchObject({ method: 'GET', url: '/base/api/items?page=2' })
    expect(answer.headers).toMatchObject({
      cookie: 'keep=1',
      'x-app': 'a',
      'x-origin-secret': 'shh',
      'user-agent': 'Amazon CloudFront',
      'x-forwarded-for': '127.0.0.1',
      host: expect.stringMatching(/^localhost:\d+$/),
    })
    expect(Object.keys(answer.headers)).not.toEqual(expect.arrayContaining(['authorization']))
    expect(Object.keys(answer.headers)).not.toEqual(expect.arrayContaining(['x-other']))
  })

  it('gets a body, and Authorization with it', async () => {
    const answer = seen(await ask('/api/items', { authorization: 'Bearer x' }, { method: 'POST', body: '{}' }))

    expect(answer).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer x', 'content-length': '2' } })
  })

  it('is improved by a response headers policy', async () => {
    const answer = await ask('/api/items', { origin: 'https://app.example.com' })

    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
      'strict-transport-security': 'max-age=63072000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-stage': 'test',
    })
    expect(answer.headers['x-powered-by']).toBeUndefined()

    const stranger = await ask('/api/items', { origin: 'https://evil.example' })
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined()
  })

  it('that is not there is a 502', async () => {
    expect((await ask('/nowhere/')).status).toBe(502)
  })
})

describe('a setting that the local edge does not have', () => {
  it('is refused with a sentence', async () => {
    const answer = await ask('/origin-request/')

    expect(answer.status).toBe(501)
    expect(answer.body).toContain('runs Lambda@Edge functions at viewer-request only, not at origin-request.')
  })
})
