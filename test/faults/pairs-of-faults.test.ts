/**
 * Pairs of faults: the second one in the same attempt, or in the next one on every way on. Left out is what cannot differ:
 * states with the same future are followed once (fingerprint.ts), a throttled call is one that fails, and whether a call
 * took effect matters for writes only. The exhaustive tier tries every pair. The quick tier tries every first fault with
 * a sample of the second ones.
 */
import type { Fault } from '../support/aws-double/faults.js'
import { isExhaustive, seed } from '../support/tier.js'
import { campaign, WAYS_ON } from './campaign.js'
import { SCENARIOS } from './scenarios.js'
import { seededRandom } from './seeded-random.js'
import { ours } from './subjects.js'

const READS = /^(?:get|list|describe)/
const OF_READS: readonly Fault[] = ['fails', 'cut off before']
const OF_WRITES: readonly Fault[] = ['fails', 'answer lost', 'cut off before', 'cut off after', 'repeated']

const kinds = (action: string) => (READS.test(action) ? OF_READS : OF_WRITES)
/** How many of the second faults the quick tier tries. */
const SAMPLED_SHARE = 0.1
const PLAN = { kinds, faults: 2, mergesStates: true, page: 100, waysOn: () => WAYS_ON } as const

describe('two faults', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    'at any calls of %s harm nobody and heal',
    async (_, scenario) => {
      const random = seededRandom(seed + SCENARIOS.indexOf(scenario))
      const isSampled = () => isExhaustive || random.happens(SAMPLED_SHARE)

      const { broken } = await campaign(scenario, ours, { ...PLAN, isSampled })

      expect(Object.fromEntries(broken)).toEqual({})
    },
  )
})
