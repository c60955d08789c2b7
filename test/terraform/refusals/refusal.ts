/** The form of the tables in this folder. */

import type { Arguments } from '../../support/module-plans.js'

/** One validation, precondition or check, and the arguments that it refuses. */
export interface Refusal {
  /** The address of its variable, resource or check, as `expect_failures` of `terraform test` names it. */
  readonly by: string
  /** The whole message; each `{}` stands for what depends on the arguments. */
  readonly message: string
  /** By what is wrong with them: the arguments, and what the message has in the place of each `{}`. */
  readonly rows: Readonly<Record<string, readonly [values: Arguments, ...got: string[]]>>
}

/** As many values as are wanted, each made of its number, from 1 on. */
export const numbered = <T>(count: number, make: (number: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index + 1))

/**
 * The message with what it got.
 *
 * @throws Error when there are more or fewer places than values for them.
 */
export function filledIn(message: string, got: readonly string[]): string {
  const parts = message.split('{}')
  if (parts.length !== got.length + 1)
    throw new Error(`${got.length} values for ${parts.length - 1} places: ${message}`)
  return parts.map((part, index) => `${part}${got[index] ?? ''}`).join('')
}
