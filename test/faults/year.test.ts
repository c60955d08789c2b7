/** A year on a clock: nobody is refused who should pass, and nobody passes who should be refused. */
import { seedOfRun } from './chance.js'
import { passYear } from './year.js'

describe('a year of daily rotations', () => {
  it('is noticed by nobody', async () => {
    const seed = seedOfRun()

    const { counts, laws, leftovers, troubles } = await passYear({
      seed,
      days: 365,
      signInsADay: 40,
      faultProbability: 0.02,
    })

    process.stdout.write(`a year: seed ${seed} (FAULTS_SEED=${seed} repeats it), ${JSON.stringify(counts)}\n`)
    expect(troubles).toEqual([])
    expect(counts).toMatchObject({ refusedWrongly: 0, passedWrongly: 0 })
    expect(Object.fromEntries(laws.broken)).toEqual({})
    expect(leftovers).toEqual([])
    expect(counts.rotations).toBeGreaterThan(367)
    expect(counts.keysMade - counts.keysRetired).toBe(2)
    expect(counts.oldKeysTried).toBeGreaterThan(200)
  })

  it('would be noticed if the rotator did not wait for the edge', async () => {
    const { counts } = await passYear({
      seed: 1,
      days: 30,
      signInsADay: 80,
      faultProbability: 0,
      configuration: { propagationSeconds: 0 },
    })

    expect(counts.refusedWrongly).toBeGreaterThan(0)
  })

  it('would be noticed if a replaced key left at once', async () => {
    const { counts } = await passYear({
      seed: 1,
      days: 3,
      signInsADay: 80,
      faultProbability: 0,
      rotationsADay: 24,
      configuration: { retireAfterSeconds: 60 },
    })

    expect(counts.refusedWrongly).toBeGreaterThan(0)
  })
})
