/**
 * Two signing keys of one stack that rotate at the same time: one account with room for ten public keys, one key group
 * and one secret each. Every call of one rotation is once the moment at which the whole other one happens, and it fails
 * in every way (in the quick tier in two of them); then both are mixed call by call at random.
 */
import fc from 'fast-check'
import { STEPS } from '../../key-rotator/src/error.js'
import { revokeKeys } from '../../scripts/operator/revocation.js'
import { ALL_FAULTS, type Fault } from '../support/aws-double/faults.js'
import { START, type Stack, tokenOf } from '../support/aws-double/stack.js'
import { testOperator } from '../support/operator-world.js'
import { amount, runs, seed } from '../support/tier.js'
import { BROKEN_BY_A_REVOCATION } from './invariants.js'
import { invoke } from './invocations.js'
import { DAY_SECONDS } from './scenarios.js'
import { seededRandom } from './seeded-random.js'
import { type Timeline, timelineFrom } from './timeline.js'
import { age, type Side, type TwoSecrets, troubles, twoSecrets } from './two-secrets.js'

const MINUTE_MS = 60_000
const DAY_MS = DAY_SECONDS * 1000

/**
 * Both come to the end of what they have begun, and rotate twice more without a fault. Where there is hardly any room,
 * one of them may find none until the other one's next rotation has deleted what a fault has left there: none takes the
 * other's keys.
 */
async function healBoth({ main, further }: TwoSecrets, isCrowded: boolean): Promise<void> {
  for (const { photos } of isCrowded ? [main, further] : []) {
    photos.advance(DAY_SECONDS)
    await photos.pass(tokenOf(100)).catch(() => undefined)
  }
  for (const { photos } of [main, further]) {
    photos.advance(1_200)
    if (photos.secrets.labels.get('AWSCURRENT') !== tokenOf(100)) await photos.pass(tokenOf(100))
  }
  for (const number of [101, 102]) {
    main.photos.advance(DAY_SECONDS)
    for (const { photos } of [main, further]) await photos.rotate(tokenOf(number))
  }
}

/** Two stacks' keys, their third rotation due; so many public keys of others besides. */
async function prepared(rotations: number, others: number): Promise<TwoSecrets> {
  const both = twoSecrets({ page: 100 })
  await age(both, rotations)
  for (let number = 1; number <= others; number += 1) both.main.photos.cloudFront.seed(`other-${number}`)
  for (const { photos } of [both.main, both.further]) photos.secrets.beginRotation(tokenOf(100))
  return both
}

/** One pass of `first`, at whose call number `at` the whole pass of `second` happens; gives the number of calls of `first`. */
async function interleaved(first: Side, second: Side, at: number, fault: Fault | undefined): Promise<number> {
  let calls = 0
  first.hook = async () => {
    calls += 1
    if (calls === at) await second.photos.pass(tokenOf(100)).catch(() => undefined)
  }
  // The hook does not see the probe, the plan does; so the fault is put by the hook's count.
  first.photos.setFaults((action) => (action !== 'get' && calls === at ? fault : undefined))
  await first.photos.pass(tokenOf(100)).catch(() => undefined)
  first.photos.setFaults(undefined)
  first.hook = async () => undefined
  return calls
}

const SITUATIONS = [
  ['the first rotation of both', 0, 0],
  ['the second rotation of both', 1, 0],
  ['a retirement due for both', 2, 0],
  ['one place left in the account', 2, 3],
  ['a full account', 2, 4],
] as const

describe('a rotation that meets the whole rotation of the other key', () => {
  it.each(SITUATIONS)('at any call, with any fault there, harms neither: %s', async (_, rotations, others) => {
    const random = seededRandom(seed)
    const faults = [undefined, ...ALL_FAULTS]
    const both = await prepared(rotations, others)
    const restore = both.save()
    for (const [first, second] of [
      [both.main, both.further],
      [both.further, both.main],
    ] as const) {
      restore()
      const calls = await interleaved(first, second, 0, undefined)
      expect(calls).toBeGreaterThan(20)
      for (let at = 1; at <= calls; at += 1) {
        for (const fault of random.sample(faults, amount(2, faults.length))) {
          restore()
          await interleaved(first, second, at, fault)
          await healBoth(both, others >= 3)

          expect([first.photos.owner, at, fault, troubles(both)]).toEqual([first.photos.owner, at, fault, []])
        }
      }
    }
  })
})

/** How a random run goes. */
interface Course {
  readonly latencies: readonly number[]
  readonly faults: ReadonlyMap<number, Fault>
  readonly startsAfterMs: number
  readonly others: number
}

const course: fc.Arbitrary<Course> = fc.record({
  latencies: fc.array(
    fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 2_000 }) }, fc.integer({ max: 240_000, min: 1 })),
    {
      minLength: 1,
      maxLength: 40,
    },
  ),
  faults: fc
    .array(fc.tuple(fc.integer({ min: 1, max: 150 }), fc.constantFrom(...ALL_FAULTS)), { maxLength: 6 })
    .map((faults) => new Map(faults)),
  startsAfterMs: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 15 * MINUTE_MS })),
  others: fc.integer({ min: 0, max: 4 }),
})

interface Scene extends TwoSecrets {
  readonly timeline: Timeline
  /** Secrets Manager's tries of one rotation. */
  readonly drive: (side: Side, token: string, tries: number) => Promise<void>
}

async function scene({ latencies, faults, others }: Course): Promise<Scene> {
  const timeline = timelineFrom(START)
  const both = twoSecrets({ clock: timeline })
  const { main, further } = both
  for (const number of [1, 2]) {
    const rotations = [main, further].map(({ photos }) => photos.rotate(tokenOf(number)))
    await timeline.runUntil(timeline.now() + DAY_MS)
    await Promise.all(rotations)
  }
  for (let number = 1; number <= others; number += 1) main.photos.cloudFront.seed(`other-${number}`)
  let ways = 0
  let calls = 0
  const circumstances = {
    timeline,
    latencyMs: () => {
      ways += 1
      return latencies[ways % latencies.length] ?? 1
    },
    decide: () => {
      calls += 1
      return faults.get(calls)
    },
    after: () => {
      main.invariants.look()
      further.invariants.look()
    },
  }
  const drive = async ({ photos }: Side, token: string, tries: number) => {
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      try {
        for (const step of STEPS) await invoke(photos, step, token, circumstances)
        return
      } catch {
        await timeline.sleep(MINUTE_MS)
      }
    }
  }
  return { ...both, timeline, drive }
}

/** A day later, without a fault: takes up what is pending or rotates anew, one after the other; gives how many failed. */
async function rotateCleanly({ timeline, main, further }: Scene): Promise<number> {
  let failures = 0
  for (const { photos } of [main, further]) {
    const rotation = photos.rotate(nextToken(photos)).catch(() => {
      failures += 1
    })
    await timeline.runUntil(timeline.now() + DAY_MS / 2)
    await rotation
  }
  return failures
}

function nextToken({ secrets: { labels, versions } }: Stack): string {
  const pending = labels.get('AWSPENDING')
  return pending === undefined || pending === labels.get('AWSCURRENT') ? tokenOf(100 + versions.size) : pending
}

describe('two keys at random', () => {
  it('rotate side by side, fail in pieces, and harm neither', async () => {
    await fc.assert(
      fc.asyncProperty(course, async (given) => {
        const now = await scene(given)
        const { timeline, main, further, drive } = now
        for (const { photos } of [main, further]) photos.secrets.beginRotation(tokenOf(3))
        const second = timeline.sleep(given.startsAfterMs).then(() => drive(further, tokenOf(3), 3))
        const first = drive(main, tokenOf(3), 3)
        await timeline.runUntil(timeline.now() + DAY_MS)
        await Promise.all([first, second])

        const failures = []
        for (let count = 0; count < 5; count += 1) failures.push(await rotateCleanly(now))

        expect(failures.slice(given.others >= 3 ? 3 : 0)).toEqual(
          failures.map(() => 0).slice(given.others >= 3 ? 3 : 0),
        )
        expect(troubles(now)).toEqual([])
      }),
      runs(100, 250),
    )
  })
})

describe('a revocation of one key', () => {
  it.each(['main', 'further'] as const)('leaves the other one as it is: of the %s key', async (which) => {
    const both = twoSecrets()
    await age(both, 2)
    const revoked = both[which]
    const other = which === 'main' ? both.further : both.main
    const before = [other.photos.cloudFront.group, other.photos.keyOf('AWSCURRENT'), other.photos.keyOf('AWSPREVIOUS')]
    const operator = testOperator(revoked.photos)

    await revokeKeys(operator.world, operator.place)

    expect([
      other.photos.cloudFront.group,
      other.photos.keyOf('AWSCURRENT'),
      other.photos.keyOf('AWSPREVIOUS'),
    ]).toEqual(before)
    expect(Object.fromEntries(other.invariants.broken)).toEqual({})
    expect([...revoked.invariants.broken.keys()].sort()).toEqual([...BROKEN_BY_A_REVOCATION].sort())
    expect(operator.errors).toEqual([])
  })
})
