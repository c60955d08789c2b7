/**
 * Every pair of faults: the second one in the same attempt, or in the next one on every way on. Exhaustive, but for what
 * cannot differ: states that have the same future are followed once (fingerprint.ts), a throttled call is one that fails,
 * and whether a call took effect matters only where there is one.
 */
import type { Fault } from '../support/aws-double/faults.js'
import { campaign } from './campaign.js'
import { SCENARIOS } from './scenarios.js'
import { ours } from './subjects.js'

const READS = /^(?:get|list|describe)/
const OF_READS: readonly Fault[] = ['fails', 'cut off before']
const OF_WRITES: readonly Fault[] = ['fails', 'answer lost', 'cut off before', 'cut off after', 'repeated']

const kinds = (action: string) => (READS.test(action) ? OF_READS : OF_WRITES)
const PLAN = { kinds, faults: 2, mergesStates: true, page: 100 } as const

describe('two faults', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'at any calls of %s harm nobody and heal',
    async (name, scenario) => {
      const { counts, broken } = await campaign(scenario, ours, PLAN)

      process.stdout.write(`${name}: ${JSON.stringify(counts)}\n`)
      expect(Object.fromEntries(broken)).toEqual({})
    },
  )
})
