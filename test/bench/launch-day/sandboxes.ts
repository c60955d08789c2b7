/**
 * Lambda@Edge: regions with sandboxes, each of which serves one request at a time, is frozen between two, and is gone
 * after a rest. What runs in them is the edge function itself.
 */
import { randomBytes } from 'node:crypto'
import type { World } from '../../../edge-cache-request-signer/src/dependencies.js'
import { type Answer, createRouter } from '../../../edge-cache-request-signer/src/router.js'
import type { SeededRandom } from '../../faults/seeded-random.js'
import type { ParameterStore } from './parameter-store.js'
import type { VirtualTime } from './virtual-time.js'

/** How Lambda treats the function. */
export interface Placement {
  /** Of the requests for which a sandbox waits, the share that gets a new one all the same. */
  readonly newThoughOthersWait: number
  /** How long a sandbox lives on without work. */
  readonly restMs: number
}

/** Regional edge caches, and how many milliseconds they are from us-east-1, there and back. */
export const REGIONS: readonly (readonly [name: string, roundTripMs: number])[] = [
  ['us-east-1', 2],
  ['us-east-2', 12],
  ['us-west-1', 62],
  ['us-west-2', 66],
  ['eu-west-1', 68],
  ['eu-west-2', 76],
  ['eu-central-1', 90],
  ['sa-east-1', 115],
  ['ap-northeast-1', 150],
  ['ap-northeast-2', 175],
  ['ap-south-1', 190],
  ['ap-southeast-2', 200],
  ['ap-southeast-1', 215],
]

/** What all sandboxes share with each other. */
export interface Surroundings {
  readonly time: VirtualTime
  readonly random: SeededRandom
  readonly store: ParameterStore
  readonly provider: Pick<World, 'fetchJwks' | 'postForm'>
  readonly functionName: string
}

interface Sandbox {
  readonly route: (event: unknown) => Promise<Answer>
  readonly freeze: () => void
  readonly thaw: () => void
  restsSince: number
}

/** All regions. */
export interface Edge {
  readonly invoke: (region: number, event: unknown) => Promise<Answer>
  readonly invocations: () => number
  /** When each sandbox began, in milliseconds since the epoch. */
  readonly beginnings: readonly number[]
}

/** Regions without a single sandbox. */
export function createEdge(surroundings: Surroundings, { newThoughOthersWait, restMs }: Placement): Edge {
  const { time, random } = surroundings
  const waiting = REGIONS.map((): Sandbox[] => [])
  const beginnings: number[] = []
  let invocations = 0

  const waitingIn = (region: number): Sandbox | undefined => {
    const alive = (waiting[region] ?? []).filter(({ restsSince }) => time.now() - restsSince < restMs)
    waiting[region] = alive
    if (alive.length === 0 || random.happens(newThoughOthersWait)) return undefined
    return alive.splice(random.between(0, alive.length - 1), 1)[0]
  }
  const begun = async (region: number): Promise<Sandbox> => {
    beginnings.push(time.now())
    await time.sleep(random.between(250, 600))
    return createSandbox(surroundings, REGIONS[region]?.[1] ?? 0)
  }
  return {
    invoke: async (region, event) => {
      invocations += 1
      const sandbox = waitingIn(region) ?? (await begun(region))
      sandbox.thaw()
      try {
        const answer = await sandbox.route(event)
        await time.sleep(random.between(5, 15))
        return answer
      } finally {
        sandbox.freeze()
        sandbox.restsSince = time.now()
        waiting[region]?.push(sandbox)
      }
    },
    invocations: () => invocations,
    beginnings,
  }
}

/** A sandbox: what falls due while it is frozen happens when it is thawed. */
function createSandbox({ time, random, store, provider, functionName }: Surroundings, roundTripMs: number): Sandbox {
  let isFrozen = false
  let missed: (() => void)[] = []
  /** The answer of a peer, which a frozen sandbox does not see. */
  const awake = async <T>(answer: Promise<T>): Promise<T> => {
    await answer.catch(() => undefined)
    if (isFrozen) {
      await new Promise<void>((resolve) => {
        missed.push(resolve)
      })
    }
    return await answer
  }
  const peer = async <T>(ask: () => Promise<T>): Promise<T> => {
    await time.sleep(random.between(150, 400))
    return await ask()
  }
  const world: World = {
    functionName,
    now: time.now,
    random: random.number,
    after: (ms, callback) => time.after(ms, () => (isFrozen ? missed.push(callback) : callback())),
    getParameters: () => awake(store.call(roundTripMs)),
    fetchJwks: (uri) => awake(peer(() => provider.fetchJwks(uri))),
    postForm: (uri, form, headers) => awake(peer(() => provider.postForm(uri, form, headers))),
    randomBytes,
    log: () => undefined,
  }
  return {
    route: createRouter(world),
    freeze: () => {
      isFrozen = true
    },
    thaw: () => {
      isFrozen = false
      const due = missed
      missed = []
      for (const callback of due) callback()
    },
    restsSince: 0,
  }
}
