/**
 * What a hosted login remembers between requests: sessions, codes, challenges and refresh tokens, each for its time.
 */
import { randomBytes } from 'node:crypto'

/** Things under unguessable names that are forgotten in time. */
export interface Memory<Value> {
  /** Remembers a value for so many milliseconds, and gives its name. */
  keep(value: Value, forMs: number): string
  get(name: string): Value | undefined
  /** Changes a value, and its end where one is given (milliseconds from now); nothing for an unknown name. */
  put(name: string, value: Value, forMs?: number): void
  /** Forgets it. */
  drop(name: string): void
  /** Milliseconds until it is forgotten; 0 for what is not there. */
  remaining(name: string): number
}

/** An empty memory. */
export function createMemory<Value>(clock: () => number): Memory<Value> {
  const entries = new Map<string, { readonly value: Value; readonly end: number }>()
  const live = (name: string) => {
    const entry = entries.get(name)
    return entry !== undefined && entry.end > clock() ? entry : undefined
  }
  return {
    keep: (value, forMs) => {
      for (const [name, { end }] of entries) if (end <= clock()) entries.delete(name)
      const name = randomBytes(32).toString('base64url')
      entries.set(name, { value, end: clock() + forMs })
      return name
    },
    get: (name) => live(name)?.value,
    put: (name, value, forMs) => {
      const entry = live(name)
      if (entry !== undefined) entries.set(name, { value, end: forMs === undefined ? entry.end : clock() + forMs })
    },
    drop: (name) => {
      entries.delete(name)
    },
    remaining: (name) => Math.max(0, (live(name)?.end ?? 0) - clock()),
  }
}
