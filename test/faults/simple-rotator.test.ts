/** The campaign can fail: run against a deliberately simple rotator it finds what is wrong with it. */
import { ALL_FAULTS } from '../support/aws-double/faults.js'
import { campaign, WAYS_ON } from './campaign.js'
import { SCENARIOS } from './scenarios.js'
import { simpleSubject } from './simple-rotator.js'

const SECOND = SCENARIOS.filter(({ name }) => name === 'the second rotation')
const PLAN = { kinds: () => [], faults: 0, mergesStates: false, page: 100, waysOn: () => WAYS_ON } as const

const ALWAYS = [
  'a cookie that has not expired is refused',
  'a key left the group before its retirement age',
  'a signer cannot sign',
  // One store is written before the other.
  'id and private key disagree',
]

describe('the campaign against a rotator that rotates on every step and keeps two stores', () => {
  it.each(SECOND)('finds which invariants it breaks without any fault', async (scenario) => {
    const { broken } = await campaign(scenario, simpleSubject(), PLAN)

    expect([...broken.keys()].sort()).toEqual(ALWAYS)
    expect(new Set([...broken.values()].map((story) => story.split(':')[0]))).toEqual(
      new Set(['the second rotation; without any fault; tried again']),
    )
  })

  it.each(SECOND)('finds which two more it breaks by a single fault, and by which', async (scenario) => {
    const { broken } = await campaign(scenario, simpleSubject(), { ...PLAN, kinds: () => ALL_FAULTS, faults: 1 })

    expect([...broken.keys()].sort()).toEqual(
      [...ALWAYS, 'a repetition by the SDK fails the attempt', 'an orphan is left'].sort(),
    )
    expect(broken.get('an orphan is left')).toMatch(/answer lost at createPublicKey \(call 1\).*photos-signing-key-/)
  })
})
