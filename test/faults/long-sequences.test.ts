/** Many attempts with many faults each, slow calls and odd pauses: random, and shrunk by fast-check when one fails. */
import fc from 'fast-check'
import { ALL_FAULTS } from '../support/aws-double/faults.js'
import { amount, runs } from '../support/tier.js'
import { type Chapter, play, WAYS_ON } from './campaign.js'
import { SCENARIOS } from './scenarios.js'
import { ours } from './subjects.js'

const placed = fc.record({ call: fc.integer({ min: 1, max: 70 }), fault: fc.constantFrom(...ALL_FAULTS) })

const chapters: fc.Arbitrary<readonly Chapter[]> = fc.array(
  fc.record({
    way: fc.constantFrom(...WAYS_ON),
    pauseSeconds: fc.oneof(fc.integer({ min: 0, max: 1_500 }), fc.integer({ min: 0, max: 20_000 })),
    callSeconds: fc.constantFrom(0, 0.2, 3, 25),
    placed: fc.array(placed, { maxLength: 4 }),
    isFollowedByHand: fc.boolean(),
  }),
  { minLength: 2, maxLength: 9 },
)

describe('a long sequence of faults', () => {
  it('harms nobody and heals', async () => {
    let faults = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SCENARIOS), chapters, async (scenario, story) => {
        const { counts, broken } = await play(scenario, ours, story)
        faults += counts.faults
        expect(Object.fromEntries(broken)).toEqual({})
      }),
      runs(150, 600),
    )
    // The property above would hold of stories without faults.
    expect(faults).toBeGreaterThan(amount(150, 600))
  })
})
