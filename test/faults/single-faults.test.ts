/** Every call of every kind of rotation fails once, in every way a call can fail, and every way on is gone. */
import { ALL_FAULTS } from '../support/aws-double/faults.js'
import { campaign } from './campaign.js'
import { SCENARIOS } from './scenarios.js'
import { ours } from './subjects.js'

const PLAN = { kinds: () => ALL_FAULTS, faults: 1, mergesStates: false } as const

describe('a single fault', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'at any call of %s harms nobody and heals',
    async (name, scenario) => {
      const { counts, broken } = await campaign(scenario, ours, PLAN)

      process.stdout.write(`${name}: ${JSON.stringify(counts)}\n`)
      expect(Object.fromEntries(broken)).toEqual({})
      // Each was met, and each in its own attempt.
      expect(counts.faults).toBe(counts.states)
      expect(counts.faults).toBeGreaterThan(25 * ALL_FAULTS.length)
    },
  )
})
