/**
 * The SDK with its replacements does what the whole SDK does: the same call, bundled both ways, meets the same answers
 * of a service on Lambda's Node, and must send the same requests and come to the same end.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Replacement, SIGNER_REPLACEMENTS } from '../../../scripts/bundle/replacements.js'
import { compile } from '../../../scripts/bundle.js'
import { type Answer, type SeenRequest, type StandIn, startStandIn } from '../../bench/stand-in.js'
import { CREDENTIALS, callOnce } from './function-process.js'
import { authorizationOf, expectedSignature } from './sigv4.js'

const root = resolve(__dirname, '..', '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'pruned-sdk-'))
let standIn: StandIn

async function bundled(name: string, replacements: readonly Replacement[]): Promise<string> {
  const { code } = await compile({ entryPoint: 'test/local-aws/bundle/probe.ts', replacements }, root)
  const file = join(folder, name)
  writeFileSync(file, code)
  return file
}

let pruned: string
let whole: string

beforeAll(async () => {
  // The token parser is of another package, which the probe does not use.
  const ofTheSdk = SIGNER_REPLACEMENTS.filter(({ module }) => module.startsWith('@'))
  pruned = await bundled('pruned.js', ofTheSdk)
  whole = await bundled('whole.js', [])
  standIn = await startStandIn()
})

afterAll(async () => {
  await standIn.stop()
  rmSync(folder, { recursive: true })
})

const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'request-1', ...headers },
})

const parameters = json(200, {
  Parameters: [{ Name: 'b', Value: 'ü\n"', Type: 'String', Version: 12, LastModifiedDate: 1795237200.123 }],
  InvalidParameters: ['/photos/é'],
  FieldOfTheFuture: { a: [1] },
})

async function call(file: string, answers: readonly (Answer | undefined)[]) {
  standIn.seen.length = 0
  const left = [...answers]
  standIn.answer = () => left.shift()
  const { response } = await callOnce(file, {}, standIn)
  return { response, requests: [...standIn.seen] }
}

/** A request without what differs from call to call, and from one SDK build to the other. */
function comparable({ method, host, path, body, headers }: SeenRequest) {
  const { authorization, 'x-amz-date': date, 'amz-sdk-invocation-id': id, 'user-agent': agent, ...rest } = headers
  const { signature, ...authorized } = authorizationOf({ method, path, body, headers })
  return { method, host, path, body, authorized, headers: { ...rest, 'x-amz-user-agent': 'aws-sdk-js' } }
}

const throttled = json(400, { __type: 'ThrottlingException', message: 'Rate exceeded' })

test.each<[string, readonly (Answer | undefined)[], number, object]>([
  ['an answer', [parameters], 1, { status: 200, attempts: 1, dated: true }],
  ['throttling that passes', [throttled, parameters], 2, { status: 200, attempts: 2 }],
  [
    'throttling that stays',
    [throttled, throttled],
    2,
    { name: 'ThrottlingException', status: 400, attempts: 2, kinds: [true, false, false] },
  ],
  ['throttling by status', [json(429, {}), parameters], 2, { status: 200, attempts: 2 }],
  [
    'a declared error',
    [json(400, { __type: 'com.amazonaws.ssm#InvalidKeyId', message: 'No such key' })],
    1,
    { name: 'InvalidKeyId', fault: 'client', kinds: [true, false, true] },
  ],
  [
    'a declared fault of the server',
    [json(500, { __type: 'InternalServerError' }), json(500, { __type: 'InternalServerError' })],
    2,
    { name: 'InternalServerError', fault: 'server', kinds: [true, true, false] },
  ],
  [
    'a refusal',
    [json(400, { __type: 'AccessDeniedException', Message: 'User is not authorized' })],
    1,
    { name: 'AccessDeniedException', message: 'User is not authorized', kinds: [true, false, false] },
  ],
  [
    'an error of another operation',
    [json(400, { __type: 'ParameterNotFound' })],
    1,
    { name: 'ParameterNotFound', status: 400 },
  ],
  [
    'an error in a header only',
    [json(400, {}, { 'x-amzn-errortype': 'ExpiredTokenException:http://internal/' })],
    1,
    { name: 'ExpiredTokenException' },
  ],
  ['a page of a proxy', [json(503, '<html>busy</html>'), json(503, '<html>busy</html>')], 2, { status: 503 }],
  ['rubbish with a good status', [json(200, 'not JSON')], 1, { name: 'SyntaxError' }],
  ['an empty answer', [json(200, '')], 1, { status: 200, output: {} }],
  ['no answer at all', [undefined, undefined], 2, { name: 'TimeoutError', attempts: 2 }],
  ['no answer at first', [undefined, parameters], 2, { status: 200, attempts: 2 }],
])('comes to the same end on %s', async (_what, answers, attempts, end) => {
  const ours = await call(pruned, answers)
  const theirs = await call(whole, answers)

  expect(ours.requests).toHaveLength(attempts)
  expect(ours.response).toMatchObject(end)
  expect(ours.response).toEqual(theirs.response)
  expect(ours.requests.map(comparable)).toEqual(theirs.requests.map(comparable))
})

test('signs what it sends, session token included', async () => {
  const { requests } = await call(pruned, [throttled, parameters])

  for (const request of requests) {
    const { accessKeyId, scope, signedHeaders, signature } = authorizationOf(request)
    expect(accessKeyId).toBe(CREDENTIALS.AWS_ACCESS_KEY_ID)
    expect(scope).toMatch(/^\d{8}\/us-east-1\/ssm\/aws4_request$/)
    expect(signedHeaders?.split(';')).toEqual(
      expect.arrayContaining(['content-type', 'host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target']),
    )
    expect(request.headers['x-amz-security-token']).toBe(CREDENTIALS.AWS_SESSION_TOKEN)
    expect(signature).toBe(expectedSignature(request, CREDENTIALS.AWS_SECRET_ACCESS_KEY))
  }
})

test('counts its attempts for the service and keeps one invocation id', async () => {
  const { requests } = await call(pruned, [throttled, parameters])

  expect(requests.map(({ headers }) => headers['amz-sdk-request'])).toEqual(['attempt=1; max=2', 'attempt=2; max=2'])
  expect(new Set(requests.map(({ headers }) => headers['amz-sdk-invocation-id'])).size).toBe(1)
})

test('corrects its clock by the date of a refusal', async () => {
  const anHourAhead = new Date(Date.now() + 3_600_000)
  const skewed = json(
    400,
    { __type: 'InvalidSignatureException', message: 'Signature expired' },
    { date: anHourAhead.toUTCString() },
  )

  const { response, requests } = await call(pruned, [skewed, parameters])

  expect(response).toMatchObject({ status: 200, attempts: 2 })
  const [before, after] = requests.map(({ headers }) => String(headers['x-amz-date']).slice(0, 11))
  const hourOf = (date: Date): string => date.toISOString().replace(/[-:]/g, '').slice(0, 11)
  expect(before).not.toBe(after)
  expect([hourOf(anHourAhead), hourOf(new Date(Date.now() + 3_600_000))]).toContain(after)
})

describe('the signature that the tests expect', () => {
  test('is that of the get-vanilla case of the Signature Version 4 test suite', () => {
    const headers = {
      host: 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
    }

    const request = { method: 'GET', path: '/', headers, body: '' }

    expect(expectedSignature(request, 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY')).toBe(
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    )
  })
})
