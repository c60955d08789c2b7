/** The table of `npm run keys`: every public key of a signing key, what it is, and until when it is trusted. */

import { GROUP_QUOTA } from '../../key-rotator/src/keys/key-group.js'
import { ACCOUNT_QUOTA } from '../../key-rotator/src/keys/public-keys.js'
import { type PublicKey, replacedAt } from '../../key-rotator/src/keys/retirement.js'
import { type KeyState, type Snapshot, stateOf, takeSnapshot } from './signing-keys.js'
import { argumentsFor } from './stack.js'
import type { OperatorWorld, SigningKeyStack } from './world.js'

/** One key, for people and (with `--json`) for programs. Times are RFC 3339 in UTC. */
export interface KeyLine {
  readonly id: string
  readonly name: string
  readonly created: string
  readonly state: Exclude<KeyState, 'elsewhere'>
  /** Whether CloudFront accepts cookies signed with it. */
  readonly trusted: boolean
  /** When cookies and caches can hold it no more: the first rotation after this takes it away. Null for a key that was not replaced (yet). */
  readonly trustedUntil: string | null
}

/** The public keys of one signing key and what surrounds them. */
export interface Inventory {
  readonly stack: string
  /** Null for the main key. */
  readonly label: string | null
  readonly secretArn: string
  readonly keyGroupId: string
  readonly keys: readonly KeyLine[]
  /** The version of a rotation that has not come to its end. */
  readonly pendingVersion: string | null
  readonly nextRotation: string | null
  readonly keysInGroup: number
  readonly publicKeysInAccount: number
}

const ORDER: readonly KeyLine['state'][] = [
  'current',
  'pending',
  'previous',
  'replaced',
  'bootstrap',
  'foreign',
  'orphan',
]

/** Looks, and changes nothing. */
export async function takeInventory(world: OperatorWorld, stack: SigningKeyStack): Promise<Inventory> {
  const snapshot = await takeSnapshot(world, stack)
  const { group, labels, publicKeys } = snapshot
  return {
    stack: stack.name,
    label: stack.label,
    secretArn: stack.secretId,
    keyGroupId: stack.keyGroupId,
    keys: [...linesOf(stack, snapshot)].sort(
      (one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state) || other.created.localeCompare(one.created),
    ),
    pendingVersion: labels.pending ?? null,
    nextRotation: labels.nextRotation?.toISOString() ?? null,
    keysInGroup: group.items.length,
    publicKeysInAccount: publicKeys.length,
  }
}

function* linesOf(stack: SigningKeyStack, snapshot: Snapshot): Generator<KeyLine> {
  for (const key of snapshot.publicKeys) {
    const state = stateOf(key, stack, snapshot)
    if (state === 'elsewhere') continue
    const trusted = snapshot.group.items.includes(key.id)
    const until = trusted ? trustedUntil(key, state, stack.retireAfterSeconds) : undefined
    yield {
      id: key.id,
      name: key.name,
      created: new Date(key.createdAt).toISOString(),
      state,
      trusted,
      trustedUntil: until === undefined ? null : new Date(until).toISOString(),
    }
  }
}

function trustedUntil({ comment }: PublicKey, state: KeyState, retireAfterSeconds: number): number | undefined {
  const at = state === 'previous' || state === 'replaced' ? replacedAt(comment) : undefined
  return at === undefined ? undefined : at + retireAfterSeconds * 1000
}

/** The table and the remarks below it, ready to print. */
export function inventoryText(inventory: Inventory): string {
  const rows = inventory.keys.map((key) => [key.id, key.name, minute(key.created), key.state, trustOf(key)])
  const table = tableOf([['KEY', 'NAME', 'CREATED', 'STATE', 'TRUSTED UNTIL'], ...rows])
  return `${table}\n\n${remarksOn(inventory).join('\n')}\n`
}

const UNMARKED: Readonly<Record<KeyLine['state'], string>> = {
  current: 'it is replaced',
  pending: 'it is replaced',
  previous: 'a while after the next rotation', // not marked as replaced yet: the rotator crashed, or is about to
  replaced: 'a while after the next rotation',
  bootstrap: 'the first rotation has ended',
  foreign: 'somebody takes it out of the group',
  orphan: '',
}

function trustOf({ state, trusted, trustedUntil }: KeyLine): string {
  if (!trusted) return 'not trusted'
  return trustedUntil === null ? UNMARKED[state] : `${minute(trustedUntil)}, then the next rotation`
}

function remarksOn(inventory: Inventory): readonly string[] {
  const { keys, keysInGroup, publicKeysInAccount, pendingVersion, nextRotation } = inventory
  const quotas = `${keysInGroup} of ${GROUP_QUOTA} keys in the key group ${inventory.keyGroupId}, ${publicKeysInAccount} of ${ACCOUNT_QUOTA} public keys in the account (quotas without a raise).`
  const hasCurrent = keys.some(({ state }) => state === 'current')
  return [
    quotas,
    ...(nextRotation === null ? [] : [`The schedule rotates next by ${minute(nextRotation)}.`]),
    ...(pendingVersion === null ? [] : [`A rotation is in progress: the version ${pendingVersion} holds AWSPENDING.`]),
    ...(hasCurrent
      ? []
      : [
          `No key is current, so nobody can sign in: run npm run rotate -- ${argumentsOf(inventory)}, which says why if it cannot.`,
        ]),
  ]
}

function argumentsOf({ stack, label }: Inventory): string {
  return argumentsFor({ name: stack, label })
}

/**
 * What could keep so many rotations at once from finding room, as sentences; none when there is enough. The rotator
 * retires keys that are old enough by itself, and says in its log when there are none.
 */
export function quotaWarnings(inventory: Inventory, now: number, rotations = 1): readonly string[] {
  const { keys, keysInGroup, publicKeysInAccount } = inventory
  const mayLeave = keys.some(({ trustedUntil }) => trustedUntil !== null && Date.parse(trustedUntil) <= now)
  const mayBeDeleted = mayLeave || keys.some(({ state }) => state === 'orphan')
  const remedy = `see npm run keys -- ${argumentsOf(inventory)}; the rotation will fail unless something goes, or AWS has raised the quota.`
  return [
    ...(keysInGroup >= GROUP_QUOTA && !mayLeave
      ? [`The key group holds ${keysInGroup} keys already, and none is old enough to leave it: ${remedy}`]
      : []),
    ...(publicKeysInAccount + rotations > ACCOUNT_QUOTA && !mayBeDeleted
      ? [
          `The account has ${publicKeysInAccount} public keys already, and none of this signing key may be deleted: ${remedy}`,
        ]
      : []),
  ]
}

/** 2026-11-21 05:00 UTC */
function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
