/**
 * What a request brings to be let in: a signature and what it signs, from the URL or from cookies.
 */

/** Where the parts of a signature were found, before anything of it is believed. */
export interface Credentials {
  /** The URL that the policy must cover: the request's, less the parameters of the signature itself. */
  readonly url: string
  readonly keyPairId: string | undefined
  readonly signature: string | undefined
  /** Encoded custom policy. */
  readonly policy: string | undefined
  /** Expiry of a canned policy, as written. */
  readonly expires: string | undefined
  readonly hashAlgorithm: string | undefined
  /** A parameter or cookie of the signature was there more than once. */
  readonly ambiguous: boolean
}
