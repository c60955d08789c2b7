/**
 * CloudFront's REST-XML API, version 2020-05-31: the table of its actions and the way from HTTP to them and back.
 */
import { randomUUID } from 'node:crypto'
import * as distributions from './actions/distributions.js'
import * as functions from './actions/functions.js'
import * as invalidations from './actions/invalidations.js'
import * as keyGroups from './actions/key-groups.js'
import * as monitoring from './actions/monitoring.js'
import {
  cachePolicies,
  originAccessControls,
  originRequestPolicies,
  responseHeadersPolicies,
} from './actions/policies.js'
import * as publicKeys from './actions/public-keys.js'
import { changeTags, listTagsForResource } from './actions/tags.js'
import { CloudFrontError } from './errors.js'
import type { CloudFrontAction, CloudFrontAnswer, CloudFrontWorld } from './request.js'
import { writeXml, type XmlValue } from './xml.js'

/** One action of the API: how it is asked for, what IAM calls it, and what it does. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** The path after the version; `*` stands for one variable segment. */
  readonly path: string
  /** The action's name in IAM, without `cloudfront:`. */
  readonly name: string
  readonly action: CloudFrontAction
}

function resource(path: string, noun: string, actions: typeof cachePolicies, plural: string): Route[] {
  return [
    { method: 'POST', path, name: `Create${noun}`, action: actions.create },
    { method: 'GET', path, name: `List${plural}`, action: actions.list },
    { method: 'GET', path: `${path}/*`, name: `Get${noun}`, action: actions.get },
    { method: 'GET', path: `${path}/*/config`, name: `Get${noun}Config`, action: actions.getConfig },
    // Policies are updated at their own path, an origin access control at its configuration's.
    { method: 'PUT', path: `${path}/*`, name: `Update${noun}`, action: actions.update },
    { method: 'PUT', path: `${path}/*/config`, name: `Update${noun}`, action: actions.update },
    { method: 'DELETE', path: `${path}/*`, name: `Delete${noun}`, action: actions.remove },
  ]
}

const routes: readonly Route[] = [
  { method: 'POST', path: 'distribution', name: 'CreateDistribution', action: distributions.createDistribution },
  { method: 'GET', path: 'distribution', name: 'ListDistributions', action: distributions.listDistributions },
  { method: 'GET', path: 'distribution/*', name: 'GetDistribution', action: distributions.getDistribution },
  {
    method: 'GET',
    path: 'distribution/*/config',
    name: 'GetDistributionConfig',
    action: distributions.getDistributionConfig,
  },
  {
    method: 'PUT',
    path: 'distribution/*/config',
    name: 'UpdateDistribution',
    action: distributions.updateDistribution,
  },
  { method: 'DELETE', path: 'distribution/*', name: 'DeleteDistribution', action: distributions.deleteDistribution },
  {
    method: 'POST',
    path: 'distribution/*/invalidation',
    name: 'CreateInvalidation',
    action: invalidations.createInvalidation,
  },
  {
    method: 'GET',
    path: 'distribution/*/invalidation',
    name: 'ListInvalidations',
    action: invalidations.listInvalidations,
  },
  {
    method: 'GET',
    path: 'distribution/*/invalidation/*',
    name: 'GetInvalidation',
    action: invalidations.getInvalidation,
  },
  ...[
    { method: 'POST', name: 'CreateMonitoringSubscription', action: monitoring.createMonitoringSubscription } as const,
    { method: 'GET', name: 'GetMonitoringSubscription', action: monitoring.getMonitoringSubscription } as const,
    {
      method: 'DELETE',
      name: 'DeleteMonitoringSubscription',
      action: monitoring.deleteMonitoringSubscription,
    } as const,
  ].map((route) => ({ ...route, path: 'distributions/*/monitoring-subscription' })),
  { method: 'POST', path: 'public-key', name: 'CreatePublicKey', action: publicKeys.createPublicKeyAction },
  { method: 'GET', path: 'public-key', name: 'ListPublicKeys', action: publicKeys.listPublicKeys },
  { method: 'GET', path: 'public-key/*', name: 'GetPublicKey', action: publicKeys.getPublicKey },
  { method: 'GET', path: 'public-key/*/config', name: 'GetPublicKeyConfig', action: publicKeys.getPublicKeyConfig },
  { method: 'PUT', path: 'public-key/*/config', name: 'UpdatePublicKey', action: publicKeys.updatePublicKey },
  { method: 'DELETE', path: 'public-key/*', name: 'DeletePublicKey', action: publicKeys.deletePublicKey },
  { method: 'POST', path: 'key-group', name: 'CreateKeyGroup', action: keyGroups.createKeyGroup },
  { method: 'GET', path: 'key-group', name: 'ListKeyGroups', action: keyGroups.listKeyGroups },
  { method: 'GET', path: 'key-group/*', name: 'GetKeyGroup', action: keyGroups.getKeyGroup },
  { method: 'GET', path: 'key-group/*/config', name: 'GetKeyGroupConfig', action: keyGroups.getKeyGroupConfig },
  { method: 'PUT', path: 'key-group/*', name: 'UpdateKeyGroup', action: keyGroups.updateKeyGroup },
  { method: 'DELETE', path: 'key-group/*', name: 'DeleteKeyGroup', action: keyGroups.deleteKeyGroup },
  ...resource('cache-policy', 'CachePolicy', cachePolicies, 'CachePolicies'),
  ...resource('origin-request-policy', 'OriginRequestPolicy', originRequestPolicies, 'OriginRequestPolicies'),
  ...resource('response-headers-policy', 'ResponseHeadersPolicy', responseHeadersPolicies, 'ResponseHeadersPolicies'),
  ...resource('origin-access-control', 'OriginAccessControl', originAccessControls, 'OriginAccessControls'),
  { method: 'POST', path: 'function', name: 'CreateFunction', action: functions.createFunction },
  { method: 'GET', path: 'function', name: 'ListFunctions', action: functions.listFunctions },
  { method: 'GET', path: 'function/*', name: 'GetFunction', action: functions.getFunction },
  { method: 'GET', path: 'function/*/describe', name: 'DescribeFunction', action: functions.describeFunction },
  { method: 'PUT', path: 'function/*', name: 'UpdateFunction', action: functions.updateFunction },
  { method: 'POST', path: 'function/*/publish', name: 'PublishFunction', action: functions.publishFunction },
  { method: 'DELETE', path: 'function/*', name: 'DeleteFunction', action: functions.deleteFunction },
  { method: 'GET', path: 'tagging', name: 'ListTagsForResource', action: listTagsForResource },
  { method: 'POST', path: 'tagging', name: 'TagResource', action: changeTags },
]

/** A request as it arrives. */
export interface ApiRequest {
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  readonly ifMatch: string | undefined
  readonly body: string
}

/** An answer as it leaves. */
export interface ApiAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The action that a request asks for, with the variable segments of its path; undefined for what is not there. */
export function routeOf(method: string, url: string): { route: Route; segments: string[] } | undefined {
  const path = new URL(url, 'http://cloudfront').pathname.replace(/^\/2020-05-31\//, '').replace(/\/$/, '')
  for (const route of routes) {
    if (route.method !== method) continue
    const segments = matchPath(route.path, path)
    if (segments !== undefined) return { route, segments }
  }
  return undefined
}

function matchPath(pattern: string, path: string): string[] | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/')
  if (wanted.length !== given.length) return undefined
  if (wanted.some((part, index) => part !== '*' && part !== given[index])) return undefined
  return given.filter((_, index) => wanted[index] === '*').map(decodeURIComponent)
}

/** Answers requests to CloudFront's API; every refusal is an `ErrorResponse`, and nothing is thrown for one. */
export function createCloudFrontApi(world: CloudFrontWorld): (request: ApiRequest) => Promise<ApiAnswer> {
  return async ({ method, url, ifMatch, body }) => {
    try {
      const found = routeOf(method, url)
      if (found === undefined) {
        throw new CloudFrontError('NotImplemented', `The local CloudFront has no ${method} ${url}.`)
      }
      const query = new URL(url, 'http://cloudfront').searchParams
      return write(await found.route.action(world)({ segments: found.segments, query, ifMatch, body }))
    } catch (error) {
      if (error instanceof CloudFrontError) return errorAnswer(error.status, error.code, error.message)
      throw error
    }
  }
}

/** An error in CloudFront's shape. */
export function errorAnswer(status: number, code: string, message: string): ApiAnswer {
  const requestId = randomUUID()
  const content = { Error: { Type: 'Sender', Code: code, Message: message }, RequestId: requestId }
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }
  return { status, headers, body: writeXml('ErrorResponse', content) }
}

function write({ status, etag, etagHeader = 'etag', location, document, text }: CloudFrontAnswer): ApiAnswer {
  const headers: Record<string, string> = { 'x-amzn-requestid': randomUUID() }
  if (etag !== undefined) headers[etagHeader] = etag
  if (location !== undefined) headers.location = location
  if (document === undefined) {
    if (text !== undefined) headers['content-type'] = 'application/javascript'
    return { status, headers, body: text ?? '' }
  }
  headers['content-type'] = 'text/xml'
  return { status, headers, body: writeXml(document.root, document.content as XmlValue) }
}
