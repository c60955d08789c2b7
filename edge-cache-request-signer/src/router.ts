/** From event to response: settings, host, origin, then the endpoint for path and method; one log line at the end. */

import type { CloudFrontRequest, CloudFrontRequestEvent, CloudFrontResultResponse } from 'aws-lambda'
import { SigningKeyError } from '../../contract/secret.js'
import { DeadlineError, type Refreshing, Unavailable, within } from './cached-value.js'
import { type Configuration, ConfigurationError, type SignInSettings } from './configuration/configuration.js'
import { createContext, type Endpoint, type Outcome } from './context.js'
import type { World } from './dependencies.js'
import { assertMayLoad, isBearerContent, withoutAuthorization } from './endpoints/bearer-content.js'
import { callback } from './endpoints/callback.js'
import { exchange } from './endpoints/exchange.js'
import { refresh } from './endpoints/refresh.js'
import { session } from './endpoints/session.js'
import { signIn } from './endpoints/sign-in.js'
import { confirmSignOut, remove, signOut } from './endpoints/sign-out.js'
import { url } from './endpoints/signed-url.js'
import { corsFields, originOf, preflightFields } from './http/cors.js'
import { parseViewerRequest, type ViewerRequest } from './http/request.js'
import { empty, withFields, withinLimit, withoutBody } from './http/response.js'
import { requestLine, unexpectedLine } from './log.js'
import { REFUSALS, Refusal } from './refusals/refusal.js'
import { refused } from './refusals/refusal-response.js'
import { nextOfAttempt } from './session/login-state.js'
import { createSettings, type Settings, SigningKeyAbsent, settingsFor } from './snapshot.js'

/**
 * Path -> method -> endpoint. OPTIONS is answered for all; HEAD for none, because a HEAD that sets cookies would not be
 * the safe look at a GET that clients take it for.
 */
const ROUTES: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = {
  '/cookie/': { GET: exchange, POST: exchange },
  '/cookie/remove': { GET: remove },
  '/cookie/session': { GET: session },
  '/cookie/url': { GET: url },
}

/** The same for the paths that are there only where the configuration says how people sign in. */
const SIGN_IN_ROUTES: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = {
  '/cookie/sign-in': { GET: signIn },
  '/cookie/callback': { GET: callback },
  '/cookie/refresh': { GET: refresh, POST: refresh },
  '/cookie/sign-out': { GET: confirmSignOut, POST: signOut },
}

/**
 * All the time that there is, in milliseconds. Lambda ends the function after 15 s, and the viewer would see CloudFront's
 * bare 503; what takes longest, each within a limit of its own, is the identity provider.
 */
const LONGEST_MS = 13_500

/** What CloudFront gets back: a response, or the request, which then goes on to the cache and the origin. */
export type Answer = CloudFrontResultResponse | CloudFrontRequest

/** The function as Lambda calls it; what it keeps between calls lives as long as the returned function. */
export function createRouter(world: World): (event: unknown) => Promise<Answer> {
  const settings = createSettings(world)
  return async (event) => {
    const startedAt = world.now()
    const request = parseViewerRequest(event)
    const outcome = await settled(request, settings, world)
    // Content that is let through is told of in CloudFront's own log.
    if (outcome === undefined) return withoutAuthorization(recordOf(event))
    const { response, reason, because, subject, success } = outcome
    world.log(
      requestLine({
        route: routeName(request),
        status: Number(response.status),
        reason,
        because,
        functionName: world.functionName,
        time: startedAt,
        ms: world.now() - startedAt,
        subject,
        success,
      }),
    )
    return request.method === 'HEAD' ? withoutBody(response) : withinLimit(response)
  }
}

/** The record that a request was parsed from. */
function recordOf(event: unknown): CloudFrontRequestEvent['Records'][number] {
  const [record] = (event as CloudFrontRequestEvent).Records // parsed before
  if (record === undefined) throw new TypeError('the event has no record')
  return record
}

/** The outcome of a request, whatever became of it. */
interface Settled extends Outcome {
  readonly reason: string
}

/** The outcome of a request, refusals included, with the CORS fields that its origin may have; none to let it through. */
async function settled(
  request: ViewerRequest,
  reading: Refreshing<Settings>,
  world: World,
): Promise<Settled | undefined> {
  const startedAt = world.now()
  let settings: Settings | undefined
  let configuration: Configuration | undefined
  let outcome: Settled
  try {
    settings = await settingsFor(request, reading)
    configuration = settings.configuration
    const answered = await within(dispatched(request, settings, world), LONGEST_MS - (world.now() - startedAt), world)
    if (answered === undefined) return undefined
    outcome = { ...answered, reason: 'ok' }
  } catch (error) {
    configuration ??= configurationIn(error)
    const refusal = refusalFor(error, world, settings && pageOfSignIn(request, settings))
    outcome = refusedOutcome(refusal, request, configuration?.signIn)
  }
  const origin = originOf(request, configuration?.cors.allowedOrigins ?? [])
  return { ...outcome, response: withFields(outcome.response, corsFields(origin)) }
}

/**
 * The outcome of the endpoint for a request. Host and origin come first, so that no endpoint can forget them; OPTIONS
 * is answered for unknown paths too, because a failed preflight would hide their 404 from the page that asked.
 */
async function dispatched(request: ViewerRequest, settings: Settings, world: World): Promise<Outcome | undefined> {
  const { hosts, cors } = settings.configuration
  if (!hosts.includes(request.host)) throw new Refusal('host_unknown')
  // A browser would hide the answer from such a page, but not undo the cookies: it gets none.
  if (originOf(request, cors.allowedOrigins).kind === 'foreign') throw new Refusal('origin_foreign')
  if (isBearerContent(request, settings.configuration)) {
    if (request.method === 'OPTIONS') return preflight(CONTENT_METHODS)
    await assertMayLoad({ request, settings })
    return undefined
  }
  const methods = methodsAt(request.path, settings.configuration)
  if (request.method === 'OPTIONS') return preflight([...Object.keys(methods ?? {}), 'OPTIONS'])
  if (methods === undefined) throw new Refusal('path_unknown')
  const endpoint = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined
  if (endpoint === undefined) throw new Refusal('method_unknown', { allow: [...Object.keys(methods), 'OPTIONS'] })
  return await endpoint(createContext({ request, settings, now: Math.floor(world.now() / 1000), world }))
}

/** What pages of allowed origins may try; the behaviour says which of them content takes. */
const CONTENT_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

type Methods = Readonly<Record<string, Endpoint>>

/** The methods of a path; without sign-in its paths are not there. */
function methodsAt(path: string, { signIn }: Pick<Configuration, 'signIn'>): Methods | undefined {
  return routeAt(ROUTES, path) ?? (signIn === undefined ? undefined : routeAt(SIGN_IN_ROUTES, path))
}

function routeAt(routes: Readonly<Record<string, Methods>>, path: string): Methods | undefined {
  return Object.hasOwn(routes, path) ? routes[path] : undefined
}

/** The route for the log; a path that is none of ours, content among them, is not repeated there. */
function routeName({ method, path }: ViewerRequest): string {
  const isOurs = (routeAt(ROUTES, path) ?? routeAt(SIGN_IN_ROUTES, path)) !== undefined
  return !isOurs ? 'unknown' : `${/^[A-Z]{1,10}$/.test(method) ? method : '?'} ${path}`
}

/** What a refusal looks like from outside, and in the log. */
function refusedOutcome(refusal: Refusal, request: ViewerRequest, signIn?: SignInSettings): Settled {
  const { code, cause, subject } = refusal
  return {
    response: refused(refusal, request, signIn),
    reason: code,
    because: cause instanceof Refusal ? cause.code : undefined,
    subject,
  }
}

/** Where a sign-in that comes back was to end: its cookie stays when the time is over before the endpoint knows. */
function pageOfSignIn(request: ViewerRequest, { sealer }: Settings): string | undefined {
  return request.path === '/cookie/callback' ? nextOfAttempt(request, request.parameter('state'), sealer) : undefined
}

/**
 * Any error as a refusal, with the page that was wanted. What the deployer must mend was logged by the reading that found
 * it; the rest is logged here.
 */
function refusalFor(error: unknown, world: World, next: string | undefined): Refusal {
  if (error instanceof Refusal) {
    if (REFUSALS[error.code].status >= 500 && !(error.cause instanceof Unavailable)) world.log(unexpectedLine(error))
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
  world.log(unexpectedLine(error))
  if (error instanceof DeadlineError)
    return new Refusal('identity_provider_unavailable', { retryAfterSeconds: 5, next })
  return new Refusal('unexpected', { cause: error, next })
}

/** The configuration that was read although there is no key: its allow-list lets a page read the 503. */
function configurationIn(error: unknown): Configuration | undefined {
  const cause = error instanceof Unavailable ? error.cause : undefined
  return cause instanceof SigningKeyAbsent ? cause.configuration : undefined
}

/**
 * `OPTIONS` on any path of the function: the CORS preflight (Fetch Standard, CORS-preflight fetch). Foreign origins are
 * refused before; for the others the response names the methods of the path.
 */
export function preflight(methods: readonly string[]): Outcome {
  return { response: empty(204, { Allow: methods.join(', '), ...preflightFields(methods) }) }
}
