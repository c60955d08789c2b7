/**
 * Every call of every kind of rotation fails once, in every way a call can fail. The exhaustive tier follows every way on
 * after each fault, the quick tier one of them.
 */
import { ALL_FAULTS } from '../support/aws-double/faults.js'
import { isExhaustive, seed } from '../support/tier.js'
import { ALL_WAYS_ON, campaign } from './campaign.js'
import { SCENARIOS } from './scenarios.js'
import { seededRandom } from './seeded-random.js'
import { ours } from './subjects.js'

const PLAN = { kinds: () => ALL_FAULTS, faults: 1, mergesStates: false } as const

describe('a single fault', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'at any call of %s harms nobody and heals',
    async (_, scenario) => {
      const random = seededRandom(seed + SCENARIOS.indexOf(scenario))
      const waysOn = () => (isExhaustive ? ALL_WAYS_ON : [random.pick(ALL_WAYS_ON)])

      const { counts, broken } = await campaign(scenario, ours, { ...PLAN, waysOn })

      expect(Object.fromEntries(broken)).toEqual({})
      // Each was met, and each in its own attempt.
      expect(counts.faults).toBe(counts.states)
      expect(counts.faults).toBeGreaterThan(25 * ALL_FAULTS.length)
    },
  )
})
