/** What a step of the rotation fails with: where, what happened, and what to do about it. */

/** The four steps in the order in which Secrets Manager asks for them (User Guide, Lambda rotation functions). */
export const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const

/** One of {@link STEPS}. */
export type Step = (typeof STEPS)[number]

/**
 * A step that could not be done. The message is what an operator reads in Lambda's log, so the reason of the cause is
 * part of it; values of the secret never are.
 */
export class RotationError extends Error {
  override readonly name = 'RotationError'
  /** A step's name, or what else the function was asked for. */
  readonly step: string
  readonly what: string
  /** What to do, as an imperative sentence. */
  readonly remedy: string

  constructor(step: string, what: string, remedy: string, options: { readonly cause?: unknown } = {}) {
    const reason = options.cause === undefined ? '' : ` (${reasonOf(options.cause)})`
    super(`${step}: ${what}${reason}. ${remedy}`, options)
    this.step = step
    this.what = what
    this.remedy = remedy
  }
}

/** Name and message of an error in one text: those of AWS name the action, the role and the resource. */
export function reasonOf(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message.slice(0, 500)}`
    : 'something that is no error was thrown'
}

/** Whether an error is AWS's of one of these names. The SDK's classes are not used: a name survives every bundler. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name)
}
