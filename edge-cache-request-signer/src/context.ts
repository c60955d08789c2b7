/** What endpoints are given and give back. */
import type { CloudFrontResultResponse } from 'aws-lambda'
import type { World } from './dependencies.js'
import type { ViewerRequest } from './http/request.js'
import { returnPath } from './http/return-path.js'
import type { Success } from './log.js'
import { type BoundSession, openSession, type Session } from './session/session.js'
import type { Settings } from './snapshot.js'

/** A request and everything that answering it depends on. What it holds sealed or encoded is opened once, when needed. */
export interface Call {
  readonly request: ViewerRequest
  readonly settings: Settings
  /** Seconds since the epoch. */
  readonly now: number
  /** For what cannot be known before: the identity provider's answer, and chance. */
  readonly world: Pick<World, 'postForm' | 'randomBytes' | 'log'>
  /** The session of this browser with its binding. */
  readonly boundSession: BoundSession | undefined
  /** The session of this browser. */
  readonly session: Session | undefined
  /** The query parameter `next`, if it is a path of this host that may be returned to. */
  readonly next: string | undefined
}

/** A request with what belongs to it. */
export function createContext(given: Pick<Call, 'request' | 'settings' | 'now' | 'world'>): Call {
  const { request, settings, now } = given
  const opened = memoized(() => openSession(request, settings.sealer, now))
  const next = memoized(() => returnPath(request.parameter('next'), request.host))
  return {
    ...given,
    get boundSession() {
      return opened()
    },
    get session() {
      return opened()?.session
    },
    get next() {
      return next()
    },
  }
}

function memoized<Value>(compute: () => Value): () => Value {
  let computed: { readonly value: Value } | undefined
  return () => {
    computed ??= { value: compute() }
    return computed.value
  }
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
