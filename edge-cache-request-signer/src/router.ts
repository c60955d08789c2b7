/** From event to response: settings, host, origin, then the endpoint for path and method; one log line at the end. */
import type { CloudFrontResultResponse } from 'aws-lambda'
import { SigningKeyError } from '../../signing-key/secret.js'
import { type Configuration, ConfigurationError } from './configuration.js'
import { corsFields, originOf } from './cors.js'
import type { Endpoint, Outcome } from './endpoints/endpoint.js'
import { exchange } from './endpoints/exchange.js'
import { preflight } from './endpoints/preflight.js'
import { remove } from './endpoints/remove.js'
import { describeError, requestLine } from './log.js'
import { type Refreshing, Unavailable } from './refreshing.js'
import { REFUSALS, Refusal } from './refusals.js'
import { parseViewerRequest, type ViewerRequest } from './request.js'
import { refused, withFields, withoutBody } from './responses.js'
import { createSettings, type Settings, SigningKeyAbsent } from './settings.js'
import type { World } from './world.js'

/**
 * Path -> method -> endpoint. OPTIONS is answered for all; HEAD for none, because a HEAD that sets cookies would not be
 * the safe look at a GET that clients take it for.
 */
const ROUTES: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = {
  '/cookie/': { GET: exchange, POST: exchange },
  '/cookie/remove': { GET: remove },
}

/** The function as Lambda calls it; what it keeps between calls lives as long as the returned function. */
export function createRouter(world: World): (event: unknown) => Promise<CloudFrontResultResponse> {
  const settings = createSettings(world)
  return async (event) => {
    const startedAt = world.now()
    const request = parseViewerRequest(event)
    const { response, reason, subject, exchanged } = await settled(request, settings, world)
    world.log(
      requestLine({
        route: routeName(request),
        status: Number(response.status),
        reason,
        functionName: world.functionName,
        time: startedAt,
        ms: world.now() - startedAt,
        subject,
        exchanged: exchanged ?? false,
      }),
    )
    return request.method === 'HEAD' ? withoutBody(response) : response
  }
}

/** The outcome of a request, refusals included, with the CORS fields that its origin may have. */
async function settled(
  request: ViewerRequest,
  reading: Refreshing<Settings>,
  world: World,
): Promise<Outcome & { readonly reason: string }> {
  let configuration: Configuration | undefined
  let outcome: Outcome & { readonly reason: string }
  try {
    const settings = reading.fresh() ?? (await reading.get())
    configuration = settings.configuration
    outcome = { ...(await dispatched(request, settings, world)), reason: 'ok' }
  } catch (error) {
    const refusal = refusalFor(error, world)
    configuration ??= configurationIn(error)
    outcome = { response: refused(refusal, request, configuration?.signIn), reason: refusal.code }
  }
  const origin = originOf(request, configuration?.cors.allowedOrigins ?? [])
  return { ...outcome, response: withFields(outcome.response, corsFields(origin)) }
}

/**
 * The outcome of the endpoint for a request. Host and origin come first, so that no endpoint can forget them; OPTIONS
 * is answered for unknown paths too, because a failed preflight would hide their 404 from the page that asked.
 */
function dispatched(request: ViewerRequest, settings: Settings, { now }: World): Outcome | Promise<Outcome> {
  const { hosts, cors } = settings.configuration
  if (!hosts.includes(request.host)) throw new Refusal('host_unknown')
  // A browser would hide the answer from such a page, but not undo the cookies: it gets none.
  if (originOf(request, cors.allowedOrigins).kind === 'foreign') throw new Refusal('origin_foreign')
  const methods = methodsAt(request.path)
  if (request.method === 'OPTIONS') return preflight([...Object.keys(methods ?? {}), 'OPTIONS'])
  if (methods === undefined) throw new Refusal('path_unknown')
  const endpoint = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
  if (endpoint === undefined) throw new Refusal('method_unknown', { allow: [...Object.keys(methods), 'OPTIONS'] })
  return endpoint({ request, settings, now: Math.floor(now() / 1000) })
}

function methodsAt(path: string): Readonly<Record<string, Endpoint>> | undefined {
  return Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined
}

/** The route for the log; a path that is none of ours is not repeated there. */
function routeName({ method, path }: ViewerRequest): string {
  return methodsAt(path) === undefined ? 'unknown' : `${/^[A-Z]{1,10}$/.test(method) ? method : '?'} ${path}`
}

/** Any error as a refusal. What the deployer must mend was logged by the reading that found it; the rest is logged here. */
function refusalFor(error: unknown, world: World): Refusal {
  if (error instanceof Refusal) {
    if (REFUSALS[error.code].status >= 500 && !(error.cause instanceof Unavailable)) logUnexpected(error, world)
    return error
  }
  if (error instanceof Unavailable) {
    const { cause, retryAfterSeconds } = error
    if (cause instanceof SigningKeyAbsent) return new Refusal('signing_key_absent', { retryAfterSeconds, cause })
    if (cause instanceof ConfigurationError || cause instanceof SigningKeyError) {
      return new Refusal('configuration_invalid', { cause })
    }
    return new Refusal('configuration_unavailable', { retryAfterSeconds, cause })
  }
  logUnexpected(error, world)
  return new Refusal('unexpected', { cause: error })
}

function logUnexpected(error: unknown, { log }: World): void {
  log(JSON.stringify({ level: 'error', event: 'unexpected', ...describeError(error) }))
}

/** The configuration that was read although there is no key: its allow-list lets a page read the 503. */
function configurationIn(error: unknown): Configuration | undefined {
  const cause = error instanceof Unavailable ? error.cause : undefined
  return cause instanceof SigningKeyAbsent ? cause.configuration : undefined
}
