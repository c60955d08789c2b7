/** A call that was one too many for the account in this second. AWS says so with status 400. */
const THROTTLED = /^(?:Throttl|TooManyRequests|RequestLimitExceeded)/

/**
 * Whether another call to AWS may bring what this one did not: it was throttled, it got no answer, or AWS has trouble
 * inside (AWS SDKs and Tools Reference Guide, Retry behavior).
 */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, $metadata } = error as Error & {
    readonly code?: unknown
    readonly $metadata?: { readonly httpStatusCode?: number }
  }
  // Node's errors of the network have codes like ECONNRESET.
  const gotNoAnswer = error.name === 'TimeoutError' || (typeof code === 'string' && /^E[A-Z]/.test(code))
  return gotNoAnswer || THROTTLED.test(error.name) || ($metadata?.httpStatusCode ?? 0) >= 500
}
