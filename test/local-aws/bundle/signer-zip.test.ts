/** The edge function as it is shipped, out of its zip, on Lambda's Node: what it sends to AWS, and what it makes of bad days. */
import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { unzipSync } from 'fflate'
import { type Answer, type StandIn, startStandIn } from '../../bench/stand-in.js'
import { createWorld, FUNCTION_NAME, type World } from '../../bench/world.js'
import { CREDENTIALS, callOnce } from './function-process.js'
import { authorizationOf, expectedSignature } from './sigv4.js'

const root = resolve(__dirname, '..', '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'signer-zip-'))
const bundle = join(folder, 'index.js')
let world: World
let standIn: StandIn

interface Response {
  readonly status: string
  readonly headers: Readonly<Record<string, readonly { readonly value: string }[]>>
  readonly body: string
}

beforeAll(async () => {
  const [[name, code] = ['', new Uint8Array()], ...others] = Object.entries(
    unzipSync(readFileSync(join(root, 'dist', 'edge-cache-request-signer.zip'))),
  )
  expect([name, others]).toEqual(['index.js', []])
  writeFileSync(bundle, code)
  world = createWorld()
  standIn = await startStandIn()
})

afterAll(async () => {
  await standIn.stop()
  rmSync(folder, { recursive: true })
})

/** Calls the function while SSM gives these answers in turn, the key set being there all the time. */
async function exchange(...answers: readonly (Answer | undefined)[]) {
  standIn.seen.length = 0
  const left = [...answers]
  standIn.answer = (request) =>
    request.host.startsWith('ssm.') && left.length > 0 ? left.shift() : world.answer(request)
  const { response, lines } = await callOnce(bundle, world.bearerEvent(), standIn)
  const calls = standIn.seen.filter(({ host }) => host.startsWith('ssm.'))
  return { response: response as Response, lines, calls, others: standIn.seen.filter((it) => !calls.includes(it)) }
}

const failure = (status: number, type: string): Answer => ({
  status,
  body: JSON.stringify({ __type: type, message: `the message of ${type}` }),
})

const logged = (lines: readonly Record<string, unknown>[], event: string) =>
  lines.filter((line) => line.event === event)

test('asks SSM once, in its home region, for configuration and key, and signs the question', async () => {
  const { response, calls, others } = await exchange()

  expect(response.status).toBe('200')
  expect(calls).toHaveLength(1)
  const [call] = calls
  if (call === undefined) throw new Error('no call')
  expect([call.method, call.host, call.path]).toEqual(['POST', 'ssm.us-east-1.amazonaws.com', '/'])
  expect(call.headers['x-amz-target']).toBe('AmazonSSM.GetParameters')
  expect(JSON.parse(call.body)).toEqual({
    Names: [`/${FUNCTION_NAME}/configuration`, `/aws/reference/secretsmanager/${FUNCTION_NAME}/signing-key`],
    WithDecryption: true,
  })
  expect(authorizationOf(call)).toMatchObject({
    accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
    scope: expect.stringMatching(/^\d{8}\/us-east-1\/ssm\/aws4_request$/),
  })
  expect(authorizationOf(call).signature).toBe(expectedSignature(call, CREDENTIALS.AWS_SECRET_ACCESS_KEY))
  expect(call.headers['x-amz-security-token']).toBe(CREDENTIALS.AWS_SESSION_TOKEN)
  expect(others.map(({ host, path }) => host + path)).toEqual([
    'cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123/.well-known/jwks.json',
  ])
})

test('hands out cookies whose signature the key’s public half confirms', async () => {
  const { response } = await exchange()

  const cookies = new Map(
    response.headers['set-cookie']?.map(({ value }) => [
      value.split('=')[0] ?? '',
      (value.split(';')[0] ?? '').replace(/^[^=]*=/, ''),
    ]),
  )
  const decoded = (name: string): Buffer =>
    Buffer.from((cookies.get(name) ?? '').replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64')
  const policy = decoded('CloudFront-Policy')
  expect(JSON.parse(policy.toString()).Statement[0].Resource).toBe('https://d111111abcdef8.cloudfront.net/*')
  expect(verify('SHA1', policy, createPublicKey(world.signingKey), decoded('CloudFront-Signature'))).toBe(true)
  expect(cookies.get('CloudFront-Key-Pair-Id')).toBe('K2JCJMDEHXQW5F')
})

test('asks again when SSM throttles', async () => {
  const { response, calls } = await exchange(failure(400, 'ThrottlingException'))

  expect(response.status).toBe('200')
  expect(calls.map(({ headers }) => headers['amz-sdk-request'])).toEqual(['attempt=1; max=1', 'attempt=1; max=1'])
})

/** More than there is time to ask for. */
const always = (answer: Answer): readonly Answer[] => Array.from({ length: 100 }, () => answer)

// The pauses between two calls are jittered, so only what is told once for all has an exact number of calls.
test.each<[string, readonly (Answer | undefined)[], { readonly least: number; readonly most: number }, string]>([
  ['throttles without end', always(failure(400, 'ThrottlingException')), { least: 3, most: 40 }, 'ThrottlingException'],
  ['is broken', always(failure(500, 'InternalServerError')), { least: 3, most: 40 }, 'InternalServerError'],
  ['refuses', [failure(400, 'AccessDeniedException')], { least: 1, most: 1 }, 'AccessDeniedException'],
  // How many calls fit into the time depends on the machine: the exact number is shown with a clock of the tests' own.
  ['never answers', [undefined, undefined, undefined], { least: 1, most: 2 }, '(Timeout|Deadline)Error'],
  ['talks rubbish', [{ status: 200, body: '<html>' }], { least: 1, most: 1 }, 'SyntaxError'],
])('answers 503 and says why in the log when SSM %s', async (_what, answers, { least, most }, error) => {
  const { response, lines, calls } = await exchange(...answers)

  expect(response.status).toBe('503')
  expect(response.headers['retry-after']).toEqual([{ key: 'Retry-After', value: expect.stringMatching(/^[1-9]\d*$/) }])
  expect(calls.length).toBeGreaterThanOrEqual(least)
  expect(calls.length).toBeLessThanOrEqual(most)
  expect(logged(lines, 'settings_unreadable')).toEqual([
    expect.objectContaining({ error: expect.stringMatching(`^${error}$`) }),
  ])
  expect(response.body.includes(error)).toBe(false)
})
