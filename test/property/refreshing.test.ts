/** A refreshing value under random faults, pauses and clock jumps, against what it promises. */
import fc from 'fast-check'
import { Refreshing, Unavailable } from '../../edge-cache-request-signer/src/cached-value.js'
import { settle, type TestClock, testClock } from '../support/clock.js'
import { runs } from '../support/tier.js'

const FRESH_MS = 20_000
const STALE_MS = 60_000
const PATIENCE_MS = 500
const LIMIT_MS = 4_000
const RETRY = { isRetryable: () => true, withinMs: 2_000 }

/**
 * How a value may be read: how many tries a request may cost, how close to each other they may be, and how much older a
 * value counts than its question, because the pause before it counts as well.
 */
const MANNERS = [
  { manner: 'once a request', options: {}, tries: 1, leastGapMs: 500, pauseMs: 0 },
  // At 0, 150, 450 and 1,050 ms at the earliest; the next one would be later than 2,000.
  { manner: 'with retries', options: { retry: RETRY }, tries: 4, leastGapMs: 150, pauseMs: 2_000 },
]

/** How a read ends: at once, after a while, with an error, or never. */
type Ending = { readonly kind: 'good' | 'bad'; readonly afterMs: number } | { readonly kind: 'never' }

type Step = { readonly kind: 'ask' } | { readonly kind: 'wait' | 'freeze'; readonly ms: number }

const endings: fc.Arbitrary<Ending> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Ending>({ kind: 'good', afterMs: 0 }) },
  fc.record({ kind: fc.constantFrom('good', 'bad'), afterMs: fc.integer({ min: 0, max: 10_000 }) }),
  fc.constant<Ending>({ kind: 'never' }),
)
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'ask' }) },
  fc.record({ kind: fc.constantFrom('wait', 'freeze'), ms: fc.integer({ min: 0, max: 50_000 }) }),
)

/** What a promise comes to, error or value, within the limit: time passes until then. */
async function answered(asked: Promise<unknown>, clock: TestClock): Promise<unknown> {
  let settled = false
  const outcome = asked
    .catch((error: unknown) => error)
    .finally(() => {
      settled = true
    })
  await settle()
  for (let waited = 0; !settled && waited < LIMIT_MS; waited += 100) await clock.advance(100)
  expect(settled).toBe(true)
  return await outcome
}

describe('Refreshing', () => {
  test.each(MANNERS)(
    'never serves too old a value, never reads a fresh one anew, never keeps anybody waiting, never hammers: reading $manner',
    async ({ options, tries, leastGapMs, pauseMs }) => {
      const run = async (script: readonly Step[], reads: readonly Ending[], chance: number) => {
        const clock = testClock(1_000_000_000, () => chance)
        const startedAt: number[] = []
        /** The value of a read is the time of its question. */
        const load = () =>
          new Promise<number>((resolve, reject) => {
            const question = clock.now()
            const ending = reads[startedAt.length % reads.length] ?? { kind: 'never' }
            startedAt.push(question)
            if (ending.kind === 'good') clock.after(ending.afterMs, () => resolve(question))
            if (ending.kind === 'bad') clock.after(ending.afterMs, () => reject(new Error('down')))
          })
        const value = new Refreshing({
          load,
          ages: () => ({ freshSeconds: FRESH_MS / 1000, staleSeconds: STALE_MS / 1000 }),
          patienceMs: PATIENCE_MS,
          limitMs: LIMIT_MS,
          ...options,
          onFailure: () => undefined,
          clock,
        })
        let newest = 0

        const ask = async () => {
          const age = clock.now() - newest
          const readsBefore = startedAt.length
          const asked = value.get()
          let answeredAt = 0
          const note = () => {
            answeredAt = clock.now()
          }
          asked.then(note, note)
          const got = await answered(asked, clock)
          expect(startedAt.length - readsBefore).toBeLessThanOrEqual(tries)
          if (typeof got === 'number') {
            expect(answeredAt - got).toBeLessThan(FRESH_MS + STALE_MS)
            expect(got).toBeGreaterThanOrEqual(newest)
            if (age < FRESH_MS * 0.8 - pauseMs) expect(startedAt.length).toBe(readsBefore)
            newest = got
          } else {
            expect(got).toBeInstanceOf(Unavailable)
          }
        }
        for (const step of script) {
          if (step.kind === 'ask') await ask()
          else if (step.kind === 'wait') await clock.advance(step.ms)
          else clock.jump(step.ms)
        }
        // Reads that overlap or follow at once are those that succeeded, or were given up by a freeze.
        const gaps = startedAt.slice(1).map((time, index) => time - (startedAt[index] ?? 0))
        expect(gaps.every((gap) => gap >= leastGapMs)).toBe(true)
      }
      const scripts = fc.array(steps, { minLength: 1, maxLength: 25 })
      const chances = fc.double({ min: 0, max: 0.999, noNaN: true })
      await fc.assert(
        fc.asyncProperty(scripts, fc.array(endings, { minLength: 1, maxLength: 6 }), chances, run),
        runs(200, 200),
      )
    },
  )
})
