/** Laws of the retirement that hold for any account, group and clock. fast-check prints the seed of a failure. */
import fc from 'fast-check'
import { type Evidence, judgeKeys, replacedAt, replacementMark } from '../../key-rotator/src/keys/retirement.js'
import { runs } from '../support/tier.js'

const START = Date.UTC(2026, 10, 21, 5)
const IDS = ['K1', 'K2', 'K3', 'K4', 'K5', 'K6', 'K7']
const tokenOf = (id: string) => `00000000-0000-4000-8000-00000000000${id.slice(1)}`

const time = fc.integer({ min: START - 40 * 86_400_000, max: START + 3_600_000 })
const someId = fc.option(fc.constantFrom(...IDS), { nil: undefined })

const keyOf = (id: string) =>
  fc.record({
    id: fc.constant(id),
    name: fc.constantFrom(
      `photos-signing-key-${tokenOf(id)}`,
      `other-signing-key-${tokenOf(id)}`,
      `photos_finance-signing-key-${tokenOf(id)}`,
      `photos_finance-eu-signing-key-${tokenOf(id)}`,
      `photos-signing-key-x-signing-key-${tokenOf(id)}`,
      `photos-bootstrap-2026112105000000000000000${id.slice(1)}`,
      `photo${id}`,
    ),
    comment: fc.oneof(fc.constant(''), time.map(replacementMark), fc.string({ maxLength: 128 })),
    createdAt: time,
  })

const evidence: fc.Arbitrary<Evidence> = fc.record({
  name: fc.constant('photos'),
  owner: fc.constantFrom('photos', 'photos_finance'),
  keys: fc.tuple(...IDS.map(keyOf)),
  trusted: fc.subarray(IDS, { maxLength: 5 }),
  current: someId,
  pending: someId,
  previous: someId,
  unsavedToken: fc.option(fc.constantFrom(...IDS).map(tokenOf), { nil: undefined }),
  now: fc.constant(START),
  retireAfterSeconds: fc.integer({ min: 60, max: 30 * 86_400 }),
})

const isOurs = ({ owner }: Evidence, name: string) =>
  name.startsWith(`${owner}-signing-key-`) && /^[0-9a-f-]{36}$/.test(name.slice(`${owner}-signing-key-`.length))
const isBootstrap = (name: string) => name.startsWith('photos-bootstrap-')

/** The comments after the verdicts have been carried out. */
function afterwards(given: Evidence): Evidence {
  const verdicts = judgeKeys(given)
  const comments = { mark: replacementMark(given.now), unmark: '' }
  return {
    ...given,
    keys: verdicts
      .filter(({ fate }) => fate !== 'delete')
      .map(({ key, fate }) => (fate === 'mark' || fate === 'unmark' ? { ...key, comment: comments[fate] } : key)),
    trusted: given.trusted.filter((id) =>
      verdicts.every(({ key, fate }) => key.id !== id || (fate !== 'delete' && fate !== 'leave')),
    ),
  }
}

describe('judgeKeys', () => {
  it('never touches a key that is not of this secret', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        const foreign = judgeKeys(given).filter(({ key }) => !isOurs(given, key.name) && !isBootstrap(key.name))
        expect(foreign.map(({ fate }) => fate)).toEqual(foreign.map(() => 'stay'))
      }),
      runs(1_000, 1_000),
    )
  })

  it('never takes the current or the pending key from the group, and never deletes the bootstrap key', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        const kept = judgeKeys(given).filter(
          ({ key }) => isOurs(given, key.name) && (key.id === given.current || key.id === given.pending),
        )
        expect(kept.filter(({ fate }) => fate !== 'stay' && fate !== 'unmark')).toEqual([])
        expect(judgeKeys(given).filter(({ key, fate }) => isBootstrap(key.name) && fate === 'delete')).toEqual([])
      }),
      runs(1_000, 1_000),
    )
  })

  it('deletes a trusted key only at or after its age', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        for (const { key, fate } of judgeKeys(given)) {
          if (fate !== 'delete' || !given.trusted.includes(key.id)) continue
          const age = given.now - (replacedAt(key.comment) ?? given.now)
          expect(age).toBeGreaterThanOrEqual(given.retireAfterSeconds * 1000)
        }
      }),
      runs(1_000, 1_000),
    )
  })

  it('has nothing to do the second time', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        const once = afterwards(given)
        expect(judgeKeys(once).filter(({ fate }) => fate !== 'stay' && fate !== 'leave')).toEqual([])
      }),
      runs(1_000, 1_000),
    )
  })

  it('lets every replaced key go once it is marked and the age has passed', () => {
    fc.assert(
      fc.property(evidence, (given) => {
        const once = afterwards(given)
        const later = { ...once, now: once.now + (given.retireAfterSeconds + 86_400) * 1000 }
        const left = judgeKeys(later).filter(
          ({ key, fate }) =>
            isOurs(given, key.name) &&
            later.trusted.includes(key.id) &&
            fate === 'stay' &&
            key.id !== later.current &&
            key.id !== later.pending,
        )
        expect(left).toEqual([])
      }),
      runs(1_000, 1_000),
    )
  })
})
