/**
 * Everything outside the function that it may touch, as one object of narrow types: the handler wires the real one
 * once, tests hand in a plain object and mock no module.
 */

/** Time and chance. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Calls back once after so many milliseconds; the function it returns prevents that. */
  readonly after: (ms: number, callback: () => void) => () => void
  /** A number in [0, 1), for jitter only. */
  readonly random: () => number
}

/** The world of the edge function. */
export interface World extends Clock {
  /** The function's name as Terraform knows it, without the prefix of a replica. */
  readonly functionName: string
  /**
   * The values of SSM parameters by name, decrypted, in one call. A name without a value is absent.
   * Rejects when the service does not answer.
   */
  readonly getParameters: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** The text of a JSON Web Key Set. Rejects when the endpoint does not answer with status 200. */
  readonly fetchJwks: (uri: string) => Promise<string>
  /** Writes one line to the log. */
  readonly log: (line: string) => void
}
