/** Several who act at once, call by call in any order: two rotations, and an operator's revocation in the middle of one. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { createSealer } from '../../edge-cache-request-signer/src/sealing.js'
import { STEPS } from '../../key-rotator/src/error.js'
import { revokeKeys } from '../../scripts/operator/revocation.js'
import { ALL_FAULTS, type Fault } from '../support/aws-double/faults.js'
import { START, type Stack, stack, tokenOf } from '../support/aws-double/stack.js'
import { seedOfRun, timesAsLong } from './chance.js'
import { handOut, isLetThrough } from './cookies.js'
import { groupHistory } from './edges.js'
import { invoke, slow } from './invocations.js'
import { type Laws, leftovers, watchLaws } from './laws.js'
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
  readonly laws: Laws
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
  const laws = watchLaws(photos, ours)
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
        for (const step of STEPS) await invoke(photos, step, token, { timeline, latencyMs, decide, after: laws.look })
        return
      } catch {
        await timeline.sleep(MINUTE_MS)
      }
    }
  }
  return { timeline, photos, laws, latencyMs, drive }
}

/** Takes up what is pending, or rotates anew, a day after everybody has stopped: it must go well at once. */
async function rotateCleanly({ timeline, photos }: Scene): Promise<void> {
  const { labels, versions } = photos.secrets
  const pending = labels.get('AWSPENDING')
  const token = pending === undefined || pending === labels.get('AWSCURRENT') ? tokenOf(100 + versions.size) : pending
  const rotation = photos.rotate(token, 3)
  await timeline.runUntil(timeline.now() + DAY_MS)
  await rotation
}

const seed = seedOfRun()
const parameters = { seed, numRuns: 250 * timesAsLong() }

beforeAll(() => {
  process.stdout.write(`concurrency: seed ${seed} (FAULTS_SEED=${seed} repeats it)\n`)
})

describe('two rotations at once', () => {
  it.each([
    ['a repetition of the first', true],
    ['a new one, after the first was given up in its middle', false],
  ])('harm nobody and leave nothing: %s', async (_, isRepetition) => {
    await fc.assert(
      fc.asyncProperty(course, async (given) => {
        const now = await scene(given)
        const { timeline, photos, laws, drive } = now
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

        expect(Object.fromEntries(laws.broken)).toEqual({})
        expect(leftovers(photos, ours)).toEqual([])
        expect(photos.cloudFront.group.items).toHaveLength(3)
      }),
      parameters,
    )
  })
})

/** Revokes as the operator's command does; gives the error if it ends with one. */
async function revoke({ timeline, photos, laws, latencyMs, drive }: Scene): Promise<unknown> {
  const way = async () => {
    await timeline.sleep(latencyMs())
    laws.look()
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
  ])(
    'ends every old cookie, and what signers read stays good: one %s',
    async (_, isGivenUp) => {
      let revoked = 0
      await fc.assert(
        fc.asyncProperty(course, async (given) => {
          const now = await scene(given)
          const { timeline, photos, laws, drive } = now
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

          // That old cookies die is what it is for; nothing else may.
          expect([...laws.broken.keys()].filter((law) => law !== 'a cookie that has not expired is refused')).toEqual(
            [],
          )
          expect(leftovers(photos, ours)).toEqual([])
        }),
        parameters,
      )
      expect(revoked).toBeGreaterThan(parameters.numRuns / 2)
    },
    600_000 * timesAsLong(),
  )
})
