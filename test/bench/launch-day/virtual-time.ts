/** Time for a whole model: it jumps from one event to the next, so that a day takes as long as its events do. */
import { settle } from '../../support/clock.js'

/** The time of a model. */
export interface VirtualTime {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Calls back after so many milliseconds; the function it returns prevents that. */
  readonly after: (ms: number, callback: () => void) => () => void
  readonly sleep: (ms: number) => Promise<void>
  /** Lets everything happen until nothing is left to come. */
  readonly run: () => Promise<void>
}

interface Due {
  readonly at: number
  readonly order: number
  callback: (() => void) | undefined
}

const isBefore = (one: Due, other: Due): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

/** A heap whose first element is the next one due. */
function createQueue() {
  const heap: Due[] = []
  const at = (index: number): Due => heap[index] as Due // within the heap by construction
  const swap = (one: number, other: number) => {
    const kept = at(one)
    heap[one] = at(other)
    heap[other] = kept
  }
  const smallest = (...indexes: readonly number[]): number =>
    indexes
      .filter((index) => index < heap.length)
      .reduce((best, index) => (isBefore(at(index), at(best)) ? index : best))
  return {
    push: (due: Due) => {
      heap.push(due)
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1
        if (!isBefore(at(index), at(parent))) return
        swap(index, parent)
        index = parent
      }
    },
    pop: (): Due | undefined => {
      if (heap.length === 0) return undefined
      swap(0, heap.length - 1)
      const first = heap.pop()
      for (let index = 0; index < heap.length; ) {
        const next = smallest(index, 2 * index + 1, 2 * index + 2)
        if (next === index) break
        swap(index, next)
        index = next
      }
      return first
    },
  }
}

/** Time that begins at `start`. What happens at one moment happens in the order in which it was planned. */
export function virtualTime(start: number): VirtualTime {
  const queue = createQueue()
  let time = start
  let order = 0
  const after: VirtualTime['after'] = (ms, callback) => {
    const due: Due = { at: time + Math.max(0, ms), order, callback }
    order += 1
    queue.push(due)
    return () => {
      due.callback = undefined
    }
  }
  return {
    now: () => Math.floor(time),
    after,
    sleep: (ms) =>
      new Promise((resolve) => {
        after(ms, resolve)
      }),
    run: async () => {
      await settle()
      for (let due = queue.pop(); due !== undefined; due = queue.pop()) {
        if (due.callback === undefined) continue
        time = due.at
        due.callback()
        await settle()
      }
    },
  }
}
