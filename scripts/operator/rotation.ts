/** Rotates a signing key by the call that the schedule makes, and waits until the new key is in use. */
import { isNamed } from '../../key-rotator/src/error.js'
import { isFinal, OperatorError } from './error.js'
import { type Labels, readLabels, readVersionKey } from './signing-keys.js'
import { argumentsFor } from './stack.js'
import type { OperatorWorld, SigningKeyStack } from './world.js'

const POLL_MS = 3_000
const PROGRESS_MS = 30_000
/** One run of the rotator has 15 minutes a step, of which only testSecret takes more than seconds. */
const PATIENCE_MS = 20 * 60_000
/** So long may DescribeSecret still show what was before RotateSecret. */
const SETTLING_MS = 60_000
/** Failures of DescribeSecret in a row that are borne while waiting; the SDK has tried each several times by then. */
const BEARABLE_FAILURES = 5

/** How a rotation ended. */
export interface RotationOutcome {
  /** Ids of public keys; the first rotation of a stack has no previous one. */
  readonly previous: string | undefined
  readonly current: string
  /** The version that became current. */
  readonly version: string
  /** Whether the rotation was in progress already. */
  readonly joined: boolean
}

/**
 * Rotates the key: begins a rotation, or joins the one that is in progress, and waits for its end. Run again after it
 * was interrupted, it joins.
 *
 * @throws OperatorError when the rotation is given up or is still going on after 20 minutes; the old key works on.
 */
export async function rotateKey(world: OperatorWorld, stack: SigningKeyStack): Promise<RotationOutcome> {
  const before = await readLabels(world, stack)
  if (!before.rotationEnabled) {
    throw new OperatorError(
      `Rotation is switched off for the secret of "${stack.name}" (${stack.secretId}): run terraform apply, which switches it on.`,
    )
  }
  const previous = await readVersionKey(world, stack, before.current)
  const { version, joined } = await begin(world, stack, before)
  await untilPromoted(world, stack, version)
  const current = await readVersionKey(world, stack, version)
  if (current === undefined)
    throw new OperatorError(
      `The version ${version} of ${stack.secretId} holds no signing key. The rotator writes none but sound ones: find out who else writes to the secret.`,
    )
  return { previous: previous?.keyPairId, current: current.keyPairId, version, joined }
}

interface Begun {
  readonly version: string
  readonly joined: boolean
}

/** RotateSecret for a secret whose last rotation has not come to its end is refused, but takes that one up again (API reference). */
async function begin(world: OperatorWorld, stack: SigningKeyStack, before: Labels): Promise<Begun> {
  if (before.pending !== undefined) sayInProgress(world, stack, before.pending)
  const token = world.newToken()
  try {
    await world.secrets.rotateSecret({ SecretId: stack.secretId, ClientRequestToken: token })
    world.say(`Secrets Manager has begun to make the version ${token}.`)
    return { version: token, joined: false }
  } catch (error) {
    const now = await readLabels(world, stack)
    // Only the answer was lost.
    if (now.byVersion[token] !== undefined) return { version: token, joined: false }
    const underWay = now.pending ?? before.pending
    if (underWay === undefined || !isNamed(error, 'InvalidRequestException')) throw error
    if (before.pending === undefined) sayInProgress(world, stack, underWay)
    return { version: underWay, joined: true }
  }
}

function sayInProgress({ say }: OperatorWorld, stack: SigningKeyStack, version: string): void {
  say(
    `A rotation is in progress already: the version ${version} holds AWSPENDING. Secrets Manager takes it up again, and this command waits for it. If it never ends, ${wayOut(stack, version)}.`,
  )
}

/** What an operator can do about a rotation that does not end. */
function wayOut(stack: SigningKeyStack, version: string): string {
  const { name, secretId } = stack
  return `read why in ${logOf(name)}, mend that, and give the rotation up with npm run rotate -- ${argumentsFor(stack)} --restart (or aws secretsmanager update-secret-version-stage --region us-east-1 --secret-id ${secretId} --version-stage AWSPENDING --remove-from-version-id ${version})`
}

function logOf(name: string): string {
  return `the rotator's log (aws logs tail --region us-east-1 --since 1h /aws/lambda/${name}-key-rotator)`
}

async function untilPromoted(world: OperatorWorld, stack: SigningKeyStack, version: string): Promise<void> {
  const started = world.now()
  const elapsed = () => world.now() - started
  let saidAt = 0
  let wasSeen = false
  while (elapsed() < PATIENCE_MS) {
    const labels = await readPatiently(world, stack, version)
    // AWSPREVIOUS: another rotation has replaced it since.
    if (labels.includes('AWSCURRENT') || labels.includes('AWSPREVIOUS')) return
    const isPending = labels.includes('AWSPENDING')
    if (!isPending && (wasSeen || elapsed() > SETTLING_MS)) throw givenUp(stack, version)
    wasSeen ||= isPending
    if (elapsed() - saidAt >= PROGRESS_MS) {
      saidAt = elapsed()
      world.say(
        `${Math.round(saidAt / 1000)} s: not yet; the new key is tried, and every edge location gets time to learn of it.`,
      )
    }
    await world.sleep(POLL_MS)
  }
  throw new OperatorError(
    `The rotation to the version ${version} has not ended after ${PATIENCE_MS / 60_000} minutes, and Secrets Manager may still be trying. The old key goes on working. Wait, or ${wayOut(stack, version)}.`,
  )
}

/** The labels of a version. A network that fails for a moment must not end a wait of minutes. */
async function readPatiently(
  world: OperatorWorld,
  stack: SigningKeyStack,
  version: string,
): Promise<readonly string[]> {
  for (let failures = 1; ; failures += 1) {
    try {
      return (await readLabels(world, stack)).byVersion[version] ?? []
    } catch (error) {
      if (isFinal(error) || failures > BEARABLE_FAILURES) throw error
      await world.sleep(POLL_MS)
    }
  }
}

function givenUp(stack: SigningKeyStack, version: string): OperatorError {
  return new OperatorError(
    `The rotation to the version ${version} was given up: it has lost AWSPENDING without becoming current. The old key goes on working. Read why in ${logOf(stack.name)}, then run npm run rotate -- ${argumentsFor(stack)} again.`,
  )
}

/**
 * Gives up the rotation that is in progress, so that another one can begin: takes AWSPENDING from its version. The
 * rotator refuses that version from then on, and the next rotation deletes the key it had made. Gives the version's id,
 * or undefined when there was nothing to give up.
 */
export async function giveUpPending(world: OperatorWorld, stack: SigningKeyStack): Promise<string | undefined> {
  const { pending } = await readLabels(world, stack)
  if (pending === undefined) return undefined
  return (await removeLabel(world, stack, 'AWSPENDING', pending)) ? pending : undefined
}

/**
 * Takes a label from a version. False when it was not there (any more): the rotation came to its end meanwhile, or an
 * earlier try took effect and its answer was lost.
 */
export async function removeLabel(
  world: OperatorWorld,
  stack: SigningKeyStack,
  label: 'AWSPENDING' | 'AWSPREVIOUS',
  version: string,
): Promise<boolean> {
  const request = { SecretId: stack.secretId, VersionStage: label, RemoveFromVersionId: version }
  try {
    await world.secrets.updateSecretVersionStage(request)
    return true
  } catch (error) {
    const { byVersion } = await readLabels(world, stack)
    if (byVersion[version]?.includes(label) === true) throw error
    return false
  }
}
