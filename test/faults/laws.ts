/**
 * The laws of a rotation, looked at after every call of AWS. Nothing here believes the rotator's own numbers: how long
 * a cookie may live is added up from what the signer is allowed, and each edge location learns of a change when it likes.
 */
import { createPublicKey } from 'node:crypto'
import { labelOfPublicKey } from '../../signing-key/names.js'
import type { SigningKey } from '../../signing-key/secret.js'
import type { StoredPublicKey } from '../support/aws-double/cloudfront.js'
import type { Stack } from '../support/aws-double/stack.js'
import { type Handed, handOut, isLetThrough } from './cookies.js'
import { type GroupVersion, groupHistory } from './edges.js'
import type { Subject } from './subjects.js'

/** What a signer may do at most, in seconds: keep a key, fresh and stale, and sign for the longest lifetime with it. */
export const SIGNER = { freshSeconds: 300, staleSeconds: 3_600, lifetimeSeconds: 3_600 } as const

const GROUP_QUOTA = 5

/** A law that was broken. */
export type Law =
  | 'a cookie that has not expired is refused'
  | 'a signer cannot sign'
  | 'id and private key disagree'
  | 'more than five keys'
  | "somebody else's key was touched"
  | 'an orphan is left'
  | 'rotations are blocked'

/** The laws over one stack. */
export interface Laws {
  /** The first sentence about each broken law. */
  readonly broken: ReadonlyMap<Law, string>
  readonly look: () => void
  readonly report: (law: Law, detail: string) => void
  /** What has to be known to go on watching: who holds cookies for how long, and what edge locations may still see. */
  readonly state: () => { readonly live: ReadonlyMap<string, number>; readonly versions: readonly GroupVersion[] }
  /** Remembers all of it; what it gives back puts it there again, with no law broken. */
  readonly save: () => () => void
}

interface Live extends Handed {
  /** When the last of such cookies has expired, in milliseconds since the epoch. */
  readonly until: number
}

/** Watches a stack from now on. */
export function watchLaws(photos: Stack, subject: Subject): Laws {
  const { cloudFront, configuration, now } = photos
  const broken = new Map<Law, string>()
  const live = new Map<string, Live>()
  const history = groupHistory(cloudFront, now)
  const foreign = [...cloudFront.keys.values()].filter(({ name }) => labelOfPublicKey('photos', name) === undefined)
  const trusted = foreign.filter(({ id }) => id !== photos.bootstrapId && cloudFront.group.items.includes(id))
  const report = (law: Law, detail: string) => {
    if (!broken.has(law)) broken.set(law, detail)
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
    const until = now() + (freshSeconds + staleSeconds + lifetimeSeconds) * 1000
    live.set(cookies.header, { ...cookies, until })
  }
  const look = () => {
    history.look()
    lookAtSigner()
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
      versions: history.within(configuration.propagationSeconds * 1000),
    }),
    save: () => {
      const before = [...live]
      const restoreHistory = history.save()
      return () => {
        broken.clear()
        live.clear()
        for (const [header, cookies] of before) live.set(header, cookies)
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

/** Names of our public keys that are there for no reason. */
export function leftovers(photos: Stack, subject: Subject): readonly string[] {
  const kept = subject.kept(photos)
  return [...photos.cloudFront.keys.values()]
    .filter(({ id, name }) => name.startsWith(`${photos.owner}-signing-key-`) && !kept.includes(id))
    .map(({ name }) => name)
}
