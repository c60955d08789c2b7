/**
 * How much a randomized or combinatorial test does. The quick tier runs a sample that is drawn anew on every run; the
 * exhaustive tier (`npm test -- --exhaustive`) runs everything. CONTRIBUTING.md lists what each campaign does in either.
 */

/** Whether this run is the exhaustive one. `npm test -- --exhaustive` sets the variable. */
export const isExhaustive = process.env.TEST_EXHAUSTIVE === 'true'

/** The seed of this run: `npm test` draws and prints one, and `npm test -- --seed N` repeats it. */
export const seed = readSeed(process.env.TEST_SEED) ?? Math.floor(Math.random() * 2 ** 31)

/** How many times something is to happen in this run. */
export function amount(quick: number, exhaustive: number): number {
  return isExhaustive ? exhaustive : quick
}

/** Parameters for fast-check's `assert`: the seed of this run, and how many inputs to generate in either tier. */
export function runs(quick: number, exhaustive: number): { readonly seed: number; readonly numRuns: number } {
  return { seed, numRuns: amount(quick, exhaustive) }
}

function readSeed(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  if (!/^\d{1,10}$/.test(text))
    throw new Error(`TEST_SEED must be a whole number of at most ten digits; got "${text}".`)
  return Number(text)
}
