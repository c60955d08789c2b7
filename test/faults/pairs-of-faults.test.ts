/**
 * Every pair of faults: the second one in the same attempt, or in the next one on every way on. Exhaustive, but for what
 * cannot matter: states that have the same future are followed once (fingerprint.ts), and a throttled call is one that
 * fails.
 */
import { ALL_FAULTS } from '../support/aws-double/faults.js'
import { campaign } from './campaign.js'
import { SCENARIOS } from './scenarios.js'
import { ours } from './subjects.js'

const KINDS = ALL_FAULTS.filter((fault) => fault !== 'throttled')
const PLAN = { kinds: KINDS, faults: 2, mergesStates: true, page: 100 } as const

describe('two faults', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'at any calls of %s harm nobody and heal',
    async (name, scenario) => {
      const { counts, broken } = await campaign(scenario, ours, PLAN)

      process.stdout.write(`${name}: ${JSON.stringify(counts)}\n`)
      expect(Object.fromEntries(broken)).toEqual({})
    },
    60_000,
  )
})
