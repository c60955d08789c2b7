/**
 * The public keys that the edge trusts, as late as the edge learns of them.
 *
 * How long CloudFront takes to bring a changed key group to all edges is documented nowhere; a delay can be set here
 * to see that a rotation waits for it. Page: "Specify signers that can create signed URLs and signed cookies".
 */
import type { CloudFrontStore } from '../cloudfront/store.js'

/** The edge's own view of the key groups. */
export interface KeyGroupView {
  /** Public keys (id -> PEM) of the groups with these ids. */
  trustedKeys(groupIds: readonly string[]): ReadonlyMap<string, string>
  /** How long a change of a group takes to be seen from now on, in milliseconds; 0 is at once. */
  setPropagation(ms: number): void
  stop(): void
}

interface Version {
  readonly etag: string
  readonly seenAt: number
  readonly keys: ReadonlyMap<string, string>
}

/** How often changes are looked for while there is a delay, in milliseconds. */
const LOOK_EVERY_MS = 50

/** A view of the store. A group that was not there before, and one that is gone, is seen at once. */
export function viewKeyGroups(
  store: Pick<CloudFrontStore, 'keyGroups' | 'publicKeys'>,
  clock: () => number,
  propagationMs = 0,
): KeyGroupView {
  const history = new Map<string, Version[]>()
  let delay = propagationMs
  const look = () => {
    for (const id of history.keys()) if (!store.keyGroups.has(id)) history.delete(id)
    for (const [id, { etag, config }] of store.keyGroups) {
      const versions = history.get(id) ?? []
      if (versions.at(-1)?.etag === etag) continue
      const keys = new Map((config.Items ?? []).flatMap((keyId) => keyEntry(store, keyId)))
      history.set(id, [...versions, { etag, keys, seenAt: clock() }])
    }
  }
  // Two changes between two requests would otherwise look like one.
  const timer = setInterval(() => delay > 0 && look(), LOOK_EVERY_MS)
  timer.unref()
  const inForce = (id: string): Version | undefined => {
    const versions = history.get(id) ?? []
    const visible = versions.findLastIndex(({ seenAt }) => seenAt + delay <= clock())
    const current = Math.max(visible, 0)
    history.set(id, versions.slice(current))
    return versions[current]
  }
  return {
    trustedKeys: (groupIds) => {
      look()
      const groups = groupIds.filter((id) => store.keyGroups.has(id)).map(inForce)
      return new Map(groups.flatMap((group) => [...(group?.keys ?? [])]))
    },
    setPropagation: (ms) => {
      look()
      delay = ms
    },
    stop: () => clearInterval(timer),
  }
}

function keyEntry(store: Pick<CloudFrontStore, 'publicKeys'>, id: string): (readonly [string, string])[] {
  const pem = store.publicKeys.get(id)?.config.EncodedKey
  return pem === undefined ? [] : [[id, pem]]
}
