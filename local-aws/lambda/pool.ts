/**
 * Warm sandboxes, by what they run: an idle one is used again, a dead or long idle one is dropped.
 */
import type { InvokeResult } from './invoke.js'
import type { Sandbox } from './sandbox.js'

// A laptop is not a Region: past this many at once, more must wait for Lambda's own answer to too many.
const concurrencyLimit = 24
const idleMs = 120_000

/** A sandbox of the pool, with what to do when it is dropped. */
export interface Pooled {
  readonly sandbox: Sandbox
  readonly release: () => void
}

/** The pool. */
export interface SandboxPool {
  /** Handles an event in an idle sandbox of this key or in a new one. */
  invoke(key: string, functionArn: string, event: unknown, start: () => Pooled): Promise<InvokeResult>
  stop(): void
}

interface Member extends Pooled {
  readonly key: string
  busy: boolean
  lastUsed: number
}

const tooMany: InvokeResult = { ok: false, errorType: 'TooManyRequestsException', errorMessage: 'Rate Exceeded.' }

/** An empty pool. */
export function createSandboxPool(): SandboxPool {
  let members: readonly Member[] = []
  const dropWhere = (isUnwanted: (member: Member) => boolean): void => {
    const unwanted = members.filter(isUnwanted)
    members = members.filter((member) => !unwanted.includes(member))
    for (const { sandbox, release } of unwanted) {
      sandbox.kill()
      release()
    }
  }
  const isDead = ({ busy, sandbox }: Member): boolean => !busy && !sandbox.isAlive()
  const isOld = ({ busy, lastUsed }: Member): boolean => !busy && Date.now() - lastUsed > idleMs
  const sweeper = setInterval(() => dropWhere((member) => isDead(member) || isOld(member)), idleMs / 4).unref()
  return {
    async invoke(key, functionArn, event, start) {
      dropWhere(isDead)
      const idle = members.find((member) => member.key === key && !member.busy)
      if (idle !== undefined) return use(idle, functionArn, event)
      if (members.length >= concurrencyLimit) dropWhere(({ busy }) => !busy)
      if (members.length >= concurrencyLimit) return tooMany
      const member = { ...start(), key, busy: false, lastUsed: 0 }
      members = [...members, member]
      return use(member, functionArn, event)
    },
    stop() {
      clearInterval(sweeper)
      dropWhere(() => true)
    },
  }
}

async function use(member: Member, functionArn: string, event: unknown): Promise<InvokeResult> {
  member.busy = true
  try {
    return await member.sandbox.invoke(functionArn, event)
  } finally {
    member.busy = false
    member.lastUsed = Date.now()
  }
}
