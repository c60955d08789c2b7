/**
 * An exclusive subtree opens to its own people alone, and everything else to all of its own, through every rotation of
 * either key: the real rotator, the real signer, and the local edge's judgement, on a clock.
 */
import fc from 'fast-check'
import { ALL_FAULTS, type Fault } from '../support/aws-double/faults.js'
import { tokenOf } from '../support/aws-double/stack.js'
import { amount, runs, seed } from '../support/tier.js'
import { type People, peopleOf, TRUST, type Trust } from './people.js'
import { DAY_SECONDS } from './scenarios.js'
import { seededRandom } from './seeded-random.js'
import { age, type Side, type TwoSecrets, troubles, twoSecrets } from './two-secrets.js'

interface Scene extends TwoSecrets {
  readonly people: People
}

/** Both keys after so many rotations, and people who have come since. */
async function scene(rotations: number, trust: Trust = TRUST): Promise<Scene> {
  const both = twoSecrets({ page: 100 })
  await age(both, rotations)
  const people = peopleOf(both, trust)
  return { ...both, people }
}

/** What is wrong, as sentences. */
function wrongs({ people, ...both }: Scene): readonly string[] {
  return [...people.wrongs, ...troubles(both)]
}

/** Two rotations of both without a fault, after which nothing may be left over. */
async function heal({ main, further, people }: Scene): Promise<void> {
  for (const { photos } of [main, further]) {
    photos.advance(1_200)
    people.look()
    if (photos.secrets.labels.get('AWSCURRENT') !== tokenOf(100)) await photos.pass(tokenOf(100))
  }
  for (const number of [101, 102]) {
    main.photos.advance(DAY_SECONDS)
    for (const { photos } of [main, further]) await photos.rotate(tokenOf(number))
  }
}

/** One pass of `first`, at whose call number `at` a fault happens, and before it the whole pass of `second`. */
async function interleaved(first: Side, second: Side, at: number, fault: Fault | undefined): Promise<number> {
  let calls = 0
  first.hook = async () => {
    calls += 1
    if (calls === at) await second.photos.pass(tokenOf(100)).catch(() => undefined)
  }
  first.photos.setFaults((action) => (action !== 'get' && calls === at ? fault : undefined))
  await first.photos.pass(tokenOf(100)).catch(() => undefined)
  first.photos.setFaults(undefined)
  first.hook = async () => undefined
  return calls
}

/** Each call with each fault and with none; in the quick tier each call with two of these. */
function faultsAtCalls(calls: number): readonly (readonly [number, Fault | undefined])[] {
  const random = seededRandom(seed)
  const faults = [undefined, ...ALL_FAULTS]
  return Array.from({ length: calls }, (_, index) =>
    random.sample(faults, amount(2, faults.length)).map((fault) => [index + 1, fault] as const),
  ).flat()
}

describe('an exclusive subtree', () => {
  it.each([
    ['the second rotation of both', 1],
    ['a retirement due for both', 2],
  ])('opens to its own people alone, whatever fails at any call of either rotation: %s', async (_, rotations) => {
    const now = await scene(rotations)
    for (const { photos } of [now.main, now.further]) photos.secrets.beginRotation(tokenOf(100))
    const restorations = [now.save(), now.people.save()]
    const restore = () => {
      for (const each of restorations) each()
    }
    for (const [first, second] of [
      [now.main, now.further],
      [now.further, now.main],
    ] as const) {
      const calls = await interleaved(first, second, 0, undefined)
      expect(calls).toBeGreaterThan(20)
      for (const [at, fault] of faultsAtCalls(calls)) {
        restore()
        await interleaved(first, second, at, fault)
        await heal(now)

        expect([first.photos.owner, at, fault, wrongs(now)]).toEqual([first.photos.owner, at, fault, []])
      }
      restore()
    }
    // The invariant would hold of a site that nobody enters, or everybody.
    expect(Math.min(now.people.counts.in, now.people.counts.out)).toBeGreaterThan(amount(20_000, 100_000))
  })

  const turn = fc.record({
    which: fc.constantFrom('main', 'further' as const),
    afterSeconds: fc.constantFrom(0, 60, 400, 3_600, DAY_SECONDS),
    faults: fc
      .array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.constantFrom(...ALL_FAULTS)), { maxLength: 3 })
      .map((faults) => new Map(faults)),
  })

  it('opens to its own people alone, in any order of rotations in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 2, maxLength: 12 }), async (turns) => {
        const now = await scene(1)
        for (const [index, { which, afterSeconds, faults }] of turns.entries()) {
          const { photos } = now[which]
          photos.advance(afterSeconds)
          now.people.look()
          const { labels } = photos.secrets
          const pending = labels.get('AWSPENDING')
          const isOpen = pending !== undefined && pending !== labels.get('AWSCURRENT')
          const token = isOpen ? pending : tokenOf(10 + index)
          if (!isOpen) photos.secrets.beginRotation(token)
          photos.setFaults((_action, count) => faults.get(count))
          await photos.pass(token).catch(() => undefined)
          photos.setFaults(undefined)
        }
        expect([...now.people.wrongs]).toEqual([])
      }),
      runs(30, 150),
    )
  })

  it.each<[string, Trust, string]>([
    [
      'it trusts the main key as well',
      { ...TRUST, finance: ['main', 'finance'] },
      'somebody of staff loads /finance/report.txt',
    ],
    [
      'the rest trusts the main key alone',
      { ...TRUST, everythingElse: ['main'] },
      'somebody of staff and finance does not load /handbook.txt',
    ],
    [
      'both trust the main key alone',
      { finance: ['main'], everythingElse: ['main'] },
      'somebody of finance does not load /finance/report.txt',
    ],
  ])('would not, and this would tell, where %s', async (_, trust, sentence) => {
    const now = await scene(1, trust)

    expect([...now.people.wrongs]).toContain(sentence)
  })

  it('tells when a key leaves its group too early', async () => {
    const now = await scene(1)
    const { cloudFront, bootstrapId } = now.further.photos
    cloudFront.group = { ...cloudFront.group, items: [bootstrapId] }
    now.people.look()

    expect([...now.people.wrongs]).toEqual([
      'somebody of staff and finance does not load /handbook.txt',
      'somebody of staff and finance does not load /finance/report.txt',
      'somebody of staff and finance does not load /press/release.txt',
      'somebody of staff and finance does not load /financed.txt',
      'somebody of finance does not load /finance/report.txt',
      'somebody of finance and the press does not load /finance/report.txt',
    ])
  })
})
