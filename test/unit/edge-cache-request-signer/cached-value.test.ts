import { Refreshing, Unavailable } from '../../../edge-cache-request-signer/src/cached-value.js'
import { settle, testClock } from '../../support/clock.js'

/** A refreshing value whose reads the test answers by hand, in any order. */
function refreshing(random: () => number = () => 0) {
  const clock = testClock(0, random)
  const reads: { readonly resolve: (value: string) => void; readonly reject: (error: Error) => void }[] = []
  const failures: unknown[] = []
  const value = new Refreshing<string>({
    load: () => new Promise((resolve, reject) => reads.push({ resolve, reject })),
    ages: () => ({ freshSeconds: 100, staleSeconds: 1_000 }),
    patienceMs: 500,
    limitMs: 4_000,
    onFailure: (error) => failures.push(error),
    clock,
  })
  /** Asks, and lets the read that this starts bring `text`. */
  const filled = async (text: string) => {
    const asked = value.get()
    reads.at(-1)?.resolve(text)
    return await asked
  }
  return { clock, reads, failures, value, filled }
}

const down = new Error('down')

describe('Refreshing', () => {
  test.each([
    [0, 99_999, 100_000],
    [0.5, 89_999, 90_000],
    [0.999_999_999, 79_999, 80_001],
  ])('reads again after 80 to 100 %% of the fresh age, by chance %d', async (chance, still, over) => {
    const { clock, reads, value, filled } = refreshing(() => chance)
    await filled('a')
    clock.jump(still)
    expect(await value.get()).toBe('a')
    clock.jump(over - still)
    expect(await filled('b')).toBe('b')
    expect(reads.length).toBe(2)
  })

  test('gives a fresh value at once and any other only for asking', async () => {
    const { clock, reads, value, filled } = refreshing()
    expect(value.fresh()).toBe(undefined)
    await filled('a')
    clock.jump(99_999)
    expect(value.fresh()).toBe('a')
    clock.jump(1)
    expect(value.fresh()).toBe(undefined)
    expect(reads.length).toBe(1)
  })

  test('counts the age from the question, not from the answer', async () => {
    const { clock, reads, value } = refreshing()
    const asked = value.get()
    clock.jump(3_000)
    reads[0]?.resolve('a')
    await asked
    clock.jump(97_000)
    const again = value.get()
    reads[1]?.resolve('b')
    expect(await again).toBe('b')
  })

  test('joins a read that is under way', async () => {
    const { reads, value } = refreshing()
    const asked = [value.get(), value.get()]
    reads[0]?.resolve('a')
    expect(await Promise.all(asked)).toEqual(['a', 'a'])
    expect(reads.length).toBe(1)
  })

  test('serves the old value when patience ends, and the new one to the next who asks', async () => {
    const { clock, reads, value, filled } = refreshing()
    await filled('a')
    clock.jump(100_000)
    const first = value.get()
    await clock.advance(500)
    expect(await first).toBe('a')
    const second = value.get()
    reads[1]?.resolve('b')
    expect(await second).toBe('b')
    expect(reads.length).toBe(2)
  })

  test('takes what a read brings after its limit, when there is nothing newer', async () => {
    const { clock, reads, value } = refreshing()
    const asked = value.get()
    const refused = expect(asked).rejects.toThrow(Unavailable)
    await clock.advance(4_000)
    await refused
    reads[0]?.resolve('late')
    await settle()
    expect(await value.get()).toBe('late')
  })

  test('never lets a slow old answer overwrite a newer one', async () => {
    const { clock, reads, value, filled } = refreshing()
    await filled('a')
    clock.jump(100_000)
    const slow = value.get()
    await clock.advance(4_000)
    expect(await slow).toBe('a')
    clock.jump(1_000)
    expect(await filled('c')).toBe('c')
    reads[1]?.resolve('b')
    await settle()
    expect(await value.get()).toBe('c')
  })

  test('does not wait for a read that was frozen with its sandbox, nor hold it against the peer', async () => {
    const { clock, reads, failures, value, filled } = refreshing()
    await filled('a')
    clock.jump(100_000)
    const interrupted = value.get()
    await clock.advance(500)
    await interrupted
    clock.jump(10_000_000)
    const thawed = value.get()
    expect(reads.length).toBe(3)
    reads[1]?.reject(new Error('socket hang up'))
    await settle()
    reads[2]?.resolve('b')
    expect(await thawed).toBe('b')
    expect(failures).toEqual([])
  })

  test('does not hold the late failure of an older read against a newer one', async () => {
    const { clock, reads, failures, value, filled } = refreshing()
    await filled('a')
    clock.jump(100_000)
    const slow = value.get()
    await clock.advance(500)
    await slow
    clock.jump(5_000)
    const newer = value.get()
    reads[1]?.reject(down)
    await settle()
    reads[2]?.resolve('b')
    expect(await newer).toBe('b')
    expect(failures).toEqual([])
  })

  test('starts anew when the frozen read fails before anybody asks', async () => {
    const { clock, reads, failures, value, filled } = refreshing()
    await filled('a')
    clock.jump(100_000)
    const interrupted = value.get()
    await clock.advance(500)
    await interrupted
    clock.jump(10_000_000)
    reads[1]?.reject(new Error('socket hang up'))
    await settle()
    expect(await filled('b')).toBe('b')
    expect(failures).toEqual([])
  })

  test('tells of each failed read once, and says when to ask again', async () => {
    const { reads, failures, value } = refreshing()
    const asked = [value.get(), value.get()].map((one) => one.catch((error: unknown) => error))
    reads[0]?.reject(down)
    const errors = await Promise.all(asked)
    expect(errors.map((error) => error instanceof Unavailable && [error.retryAfterSeconds, error.cause])).toEqual([
      [1, down],
      [1, down],
    ])
    expect(failures).toEqual([down])
  })

  test('treats a value from the future as too old: the clock was set back', async () => {
    const { clock, reads, value, filled } = refreshing()
    await filled('a')
    clock.jump(-1)
    const asked = value.get()
    reads[1]?.reject(down)
    await expect(asked).rejects.toThrow(Unavailable)
  })

  test('does not prolong a pause when the clock is set back', async () => {
    const { clock, reads, value, filled } = refreshing()
    const asked = value.get()
    reads[0]?.reject(down)
    await expect(asked).rejects.toThrow(Unavailable)
    clock.jump(-60_000)
    expect(await filled('a')).toBe('a')
  })

  test('leaves no timer behind', async () => {
    const { clock, filled } = refreshing()
    await filled('a')
    await settle()
    expect(clock.pending()).toBe(0)
  })

  describe('getNewerThan', () => {
    test('reads only when the kept value is older', async () => {
      const { clock, reads, value, filled } = refreshing()
      await filled('a')
      clock.jump(9_999)
      expect(await value.getNewerThan(10_000)).toBe('a')
      clock.jump(1)
      const asked = value.getNewerThan(10_000)
      reads[1]?.resolve('b')
      expect(await asked).toBe('b')
    })

    test('fails rather than give an older value', async () => {
      const { clock, reads, value, filled } = refreshing()
      await filled('a')
      clock.jump(10_000)
      const asked = value.getNewerThan(10_000)
      reads[1]?.reject(down)
      await expect(asked).rejects.toThrow(Unavailable)
      expect(await value.get()).toBe('a')
    })
  })
})
