/**
 * Concurrent actors, call by call in any order: one step invoked twice, two rotations, and an operator's revocation in the
 * middle of a rotation. In the end id and private key belong together, the group trusts the key, and no upload is left.
 */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { createSealer } from '../../edge-cache-request-signer/src/signing/seal.js'
import { STEPS } from '../../key-rotator/src/error.js'
import { createRotator } from '../../key-rotator/src/rotator.js'
import { revokeKeys } from '../../scripts/operator/revocation.js'
import { ALL_FAULTS, type Fault, paced } from '../support/aws-double/faults.js'
import { START, type Stack, stack, tokenOf } from '../support/aws-double/stack.js'
import { runs } from '../support/tier.js'
import { handOut, isLetThrough } from './cookies.js'
import { groupHistory } from './edge-locations.js'
import { BROKEN_BY_A_REVOCATION, type Invariants, watchInvariants, wrongAtRest } from './invariants.js'
import { invoke, slow } from './invocations.js'
import { ours } from './subjects.js'
import { type Timeline, timelineFrom } from './timeline.js'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** How one run goes: how long each call takes, which of them meet a fault, and when the second one begins. */
interface Course {
  readonly latencies: readonly number[]
  readonly faults: ReadonlyMap<number, Fault>
  readonly startsAfterMs: number
}

const course: fc.Arbitrary<Course> = fc.record({
  // Mostly calls of a second; now and then one that hangs for minutes, through all the retries of the SDK.
  latencies: fc.array(
    fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 2_000 }) }, fc.integer({ min: 1, max: 240_000 })),
    {
      minLength: 1,
      maxLength: 40,
    },
  ),
  faults: fc
    .array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.constantFrom(...ALL_FAULTS)), { maxLength: 3 })
    .map((faults) => new Map(faults)),
  startsAfterMs: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 15 * MINUTE_MS })),
})

interface Scene {
  readonly timeline: Timeline
  readonly photos: Stack
  readonly invariants: Invariants
  readonly latencyMs: () => number
  /** Secrets Manager's tries of one rotation. */
  readonly drive: (token: string, tries: number) => Promise<void>
}

/** A stack two days old whose third rotation is due, and the actors' common course. */
async function scene({ latencies, faults }: Course): Promise<Scene> {
  const timeline = timelineFrom(START)
  const photos = stack({ clock: timeline })
  photos.cloudFront.seed('partner', { trusted: true })
  photos.cloudFront.seed('elsewhere')
  const invariants = watchInvariants(photos, ours)
  for (const number of [1, 2]) {
    const rotation = photos.rotate(tokenOf(number))
    await timeline.runUntil(timeline.now() + DAY_MS)
    await rotation
  }
  let ways = 0
  let calls = 0
  const latencyMs = () => {
    ways += 1
    return latencies[ways % latencies.length] ?? 1
  }
  const decide = () => {
    calls += 1
    return faults.get(calls)
  }
  const drive = async (token: string, tries: number) => {
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      try {
        for (const step of STEPS)
          await invoke(photos, step, token, { timeline, latencyMs, decide, after: invariants.look })
        return
      } catch {
        await timeline.sleep(MINUTE_MS)
      }
    }
  }
  return { timeline, photos, invariants, latencyMs, drive }
}

/** Takes up what is pending, or rotates anew, a day after everybody has stopped: it must go well at once. */
async function rotateCleanly({ timeline, photos }: Scene): Promise<void> {
  const { labels, versions } = photos.secrets
  const pending = labels.get('AWSPENDING')
  const token = pending === undefined || pending === labels.get('AWSCURRENT') ? tokenOf(100 + versions.size) : pending
  const rotation = photos.rotate(token, 3)
  await timeline.runUntil(timeline.now() + DAY_MS)
  await rotation
  expect(labels.get('AWSCURRENT')).toBe(token)
}

const parameters = runs(100, 250)

describe('two rotations at once', () => {
  it.each([
    ['a repetition of the first', true],
    ['a new one, after the first was given up in its middle', false],
  ])('harm nobody and leave nothing: %s', async (_, isRepetition) => {
    await fc.assert(
      fc.asyncProperty(course, async (given) => {
        const now = await scene(given)
        const { timeline, photos, invariants, drive } = now
        photos.secrets.beginRotation(tokenOf(3))
        const second = async () => {
          await timeline.sleep(given.startsAfterMs)
          if (isRepetition) return await drive(tokenOf(3), 3)
          if (photos.secrets.labels.get('AWSCURRENT') !== tokenOf(3)) photos.secrets.labels.delete('AWSPENDING')
          photos.secrets.beginRotation(tokenOf(4))
          await drive(tokenOf(4), 3)
        }
        const both = Promise.all([drive(tokenOf(3), 3), second()])
        await timeline.runUntil(timeline.now() + DAY_MS)
        await both

        for (let count = 0; count < 3; count += 1) await rotateCleanly(now)

        expect(Object.fromEntries(invariants.broken)).toEqual({})
        expect(Object.fromEntries(wrongAtRest(photos, ours))).toEqual({})
        expect(photos.cloudFront.group.items).toHaveLength(3)
      }),
      parameters,
    )
  })
})

/** Lets two actors proceed call by call: `schedule` says whose turn it is, and what is left over alternates. */
function turns(schedule: readonly boolean[]) {
  const waiting: [(() => void)[], (() => void)[]] = [[], []]
  let index = 0
  const advance = () => {
    const wanted = (schedule[index] ?? index % 2 === 0) ? 0 : 1
    index += 1
    const go = waiting[wanted].shift() ?? waiting[1 - wanted]?.shift()
    go?.()
  }
  const turn = (actor: 0 | 1) => () =>
    new Promise<void>((resolve) => {
      waiting[actor].push(resolve)
    })
  return { turn, advance }
}

/** Invokes a step twice at once; an actor whose `dies` is reached never returns. */
async function runBoth(photos: Stack, step: string, schedule: readonly boolean[], dies: readonly [number, number]) {
  const { turn, advance } = turns(schedule)
  let settled = 0
  const actor = (number: 0 | 1) => {
    let calls = 0
    const wait = () => {
      calls += 1
      if (calls <= dies[number]) return turn(number)()
      settled += 1
      return new Promise<void>(() => undefined)
    }
    const world = {
      ...photos.world,
      cloudFront: paced(photos.world.cloudFront, wait),
      secrets: paced(photos.world.secrets, wait),
    }
    const event = { Step: step, SecretId: photos.secretId, ClientRequestToken: tokenOf(2) }
    return createRotator(world, () => photos.configuration)(event, { getRemainingTimeInMillis: () => 900_000 }).finally(
      () => {
        settled += 1
      },
    )
  }
  const both = [actor(0), actor(1)]
  for (const one of both) one.catch(() => undefined)
  while (settled < 2) {
    await new Promise((resolve) => setImmediate(resolve))
    advance()
  }
}

const schedule = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 })
const death = fc.oneof(
  { weight: 3, arbitrary: fc.constant(1_000) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 16 }) },
)

describe.each(['createSecret', 'setSecret', 'finishSecret'])('%s, twice at once', (step) => {
  it('ends in one pair that belongs together and is trusted', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, fc.tuple(death, death), async (order, dies) => {
        const photos = stack()
        photos.cloudFront.seed('partner', { trusted: true })
        await photos.rotate(tokenOf(1))
        photos.advance((30 * DAY_MS) / 1000)
        const invariants = watchInvariants(photos, ours)
        photos.secrets.beginRotation(tokenOf(2))
        for (const before of ['createSecret', 'setSecret', 'testSecret']) {
          if (before === step) break
          await photos.step(before, tokenOf(2))
          if (step === 'setSecret') break
        }

        await runBoth(photos, step, order, dies)
        await photos.rotate(tokenOf(2))

        expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(2))
        expect(Object.fromEntries(invariants.broken)).toEqual({})
        expect(Object.fromEntries(wrongAtRest(photos, ours))).toEqual({})
        expect(photos.cloudFront.group.items).toHaveLength(3)
      }),
      runs(100, 150),
    )
  })
})

/** Revokes as the operator's command does; gives the error if it ends with one. */
async function revoke({ timeline, photos, invariants, latencyMs, drive }: Scene): Promise<unknown> {
  const way = async () => {
    await timeline.sleep(latencyMs())
    invariants.look()
  }
  const { cloudFront, secrets } = photos
  let count = 200
  const world = {
    cloudFront: slow(cloudFront, way),
    secrets: {
      ...slow(secrets, way),
      rotateSecret: async ({ ClientRequestToken: token = '' }) => {
        await way()
        try {
          secrets.beginRotation(token)
        } catch (error) {
          drive(secrets.labels.get('AWSPENDING') ?? '', 3).catch(() => undefined)
          throw error
        }
        drive(token, 3).catch(() => undefined)
        return { ARN: photos.secretId, VersionId: token }
      },
    },
    newToken: () => {
      count += 1
      return tokenOf(count)
    },
    now: timeline.now,
    sleep: timeline.sleep,
    say: () => undefined,
  }
  const { name, retireAfterSeconds } = photos.configuration
  const place = {
    name,
    label: null,
    owner: name,
    secretId: photos.secretId,
    keyGroupId: cloudFront.group.id,
    retireAfterSeconds,
  }
  return await revokeKeys(world, place).catch((error: unknown) => error)
}

describe('a revocation in the middle of a rotation', () => {
  it.each([
    ['that goes on', false],
    ['that was given up, and does not know it', true],
  ])('ends every old cookie, and what signers read stays good: one %s', async (_, isGivenUp) => {
    let revoked = 0
    await fc.assert(
      fc.asyncProperty(course, async (given) => {
        const now = await scene(given)
        const { timeline, photos, invariants, drive } = now
        const before = [ours.signingKey(photos)].flatMap((key) => (key === undefined ? [] : [key]))
        const old = before.map(handOut)
        const sealed = before.map(({ sealingKeys }) => createSealer(sealingKeys, randomBytes).seal('session', {}))
        photos.secrets.beginRotation(tokenOf(3))
        const scheduled = drive(tokenOf(3), 3)
        let outcome: unknown
        timeline.after(given.startsAfterMs, () => {
          const isPending = photos.secrets.labels.get('AWSCURRENT') !== tokenOf(3)
          if (isGivenUp && isPending) photos.secrets.labels.delete('AWSPENDING')
          revoke(now).then(
            (ended) => {
              outcome = ended
            },
            () => undefined,
          )
        })
        await timeline.runUntil(timeline.now() + DAY_MS)
        await scheduled
        const trusted = groupHistory(photos.cloudFront, photos.now).within(0)[0]?.keys ?? new Map()
        if (!(outcome instanceof Error)) {
          revoked += 1
          expect(old.map((cookies) => isLetThrough(cookies, trusted))).toEqual([false])
          const { sealingKeys = [] } = photos.keyOf('AWSCURRENT') ?? {}
          const { open } = createSealer(sealingKeys, randomBytes)
          expect(sealed.map((session) => open('session', session))).toEqual([undefined])
          expect([...photos.secrets.tags]).toEqual([])
        }

        for (let count = 0; count < 2; count += 1) await rotateCleanly(now)

        expect([...invariants.broken.keys()].filter((one) => !BROKEN_BY_A_REVOCATION.includes(one))).toEqual([])
        expect(Object.fromEntries(wrongAtRest(photos, ours))).toEqual({})
      }),
      parameters,
    )
    expect(revoked).toBeGreaterThan(parameters.numRuns / 2)
  })
})
