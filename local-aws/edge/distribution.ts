/**
 * The way of one request through a distribution.
 *
 * Order: behaviour, country, method, signature, viewer-request function, default root object, origin, response headers
 * policy, viewer-response function, custom error page. Signatures are checked before functions run, so a behaviour whose
 * function hands out cookies trusts no key group. There is no cache: every response is a miss.
 */
import type { Origin, ResponseHeadersPolicyConfig } from '@aws-sdk/client-cloudfront'
import type { CloudFrontStore, StoredDistribution, StoredFunction } from '../cloudfront/store.js'
import { type Behaviour, behaviourFor, refusedMethod } from './behaviors.js'
import { runFunctionOnRequest, runFunctionOnResponse } from './cloudfront-function.js'
import { withErrorPage } from './error-pages.js'
import { requestForOrigin } from './forwarding.js'
import { refusedCountry, withoutCountry } from './geo-restriction.js'
import { headerValues } from './headers.js'
import type { KeyGroupView } from './key-groups.js'
import { type Outcome, runViewerRequest, type ViewerRequestWorld } from './lambda-at-edge.js'
import { type EdgeResponse, htmlError, urlOf, type ViewerRequest, xmlError } from './messages.js'
import { askHttpOrigin } from './origin-http.js'
import { askS3Origin, bucketOfOrigin } from './origin-s3.js'
import { applyBothPolicies, applyResponseHeadersPolicy } from './response-headers.js'
import { verifySignedRequest } from './signed-request.js'
import { withoutSignature } from './signed-urls.js'
import { unsupportedSetting } from './unsupported.js'

/** What serving a distribution needs. */
export interface DistributionWorld extends ViewerRequestWorld {
  readonly store: CloudFrontStore
  readonly keyGroups: Pick<KeyGroupView, 'trustedKeys'>
  /** Where S3 answers for objects. */
  readonly moto: string
  /** Where S3 answers for bucket policies. */
  readonly policies: string
  readonly clock: () => number
  /** PEM of the local authority, for custom origins behind it. */
  readonly ca: readonly string[]
}

/** Everything about one request that the steps share. */
interface Visit {
  readonly world: DistributionWorld
  readonly distribution: StoredDistribution
  readonly behaviour: Behaviour
  readonly requestId: string
}

/** Serves a request to a distribution. */
export async function serveDistribution(
  world: DistributionWorld,
  distribution: StoredDistribution,
  request: ViewerRequest,
  requestId: string,
): Promise<EdgeResponse> {
  const { config } = distribution
  if (config.Enabled !== true) return htmlError(403, 'The distribution is disabled.')
  const behaviour = behaviourFor(config, request.path)
  const unsupported = unsupportedSetting(config, behaviour)
  if (unsupported !== undefined) {
    world.log(`${distribution.id}: ${unsupported}`)
    return htmlError(501, unsupported)
  }
  const visit = { world, distribution, behaviour, requestId }
  const elsewhere = refusedCountry(config, request)
  return elsewhere === undefined ? serve(visit, withoutCountry(request)) : withPage(visit, request, elsewhere)
}

async function serve(visit: Visit, request: ViewerRequest): Promise<EdgeResponse> {
  const refused = refusedMethod(visit.behaviour, request.method)
  if (refused !== undefined) return htmlError(403, refused)
  if (request.body.length > 0 && ['GET', 'HEAD'].includes(request.method)) {
    return htmlError(403, 'A GET or HEAD request may not have a body.')
  }
  const denied = checkSignature(visit, request)
  if (denied !== undefined) return withPage(visit, request, denied)
  const outcome = await runRequestFunction(visit, request)
  // What functions make up, and their failures, reaches the viewer as it is.
  if ('response' in outcome) return outcome.response
  const response = await respond(visit, outcome.request)
  return response.status >= 400 ? withPage(visit, request, response) : runResponseFunction(visit, request, response)
}

function signedGroups(behaviour: Behaviour): readonly string[] | undefined {
  return behaviour.TrustedKeyGroups?.Enabled === true ? (behaviour.TrustedKeyGroups.Items ?? []) : undefined
}

function checkSignature({ world, behaviour }: Visit, request: ViewerRequest): EdgeResponse | undefined {
  const groups = signedGroups(behaviour)
  if (groups === undefined) return undefined
  const verdict = verifySignedRequest(
    {
      url: urlOf(request),
      cookieHeaders: headerValues(request.headers, 'Cookie'),
      clientIp: request.clientIp,
      nowMs: world.clock(),
    },
    world.keyGroups.trustedKeys(groups),
  )
  return verdict.allowed ? undefined : xmlError(403, verdict.code, verdict.message)
}

async function runRequestFunction(visit: Visit, request: ViewerRequest): Promise<Outcome> {
  const { world, distribution, behaviour, requestId } = visit
  const trigger = behaviour.LambdaFunctionAssociations?.Items?.find(({ EventType }) => EventType === 'viewer-request')
  if (trigger?.LambdaFunctionARN !== undefined) {
    const { LambdaFunctionARN: functionArn, IncludeBody: includeBody = false } = trigger
    return runViewerRequest(world, distribution, { functionArn, includeBody }, request, requestId)
  }
  const fn = functionAt(visit, 'viewer-request')
  if (fn === undefined) return { request }
  return runFunctionOnRequest({ fn, distribution, request, requestId, log: world.log })
}

async function runResponseFunction(
  visit: Visit,
  request: ViewerRequest,
  response: EdgeResponse,
): Promise<EdgeResponse> {
  const fn = functionAt(visit, 'viewer-response')
  if (fn === undefined) return response
  const { distribution, requestId, world } = visit
  return runFunctionOnResponse({ fn, distribution, request, requestId, log: world.log }, response)
}

function functionAt({ world, behaviour }: Visit, eventType: string): StoredFunction | undefined {
  const arn = behaviour.FunctionAssociations?.Items?.find((item) => item.EventType === eventType)?.FunctionARN
  return arn === undefined ? undefined : [...world.store.functions.values()].find((fn) => fn.arn === arn)
}

/** Asks the behaviour's origin, and applies its response headers policy. */
async function respond(visit: Visit, request: ViewerRequest): Promise<EdgeResponse> {
  const response = await askOriginOf(visit, request)
  const policy = headersPolicyOf(visit)
  if (policy === undefined) return response
  return { ...response, headers: applyResponseHeadersPolicy(policy, request, response.headers) }
}

function headersPolicyOf({ world, behaviour }: Visit): ResponseHeadersPolicyConfig | undefined {
  return world.store.responseHeadersPolicies.get(behaviour.ResponseHeadersPolicyId ?? '')?.config
}

async function askOriginOf(visit: Visit, request: ViewerRequest): Promise<EdgeResponse> {
  const { world, distribution, behaviour } = visit
  const origin = originOf(distribution, behaviour)
  if (origin === undefined) return htmlError(502, 'The behavior names an origin that the distribution does not have.')
  const forOrigin = requestForOrigin(world.store, behaviour, originView(visit, request))
  const bucket = bucketOfOrigin(origin)
  return bucket === undefined
    ? askHttpOrigin(origin, forOrigin, world.ca)
    : askS3Origin(world, distribution, origin, bucket, forOrigin)
}

function originOf({ config }: StoredDistribution, { TargetOriginId }: Behaviour): Origin | undefined {
  return config.Origins?.Items?.find(({ Id }) => Id === TargetOriginId)
}

/** The request as it leaves for the origin: root object named, and the signature of a signed URL gone. */
function originView({ distribution, behaviour }: Visit, request: ViewerRequest): ViewerRequest {
  const root = distribution.config.DefaultRootObject ?? ''
  const path = request.path === '/' && root !== '' ? `/${root.replace(/^\//, '')}` : request.path
  if (signedGroups(behaviour) === undefined || request.query === undefined) return { ...request, path }
  const unsigned = withoutSignature(`?${request.query}`)
  return { ...request, path, query: unsigned === '' ? undefined : unsigned.slice(1) }
}

function withPage(visit: Visit, request: ViewerRequest, response: EdgeResponse): Promise<EdgeResponse> {
  const { config } = visit.distribution
  return withErrorPage(config, response, async (path) => {
    const behaviour = behaviourFor(config, path)
    if (signedGroups(behaviour) !== undefined) return undefined
    const method = request.method === 'HEAD' ? 'HEAD' : 'GET'
    const body = Buffer.alloc(0)
    // A range or a condition of the original request means nothing for the page.
    const visitOfPage = { ...visit, behaviour }
    const page = await askOriginOf(visitOfPage, { ...request, method, path, query: undefined, headers: [], body })
    const policies = { page: headersPolicyOf(visitOfPage), asked: headersPolicyOf(visit) }
    return { ...page, headers: applyBothPolicies(policies, request, page.headers) }
  })
}
