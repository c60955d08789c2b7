/**
 * testSecret: proves the pending key end to end before anybody's cookie depends on it. The private half must belong to
 * the public key that CloudFront holds, a request signed with it must pass the distribution, and every edge location
 * must have had the time to learn of it.
 *
 * What a repeat does: the same again; it changes nothing. The propagation time is counted from the group's last change,
 * which cannot be earlier than the key's arrival in it, so a repeat waits only for what is left of it. (A later change
 * by somebody else makes the wait longer, never too short.)
 *
 * With RotateImmediately=false Secrets Manager runs this step alone, with a pending version that has no value and is
 * removed afterwards (API reference, RotateSecret): there is nothing to test then.
 */
import type { SigningKey } from '../../signing-key/secret.js'
import { RotationError, reasonOf } from './error.js'
import { readKeyGroup } from './key-group.js'
import { isSamePem, publicHalf } from './key-pair.js'
import { logOutcome } from './log.js'
import { findingOf, probeCookies } from './probe.js'
import { RESERVE_MS, untilPropagated } from './propagation.js'
import { readPublicKey } from './public-keys.js'
import { giveUp, readPendingKey } from './secret-versions.js'
import type { Rotation } from './world.js'

const PROBE_TIMEOUT_MS = 10_000
const PROBE_INTERVAL_MS = 5_000

/** Does the step; see the top of this file. */
export async function testSecret(rotation: Rotation): Promise<void> {
  const key = await readPendingKey(rotation)
  if (key === undefined) {
    logOutcome(rotation, 'the pending version has no value, there is nothing to test')
    return
  }
  await assertPair(rotation, key)
  const { items, modifiedAt } = await readKeyGroup(rotation)
  if (!items.includes(key.keyPairId)) throw notTrusted(rotation, key.keyPairId)
  await untilAccepted(rotation, key)
  await untilPropagated(rotation, modifiedAt)
  logOutcome(rotation, 'the pending key is good', { keyPairId: key.keyPairId })
}

/** The error of a key that is not in the group. */
export function notTrusted({ step, keyGroupId }: Rotation, keyPairId: string): RotationError {
  return new RotationError(
    step,
    `the pending key ${keyPairId} is not in the key group ${keyGroupId}`,
    'Let Secrets Manager run the rotation again, from its first step: aws secretsmanager rotate-secret',
  )
}

/** A pair that does not match can never be used, and its version can hold no other. */
async function assertPair(rotation: Rotation, { keyPairId, privateKey }: SigningKey): Promise<void> {
  const published = await readPublicKey(rotation.world, keyPairId)
  if (isSamePem(publicHalf(privateKey), published)) return
  await giveUp(rotation, `the private key of the pending version does not belong to the public key ${keyPairId}`)
}

async function untilAccepted(rotation: Rotation, key: SigningKey): Promise<void> {
  const { world, step, probeUrl } = rotation
  for (let count = 1; ; count += 1) {
    const { finding, what } = await probe(rotation, key)
    if (finding === 'accepted') {
      logOutcome(rotation, 'a signed request was accepted', { probes: count, answer: what })
      return
    }
    if (rotation.remainingMs() < RESERVE_MS + PROBE_INTERVAL_MS + PROBE_TIMEOUT_MS) {
      throw new RotationError(
        step,
        `a request to ${probeUrl} signed with the pending key was not accepted after ${count} tries, the last answer was ${what}`,
        'Check that the behavior for this address trusts the key group, and that no firewall and no function refuses it; then run the rotation again',
      )
    }
    await world.sleep(PROBE_INTERVAL_MS)
  }
}

/** One request. That nothing came back says nothing about the key. */
async function probe({ world, configuration, probeUrl }: Rotation, key: SigningKey) {
  const cookie = probeCookies(key, probeUrl, configuration.hashAlgorithm, world.now())
  try {
    const answer = await world.get(probeUrl, { cookie }, PROBE_TIMEOUT_MS)
    return { finding: findingOf(answer), what: `status ${answer.status}` } as const
  } catch (error) {
    // fetch says no more than "fetch failed"; why is in its cause.
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    return { finding: 'undecided', what: reasonOf(cause) } as const
  }
}
