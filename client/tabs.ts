/** What the tabs of one browser tell each other. Both means may be absent: then each tab is for itself. */
import type { Session } from './session.js'

/** The session that a tab has learnt of, or the word that all should look for themselves. */
export type Message = Learnt | 'look'

/** What a tab has learnt. */
export interface Learnt {
  /** Undefined: none any more. */
  readonly session: Session | undefined
  /** Whether its cookies are new. */
  readonly isRenewal: boolean
}

/** Of the lock that whoever brings new cookies holds, or takes them away, and of what the tabs tell. */
export const NAME = 'sign-in'

let channel: BroadcastChannel | undefined

function opened(): BroadcastChannel | undefined {
  try {
    channel ??= new BroadcastChannel(NAME)
  } catch {
    // The browser has none, or denies it to pages that may not keep anything.
  }
  return channel
}

/** Tells the other tabs. */
export function tell(message: Message): void {
  opened()?.postMessage(message)
}

/** Hears what the other tabs tell. */
export function hear(listener: (message: Message) => void): void {
  opened()?.addEventListener('message', ({ data }) => listener(data))
}

/**
 * Does something while no other tab does it.
 *
 * @param waits whether to wait while another tab does; else it is left to that one
 * @returns whether it was done here
 */
export async function alone(waits: boolean, task: () => Promise<unknown>): Promise<boolean> {
  const act = async (lock: unknown): Promise<boolean> => {
    if (lock !== null) await task()
    return lock !== null
  }
  return navigator.locks?.request(NAME, { ifAvailable: !waits }, act) ?? act(undefined)
}
