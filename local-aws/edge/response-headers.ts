/**
 * Response headers policies.
 *
 * Rule: removals first, then CORS (for requests with an Origin, preflights get more), security and custom headers, each
 * with its own "origin override". Page: "Understand response headers policies". Whether the policy reaches responses
 * that a viewer-request function makes up, or errors of CloudFront itself, is documented nowhere: here it does not.
 */
import type {
  ResponseHeadersPolicyConfig,
  ResponseHeadersPolicyCorsConfig,
  ResponseHeadersPolicySecurityHeadersConfig,
} from '@aws-sdk/client-cloudfront'
import { type HeaderList, headerValue, headerValues, withHeader, withoutHeaders } from './headers.js'
import { matchesWildcards } from './wildcards.js'

/** The part of the viewer's request that CORS depends on. */
export interface CorsRequest {
  readonly method: string
  readonly headers: HeaderList
}

interface Addition {
  readonly name: string
  readonly value: string
  readonly override: boolean
}

/** The headers of a response from an origin after the policy. */
export function applyResponseHeadersPolicy(
  policy: ResponseHeadersPolicyConfig,
  request: CorsRequest,
  headers: HeaderList,
): HeaderList {
  const removed = (policy.RemoveHeadersConfig?.Items ?? []).map(({ Header }) => Header ?? '')
  const kept = withoutHeaders(headers, removed)
  const withCors = policy.CorsConfig === undefined ? kept : applyCors(policy.CorsConfig, request, kept)
  const custom = (policy.CustomHeadersConfig?.Items ?? []).map(({ Header, Value, Override }) => ({
    name: Header ?? '',
    value: Value ?? '',
    override: Override ?? false,
  }))
  const additions = [...securityHeaders(policy.SecurityHeadersConfig ?? {}), ...custom]
  return additions.reduce((list, { name, value, override }) => {
    return !override && headerValue(list, name) !== undefined ? list : withHeader(list, name, value)
  }, withCors)
}

/**
 * The headers of a custom error page, under the policies of its own path and of the path that was asked for.
 *
 * Whose policy counts is documented nowhere: the page is fetched by its own behavior, and the response is one to a
 * request of the other. So a page must live with both: the asked path's policy comes last and overrides (one that makes
 * its responses cacheable or frames them does so here too), both content security policies hold, and scripts of another
 * origin may read the page only if both policies say so.
 */
export function applyBothPolicies(
  policies: {
    readonly page: ResponseHeadersPolicyConfig | undefined
    readonly asked: ResponseHeadersPolicyConfig | undefined
  },
  request: CorsRequest,
  headers: HeaderList,
): HeaderList {
  const apply = (policy: ResponseHeadersPolicyConfig | undefined, list: HeaderList) =>
    policy === undefined ? list : applyResponseHeadersPolicy(policy, request, list)
  const own = apply(policies.page, headers)
  const both = apply(policies.asked, own)
  const csp = 'Content-Security-Policy'
  const rules = new Set([...headerValues(own, csp), ...headerValues(both, csp)])
  const letsRead = [policies.page, policies.asked].every(
    (policy) => headerValue(apply(policy, []), 'Access-Control-Allow-Origin') !== undefined,
  )
  const closed = letsRead ? both : both.filter(([name]) => !name.toLowerCase().startsWith('access-control-'))
  return [...withoutHeaders(closed, [csp]), ...[...rules].map((rule) => [csp, rule] as const)]
}

function securityHeaders(config: ResponseHeadersPolicySecurityHeadersConfig): Addition[] {
  const hsts = config.StrictTransportSecurity
  const hstsValue = [
    `max-age=${hsts?.AccessControlMaxAgeSec ?? 0}`,
    ...(hsts?.IncludeSubdomains ? ['includeSubDomains'] : []),
    ...(hsts?.Preload ? ['preload'] : []),
  ].join('; ')
  const xss = config.XSSProtection
  const xssValue = [
    xss?.Protection ? '1' : '0',
    ...(xss?.ModeBlock ? ['mode=block'] : []),
    ...(xss?.ReportUri === undefined ? [] : [`report=${xss.ReportUri}`]),
  ].join('; ')
  const csp = config.ContentSecurityPolicy
  return [
    ...addition('Strict-Transport-Security', hsts, hstsValue),
    ...addition('X-Content-Type-Options', config.ContentTypeOptions, 'nosniff'),
    ...addition('X-Frame-Options', config.FrameOptions, config.FrameOptions?.FrameOption ?? ''),
    ...addition('Referrer-Policy', config.ReferrerPolicy, config.ReferrerPolicy?.ReferrerPolicy ?? ''),
    ...addition('Content-Security-Policy', csp, csp?.ContentSecurityPolicy ?? ''),
    ...addition('X-XSS-Protection', xss, xssValue),
  ]
}

function addition(name: string, setting: { Override?: boolean | undefined } | undefined, value: string): Addition[] {
  return setting === undefined ? [] : [{ name, value, override: setting.Override ?? false }]
}

function applyCors(cors: ResponseHeadersPolicyCorsConfig, request: CorsRequest, headers: HeaderList): HeaderList {
  const origin = headerValue(request.headers, 'Origin')
  if (origin === undefined) return headers
  const fromOrigin = headers.some(([name]) => name.toLowerCase().startsWith('access-control-'))
  if (fromOrigin && cors.OriginOverride !== true) return headers
  const allowed = (cors.AccessControlAllowOrigins?.Items ?? []).find((pattern) => matchesOrigin(pattern, origin))
  if (allowed === undefined) return headers
  const credentials = cors.AccessControlAllowCredentials === true
  const isAnyone = allowed === '*' && !credentials
  const isPreflight =
    request.method === 'OPTIONS' && headerValue(request.headers, 'Access-Control-Request-Method') !== undefined
  const added: HeaderList = [
    ['Access-Control-Allow-Origin', isAnyone ? '*' : origin],
    ...(isAnyone ? [] : [['Vary', 'Origin'] as const]),
    ...(credentials ? [['Access-Control-Allow-Credentials', 'true'] as const] : []),
    ...(isPreflight ? preflightHeaders(cors) : exposedHeaders(cors)),
  ]
  return added.reduce((list, [name, value]) => withHeader(list, name, value), headers)
}

function preflightHeaders(cors: ResponseHeadersPolicyCorsConfig): HeaderList {
  const methods: readonly string[] = cors.AccessControlAllowMethods?.Items ?? []
  const all = ['GET', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']
  const maximumAge = cors.AccessControlMaxAgeSec
  return [
    ['Access-Control-Allow-Methods', (methods.includes('ALL') ? all : methods).join(', ')],
    ['Access-Control-Allow-Headers', (cors.AccessControlAllowHeaders?.Items ?? []).join(', ')],
    ...(maximumAge === undefined ? [] : [['Access-Control-Max-Age', String(maximumAge)] as const]),
  ]
}

function exposedHeaders(cors: ResponseHeadersPolicyCorsConfig): HeaderList {
  const names = cors.AccessControlExposeHeaders?.Items ?? []
  return names.length === 0 ? [] : [['Access-Control-Expose-Headers', names.join(', ')]]
}

/** Whether an entry of Access-Control-Allow-Origin covers an Origin: scheme and port only where the entry has them. */
export function matchesOrigin(pattern: string, origin: string): boolean {
  if (pattern === '*') return true
  const [, scheme, host = '', port] = /^(?:(https?):\/\/)?([^:/]*)(?::([\d*]+))?$/.exec(pattern) ?? []
  const [, ownScheme, ownHost = '', ownPort] = /^(https?):\/\/([^:/]+)(?::(\d+))?$/.exec(origin) ?? []
  if (host === '' || ownHost === '') return false
  if (scheme !== undefined && scheme !== ownScheme) return false
  if (!matchesWildcards(host.toLowerCase(), ownHost.toLowerCase())) return false
  if (ownPort === undefined) return port === undefined || port === '*'
  return port !== undefined && matchesWildcards(port, ownPort)
}
