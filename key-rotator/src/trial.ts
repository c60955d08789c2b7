/**
 * The trial of a new key through the distribution. It is left out where the configuration has no address for it: a
 * distribution that is closed to the country of this function answers it 403, whatever it is signed with.
 */
import type { SigningKey } from '../../signing-key/secret.js'
import { RotationError, reasonOf } from './error.js'
import { logOutcome } from './log.js'
import { findingOf, probeCookies } from './probe.js'
import { RESERVE_MS } from './propagation.js'
import type { Rotation } from './world.js'

const PROBE_TIMEOUT_MS = 10_000
const PROBE_INTERVAL_MS = 5_000

/**
 * Tries the key.
 *
 * @throws RotationError when no signed request was accepted as long as the function may run.
 */
export async function tryKey(rotation: Rotation, key: SigningKey): Promise<void> {
  const { probeUrl } = rotation
  if (probeUrl === undefined) {
    logOutcome(rotation, 'the key is not tried through the distribution, as rotation.probe_enabled says', {
      keyPairId: key.keyPairId,
    })
    return
  }
  await untilAccepted(rotation, probeUrl, key)
}

async function untilAccepted(rotation: Rotation, probeUrl: string, key: SigningKey): Promise<void> {
  const { world, step } = rotation
  for (let count = 1; ; count += 1) {
    const { finding, what } = await probe(rotation, probeUrl, key)
    if (finding === 'accepted') {
      logOutcome(rotation, 'a signed request was accepted', { probes: count, answer: what })
      return
    }
    if (rotation.remainingMs() < RESERVE_MS + PROBE_INTERVAL_MS + PROBE_TIMEOUT_MS) {
      throw new RotationError(
        step,
        `a request to ${probeUrl} signed with the pending key was not accepted after ${count} tries, the last answer was ${what}`,
        'Check that the behavior for this address trusts the key group, and that no firewall, no function and no list of countries refuses it (the request comes from us-east-1), or set rotation.probe_enabled = false; then run the rotation again',
      )
    }
    await world.sleep(PROBE_INTERVAL_MS)
  }
}

/** One request. That nothing came back says nothing about the key. */
async function probe({ world, configuration }: Rotation, probeUrl: string, key: SigningKey) {
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
