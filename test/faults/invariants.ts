/**
 * The invariants of a rotation, checked after every AWS call. How long a cookie may live is added up from what the signer
 * is allowed, not taken from the rotator's configuration, and each edge location learns of a change at its own moment.
 */
import { createPublicKey } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { labelOfPublicKey } from '../../contract/names.js'
import type { SigningKey } from '../../contract/secret.js'
import { refill, type StoredPublicKey } from '../support/aws-double/cloudfront.js'
import type { Stack } from '../support/aws-double/stack.js'
import { type Handed, handOut, isLetThrough } from './cookies.js'
import { type GroupVersion, groupHistory } from './edge-locations.js'
import type { Subject } from './subjects.js'

/** What a signer may do at most, in seconds: keep a key, fresh and stale, and sign for the longest lifetime with it. */
export const SIGNER = { freshSeconds: 300, staleSeconds: 3_600, lifetimeSeconds: 3_600 } as const

const GROUP_QUOTA = 5

/** What must hold; named by what is observed when it does not. */
export type Invariant =
  | 'a cookie that has not expired is refused'
  | 'a signer cannot sign'
  | 'id and private key disagree'
  | 'a key left the group before its retirement age'
  | 'more than five keys'
  | "somebody else's key was touched"
  | 'an orphan is left'
  | 'the group holds other keys than the kept ones'
  | 'rotations are blocked'
  | 'a rotation has ended without its key in force'
  | 'a repetition by the SDK fails the attempt'

/** What a revocation breaks on purpose: old cookies are refused, and old keys do not stay for their age. */
export const BROKEN_BY_A_REVOCATION: readonly Invariant[] = [
  'a cookie that has not expired is refused',
  'a key left the group before its retirement age',
]

/** The invariants over one stack. */
export interface Invariants {
  /** The first sentence about each broken invariant. */
  readonly broken: ReadonlyMap<Invariant, string>
  readonly look: () => void
  readonly report: (invariant: Invariant, detail: string) => void
  /** The past that later checks depend on: who holds cookies until when, which key was last current when, and what edge locations may still see. */
  readonly state: () => {
    readonly live: ReadonlyMap<string, number>
    readonly lastCurrent: ReadonlyMap<string, number>
    readonly versions: readonly GroupVersion[]
  }
  /** Remembers all of it; what it gives back puts it there again, with no invariant broken. */
  readonly save: () => () => void
}

interface Live extends Handed {
  /** When the last of such cookies has expired, in milliseconds since the epoch. */
  readonly until: number
}

/** Watches a stack from now on. */
export function watchInvariants(photos: Stack, subject: Subject): Invariants {
  const { cloudFront, configuration, now } = photos
  const broken = new Map<Invariant, string>()
  const live = new Map<string, Live>()
  const history = groupHistory(cloudFront, now)
  // When each key was last current.
  const lastCurrent = new Map<string, number>()
  const foreign = [...cloudFront.keys.values()].filter(({ name }) => labelOfPublicKey('photos', name) === undefined)
  const trusted = foreign.filter(({ id }) => id !== photos.bootstrapId && cloudFront.group.items.includes(id))
  const report = (invariant: Invariant, detail: string) => {
    if (!broken.has(invariant)) broken.set(invariant, detail)
  }
  const isAcceptedEverywhere = (cookies: Handed) =>
    history.within(configuration.propagationSeconds * 1000).every(({ keys }) => isLetThrough(cookies, keys))

  const lookAtSigner = () => {
    const key = readKey(subject, photos)
    if (key === 'unreadable' || (key === undefined && live.size > 0)) report('a signer cannot sign', 'there is no key')
    if (key === undefined || key === 'unreadable') return
    if (!isPair(key, cloudFront.keys.get(key.keyPairId))) report('id and private key disagree', key.keyPairId)
    const cookies = handOut(key)
    if (!isAcceptedEverywhere(cookies)) report('a signer cannot sign', `${key.keyPairId} is not known everywhere`)
    const { freshSeconds, staleSeconds, lifetimeSeconds } = SIGNER
    lastCurrent.set(key.keyPairId, now())
    const until = now() + (freshSeconds + staleSeconds + lifetimeSeconds) * 1000
    live.set(cookies.header, { ...cookies, until })
  }
  const lookAtAges = () => {
    for (const [id, at] of lastCurrent) {
      // The mark from which the rotator counts has whole seconds.
      const ageMs = now() - Math.floor(at / 1000) * 1000
      if (ageMs >= configuration.retireAfterSeconds * 1000) lastCurrent.delete(id)
      else if (!cloudFront.group.items.includes(id)) report('a key left the group before its retirement age', id)
    }
  }
  const look = () => {
    history.look()
    lookAtSigner()
    lookAtAges()
    for (const cookies of live.values()) {
      if (cookies.until <= now()) live.delete(cookies.header)
      else if (!isAcceptedEverywhere(cookies)) {
        report('a cookie that has not expired is refused', `${cookies.keyPairId} is not trusted everywhere`)
      }
    }
    lookAtKeys()
  }
  const lookAtKeys = () => {
    if (cloudFront.group.items.length > GROUP_QUOTA) report('more than five keys', String(cloudFront.group.items))
    const changed = foreign.find((key) => cloudFront.keys.get(key.id) !== key)
    const distrusted = trusted.find(({ id }) => !cloudFront.group.items.includes(id))
    const touched = changed ?? distrusted
    if (touched !== undefined) report("somebody else's key was touched", touched.name)
  }
  look()
  photos.setObserver(look)
  return {
    broken,
    look,
    report,
    state: () => ({
      live: new Map([...live.values()].map(({ keyPairId, until }) => [keyPairId, until])),
      lastCurrent: new Map(lastCurrent),
      versions: history.within(configuration.propagationSeconds * 1000),
    }),
    save: () => {
      const before = { live: [...live], lastCurrent: [...lastCurrent] }
      const restoreHistory = history.save()
      return () => {
        broken.clear()
        refill(live, before.live)
        refill(lastCurrent, before.lastCurrent)
        restoreHistory()
      }
    },
  }
}

function readKey(subject: Subject, photos: Stack): SigningKey | 'unreadable' | undefined {
  try {
    return subject.signingKey(photos)
  } catch {
    return 'unreadable'
  }
}

const halves = new Map<string, string>()

function isPair({ privateKey }: SigningKey, published: StoredPublicKey | undefined): boolean {
  const half = halves.get(privateKey) ?? String(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }))
  halves.set(privateKey, half)
  return half === published?.encodedKey
}

/** What is wrong with the keys of a stack whose rotations have all ended, by invariant; empty when nothing is. */
export function wrongAtRest(photos: Stack, subject: Subject): ReadonlyMap<Invariant, string> {
  const wrong = new Map<Invariant, string>()
  const orphans = leftovers(photos, subject)
  if (orphans.length > 0) wrong.set('an orphan is left', orphans.join(' '))
  const { group, keys } = photos.cloudFront
  const isForeign = (id: string) =>
    id !== photos.bootstrapId && labelOfPublicKey('photos', keys.get(id)?.name ?? '') === undefined
  const kept = subject.kept(photos).filter((id) => id !== undefined)
  const wanted = new Set([...group.items.filter(isForeign), ...kept])
  if (!isDeepStrictEqual(wanted, new Set(group.items))) {
    wrong.set('the group holds other keys than the kept ones', group.items.join(' '))
  }
  return wrong
}

/** Names of our public keys that are there for no reason. */
export function leftovers(photos: Stack, subject: Subject): readonly string[] {
  const kept = subject.kept(photos)
  return [...photos.cloudFront.keys.values()]
    .filter(({ id, name }) => name.startsWith(`${photos.owner}-signing-key-`) && !kept.includes(id))
    .map(({ name }) => name)
}
