/** Chance that can be had again: every random test prints the seed it went by, and takes one from FAULTS_SEED. */

/** A number in [0, 1), and what is made of it. */
export interface Chance {
  readonly number: () => number
  /** A whole number from `least` to `most`. */
  readonly between: (least: number, most: number) => number
  readonly happens: (probability: number) => boolean
  readonly pick: <T>(from: readonly T[]) => T
}

/** The seed of this run. */
export function seedOfRun(): number {
  const given = Number(process.env.FAULTS_SEED ?? Number.NaN)
  return Number.isInteger(given) ? given : Math.floor(Math.random() * 2 ** 31)
}

/** How many times as many runs are wanted: FAULTS_TIMES, for a night. */
export function timesAsLong(): number {
  const given = Number(process.env.FAULTS_TIMES ?? 1)
  return Number.isInteger(given) && given > 0 ? given : 1
}

/** A stream of chance (Mulberry32, Tommy Ettinger, public domain). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number) => least + Math.floor(number() * (most - least + 1))
  return {
    number,
    between,
    happens: (probability) => number() < probability,
    pick: (from) => {
      const chosen = from[between(0, from.length - 1)]
      if (chosen === undefined) throw new RangeError('there is nothing to choose from')
      return chosen
    },
  }
}
