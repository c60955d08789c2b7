import { outcomeOf, runViewerRequest, viewerRequestEvent } from '../../../../local-aws/edge/lambda-at-edge.js'
import type { InvokeResult } from '../../../../local-aws/lambda/invoke.js'
import { distribution, viewerRequest } from './fixtures.js'

const E1 = distribution('E1')
const REQUEST = viewerRequest({
  path: '/cookie/',
  query: 'a=1&b',
  headers: [
    ['Host', 'e1.cloudfront.localhost:8443'],
    ['authorization', 'Bearer one'],
    ['Authorization', 'Bearer two'],
    ['Connection', 'keep-alive'],
    ['X-Forwarded-Proto', 'https'],
    ['X-Amz-Cf-Id', 'x'],
    ['__proto__', 'x'],
  ],
})
/** What a function gets and may return as it is. */
const EVENT = { clientIp: '127.0.0.1', method: 'GET', querystring: 'a=1&b', uri: '/cookie/' }
const HOST = { host: [{ key: 'Host', value: 'e1.cloudfront.localhost:8443' }] }

describe('viewerRequestEvent', () => {
  it('has the documented shape, without disallowed headers', () => {
    const event = viewerRequestEvent(E1, { includeBody: false }, REQUEST, 'id-1')

    expect(JSON.parse(JSON.stringify(event))).toEqual({
      Records: [
        {
          cf: {
            config: {
              distributionDomainName: 'e1.cloudfront.localhost:8443',
              distributionId: 'E1',
              eventType: 'viewer-request',
              requestId: 'id-1',
            },
            request: {
              ...EVENT,
              headers: JSON.parse(
                '{"host":[{"key":"Host","value":"e1.cloudfront.localhost:8443"}],"authorization":[{"key":"authorization","value":"Bearer one"},{"key":"Authorization","value":"Bearer two"}],"__proto__":[{"key":"__proto__","value":"x"}]}',
              ),
            },
          },
        },
      ],
    })
  })

  it('shows the body only when asked to, and 40 KB of it at most', () => {
    const long = viewerRequest({ method: 'POST', body: Buffer.alloc(40 * 1024 + 1, 'a') })
    const bodyOf = (event: unknown) =>
      (event as { Records: [{ cf: { request: { body?: { data: string } } } }] }).Records[0].cf.request.body

    expect(bodyOf(viewerRequestEvent(E1, { includeBody: false }, long, 'id'))).toBeUndefined()
    expect(bodyOf(viewerRequestEvent(E1, { includeBody: true }, long, 'id'))).toEqual({
      action: 'read-only',
      data: Buffer.alloc(40 * 1024, 'a').toString('base64'),
      encoding: 'base64',
      inputTruncated: true,
    })
  })
})

describe('outcomeOf a response', () => {
  const outcome = (value: unknown) => outcomeOf(value, REQUEST)

  it('gives the viewer what the function says', () => {
    const value = {
      status: '302',
      statusDescription: 'Found',
      headers: {
        location: [{ key: 'Location', value: '/' }],
        'set-cookie': [{ key: 'Set-Cookie', value: 'a=1' }, { value: 'b=2' }],
      },
    }

    expect(outcome(value)).toEqual({
      valid: true,
      value: {
        response: {
          status: 302,
          reason: 'Found',
          headers: [
            ['Location', '/'],
            ['Set-Cookie', 'a=1'],
            ['set-cookie', 'b=2'],
          ],
          body: Buffer.alloc(0),
          xCache: 'LambdaGeneratedResponse from cloudfront',
        },
      },
    })
  })

  it('decodes a base64 body and fills in the reason', () => {
    const body = Buffer.from([0, 255]).toString('base64')

    expect(outcome({ status: '200', body, bodyEncoding: 'base64' })).toMatchObject({
      valid: true,
      value: { response: { status: 200, reason: 'OK', body: Buffer.from([0, 255]) } },
    })
  })

  const withHeader = (name: string, entries: unknown) => ({ status: '200', headers: { [name]: entries } })
  const ok = [{ key: 'X', value: 'x' }]

  test.each([
    ['a number for a status', { status: 200 }, /^status must be a string/],
    ['a status of 199', { status: '199' }, /between "200" and "599"/],
    ['a status of 600', { status: '600' }, /between "200" and "599"/],
    ['a status of words', { status: '200 OK' }, /between "200" and "599"/],
    ['a body with 204', { status: '204', body: '' }, /204 may not have a body/],
    ['a body that is an object', { status: '200', body: {} }, /^body must be a string/],
    ['an unknown encoding', { status: '200', body: '', bodyEncoding: 'utf8' }, /^bodyEncoding must be/],
    ['a body that is not base64', { status: '200', body: 'ä', bodyEncoding: 'base64' }, /not base64/],
    ['an unknown field', { status: '200', statusCode: 200 }, /unknown field "statusCode"/],
    ['headers in a list', { status: '200', headers: [] }, /^headers must be an object/],
    ['a header name in upper case', withHeader('Location', [{ key: 'Location', value: '/' }]), /lower-case/],
    ['a header name with a space', withHeader('a b', [{ value: '' }]), /lower-case token/],
    ['a header without a list', withHeader('location', { key: 'Location', value: '/' }), /must be a list/],
    ['a header of strings', withHeader('location', ['/']), /must be a list/],
    ['a header with another key', withHeader('location', [{ key: 'Link', value: '/' }]), /another name/],
    ['a header without a value', withHeader('location', [{ key: 'Location' }]), /is not valid/],
    ['a header with a line break', withHeader('location', [{ value: '/\r\nSet-Cookie: a=1' }]), /is not valid/],
    ['Connection', withHeader('connection', ok), /connection is disallowed/],
    ['X-Cache', withHeader('x-cache', ok), /x-cache is disallowed/],
    ['X-Amz-Cf-Id', withHeader('x-amz-cf-id', ok), /disallowed/],
    ['X-Edge-Location', withHeader('x-edge-location', ok), /disallowed/],
    ['X-Accel-Redirect', withHeader('x-accel-redirect', ok), /disallowed/],
    ['X-Real-IP', withHeader('x-real-ip', ok), /disallowed/],
    ['Content-Length', withHeader('content-length', ok), /read-only/],
    ['Transfer-Encoding', withHeader('transfer-encoding', ok), /read-only/],
    ['more than 40 KB', { status: '200', body: 'a'.repeat(40 * 1024 + 1) }, /may return 40960/],
    ['nothing', undefined, /it returned nothing/],
    ['a string', 'ok', /it returned "ok"/],
    ['a list', [], /it returned \[\]/],
    ['neither a status nor a uri', {}, /uri must be a path/],
  ])('refuses %s', (_name, value, why) => {
    expect(outcome(value)).toEqual({ valid: false, why: expect.stringMatching(why) })
  })

  it('takes exactly 40 KB', () => {
    expect(outcome({ status: '200', body: 'a'.repeat(40 * 1024) })).toMatchObject({ valid: true })
  })
})

describe('outcomeOf a request', () => {
  const returned = (changes: Record<string, unknown>) => outcomeOf({ ...EVENT, headers: HOST, ...changes }, REQUEST)

  it('goes on with the changed path, query string and headers', () => {
    const headers = { ...HOST, 'x-user': [{ key: 'X-User', value: '1' }] }

    expect(returned({ uri: '/index.html', querystring: '', headers })).toEqual({
      valid: true,
      value: {
        request: {
          ...REQUEST,
          path: '/index.html',
          query: undefined,
          headers: [
            ['Host', 'e1.cloudfront.localhost:8443'],
            ['X-User', '1'],
          ],
        },
      },
    })
  })

  it('replaces the body when told to', () => {
    const body = { action: 'replace', encoding: 'text', data: 'new' }

    expect(returned({ body })).toMatchObject({ value: { request: { body: Buffer.from('new') } } })
  })

  test.each([
    ['a path without a slash', { uri: 'index.html' }, /begins with a slash/],
    ['a path with a query string', { uri: '/a?b' }, /must not hold a query string/],
    ['another method', { method: 'POST' }, /method is read-only/],
    ['another address', { clientIp: '192.0.2.1' }, /clientIp is read-only/],
    ['another host', { headers: { host: [{ key: 'Host', value: 'evil.example' }] } }, /host is read-only/],
    ['no host', { headers: {} }, /host is read-only/],
    ['a Via header', { headers: { ...HOST, via: [{ value: 'x' }] } }, /via is read-only/],
    ['a disallowed header', { headers: { ...HOST, 'x-edge-a': [{ value: 'x' }] } }, /disallowed/],
    ['the viewer’s country', { headers: { ...HOST, 'cloudfront-viewer-country': [{ value: 'CH' }] } }, /disallowed/],
    ['headers that are none', { headers: 'x' }, /^headers must be an object/],
  ])('refuses %s', (_name, changes, why) => {
    expect(returned(changes)).toEqual({ valid: false, why: expect.stringMatching(why) })
  })
})

describe('runViewerRequest', () => {
  const run = async (result: InvokeResult) => {
    const log: string[] = []
    const invoked: unknown[][] = []
    const lambda = {
      invoke: (...args: unknown[]) => {
        invoked.push(args)
        return Promise.resolve(result)
      },
    }
    const trigger = { functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:signer:1', includeBody: false }
    const outcome = await runViewerRequest({ lambda, log: (line) => log.push(line) }, E1, trigger, REQUEST, 'id-1')
    return { outcome, log, invoked }
  }

  it('invokes the function as a replica at the edge', async () => {
    const { invoked } = await run({ ok: true, payload: { status: '204' } })

    expect(invoked).toEqual([
      [
        'arn:aws:lambda:us-east-1:123456789012:function:signer:1',
        viewerRequestEvent(E1, { includeBody: false }, REQUEST, 'id-1'),
        { edge: true },
      ],
    ])
  })

  it('answers 503 when the function fails, and says why in the log only', async () => {
    const { outcome, log } = await run({ ok: false, errorType: 'Sandbox.Timedout', errorMessage: 'after 5 seconds' })

    expect(outcome).toMatchObject({ response: { status: 503, xCache: 'LambdaExecutionError from cloudfront' } })
    expect(JSON.stringify(outcome)).not.toContain('after 5 seconds')
    expect(log).toEqual(['viewer-request function of E1 failed: Sandbox.Timedout: after 5 seconds'])
  })

  it('answers 502 when the value is invalid', async () => {
    const { outcome, log } = await run({ ok: true, payload: { status: 200 } })

    expect(outcome).toMatchObject({ response: { status: 502, xCache: 'LambdaValidationError from cloudfront' } })
    expect(log).toEqual([expect.stringMatching(/^viewer-request function of E1 returned something invalid: status/)])
  })
})
