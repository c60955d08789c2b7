/** The edge function as it is shipped, out of its zip, on Lambda's Node: how it speaks to a token endpoint, and what it makes of bad days there. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { unzipSync } from 'fflate'
import { parseViewerRequest } from '../../../edge-cache-request-signer/src/http/request.js'
import { attemptCookies, newAttempt } from '../../../edge-cache-request-signer/src/session/login-state.js'
import { createSealer } from '../../../edge-cache-request-signer/src/signing/seal.js'
import { type Answer, type SeenRequest, type StandIn, startStandIn } from '../../bench/stand-in.js'
import { createWorld, type World } from '../../bench/world.js'
import { HOST, viewerRequest } from '../../support/events.js'
import { callOnce } from './function-process.js'

const root = resolve(__dirname, '..', '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'sign-in-zip-'))
const bundle = join(folder, 'index.js')
const sealer = createSealer([Buffer.alloc(32, 7).toString('base64url')], randomBytes)
let world: World
let standIn: StandIn

const signIn = {
  clientId: 'photos-client',
  clientAuthentication: 'none',
  authorizationEndpoint: 'https://login.example.com/oauth2/authorize',
  tokenEndpoint: 'https://login.example.com/oauth2/token?tenant=a',
  scopes: ['openid'],
  authorizeParams: {},
  viewerParams: [],
  signOutUrl: '/',
  sessionSeconds: 86_400,
}

beforeAll(async () => {
  const zipped = unzipSync(readFileSync(join(root, 'dist', 'edge-cache-request-signer.zip')))
  writeFileSync(bundle, zipped['index.js'] ?? new Uint8Array())
  world = createWorld()
  standIn = await startStandIn()
})

afterAll(async () => {
  await standIn.stop()
  rmSync(folder, { recursive: true })
})

/** What SSM answers, with sign-in in the configuration. */
function parameters(request: SeenRequest): Answer {
  const answer = world.answer(request)
  const { Parameters, ...rest } = JSON.parse(answer.body)
  const [configuration, ...others] = Parameters
  const document = { ...JSON.parse(configuration.Value), signIn }
  const changed = { ...configuration, Value: JSON.stringify(document) }
  return { ...answer, body: JSON.stringify({ ...rest, Parameters: [changed, ...others] }) }
}

/** Comes back with a code, while the token endpoint gives this answer. */
async function comeBack(answer: Answer | undefined) {
  standIn.seen.length = 0
  standIn.answer = (request) => {
    if (request.host.startsWith('ssm.')) return parameters(request)
    return request.host === 'login.example.com' ? answer : world.answer(request)
  }
  const attempt = newAttempt('/', Math.floor(Date.now() / 1000), randomBytes)
  const [kept = ''] = attemptCookies(attempt, parseViewerRequest(viewerRequest()), sealer)
  const [cookie = ''] = kept.split(';')
  const event = viewerRequest({
    path: '/cookie/callback',
    querystring: `code=a%2Bb%26c&state=${attempt.id}`,
    headers: { cookie, accept: 'application/json' },
  })
  const { response, lines } = await callOnce(bundle, event, standIn)
  const asked = standIn.seen.filter(({ host }) => host === 'login.example.com')
  return { response: response as { readonly status: string; readonly body: string }, lines, asked, attempt }
}

const json = (status: number, body: string): Answer => ({
  status,
  body,
  headers: { 'content-type': 'application/json' },
})

test('posts a form with the code and the verifier, once', async () => {
  const { response, asked, attempt } = await comeBack(json(400, '{"error":"invalid_grant"}'))

  expect([response.status, JSON.parse(response.body).error]).toEqual(['400', 'sign_in_failed'])
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject({
    method: 'POST',
    path: '/oauth2/token?tenant=a',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: 'a+b&c',
      code_verifier: attempt.verifier,
      redirect_uri: `https://${HOST}/cookie/callback`,
      client_id: 'photos-client',
    }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', connection: 'close' },
  })
})

test.each<[string, Answer | undefined, string]>([
  [
    'sends it elsewhere',
    { status: 307, body: '', headers: { location: '/other' } },
    'the answer was a redirect (307), which is not followed',
  ],
  ['talks without end', json(200, 'x'.repeat(70_000)), 'the answer was longer than 64 KB'],
  ['never answers', undefined, 'The operation was aborted due to timeout'],
])('answers 503 and says why in the log when the token endpoint %s', async (_what, answer, message) => {
  const { response, lines, asked } = await comeBack(answer)

  expect([response.status, asked.length]).toEqual(['503', 1])
  expect(JSON.stringify(lines.find(({ event }) => event === 'unexpected'))).toContain(message)
  expect(JSON.stringify(lines)).not.toContain('a+b&c')
})
