/**
 * Carries rotations out: the four steps in order, one invocation each, and the whole of it again when a step fails.
 *
 * Source: Secrets Manager User Guide, "Lambda function for rotation": a failed rotation is retried from its first step
 * several times. AWS spreads these over the rotation window; here they follow each other soon.
 */
import { randomUUID } from 'node:crypto'
import type { LambdaService } from '../lambda/invoke.js'
import { type Secret, versionAt } from './store.js'

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const

/** One of the steps of a rotation. */
export type RotationStep = (typeof steps)[number]

/** What the last rotation of a secret came to. */
export interface RotationState {
  readonly state: 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly versionId: string
  /** How often it was begun. */
  readonly attempts: number
  /** The step that runs or failed. */
  readonly step: RotationStep | undefined
  readonly error: string | undefined
}

/** The rotations under way and their results. */
export interface Rotations {
  /** Begins a rotation to the pending version `token`; nothing happens if it is under way. */
  start(secret: Secret, token: string): void
  /** Runs testSecret alone against a pending version that is removed afterwards. */
  test(secret: Secret, token: string): void
  /** Lets a rotation end after the step that runs. */
  cancel(arn: string): void
  /** The last rotation of a secret. */
  state(arn: string): RotationState | undefined
}

/** What carrying out needs. */
export interface RotationParts {
  readonly lambda: Pick<LambdaService, 'invoke'>
  readonly clock: () => number
  /** How often a rotation is tried in all. */
  readonly attempts: number
  /** The wait before a new attempt, in milliseconds. */
  readonly retryDelayMs: number
  /** Receives what failed, a sentence at a time. */
  readonly onError: (sentence: string) => void
}

/** No rotation yet. */
export function createRotations(parts: RotationParts): Rotations {
  const states = new Map<string, RotationState>()
  const begin = (secret: Secret, token: string, run: (work: Work) => Promise<void>): void => {
    if (states.get(secret.arn)?.state === 'running') return
    const work = createWork(parts, states, secret, token)
    work.note({ state: 'running', attempts: 0 })
    run(work).catch((error: unknown) => parts.onError(`rotation of ${secret.name} failed inside: ${error}`))
  }
  return {
    start: (secret, token) => begin(secret, token, rotate),
    test: (secret, token) => begin(secret, token, testOnly),
    cancel(arn) {
      const state = states.get(arn)
      if (state?.state === 'running') states.set(arn, { ...state, state: 'cancelled' })
    },
    state: (arn) => states.get(arn),
  }
}

/** One rotation of one secret. */
interface Work extends RotationParts {
  readonly secret: Secret
  readonly token: string
  /** Whether it was cancelled, or another rotation has taken its place. */
  readonly isOver: () => boolean
  readonly note: (state: Pick<RotationState, 'state' | 'attempts'> & Partial<Failure>) => void
}

function createWork(parts: RotationParts, states: Map<string, RotationState>, secret: Secret, token: string): Work {
  let last: RotationState | undefined
  return {
    ...parts,
    secret,
    token,
    isOver: () => states.get(secret.arn) !== last,
    note({ state, attempts, step, error }) {
      last = { state, versionId: token, attempts, step, error }
      states.set(secret.arn, last)
    },
  }
}

async function rotate(work: Work): Promise<void> {
  for (let attempt = 1; attempt <= work.attempts; attempt += 1) {
    const failure = (await runSteps(work, steps, attempt)) ?? unfinished(work)
    if (work.isOver()) return
    if (failure === undefined) {
      work.secret.lastRotatedDate = new Date(work.clock())
      return work.note({ state: 'succeeded', attempts: attempt })
    }
    if (attempt === work.attempts) return work.note({ state: 'failed', attempts: attempt, ...failure })
    await new Promise((resolve) => setTimeout(resolve, work.retryDelayMs))
  }
}

async function testOnly(work: Work): Promise<void> {
  const { secret, token } = work
  const failure = await runSteps(work, ['testSecret'], 1)
  // The version was made for the test: it goes, unless the function has given it a value.
  if (secret.versions.get(token)?.value === undefined) secret.versions.delete(token)
  else secret.versions.get(token)?.stages.delete('AWSPENDING')
  if (!work.isOver()) work.note({ state: failure === undefined ? 'succeeded' : 'failed', attempts: 1, ...failure })
}

async function runSteps(work: Work, wanted: readonly RotationStep[], attempt: number): Promise<Failure | undefined> {
  for (const step of wanted) {
    if (work.isOver()) return undefined
    work.note({ state: 'running', attempts: attempt, step })
    const error = await invokeStep(work, step)
    if (error === undefined) continue
    work.onError(`rotation of ${work.secret.name}: attempt ${attempt}: ${step} failed: ${error}`)
    return { step, error }
  }
  return undefined
}

interface Failure {
  readonly step: RotationStep
  readonly error: string
}

function unfinished({ secret, token }: Work): Failure | undefined {
  if (versionAt(secret, 'AWSCURRENT')?.id === token) return undefined
  return { step: 'finishSecret', error: 'the rotation function ended without moving AWSCURRENT to the pending version' }
}

async function invokeStep({ lambda, secret, token }: Work, step: RotationStep): Promise<string | undefined> {
  const lambdaArn = secret.rotation?.lambdaArn ?? ''
  const event = { Step: step, SecretId: secret.arn, ClientRequestToken: token, RotationToken: randomUUID() }
  const result = await lambda.invoke(lambdaArn, event)
  return result.ok ? undefined : `${result.errorType}: ${result.errorMessage}`
}
