import { serializeSigningKey } from '../../../contract/secret.js'
import { START, type TestClock } from '../../support/clock.js'
import { keyPair, signingKey } from '../../support/keys.js'
import { accessClaims, mint } from '../../support/tokens.js'
import { signIn } from './visitor.js'
import {
  APP,
  CONFIGURATION_NAME,
  CORS,
  configuration,
  KEY_NAME,
  parameters,
  refusal,
  type TestWorld,
  testWorld,
} from './world.js'

// A day: the tests outwait the caches.
const headers = { authorization: `Bearer ${mint(accessClaims({ exp: START / 1000 + 86_400 }))}` }
const unavailable = (retryAfter: number) =>
  refusal(
    [503, 'Service Unavailable'],
    'temporarily_unavailable',
    'The site cannot sign cookies at the moment. Try again shortly.',
    { 'Retry-After': String(retryAfter) },
  )
const keyless = (more: Record<string, string> = {}) =>
  refusal(
    [503, 'Service Unavailable'],
    'signing_key_unavailable',
    'The site has no signing key yet. Try again shortly.',
    { 'Retry-After': '1', ...more },
  )
const misconfigured = refusal(
  [500, 'Internal Server Error'],
  'server_error',
  'The site is not configured correctly. Its operators find the reason in the log.',
)

class ThrottlingException extends Error {
  override readonly name = 'ThrottlingException'
}

class AccessDeniedException extends Error {
  override readonly name = 'AccessDeniedException'
}

type Reading = () => Promise<ReadonlyMap<string, string>>
const good: Reading = async () => parameters()
const throttled: Reading = async () => Promise.reject(new ThrottlingException('Rate exceeded'))
const denied: Reading = async () => Promise.reject(new AccessDeniedException('not authorized'))
const hanging: Reading = () => new Promise(() => undefined)

/** A world in which SSM answers as `reading` says at the time, and counts. */
function ssm(reading: Reading): { readonly world: TestWorld; readonly calls: () => number; now: Reading } {
  const state = { now: reading }
  const getParameters = jest.fn(() => state.now())
  const world = testWorld({ getParameters })
  return Object.assign(state, { world, calls: () => getParameters.mock.calls.length })
}

/** Asks, and lets `ms` pass meanwhile: what the viewer waits at most. */
async function askWithin(clock: TestClock, ms: number, world: TestWorld) {
  const asked = world.ask({ headers })
  await clock.advance(ms)
  return await asked
}

afterEach(() => jest.restoreAllMocks())

describe('reading configuration and key', () => {
  test('takes one call, by the names that follow from the function, and serves five minutes from it', async () => {
    const getParameters = jest.fn(good)
    const world = testWorld({ getParameters })
    for (const ms of [0, 1_000, 298_999]) {
      world.clock.jump(ms)
      expect((await world.ask({ headers })).status).toBe('200')
    }
    expect(getParameters.mock.calls).toEqual([[[CONFIGURATION_NAME, KEY_NAME]]])
  })

  test('is done once for requests that come together', async () => {
    const { world, calls } = ssm(good)
    const answers = await Promise.all([1, 2, 3].map(() => world.ask({ headers })))
    expect(answers.map(({ status }) => status)).toEqual(['200', '200', '200'])
    expect(calls()).toBe(1)
  })

  test('answers 503 while SSM throttles and nothing is known, and does not ask at every request', async () => {
    const { world, calls } = ssm(denied)
    expect(await world.ask({ headers })).toEqual(unavailable(1))
    expect(await world.ask({ headers })).toEqual(unavailable(1))
    expect(calls()).toBe(1)
  })

  test('tries again for three seconds while SSM throttles and nothing is known', async () => {
    const { world, calls } = ssm(throttled)
    // By this clock's chance after 150, 300, 600 and 1200 ms; 2400 more would be too long.
    const asked = world.ask({ headers })
    const callsAfter: number[] = []
    for (const ms of [149, 1, 299, 1, 599, 1, 1_199, 1]) {
      await world.clock.advance(ms)
      callsAfter.push(calls())
    }
    expect(callsAfter).toEqual([1, 2, 2, 3, 3, 4, 4, 5])
    expect(await asked).toEqual(unavailable(1))
    expect(world.logged().map(({ event, error }) => [event, error])).toEqual([
      ['settings_unreadable', 'ThrottlingException'],
      ['request', undefined],
    ])
  })

  test('serves a viewer at once when another try is let through', async () => {
    const state = ssm(throttled)
    const asked = state.world.ask({ headers })
    await state.world.clock.advance(400)
    state.now = good
    await state.world.clock.advance(50)
    expect((await asked).status).toBe('200')
    expect([state.calls(), state.world.lines.length]).toEqual([3, 1])
  })

  test('waits out what is left of a pause, for whom nothing could be served', async () => {
    const state = ssm(throttled)
    await askWithin(state.world.clock, 2_250, state.world)
    state.now = good
    // The pause after a first failure is 500 ms by this clock's chance.
    const asked = state.world.ask({ headers })
    await state.world.clock.advance(499)
    expect(state.calls()).toBe(5)
    await state.world.clock.advance(1)
    expect((await asked).status).toBe('200')
    expect(state.calls()).toBe(6)
  })

  test('leaves what there is of SSM to new sandboxes while it has something to serve', async () => {
    const state = ssm(good)
    await state.world.ask({ headers })
    state.now = throttled
    state.world.clock.jump(300_000)
    expect((await askWithin(state.world.clock, 5_000, state.world)).status).toBe('200')
    expect(state.calls()).toBe(2)
  })

  test('pauses longer after each failure, up to fifteen seconds, and forgets that after a success', async () => {
    const state = ssm(denied)
    const retryAfter: (string | undefined)[] = []
    for (let round = 0; round < 7; round += 1) {
      const { headers: answered = {} } = await state.world.ask({ headers })
      retryAfter.push(answered['retry-after']?.[0]?.value)
      state.world.clock.jump(8_000)
    }
    expect(retryAfter).toEqual(['1', '1', '2', '4', '8', '8', '8'])
    state.now = good
    expect((await state.world.ask({ headers })).status).toBe('200')
    state.now = denied
    state.world.clock.jump(4_000_000)
    expect(await state.world.ask({ headers })).toEqual(unavailable(1))
  })

  test('answers 503 before Lambda would give up, when SSM hangs', async () => {
    const { world } = ssm(hanging)
    expect(await askWithin(world.clock, 5_000, world)).toEqual(unavailable(1))
    expect(world.logged()[0]).toEqual({
      level: 'error',
      event: 'settings_unreadable',
      error: 'DeadlineError',
      message: 'no answer within 5000 ms',
    })
  })

  test('serves what it has while SSM throttles, and never longer than configured', async () => {
    const state = ssm(good)
    await state.world.ask({ headers })
    state.now = throttled
    state.world.clock.jump(3_899_999)
    expect((await state.world.ask({ headers })).status).toBe('200')
    state.world.clock.jump(1)
    expect(await askWithin(state.world.clock, 5_000, state.world)).toEqual(unavailable(1))
  })

  test('lets a viewer wait 800 ms at most for news while it has something to serve', async () => {
    const state = ssm(good)
    await state.world.ask({ headers })
    state.now = hanging
    state.world.clock.jump(300_000)
    expect((await askWithin(state.world.clock, 800, state.world)).status).toBe('200')
  })

  test.each<[string, string]>([
    ['no value', ''],
    ['rubbish', 'rubbish'],
  ])('serves the old key while the secret has %s', async (_, secret) => {
    const state = ssm(good)
    await state.world.ask({ headers })
    state.now = async () => parameters(configuration, secret)
    state.world.clock.jump(300_000)
    expect((await state.world.ask({ headers })).status).toBe('200')
  })

  test('serves the old configuration while the new one is rubbish, and says so in the log', async () => {
    const state = ssm(good)
    await state.world.ask({ headers })
    state.now = async () => parameters({ ...configuration, version: 2 })
    state.world.clock.jump(300_000)
    expect((await state.world.ask({ headers })).status).toBe('200')
    expect(state.world.logged().map(({ event, message }) => [event, message])).toEqual([
      ['request', undefined],
      ['settings_unreadable', 'the configuration is not usable: version must be 1'],
      ['request', undefined],
    ])
  })
})

describe('before the first rotation', () => {
  const unrotated: Reading = async () => parameters(configuration, '')

  test('there is no signing key, and a page of an allowed origin may know', async () => {
    expect(await ssm(unrotated).world.ask({ headers })).toEqual(keyless())
    expect(await ssm(unrotated).world.ask({ headers: { ...headers, origin: APP } })).toEqual(keyless(CORS))
  })

  test('the answer changes soon after the key is there', async () => {
    const state = ssm(unrotated)
    await state.world.ask({ headers })
    state.now = good
    state.world.clock.jump(1_000)
    expect((await state.world.ask({ headers })).status).toBe('200')
  })
})

describe('further secrets', () => {
  const FINANCE = `${KEY_NAME}-finance`
  const CLIENT_SECRET = KEY_NAME.replace('signing-key', 'client-secret')
  const confidential = { ...signIn, clientAuthentication: 'client_secret_post' as const }
  const document: object = {
    ...configuration,
    grants: [{ paths: ['/*'] }, { paths: ['/finance/*'], signingKey: 'finance' }],
    exclusiveSigningKeys: ['finance'],
    signIn: confidential,
  }
  const secret = serializeSigningKey(signingKey({ keyPairId: 'KFINANCE' }))

  /** SSM, which gives what it is asked for and notes the names. */
  function store(all: () => ReadonlyMap<string, string>) {
    const asked: (readonly string[])[] = []
    const getParameters = async (names: readonly string[]) => {
      asked.push(names)
      return new Map([...all()].filter(([name]) => names.includes(name)))
    }
    return { asked, world: testWorld({ getParameters }) }
  }

  /** SSM with `document`, and from `deny` on with another one, when the role may not read the further secrets any more. */
  function denying(afterwards: object) {
    let isDenied = false
    const { asked, world } = store(() => {
      if (isDenied && (asked.at(-1)?.length ?? 0) > 2) throw new AccessDeniedException('not authorized')
      const now = isDenied ? afterwards : document
      return new Map([...parameters(now), [FINANCE, secret], [CLIENT_SECRET, 's']])
    })
    const deny = () => {
      isDenied = true
    }
    return { world, deny, calls: () => asked.map(({ length }) => length) }
  }

  test('are asked for together with all else, by a second call of a new sandbox and by the only one from then on', async () => {
    const { asked, world } = store(() => new Map([...parameters(document), [FINANCE, secret], [CLIENT_SECRET, 's']]))
    for (const ms of [0, 299_999, 1]) {
      world.clock.jump(ms)
      expect((await world.ask({ headers })).status).toBe('200')
    }
    const all = [CONFIGURATION_NAME, KEY_NAME, CLIENT_SECRET, FINANCE]
    expect(asked).toEqual([[CONFIGURATION_NAME, KEY_NAME], all, all])
  })

  test('are asked for no longer once the configuration does not name them', async () => {
    let now = document
    const { asked, world } = store(() => new Map([...parameters(now), [FINANCE, secret], [CLIENT_SECRET, 's']]))
    for (const changed of [document, configuration, configuration]) {
      now = changed
      world.clock.jump(300_000)
      expect((await world.ask({ headers })).status).toBe('200')
    }
    expect(asked.map(({ length }) => length)).toEqual([2, 4, 4, 2])
  })

  test('are given up when the role may not read them any more, and the configuration does not name them', async () => {
    const { world, calls, ...state } = denying(configuration)
    expect((await world.ask({ headers })).status).toBe('200')
    state.deny()
    world.clock.jump(300_000)
    expect((await world.ask({ headers })).status).toBe('200')
    expect(calls()).toEqual([2, 4, 4, 2])
  })

  test('that the configuration does name and the role may not read leave the old settings in use', async () => {
    const { world, calls, ...state } = denying(document)
    expect((await world.ask({ headers })).status).toBe('200')
    state.deny()
    world.clock.jump(300_000)
    expect((await world.ask({ headers })).status).toBe('200')
    expect(calls()).toEqual([2, 4, 4, 2, 4])
    expect(JSON.stringify(world.logged())).toContain('AccessDeniedException')
  })

  test('that the role may not read are done without by a new sandbox, which has nothing older', async () => {
    const grants = [{ paths: ['/*'] }, { paths: ['/finance/*'], signingKey: 'finance', groups: ['finance'] }]
    const { world, calls, ...state } = denying({ ...document, grants })
    state.deny()
    expect((await world.ask({ headers })).status).toBe('200')
    expect(calls()).toEqual([2, 4])
    expect(JSON.stringify(world.logged())).toContain('AccessDeniedException')
  })

  test('that the role may not read any more are done without once the old settings are too old', async () => {
    const grants = [{ paths: ['/*'] }, { paths: ['/finance/*'], signingKey: 'finance', groups: ['finance'] }]
    const { world, deny } = denying({ ...document, grants })
    expect((await world.ask({ headers })).status).toBe('200')
    deny()
    world.clock.jump(3_900_000)
    expect((await world.ask({ headers })).status).toBe('200')
  })

  test('may be missing as long as nobody needs them', async () => {
    const grants = [{ paths: ['/*'] }, { paths: ['/finance/*'], signingKey: 'finance', groups: ['finance'] }]
    const { world } = store(() => parameters({ ...document, grants }))
    expect((await world.ask({ headers })).status).toBe('200')
  })

  test('are a mistake of the deployer when they are rubbish', async () => {
    const { world } = store(() => new Map([...parameters(document), [FINANCE, '{}']]))
    expect(await world.ask({ headers })).toEqual(misconfigured)
  })
})

describe('what the deployer must mend', () => {
  const secret = JSON.stringify({ ...signingKey(), version: 2, keyPairId: '', note: 'x' })
  const foreignKey = serializeSigningKey({ ...signingKey(), privateKey: keyPair('signing', 'ECDSA-P256').privatePem })
  const broken = serializeSigningKey({
    ...signingKey(),
    privateKey: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
  })

  test.each<[string, ReadonlyMap<string, string>, string]>([
    [
      'no configuration',
      parameters(''),
      `the configuration is not usable: the parameter ${CONFIGURATION_NAME} must exist`,
    ],
    ['a configuration that is no JSON', parameters('{'), 'the configuration is not usable: it must be JSON'],
    [
      'two wrong fields',
      parameters({ ...configuration, hosts: [], sites: [] }),
      'the configuration is not usable: sites is not known; hosts must be a list of 1 to 100 items',
    ],
    [
      'a secret with three wrong fields',
      parameters(configuration, secret),
      'the signing-key secret is not usable: version must be 1; keyPairId must be the id of a CloudFront public key; note is not known',
    ],
    [
      'a key of another algorithm',
      parameters(configuration, foreignKey),
      'the signing-key secret is not usable: privateKey must hold a key of the algorithm RSA-2048',
    ],
    [
      'a key that is none',
      parameters(configuration, broken),
      'the signing-key secret is not usable: privateKey must hold a key of the algorithm RSA-2048',
    ],
  ])('is a 500 without a reason for the viewer, and with one in the log: %s', async (_, values, message) => {
    const world = testWorld({ getParameters: async () => values })
    expect(await world.ask({ headers })).toEqual(misconfigured)
    expect(world.logged().map((line) => [line.event, line.message, line.reason])).toEqual([
      ['settings_unreadable', message, undefined],
      ['request', undefined, 'configuration_invalid'],
    ])
  })
})
