/** A year on a clock: nobody is refused who should pass, and nobody passes who should be refused. */
import { amount, seed } from '../support/tier.js'
import { passYear } from './year.js'

const DAYS = amount(60, 365)

describe('daily rotations through a year, of which the quick tier passes 60 days', () => {
  it('are noticed by nobody', async () => {
    const { counts, invariants, leftovers, troubles } = await passYear({
      seed,
      days: DAYS,
      signInsADay: 40,
      faultProbability: 0.02,
    })

    expect(troubles).toEqual([])
    expect(counts).toMatchObject({ refusedWrongly: 0, passedWrongly: 0 })
    expect(Object.fromEntries(invariants.broken)).toEqual({})
    expect(leftovers).toEqual([])
    expect(counts.rotations).toBeGreaterThanOrEqual(DAYS + amount(2, 3))
    expect(counts.keysMade - counts.keysRetired).toBe(2)
    expect(counts.oldKeysTried).toBeGreaterThan(amount(30, 200))
  })

  it('would be noticed if the rotator did not wait for the edge', async () => {
    const { counts } = await passYear({
      seed,
      days: 30,
      signInsADay: 80,
      faultProbability: 0,
      configuration: { propagationSeconds: 0 },
    })

    expect(counts.refusedWrongly).toBeGreaterThan(0)
  })

  it('would be noticed if a replaced key left at once', async () => {
    const { counts } = await passYear({
      seed,
      days: 3,
      signInsADay: 80,
      faultProbability: 0,
      rotationsADay: 24,
      configuration: { retireAfterSeconds: 60 },
    })

    expect(counts.refusedWrongly).toBeGreaterThan(0)
  })
})
