import { METRICS_NAMESPACE } from '../../../contract/metrics.js'
import { serializeSigningKey } from '../../../contract/secret.js'
import { describeError, requestLine } from '../../../edge-cache-request-signer/src/log.js'
import { START } from '../../support/clock.js'
import { keyPair, signingKey } from '../../support/keys.js'
import { accessClaims, idClaims, mint } from '../../support/tokens.js'
import { APP, configuration, parameters, testWorld } from './world.js'

const record = {
  route: 'GET /cookie/',
  status: 200,
  reason: 'ok',
  functionName: 'photos-signer-abcd1234',
  time: START,
  ms: 12,
}
const embedded = (metric: string) => ({
  FunctionName: 'photos-signer-abcd1234',
  [metric]: 1,
  _aws: {
    Timestamp: START,
    CloudWatchMetrics: [
      {
        Namespace: METRICS_NAMESPACE,
        Dimensions: [['FunctionName']],
        Metrics: [{ Name: metric, Unit: 'Count' }],
      },
    ],
  },
})

describe('requestLine', () => {
  test.each<[string, object, object]>([
    [
      'an exchange',
      { success: 'Exchanges', subject: 'ada' },
      { subject: 'fdee430d40bd57de', ...embedded('Exchanges') },
    ],
    ['a sign-in', { success: 'SignIns', status: 302 }, embedded('SignIns')],
    ['a renewal', { success: 'Renewals' }, embedded('Renewals')],
    ['a sign-out', { success: 'SignOuts', status: 303 }, embedded('SignOuts')],
    ['a detour', { status: 302, because: 'session_over' }, { because: 'session_over' }],
    ['a success that is none', {}, {}],
    ['a refusal', { status: 401, reason: 'token_expired' }, embedded('Refusals')],
    ['a failure', { status: 503, reason: 'signing_key_absent', level: 'error' }, embedded('Failures')],
  ])('tells of %s in one line', (_, changes, more) => {
    const { level = 'info', ...rest } = changes as { level?: string }
    const line = requestLine({ ...record, ...rest })
    expect(JSON.parse(line)).toEqual({
      level,
      event: 'request',
      route: 'GET /cookie/',
      status: 200,
      reason: 'ok',
      ms: 12,
      ...Object.fromEntries(Object.entries(rest).filter(([key]) => key === 'status' || key === 'reason')),
      ...more,
    })
    expect(line).not.toContain('\n')
  })
})

describe('describeError', () => {
  test('follows the causes', () => {
    const error = new TypeError('outer', { cause: new RangeError('inner', { cause: 'text' }) })
    expect(describeError(error)).toEqual({
      error: 'TypeError',
      message: 'outer',
      cause: {
        error: 'RangeError',
        message: 'inner',
        cause: { error: 'unknown', message: 'something that is no error was thrown' },
      },
    })
  })

  test('cuts a message that has no end', () => {
    expect(describeError(new Error('x'.repeat(5_000))).message.length).toBe(1_000)
  })
})

describe('what is secret', () => {
  const canary = 'CANARY0123456789'
  const key = signingKey({ sealingKeys: [`${canary}${'A'.repeat(27)}`] })
  const pem = keyPair('signing').privatePem.split('\n')[5] ?? ''
  const bad = (changes: object) => JSON.stringify({ ...key, ...changes })
  const header = (token: string) => ({ authorization: `Bearer ${token}` })
  const claims = { email: canary, jti: canary, username: canary, [canary]: canary }
  const rejects = (message: string) => async () => Promise.reject(new Error(message))

  afterEach(() => jest.restoreAllMocks())

  test.each<[string, Parameters<typeof testWorld>[0], Record<string, string>, string]>([
    ['a good token', {}, header(mint(accessClaims(claims))), '/cookie/'],
    ['a good ID token', {}, header(mint(idClaims(claims))), '/cookie/'],
    ['an expired token', {}, header(mint(accessClaims({ ...claims, exp: 1 }))), '/cookie/'],
    ['a token of another issuer', {}, header(mint(accessClaims({ iss: canary }))), '/cookie/'],
    ['a token with another kid', {}, header(mint(accessClaims(), { header: { kid: canary } })), '/cookie/'],
    ['a token with another algorithm', {}, header(mint(accessClaims(), { header: { alg: canary } })), '/cookie/'],
    ['a token of another client', {}, header(mint(accessClaims({ client_id: canary }))), '/cookie/'],
    ['a token of another use', {}, header(mint(accessClaims({ token_use: canary }))), '/cookie/'],
    ['garbage for a token', {}, header(canary), '/cookie/'],
    ['garbage for a header', {}, { authorization: `Bearer ${canary} ${canary}` }, '/cookie/'],
    ['a password', {}, { authorization: `Basic ${canary}` }, '/cookie/'],
    ['cookies', {}, { cookie: `CloudFront-Signature=${canary}` }, '/cookie/remove'],
    ['an unknown path', {}, {}, `/cookie/${canary}`],
    ['a strange host', {}, { host: `${canary}.example` }, '/cookie/'],
    ['a foreign origin', {}, { ...header(mint()), origin: `https://${canary}` }, '/cookie/'],
    [
      'a wrong secret',
      { getParameters: async () => parameters(configuration, bad({ version: 2 })) },
      header(mint()),
      '/cookie/',
    ],
    [
      'a secret in the wrong field',
      { getParameters: async () => parameters(configuration, bad({ algorithm: canary, [`${pem}${canary}`]: 1 })) },
      header(mint()),
      '/cookie/',
    ],
    [
      'a torn secret',
      { getParameters: async () => parameters(configuration, bad({}).slice(0, -9)) },
      header(mint()),
      '/cookie/',
    ],
    ['a secret for a configuration', { getParameters: async () => parameters(bad({})) }, header(mint()), '/cookie/'],
    ['a key set that is a secret', { fetchJwks: async () => canary }, header(mint()), '/cookie/'],
  ])('is in no log line and in no answer: %s', async (_, changes, headers, path) => {
    const world = testWorld({
      getParameters: async () => parameters(configuration, serializeSigningKey(key)),
      ...changes,
    })
    const answers = [await world.ask({ path, headers, querystring: canary })]
    answers.push(await world.ask({ path, headers: { origin: APP, ...headers } }))
    const told = [...world.lines, ...answers.map((answer) => JSON.stringify(answer))].join('\n')
    expect(world.lines.length).toBeGreaterThan(1)
    expect(told).not.toContain(canary)
    expect(told).not.toContain(pem)
    for (const token of headers.authorization?.split(' ').slice(1) ?? []) expect(told).not.toContain(token)
  })

  test('what AWS says of a failure is for the log and not for the viewer', async () => {
    const world = testWorld({ getParameters: rejects('User: arn:aws:sts::1:assumed-role/r is not authorized') })
    const answer = await world.ask({ headers: header(mint()) })
    expect(JSON.stringify(answer)).not.toContain('arn:')
    expect(world.lines[0]).toContain('arn:aws:sts::1:assumed-role/r is not authorized')
  })
})
