/**
 * What of a viewer's request reaches the origin.
 *
 * Rule: the union of what the cache policy and the origin request policy name (or the legacy forwarded values), and a
 * few headers always; Authorization of GET, HEAD and OPTIONS only where named. Pages: "Control origin requests with a
 * policy", "Request and response behavior for custom origins", HTTP request headers.
 */
import type { ForwardedValues } from '@aws-sdk/client-cloudfront'
import type { CloudFrontStore } from '../cloudfront/store.js'
import type { Behaviour } from './behaviors.js'
import { type HeaderList, HOP_BY_HOP, headerValues, withoutHeaders } from './headers.js'
import type { ViewerRequest } from './messages.js'
import { parseCookies } from './signed-cookies.js'

/** Some, none or all of something that has names. */
interface Selection {
  readonly mode: 'none' | 'whitelist' | 'allExcept' | 'all'
  readonly names: readonly string[]
}

interface Forwarded {
  readonly headers: readonly Selection[]
  readonly cookies: readonly Selection[]
  readonly queryStrings: readonly Selection[]
}

/** Headers that CloudFront passes on by itself. */
const ALWAYS = ['Range', 'If-Match', 'If-None-Match', 'If-Modified-Since', 'If-Unmodified-Since', 'If-Range']
const OF_BODIES = ['Content-Type', 'Content-Length', 'Content-Encoding']

/** The policies of a behaviour that decide on forwarding. */
export type Policies = Pick<CloudFrontStore, 'cachePolicies' | 'originRequestPolicies'>

/** The request as the origin gets it; its Host header is there only if a policy forwards it. */
export function requestForOrigin(policies: Policies, behaviour: Behaviour, request: ViewerRequest): ViewerRequest {
  const forwarded = forwardedBy(policies, behaviour)
  const headers = forwardedHeaders(forwarded, request)
  const cookies = parseCookies(headerValues(request.headers, 'Cookie')).filter(([name]) =>
    isSelected(forwarded.cookies, name),
  )
  const cookie = cookies.map(([name, value]) => `${name}=${value}`).join('; ')
  const query = (request.query ?? '')
    .split('&')
    .filter((pair) => pair !== '' && isSelected(forwarded.queryStrings, pair.split('=', 1)[0] ?? ''))
    .join('&')
  return {
    ...request,
    query: query === '' ? undefined : query,
    headers: cookie === '' ? headers : [...headers, ['Cookie', cookie]],
  }
}

function forwardedHeaders({ headers }: Forwarded, request: ViewerRequest): HeaderList {
  const always = [...ALWAYS, ...(request.body.length > 0 ? OF_BODIES : [])].map((name) => name.toLowerCase())
  const readsOnly = ['GET', 'HEAD', 'OPTIONS'].includes(request.method)
  const agent = isSelected(headers, 'user-agent') ? [] : [['User-Agent', 'Amazon CloudFront'] as const]
  const chosen = withoutHeaders(request.headers, [...HOP_BY_HOP, 'Cookie']).filter(([name]) => {
    const lower = name.toLowerCase()
    return isSelected(headers, lower) || always.includes(lower) || (lower === 'authorization' && !readsOnly)
  })
  const via = [...headerValues(request.headers, 'Via'), '1.1 edge.cloudfront.localhost (CloudFront)'].join(', ')
  const path = [...headerValues(request.headers, 'X-Forwarded-For'), request.clientIp].join(', ')
  return [...withoutHeaders(chosen, ['Via', 'X-Forwarded-For']), ...agent, ['Via', via], ['X-Forwarded-For', path]]
}

function isSelected(selections: readonly Selection[], name: string): boolean {
  return selections.some(({ mode, names }) => {
    const isNamed = names.some((other) => other.toLowerCase() === name.toLowerCase())
    return mode === 'all' || (mode === 'whitelist' && isNamed) || (mode === 'allExcept' && !isNamed)
  })
}

function forwardedBy({ cachePolicies, originRequestPolicies }: Policies, behaviour: Behaviour): Forwarded {
  const cache = cachePolicies.get(behaviour.CachePolicyId ?? '')?.config.ParametersInCacheKeyAndForwardedToOrigin
  const origin = originRequestPolicies.get(behaviour.OriginRequestPolicyId ?? '')?.config
  const legacy = behaviour.ForwardedValues
  return {
    headers: [
      select(cache?.HeadersConfig?.HeaderBehavior, cache?.HeadersConfig?.Headers),
      select(origin?.HeadersConfig?.HeaderBehavior, origin?.HeadersConfig?.Headers),
      select(legacy === undefined ? 'none' : 'whitelist', legacy?.Headers),
    ],
    cookies: [
      select(cache?.CookiesConfig?.CookieBehavior, cache?.CookiesConfig?.Cookies),
      select(origin?.CookiesConfig?.CookieBehavior, origin?.CookiesConfig?.Cookies),
      select(legacy?.Cookies?.Forward, legacy?.Cookies?.WhitelistedNames),
    ],
    queryStrings: [
      select(cache?.QueryStringsConfig?.QueryStringBehavior, cache?.QueryStringsConfig?.QueryStrings),
      select(origin?.QueryStringsConfig?.QueryStringBehavior, origin?.QueryStringsConfig?.QueryStrings),
      legacyQueryStrings(legacy),
    ],
  }
}

function legacyQueryStrings(legacy: ForwardedValues | undefined): Selection {
  return { mode: legacy?.QueryString === true ? 'all' : 'none', names: [] }
}

function select(behaviour: string | undefined, list: { Items?: string[] | undefined } | undefined): Selection {
  const names = list?.Items ?? []
  switch (behaviour) {
    case 'all':
    case 'allViewer':
    case 'allViewerAndWhitelistCloudFront':
      return { mode: 'all', names: [] }
    case 'whitelist':
    case 'allExcept':
      return { mode: behaviour, names }
    default:
      return { mode: 'none', names: [] }
  }
}
