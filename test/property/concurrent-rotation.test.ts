/**
 * Two invocations of the same steps side by side, in any order of their calls, either of which may die at any call:
 * in the end id and private key belong together, the group trusts the key, and no upload is left over.
 */
import fc from 'fast-check'
import { createRotator } from '../../key-rotator/src/rotator.js'
import { paced } from '../support/aws-double/faults.js'
import { orphans, watch } from '../support/aws-double/invariants.js'
import { SECRET_ARN, type Stack, stack, tokenOf } from '../support/aws-double/stack.js'

/** Lets two actors go on call by call: `schedule` says whose turn it is, and what is left over alternates. */
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

/** Runs a step twice at once; an actor whose `dies` is reached never comes back. */
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
    const event = { Step: step, SecretId: SECRET_ARN, ClientRequestToken: tokenOf(2) }
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
        photos.cloudFront.seed('somebody-elses', { trusted: true })
        await photos.rotate(tokenOf(1))
        photos.advance(30 * 86_400)
        const { violations } = watch(photos)
        photos.secrets.beginRotation(tokenOf(2))
        for (const before of ['createSecret', 'setSecret', 'testSecret']) {
          if (before === step) break
          await photos.step(before, tokenOf(2))
          if (step === 'setSecret') break
        }

        await runBoth(photos, step, order, dies)
        await photos.rotate(tokenOf(2))

        expect(photos.secrets.labels.get('AWSCURRENT')).toBe(tokenOf(2))
        expect([...violations]).toEqual([])
        expect(orphans(photos)).toEqual([])
        expect(photos.cloudFront.group.items).toHaveLength(3)
      }),
      { numRuns: 150 },
    )
  })
})
