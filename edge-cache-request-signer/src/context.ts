import type { CloudFrontResultResponse } from 'aws-lambda'
import type { World } from './dependencies.js'
import type { ViewerRequest } from './http/request.js'
import type { Success } from './log.js'
import type { Settings } from './snapshot.js'

/** What an endpoint is given. */
export interface Call {
  readonly request: ViewerRequest
  readonly settings: Settings
  /** Seconds since the epoch. */
  readonly now: number
  /** For what cannot be known before: the identity provider's answer, and chance. */
  readonly world: Pick<World, 'postForm' | 'randomBytes' | 'log'>
}

/** What an endpoint gives back. */
export interface Outcome {
  readonly response: CloudFrontResultResponse
  /** `sub` of a verified token, or of the session, for the log. */
  readonly subject?: string | undefined
  /** The refusal that was turned into a way on, for the log. */
  readonly because?: string | undefined
  /** What happened, for the metrics, where something did. */
  readonly success?: Success | undefined
}

/** Serves one path and method. Throws or rejects with a `Refusal`. */
export type Endpoint = (call: Call) => Outcome | Promise<Outcome>
