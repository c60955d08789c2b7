/**
 * The trial of a new key through the distribution: a signed request has to be accepted, and one without cookies refused.
 * Without the second, an address that is open to everybody would prove every key.
 *
 * It is left out where the configuration has no address for it: a distribution that is closed to the country of this
 * function answers it 403, whatever it is signed with.
 */
import type { SigningKey } from '../../contract/secret.js'
import type { Rotation } from './dependencies.js'
import { RotationError, reasonOf } from './error.js'
import { RESERVE_MS } from './keys/propagation.js'
import { logOutcome } from './log.js'
import { type Finding, findingOf, probeCookies } from './probe-request.js'

const PROBE_TIMEOUT_MS = 10_000
const PROBE_INTERVAL_MS = 5_000

/** What to ask, and which answers end the asking. */
interface Question {
  readonly probeUrl: string
  readonly headers: () => Readonly<Record<string, string>>
  readonly isAnswered: (finding: Finding) => boolean
}

/** The last answer to a question, and the number of requests that it took. */
interface Reply {
  readonly finding: Finding
  readonly what: string
  readonly count: number
}

/**
 * Tries the key.
 *
 * @throws RotationError when no signed request was accepted as long as the function may run, or when one without cookies
 * was not refused.
 */
export async function tryKey(rotation: Rotation, key: SigningKey): Promise<void> {
  const { probeUrl } = rotation
  const { keyPairId } = key
  if (probeUrl === undefined) {
    logOutcome(rotation, 'the key is not tried through the distribution, as rotation.probe_enabled says', { keyPairId })
    return
  }
  const { count, what } = await untilAccepted(rotation, probeUrl, key)
  logOutcome(rotation, 'a signed request was accepted', { probes: count, answer: what })
  await untilRefused(rotation, probeUrl)
}

/** A refusal may be that of an edge location that has not learnt of the key yet. */
async function untilAccepted(rotation: Rotation, probeUrl: string, key: SigningKey): Promise<Reply> {
  const { world, configuration, step } = rotation
  const headers = () => ({ cookie: probeCookies(key, probeUrl, configuration.hashAlgorithm, world.now()) })
  const reply = await ask(rotation, { probeUrl, headers, isAnswered: (finding) => finding === 'accepted' })
  if (reply.finding === 'accepted') return reply
  throw new RotationError(
    step,
    `a request to ${probeUrl} signed with the pending key was not accepted after ${reply.count} tries, the last answer was ${reply.what}`,
    'Check that the behavior for this address trusts the key group, that no firewall, no function and no list of countries refuses the request, which comes from us-east-1, and that an application behind it does not answer this address with 403; or set rotation.probe_enabled = false. Then run the rotation again',
  )
}

async function untilRefused(rotation: Rotation, probeUrl: string): Promise<void> {
  const isAnswered = (finding: Finding) => finding !== 'undecided'
  const { finding, count, what } = await ask(rotation, { probeUrl, headers: () => ({}), isAnswered })
  if (finding === 'refused') return
  if (finding === 'undecided') {
    throw new RotationError(
      rotation.step,
      `a request to ${probeUrl} without cookies was not refused after ${count} tries, the last answer was ${what}`,
      'Check what answers at this address; then run the rotation again',
    )
  }
  throw new RotationError(
    rotation.step,
    `${probeUrl} answers without a signature (${what}), so that no key can be proved there`,
    'Put the behavior of this address in distribution_parts into the distribution, before any that is open, and let no error page change the status 403; or set rotation.probe_enabled = false. Then run the rotation again',
  )
}

/** Asks every five seconds until the question is answered, or while there is time for another request. */
async function ask(rotation: Rotation, question: Question): Promise<Reply> {
  for (let count = 1; ; count += 1) {
    const { finding, what } = await probe(rotation, question)
    if (question.isAnswered(finding)) return { finding, what, count }
    if (rotation.remainingMs() < RESERVE_MS + PROBE_INTERVAL_MS + PROBE_TIMEOUT_MS) return { finding, what, count }
    await rotation.world.sleep(PROBE_INTERVAL_MS)
  }
}

/** One request. That nothing came back says nothing about the key. */
async function probe({ world }: Rotation, { probeUrl, headers }: Question) {
  const sent = headers()
  try {
    const answer = await world.get(probeUrl, sent, PROBE_TIMEOUT_MS)
    return { finding: findingOf(answer), what: `status ${answer.status}` } as const
  } catch (error) {
    // fetch says no more than "fetch failed"; why is in its cause.
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    return { finding: 'undecided', what: reasonOf(cause) } as const
  }
}
