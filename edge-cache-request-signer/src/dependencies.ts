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
  /**
   * Posts a form, as OAuth's token endpoints take it, and gives the answer whatever its status. Rejects when the peer
   * cannot be reached, takes longer than three seconds, redirects, or answers with more than 64 KB.
   */
  readonly postForm: (
    uri: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly status: number; readonly body: string }>
  /** So many bytes that nobody can guess. */
  readonly randomBytes: (length: number) => Buffer
  /** Writes one line to the log. */
  readonly log: (line: string) => void
}
