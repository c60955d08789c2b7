/**
 * When a public key may go. The rule: a key is trusted until every cookie signed with it and every cache that holds it
 * must have expired, counted from the moment when it was seen to be replaced; that moment stands in the key's comment.
 * (CloudFront Developer Guide, Rotating key pairs: wait until what was signed with the old key has expired.)
 */
import { isBootstrapKey, requestTokenOf } from '../../../contract/names.js'

/** A public key as CloudFront lists it. */
export interface PublicKey {
  readonly id: string
  readonly name: string
  readonly comment: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** Everything the judgement rests upon. */
export interface Evidence {
  /** The stack's name: its bootstrap key is recognised by it. */
  readonly name: string
  /** How the names of this secret's keys begin. */
  readonly owner: string
  readonly keys: readonly PublicKey[]
  /** Ids of the keys in the group. */
  readonly trusted: readonly string[]
  /** Ids of the keys in the secret's labelled versions. */
  readonly current: string | undefined
  readonly pending: string | undefined
  readonly previous: string | undefined
  /** Request token of a pending version that has no value yet: its key may have been uploaded a moment ago. */
  readonly unsavedToken: string | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly retireAfterSeconds: number
}

/** `mark` and `unmark` change the comment, `leave` the group, `delete` both and then the key itself. */
export type Fate = 'stay' | 'mark' | 'unmark' | 'leave' | 'delete'

/** What is to become of a key, and why. */
export interface Verdict {
  readonly key: PublicKey
  readonly fate: Fate
  readonly reason: string
}

/** An upload of this age has no living maker: Lambda ends every invocation after 15 minutes; five more are for clocks that disagree. */
export const UPLOAD_OUTLIVES_ITS_MAKER_MS = 20 * 60_000

const DAY_MS = 86_400_000

/** The comment of a key that was replaced. */
export function replacementMark(now: number): string {
  return `replaced ${new Date(now).toISOString().replace(/\.\d{3}Z$/, 'Z')}`
}

/** When a key was replaced, in milliseconds since the epoch; undefined without a (readable) mark. */
export function replacedAt(comment: string): number | undefined {
  const time = /^replaced (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)$/.exec(comment)?.[1]
  const at = time === undefined ? Number.NaN : Date.parse(time)
  return Number.isNaN(at) ? undefined : at
}

/** Whether a key was uploaded by the rotation with this token; `uploadName` says what the names look like. */
export function isUploadOf(owner: string, token: string, keyName: string): boolean {
  const carried = requestTokenOf(owner, keyName)
  const stem = compact(token)
  return carried === token || (carried?.length === stem.length + ATTEMPT_LENGTH && carried.startsWith(stem))
}

/** Letters and digits that tell one attempt's name from another's. */
export const ATTEMPT_LENGTH = 8

/** A request token without hyphens, short enough to be followed by an attempt within the 64 characters of a name's token. */
export function compact(token: string): string {
  return token.replaceAll('-', '').slice(0, 64 - ATTEMPT_LENGTH)
}

/** What is to become of each key. Never anything but `stay` for a key that is not of this secret, the current or the pending one (but for its mark). */
export function judgeKeys(evidence: Evidence): readonly Verdict[] {
  return evidence.keys.map((key) => ({ key, ...judge(key, evidence) }))
}

type Judgement = Omit<Verdict, 'key'>

function judge(key: PublicKey, evidence: Evidence): Judgement {
  const { name, owner, trusted, current } = evidence
  if (isBootstrapKey(name, key.name)) return judgeBootstrap(key, evidence)
  if (requestTokenOf(owner, key.name) === undefined) return { fate: 'stay', reason: 'it is not ours' }
  if (key.id === current || key.id === evidence.pending) return judgeInUse(key, evidence)
  return trusted.includes(key.id) ? judgeReplaced(key, evidence) : judgeUntrusted(key, evidence)
}

/** Nobody holds its private half, so it may go as soon as the group would not be empty without it. Terraform deletes it. */
function judgeBootstrap(key: PublicKey, { trusted, current }: Evidence): Judgement {
  if (!trusted.includes(key.id)) return { fate: 'stay', reason: 'it has left the group, and Terraform owns it' }
  if (current === undefined || !trusted.includes(current))
    return { fate: 'stay', reason: 'no key of ours is in use yet' }
  return { fate: 'leave', reason: 'a key of ours is in use' }
}

/** A key that came back (an operator moved AWSCURRENT back to it) must not be judged by its first replacement later on. */
function judgeInUse(key: PublicKey, { current }: Evidence): Judgement {
  const role = key.id === current ? 'current' : 'pending'
  if (replacedAt(key.comment) !== undefined) return { fate: 'unmark', reason: `it is ${role} again` }
  return { fate: 'stay', reason: `it is ${role}` }
}

function judgeReplaced(key: PublicKey, { now, retireAfterSeconds }: Evidence): Judgement {
  const at = replacedAt(key.comment)
  // A mark from the future is of no clock of ours; believing it could keep the key for ever.
  if (at === undefined || at > now + DAY_MS) return { fate: 'mark', reason: 'it was replaced' }
  const ageSeconds = (now - at) / 1000
  if (ageSeconds >= retireAfterSeconds) return { fate: 'delete', reason: 'no cookie and no cache can hold it any more' }
  return { fate: 'stay', reason: 'cookies signed with it may still be valid' }
}

/** No cookie of such a key is accepted, so it only takes room, unless it waits to be stored or to be rolled back to. */
function judgeUntrusted(key: PublicKey, evidence: Evidence): Judgement {
  const { owner, previous, unsavedToken, now } = evidence
  if (key.id === previous && replacedAt(key.comment) === undefined) return { fate: 'stay', reason: 'it is previous' }
  const isYoung = now - key.createdAt < UPLOAD_OUTLIVES_ITS_MAKER_MS
  if (isYoung && unsavedToken !== undefined && isUploadOf(owner, unsavedToken, key.name)) {
    return { fate: 'stay', reason: 'its private half may be about to be stored' }
  }
  return { fate: 'delete', reason: 'it is in no group and nobody will use it' }
}
