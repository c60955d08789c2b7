/** What the function does with an event: the checks of AWS's template, then the step by its name. */
import { isRequestToken, signingKeyOwner } from '../../contract/names.js'
import type { RotationConfiguration } from './configuration.js'
import type { Rotation, World } from './dependencies.js'
import { RotationError, STEPS, type Step } from './error.js'
import { logOutcome } from './log.js'
import { readVersions } from './secret-versions.js'
import { createSecret } from './steps/create-secret.js'
import { afterPromotion, finishSecret } from './steps/finish-secret.js'
import { setSecret } from './steps/set-secret.js'
import { testSecret } from './steps/test-secret.js'
import { DISCOVER_ISSUER, type Discovery, discoverIssuer } from './tasks/discover-issuer.js'
import { REPORT_KEY_AGE, reportKeyAge } from './tasks/key-age.js'

const ACTIONS: Readonly<Record<Step, (rotation: Rotation) => Promise<void>>> = {
  createSecret,
  setSecret,
  testSecret,
  finishSecret,
}

/** What Lambda tells an invocation about itself. */
export interface InvocationContext {
  readonly getRemainingTimeInMillis: () => number
}

/**
 * The function: takes an event of Secrets Manager (`Step`, `SecretId`, `ClientRequestToken`), or a `task` of the
 * schedule or of Terraform, and does it. Only `discover-issuer` gives something back.
 *
 * `configure` is called for each event that needs it, so that a wrong configuration is the error of the event and not
 * of the start.
 */
export function createRotator(
  world: World,
  configure: () => RotationConfiguration,
): (event: unknown, context: InvocationContext) => Promise<Discovery | undefined> {
  return async (event, context) => {
    const task = fieldOf(event, 'task')
    if (task === DISCOVER_ISSUER) return discoverIssuer(world, fieldOf(event, 'issuer'))
    const configuration = configure()
    const step = task ?? fieldOf(event, 'Step') ?? 'rotation'
    try {
      if (task === REPORT_KEY_AGE) await reportKeyAge(world, configuration)
      else await rotate(rotationOf(event, context, world, configuration))
      return undefined
    } catch (error) {
      if (error instanceof RotationError) throw error
      const remedy =
        'The current key goes on working; Secrets Manager tries again by itself. If it keeps failing, compare the role of this function with the module'
      throw new RotationError(step, 'a call failed', remedy, { cause: error })
    }
  }
}

/**
 * The staging checks are those of AWS's own template (aws-secrets-manager-rotation-lambdas,
 * SecretsManagerRotationTemplate), but for one: the first value of a secret becomes current as soon as it is stored (API
 * reference, PutSecretValue), and its steps are done all the same.
 */
async function rotate(rotation: Rotation): Promise<void> {
  const { step, secretId, token } = rotation
  const action = ACTIONS[stepOf(step)]
  const { rotationEnabled, labels, previous } = await readVersions(rotation)
  if (!rotationEnabled) {
    throw new RotationError(step, `rotation is not enabled for ${secretId}`, 'Apply the Terraform module again')
  }
  const staged = Object.hasOwn(labels, token) ? labels[token] : undefined
  if (staged === undefined) {
    const remedy = 'Start a rotation with aws secretsmanager rotate-secret, not by invoking the function'
    throw new RotationError(step, `the secret has no version ${token}`, remedy)
  }
  if (staged.includes('AWSCURRENT')) {
    logOutcome(rotation, 'the version is current already')
    if (step === 'finishSecret') await afterPromotion(rotation)
    else if (previous === undefined) await action(rotation)
    return
  }
  if (!staged.includes('AWSPENDING')) {
    const remedy = 'This rotation was given up; start another one: aws secretsmanager rotate-secret'
    throw new RotationError(step, `the version ${token} is not staged as AWSPENDING`, remedy)
  }
  await action(rotation)
}

function stepOf(step: string): Step {
  const known = STEPS.find((name) => name === step)
  if (known !== undefined) return known
  throw new RotationError(step.slice(0, 40), 'there is no such step', `The steps are ${STEPS.join(', ')}`)
}

function rotationOf(
  event: unknown,
  context: InvocationContext,
  world: World,
  configuration: RotationConfiguration,
): Rotation {
  const step = fieldOf(event, 'Step')
  const secretId = fieldOf(event, 'SecretId')
  const token = fieldOf(event, 'ClientRequestToken')
  if (step === undefined || secretId === undefined || token === undefined) {
    const remedy = 'Only Secrets Manager, the schedule and Terraform invoke this function'
    throw new RotationError('rotation', 'the event needs the texts Step, SecretId and ClientRequestToken', remedy)
  }
  stepOf(step)
  const { signingKeys } = configuration
  const place = Object.hasOwn(signingKeys, secretId) ? signingKeys[secretId] : undefined
  if (place === undefined) {
    const remedy = 'Apply the Terraform module again: it lists the secrets in ROTATION_CONFIGURATION'
    throw new RotationError(step, `nothing is configured for the secret ${secretId}`, remedy)
  }
  if (!isRequestToken(token)) {
    const remedy =
      'Cancel this rotation (aws secretsmanager cancel-rotate-secret) and give the next one no token, or a UUID'
    throw new RotationError(step, 'the request token is neither a UUID nor 32 to 64 letters and digits', remedy)
  }
  const { label, keyGroupId, probeUrl } = place
  return {
    world,
    configuration,
    step,
    secretId,
    token,
    owner: signingKeyOwner(configuration.name, label),
    keyGroupId,
    probeUrl,
    remainingMs: () => context.getRemainingTimeInMillis(),
  }
}

function fieldOf(event: unknown, field: string): string | undefined {
  const value: unknown = typeof event === 'object' && event !== null ? Reflect.get(event, field) : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}
