/**
 * RotateSecret and CancelRotateSecret.
 *
 * Source: Secrets Manager API Reference, RotateSecret; User Guide, "Schedule expressions". The schedule is kept and shown;
 * nothing rotates by it on a laptop: a rotation happens when RotateSecret asks for one.
 */
import { ACCOUNT_ID } from '../cloudfront/store.js'
import { allowsService } from '../iam/policy.js'
import type { Functions } from '../lambda/functions.js'
import { invalidParameter, invalidRequest, SecretsManagerError } from './errors.js'
import { livingSecretOf, type SecretsRequest, type SecretsWorld, text, tokenOf } from './request.js'
import { type RotationRules, type Secret, versionAt } from './store.js'

/** Configures rotation and begins one, or, with RotateImmediately false, tests the function only. */
export const rotateSecret =
  (world: SecretsWorld, functions: Pick<Functions, 'policy'>) =>
  async (request: SecretsRequest): Promise<unknown> => {
    const secret = livingSecretOf(world, request)
    const lambdaArn = text(request, 'RotationLambdaARN') ?? secret.rotation?.lambdaArn
    if (lambdaArn === undefined || lambdaArn === '') {
      throw invalidRequest('No Lambda rotation function ARN is associated with this secret.')
    }
    const rules = readRules(request) ?? secret.rotation?.rules
    if (rules === undefined) throw invalidParameter('RotationRules must be given when rotation is first switched on.')
    await assertMayInvoke(functions, lambdaArn)
    assertNoneUnderWay(world, secret)
    const token = tokenOf(request)
    if (secret.versions.get(token)?.value !== undefined) {
      throw new SecretsManagerError('ResourceExistsException', `The version ${token} exists already and has a value.`)
    }
    secret.rotation = { enabled: true, lambdaArn, rules }
    secret.lastChangedDate = new Date(world.clock())
    versionAt(secret, 'AWSPENDING')?.stages.delete('AWSPENDING')
    const createdDate = new Date(world.clock())
    secret.versions.set(token, { id: token, createdDate, value: undefined, stages: new Set(['AWSPENDING']) })
    if (request.parameters.RotateImmediately === false) {
      world.rotations.test(secret, token)
      return { ARN: secret.arn, Name: secret.name }
    }
    world.rotations.start(secret, token)
    return { ARN: secret.arn, Name: secret.name, VersionId: token }
  }

/** Switches rotation off; the function and the rules stay known. */
export const cancelRotateSecret = (world: SecretsWorld) => (request: SecretsRequest) => {
  const secret = livingSecretOf(world, request)
  if (secret.rotation !== undefined) secret.rotation = { ...secret.rotation, enabled: false }
  world.rotations.cancel(secret.arn)
  return { ARN: secret.arn, Name: secret.name, VersionId: versionAt(secret, 'AWSPENDING')?.id }
}

// AWSPENDING elsewhere than AWSCURRENT means that a rotation has not come to its end; it is taken up again.
function assertNoneUnderWay({ rotations }: SecretsWorld, secret: Secret): void {
  const pending = versionAt(secret, 'AWSPENDING')
  if (pending === undefined || pending.stages.has('AWSCURRENT')) return
  rotations.start(secret, pending.id)
  throw invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.")
}

// That Secrets Manager says for which secret it calls (aws:SourceArn) is not documented: it does not here.
async function assertMayInvoke(functions: Pick<Functions, 'policy'>, lambdaArn: string): Promise<void> {
  const access = {
    action: 'lambda:InvokeFunction',
    resource: lambdaArn,
    context: { 'aws:sourceaccount': ACCOUNT_ID },
  }
  if (allowsService(await functions.policy(lambdaArn), 'secretsmanager.amazonaws.com', access)) return
  throw new SecretsManagerError(
    'AccessDeniedException',
    `Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com. Function: ${lambdaArn}`,
  )
}

function readRules({ parameters }: SecretsRequest): RotationRules | undefined {
  const { RotationRules: given } = parameters
  if (typeof given !== 'object' || given === null) return undefined
  const rules = given as RotationRules
  const { AutomaticallyAfterDays: days, ScheduleExpression: schedule, Duration: duration } = rules
  if ((days === undefined) === (schedule === undefined)) {
    throw invalidParameter('RotationRules must have either AutomaticallyAfterDays or ScheduleExpression.')
  }
  if (days !== undefined && (!Number.isInteger(days) || days < 1 || days > 1000)) {
    throw invalidParameter('AutomaticallyAfterDays must lie between 1 and 1000.')
  }
  if (schedule !== undefined && !isSchedule(schedule)) {
    throw invalidParameter(`The ScheduleExpression ${schedule} is not valid.`)
  }
  if (duration !== undefined && !/^[0-9]{1,2}h$/.test(duration)) {
    throw invalidParameter(`The Duration ${duration} is not valid: it is a number of hours, for example 3h.`)
  }
  return rules
}

/** Whether a schedule expression is one that Secrets Manager takes: a rate of 4 hours to 999 days, or a cron on the hour. */
export function isSchedule(schedule: string): boolean {
  const [, count, unit] = /^rate\((\d+) (hours?|days?)\)$/.exec(schedule) ?? []
  if (count !== undefined) {
    const hours = Number(count) * (unit?.startsWith('day') === true ? 24 : 1)
    return hours >= 4 && hours <= 999 * 24
  }
  const fields = /^cron\((.+)\)$/.exec(schedule)?.[1]?.trim().split(/\s+/)
  return fields?.length === 6 && fields[0] === '0' && fields[5] === '*'
}
