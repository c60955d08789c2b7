/** Random numbers that a seed reproduces. Every randomized test takes its seed from `test/support/tier.ts`. */

/** A number in [0, 1), and what is derived from it. */
export interface SeededRandom {
  readonly number: () => number
  /** A whole number from `least` to `most`. */
  readonly between: (least: number, most: number) => number
  readonly happens: (probability: number) => boolean
  readonly pick: <T>(from: readonly T[]) => T
  /** So many different ones, in their order; all where there are no more. */
  readonly sample: <T>(from: readonly T[], size: number) => readonly T[]
}

/** The random numbers of a seed (Mulberry32, Tommy Ettinger, public domain). */
export function seededRandom(seed: number): SeededRandom {
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
    sample: (from, size) => {
      let left = size
      // Selection sampling (Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm S).
      return from.filter((_, index) => {
        const isChosen = number() * (from.length - index) < left
        if (isChosen) left -= 1
        return isChosen
      })
    },
  }
}
