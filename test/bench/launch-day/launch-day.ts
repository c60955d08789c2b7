/** The first hour and a half of a site that everybody has waited for, played through in virtual time. */

import { serializeSigningKey } from '../../../contract/secret.js'
import type { Configuration } from '../../../edge-cache-request-signer/src/configuration/configuration.js'
import { seededRandom } from '../../faults/seeded-random.js'
import { START } from '../../support/clock.js'
import { HOST } from '../../support/events.js'
import { signingKey } from '../../support/keys.js'
import { CLIENT_ID, ISSUER, KEY_SET, LOGIN, loginPage, TOKENS } from './login-page.js'
import { parameterStore, type Throughput } from './parameter-store.js'
import { person, type Wish } from './people.js'
import { createEdge, type Placement } from './sandboxes.js'
import { virtualTime } from './virtual-time.js'

/** What is assumed. */
export interface Scenario extends Throughput, Placement {
  readonly people: number
  /** They come evenly within so many minutes. */
  readonly withinMinutes: number
  readonly seed: number
}

/** What came of it. */
export interface Course {
  readonly scenario: Scenario
  /** Met wishes; three a person, if everybody was answered. */
  readonly wishes: readonly Wish[]
  readonly requests: number
  readonly sandboxes: number
  readonly sandboxesInBusiestMinute: number
  readonly calls: number
  readonly throttled: number
}

const FUNCTION_NAME = 'photos-signer-abcd1234'

/** What Terraform writes with its defaults, for an issuer of one's own. */
const configuration: Configuration = {
  version: 1,
  hosts: [HOST],
  oidc: { issuer: ISSUER, jwksUri: KEY_SET, audiences: [CLIENT_ID], groupsClaim: 'groups' },
  grants: [{ paths: ['/*'] }],
  signIn: {
    clientId: CLIENT_ID,
    clientAuthentication: 'none',
    authorizationEndpoint: LOGIN,
    tokenEndpoint: TOKENS,
    scopes: ['openid'],
    authorizeParams: {},
    viewerParams: [],
    signOutUrl: '/.sign-in/signed-out.html',
    sessionSeconds: 2_592_000,
  },
  cookies: { lifetimeSeconds: 3_600, sameSite: 'Lax', hashAlgorithm: 'SHA1', bindToIp: false },
  cors: { allowedOrigins: [] },
  cache: { freshSeconds: 300, staleSeconds: 3_600 },
}

/**
 * Plays a scenario through. One seed gives one course: the clock and the randomness of the whole process are the model's meanwhile.
 *
 * @throws Error if somebody gets an answer that is neither good nor a 503 that says when to ask again.
 */
export async function play(scenario: Scenario): Promise<Course> {
  const random = seededRandom(scenario.seed)
  const time = virtualTime(START)
  const real = { now: Date.now, random: Math.random }
  Date.now = time.now
  Math.random = random.number
  try {
    return await played(scenario, { random, time })
  } finally {
    Date.now = real.now
    Math.random = real.random
  }
}

async function played(
  scenario: Scenario,
  { random, time }: { random: ReturnType<typeof seededRandom>; time: ReturnType<typeof virtualTime> },
): Promise<Course> {
  const key = signingKey({ algorithm: 'ECDSA-P256' })
  const values = new Map([
    [`/${FUNCTION_NAME}/configuration`, JSON.stringify(configuration)],
    [`/aws/reference/secretsmanager/${FUNCTION_NAME}/signing-key`, serializeSigningKey(key)],
  ])
  const store = parameterStore(values, scenario, time, random)
  const provider = loginPage()
  const edge = createEdge({ time, random, store, provider, functionName: FUNCTION_NAME }, scenario)
  const wishes: Wish[] = []
  const onAnswer = (wish: Wish) => wishes.push(wish)
  const everybody = Array.from({ length: scenario.people }, () =>
    person({ time, random, edge, provider, onAnswer }, random.number() * scenario.withinMinutes * 60_000),
  )
  await Promise.all([...everybody, time.run()])
  return {
    scenario,
    wishes,
    requests: edge.invocations(),
    sandboxes: edge.beginnings.length,
    sandboxesInBusiestMinute: busiestMinute(edge.beginnings),
    calls: store.calls(),
    throttled: store.throttled(),
  }
}

/** The most moments that lie within any one minute; they are in order. */
function busiestMinute(moments: readonly number[]): number {
  let first = 0
  return moments.reduce((most, moment, index) => {
    while ((moments[first] ?? moment) <= moment - 60_000) first += 1
    return Math.max(most, index - first + 1)
  }, 0)
}
