/**
 * What edge locations know of the key group. How long CloudFront takes to bring a change to all of them is documented
 * nowhere; here every location learns of it within the propagation time, each at its own moment.
 */
import type { CloudFrontDouble } from '../support/aws-double/cloudfront.js'

/** The trusted public keys (id -> PEM) from a moment on. */
export interface GroupVersion {
  /** Milliseconds since the epoch. */
  readonly since: number
  readonly keys: ReadonlyMap<string, string>
}

/** The group through time. */
export interface GroupHistory {
  /** Notes the group as it is; to be called after each change. */
  readonly look: () => void
  /** Every version that some location may go by now: the one in force, and those that were within so many milliseconds. */
  readonly within: (ms: number) => readonly GroupVersion[]
  /** Remembers all of it; what it gives back puts it there again. */
  readonly save: () => () => void
}

/** The history of a double's group, from now on. */
export function groupHistory(cloudFront: CloudFrontDouble, now: () => number): GroupHistory {
  let versions: readonly GroupVersion[] = []
  let seen: CloudFrontDouble['group'] | undefined
  const look = () => {
    if (cloudFront.group === seen) return
    seen = cloudFront.group
    const keys = new Map(seen.items.map((id) => [id, cloudFront.keys.get(id)?.encodedKey ?? '']))
    versions = [...versions, { since: now(), keys }]
  }
  look()
  return {
    look,
    within: (ms) => {
      // A version is in force until the next one; a location that is late by exactly the propagation time sees that
      // next one.
      const first = versions.findLastIndex(({ since }) => since <= now() - ms)
      return versions.slice(Math.max(0, first))
    },
    save: () => {
      const before = { versions, seen }
      return () => {
        versions = before.versions
        seen = before.seen
      }
    },
  }
}

/** One edge location. */
export interface EdgeLocation {
  /** The trusted public keys (id -> PEM) as far as this location knows. */
  readonly trusted: () => ReadonlyMap<string, string>
  /** Tells it of a new version, which it learns of so many milliseconds later. */
  readonly tell: (version: GroupVersion, delayMs: number) => void
}

/** A location that knows this version. */
export function edgeLocation(known: GroupVersion, now: () => number): EdgeLocation {
  let current = known
  let coming: readonly { readonly at: number; readonly version: GroupVersion }[] = []
  return {
    trusted: () => {
      const arrived = coming.filter(({ at }) => at <= now())
      coming = coming.slice(arrived.length)
      current = arrived.at(-1)?.version ?? current
      return current.keys
    },
    tell: (version, delayMs) => {
      // Versions arrive in their order.
      const at = Math.max(coming.at(-1)?.at ?? 0, now() + delayMs)
      coming = [...coming, { at, version }]
    },
  }
}
