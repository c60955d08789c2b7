import type { CloudFrontResultResponse } from 'aws-lambda'
import type { ViewerRequest } from '../request.js'
import type { Settings } from '../settings.js'

/** What an endpoint is given. */
export interface Call {
  readonly request: ViewerRequest
  readonly settings: Settings
  /** Seconds since the epoch. */
  readonly now: number
}

/** What an endpoint gives back. */
export interface Outcome {
  readonly response: CloudFrontResultResponse
  /** `sub` of a verified token, for the log. */
  readonly subject?: string
  /** Whether cookies were handed out, for the metrics. */
  readonly exchanged?: boolean
}

/** Serves one path and method. Throws or rejects with a `Refusal`. */
export type Endpoint = (call: Call) => Outcome | Promise<Outcome>
