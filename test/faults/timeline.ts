/** Time in which many things go on at once: what is due happens in order, and between two events no time passes. */

/** A clock that jumps from event to event. */
export interface Timeline {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Calls back once; what it gives prevents that. */
  readonly after: (ms: number, callback: () => void) => () => void
  readonly sleep: (ms: number) => Promise<void>
  /** Lets everything happen that is due until then. */
  readonly runUntil: (time: number) => Promise<void>
}

interface Event {
  readonly at: number
  readonly order: number
  readonly callback: () => void
  isCancelled: boolean
}

/** A timeline that begins at `start`. */
export function timelineFrom(start: number): Timeline {
  let time = start
  let order = 0
  const events = heap()
  const after = (ms: number, callback: () => void) => {
    order += 1
    const event = { at: time + ms, order, callback, isCancelled: false }
    events.push(event)
    return () => {
      event.isCancelled = true
    }
  }
  return {
    now: () => time,
    after,
    sleep: (ms) =>
      new Promise((resolve) => {
        after(ms, resolve)
      }),
    runUntil: async (until) => {
      await settled()
      for (let event = events.popUntil(until); event !== undefined; event = events.popUntil(until)) {
        if (event.isCancelled) continue
        time = event.at
        event.callback()
        await settled()
      }
      time = until
    },
  }
}

/** Lets every promise settle that needs no event. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** A binary heap: a year has hundreds of thousands of events. */
function heap() {
  const events: Event[] = []
  const isEarlier = (one: Event | undefined, other: Event | undefined) =>
    one !== undefined && (other === undefined || one.at < other.at || (one.at === other.at && one.order < other.order))
  const swap = (one: number, other: number) => {
    const [first, second] = [events[one], events[other]]
    if (first === undefined || second === undefined) return
    events[one] = second
    events[other] = first
  }
  const sink = () => {
    for (let parent = 0; ; ) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2]
      const child = isEarlier(events[right], events[left]) ? right : left
      if (!isEarlier(events[child], events[parent])) return
      swap(child, parent)
      parent = child
    }
  }
  return {
    push: (event: Event) => {
      events.push(event)
      for (let child = events.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1
        if (!isEarlier(events[child], events[parent])) return
        swap(child, parent)
        child = parent
      }
    },
    popUntil: (until: number): Event | undefined => {
      const first = events[0]
      if (first === undefined || first.at > until) return undefined
      const last = events.pop()
      if (last !== undefined && events.length > 0) {
        events[0] = last
        sink()
      }
      return first
    },
  }
}
