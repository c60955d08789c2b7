/**
 * One JSON line a request, with its metric inside (CloudWatch User Guide, Embedded metric format specification). No
 * path, header, token, cookie or claim is written: an unknown path may hold anything.
 */
import { createHash } from 'node:crypto'
import { embeddedMetric } from '../../contract/metrics.js'

/** What a request may have brought about; the name of its metric. */
export type Success = 'Exchanges' | 'SignIns' | 'Renewals' | 'SignOuts'

/** What is told of a request. */
export interface RequestRecord {
  /** Method and path of the route, or `unknown`. */
  readonly route: string
  readonly status: number
  /** The refusal's code, or `ok`. */
  readonly reason: string
  /** The code of the refusal behind it, where one refusal led to another. */
  readonly because?: string | undefined
  readonly functionName: string
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly ms: number
  /** `sub` of the token, once it is verified; only its hash is written. */
  readonly subject?: string | undefined
  readonly success?: Success | undefined
}

/** The log line of a request. */
export function requestLine(record: RequestRecord): string {
  const { route, status, reason, because, functionName, time, ms, subject, success } = record
  const metric = success ?? metricOf(status)
  return JSON.stringify({
    level: status < 500 ? 'info' : 'error',
    event: 'request',
    route,
    status,
    reason,
    because,
    subject: subject === undefined ? undefined : subjectHash(subject),
    ms,
    ...(metric === undefined ? {} : metricOfLine(metric, functionName, time)),
  })
}

/** The log line of something that is no request: `details` name no value that is secret. */
export function eventLine(level: 'warn' | 'error', event: string, details: object): string {
  return JSON.stringify({ level, event, ...details })
}

/** The log line of an error that an operator has to look into. */
export function unexpectedLine(error: unknown): string {
  return eventLine('error', 'unexpected', describeError(error))
}

/** Enough of SHA-256 to follow one user through the log, and nothing to sign in with. */
function subjectHash(subject: string): string {
  return createHash('sha256').update(subject).digest('hex').slice(0, 16)
}

function metricOf(status: number): string | undefined {
  if (status >= 500) return 'Failures'
  return status >= 400 ? 'Refusals' : undefined
}

function metricOfLine(name: string, functionName: string, time: number): object {
  return embeddedMetric({ name, value: 1, unit: 'Count', dimensions: { FunctionName: functionName }, time })
}

/**
 * What an operator needs to know of an error that the viewer is not told: class, message, and those of its cause.
 * Our own errors quote no value; AWS's name the action and the role.
 */
export function describeError(error: unknown): {
  readonly error: string
  readonly message: string
  readonly cause?: object
} {
  if (!(error instanceof Error)) return { error: 'unknown', message: 'something that is no error was thrown' }
  return {
    error: error.name,
    message: error.message.slice(0, 1_000),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}
