import { runFunctionOnRequest, runFunctionOnResponse } from '../../../../local-aws/edge/cloudfront-function.js'
import { distribution, viewerRequest } from './fixtures.js'

const REQUEST = viewerRequest({
  path: '/a',
  query: 'x=1&x=2&flag',
  headers: [
    ['Host', 'e1.cloudfront.localhost:8443'],
    ['Cookie', 'a=1; b=2'],
    ['X-Real-IP', '1.2.3.4'],
  ],
})

function run(source: string) {
  const log: string[] = []
  const fn = {
    arn: 'arn:aws:cloudfront::123456789012:function/f',
    etag: 'E',
    liveEtag: 'E',
    createdTime: new Date(0),
    lastModified: new Date(0),
    config: { Comment: '', Runtime: 'cloudfront-js-2.0' as const },
    development: '',
    live: source,
  }
  const common = { fn, distribution: distribution('E1'), request: REQUEST, requestId: 'id-1' }
  return { log, run: { ...common, log: (line: string) => log.push(line) } }
}
const onRequest = async (source: string) => {
  const { run: it, log } = run(source)
  return { outcome: await runFunctionOnRequest(it), log }
}

describe('a function at viewer-request', () => {
  it('gets the documented event', async () => {
    const { outcome } = await onRequest(
      'function handler(event) { return { statusCode: 200, body: JSON.stringify(event) } }',
    )
    const body = 'response' in outcome ? outcome.response.body.toString() : 'no response'

    expect(JSON.parse(body)).toEqual({
      version: '1.0',
      context: {
        distributionDomainName: 'e1.cloudfront.localhost:8443',
        endpoint: 'e1.cloudfront.localhost:8443',
        distributionId: 'E1',
        eventType: 'viewer-request',
        requestId: 'id-1',
      },
      viewer: { ip: '127.0.0.1' },
      request: {
        method: 'GET',
        uri: '/a',
        querystring: { x: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] }, flag: { value: '' } },
        headers: { host: { value: 'e1.cloudfront.localhost:8443' } },
        cookies: { a: { value: '1' }, b: { value: '2' } },
      },
    })
  })

  it('goes on with a request as it came, but for what the function may not see', async () => {
    const { outcome } = await onRequest('const handler = async (event) => event.request')

    expect(outcome).toEqual({
      request: {
        ...REQUEST,
        headers: [
          ['host', 'e1.cloudfront.localhost:8443'],
          ['cookie', 'a=1; b=2'],
        ],
      },
    })
  })

  it('may answer with cookies', async () => {
    const { outcome } = await onRequest(`function handler() {
      return {
        statusCode: 302,
        headers: { location: { value: '/b' } },
        cookies: { s: { value: '1', attributes: 'Secure; Path=/' } },
      }
    }`)

    expect(outcome).toEqual({
      response: {
        status: 302,
        headers: [
          ['location', '/b'],
          ['set-cookie', 's=1; Secure; Path=/'],
        ],
        body: Buffer.alloc(0),
        xCache: 'FunctionGeneratedResponse from cloudfront',
      },
    })
  })

  test.each([
    ['throws', 'function handler() { throw new Error("broken") }', 503, /failed: Error: broken$/],
    ['rejects', 'async function handler() { throw new Error("broken") }', 503, /failed: Error: broken$/],
    ['never ends', 'function handler() { for (;;) {} }', 503, /timed out/],
    ['never resolves', 'function handler() { return new Promise(() => {}) }', 503, /took longer than 1000 ms/],
    ['does not parse', 'function handler( {', 503, /failed: SyntaxError/],
    ['imports a module', "import cf from 'cloudfront'; function handler() {}", 503, /failed: SyntaxError/],
    ['has no handler', 'const x = 1', 503, /handler is not defined/],
    ['makes code of strings', 'function handler() { return eval("1") }', 503, /Code generation from strings/],
    ['asks for our process', 'function handler() { return process.env }', 503, /process is not defined/],
    ['returns nothing', 'function handler() {}', 502, /neither a request nor a response/],
    [
      'changes the host',
      'function handler(e) { e.request.headers.host.value = "x"; return e.request }',
      502,
      /read-only/,
    ],
    ['changes the method', 'function handler(e) { e.request.method = "PUT"; return e.request }', 502, /method/],
    ['loses the slash', 'function handler(e) { e.request.uri = "x"; return e.request }', 502, /slash/],
    [
      'adds a disallowed header',
      'function handler(e) { e.request.headers["x-edge-a"] = { value: "1" }; return e.request }',
      502,
      /x-edge-a is disallowed/,
    ],
    ['has a status of words', 'function handler() { return { statusCode: "200" } }', 502, /statusCode/],
    ['has headers that are none', 'function handler() { return { statusCode: 200, headers: [1] } }', 502, /maps of/],
    ['has a body that is none', 'function handler() { return { statusCode: 200, body: 1 } }', 502, /body must be/],
  ])('that %s is an error, and the log says why', async (_name, source, status, why) => {
    const { outcome, log } = await onRequest(source)

    expect(outcome).toMatchObject({ response: { status } })
    expect(log).toEqual([expect.stringMatching(why)])
  })
})

describe('a function at viewer-response', () => {
  const RESPONSE = { status: 200, headers: [['ETag', 'x']], body: Buffer.from('kept') } as const

  it('changes headers and keeps the body', async () => {
    const { run: it } = run('function handler(e) { e.response.headers["x-a"] = { value: "1" }; return e.response }')

    expect(await runFunctionOnResponse(it, RESPONSE)).toMatchObject({
      status: 200,
      headers: [
        ['etag', 'x'],
        ['x-a', '1'],
      ],
      body: Buffer.from('kept'),
    })
  })

  it('that returns nothing is a 502', async () => {
    const { run: it } = run('function handler() {}')

    expect((await runFunctionOnResponse(it, RESPONSE)).status).toBe(502)
  })
})
