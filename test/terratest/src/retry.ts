import { setTimeout as sleep } from 'node:timers/promises'
import { MaxRetriesExceeded, TerraformAborted } from './errors.js'
import type { Logger } from './logger.js'
import { compilePattern } from './patterns.js'

/** When to try again: which failures, how often after the first try, and after how many milliseconds. */
export interface RetryPolicy {
  /** Regular expression -> message. */
  readonly retryable: Readonly<Record<string, string>>
  readonly maxRetries: number
  readonly timeBetweenRetries: number
  readonly logger: Logger
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs `action` until it succeeds, fails with something no pattern matches, or has been retried `maxRetries` times.
 *
 * A failure that is not retryable passes through as it is (terratest wraps it into a `FatalError`).
 *
 * @throws MaxRetriesExceeded with the last failure as its cause.
 * @throws TerraformAborted when the signal fires between two tries.
 * @throws InvalidOptions for a pattern that is no regular expression, before the first try.
 */
export async function doWithRetryableErrors<T>(
  description: string,
  policy: RetryPolicy,
  action: () => Promise<T>,
): Promise<T> {
  const patterns = Object.entries(policy.retryable).map(
    ([pattern, message]) => [compilePattern(pattern), message] as const,
  )
  for (let retries = 0; ; retries += 1) {
    try {
      return await action()
    } catch (error) {
      const reason = patterns.find(([pattern]) => pattern.test(failureText(error)))?.[1]
      if (reason === undefined || error instanceof TerraformAborted) throw error
      if (retries >= policy.maxRetries) {
        throw new MaxRetriesExceeded(`'${description}' unsuccessful after ${policy.maxRetries} retries: ${reason}`, {
          cause: error,
        })
      }
      policy.logger.log(
        `'${description}' failed with a retryable error: ${reason} Next try in ${policy.timeBetweenRetries} ms.`,
      )
      await pause(policy.timeBetweenRetries, description, policy.signal)
    }
  }
}

/** Runs `action` until it succeeds; every failure is retried. For what becomes true after a while, such as a site. */
export function doWithRetry<T>(
  description: string,
  policy: Omit<RetryPolicy, 'retryable'>,
  action: () => Promise<T>,
): Promise<T> {
  return doWithRetryableErrors(description, { ...policy, retryable: { '': 'It did not succeed yet.' } }, action)
}

/** Message and, of a process, all output: either may hold what a pattern looks for. */
function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const output: unknown = Reflect.get(error, 'output')
  return typeof output === 'string' ? `${error.message}\n${output}` : error.message
}

async function pause(milliseconds: number, description: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(Math.max(0, milliseconds), undefined, signal === undefined ? {} : { signal })
  } catch (cause) {
    throw new TerraformAborted(`'${description}' was aborted before its next try`, { cause })
  }
}
