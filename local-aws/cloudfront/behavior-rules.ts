/**
 * What CloudFront refuses in a cache behavior.
 *
 * Sources: API Reference, CacheBehavior and the errors of CreateDistribution; Developer Guide, Quotas (4 key groups a
 * behavior) and "Restrictions on all edge functions" (one kind of function for a behavior's viewer events).
 */
import type { DefaultCacheBehavior, DistributionConfig } from '@aws-sdk/client-cloudfront'
import { behaviorsOf } from './behaviors.js'
import { CloudFrontError, invalidArgument } from './errors.js'
import type { CloudFrontStore } from './store.js'

type Behavior = DefaultCacheBehavior & { readonly PathPattern?: string | undefined }

const keyGroupQuota = 4
const viewerProtocolPolicies = ['allow-all', 'https-only', 'redirect-to-https']
const allowedMethodSets = [
  ['GET', 'HEAD'],
  ['GET', 'HEAD', 'OPTIONS'],
  ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'],
]

/** @throws CloudFrontError with the code of the first rule that a behavior of `config` breaks. */
export function assertBehaviors(store: CloudFrontStore, config: DistributionConfig): void {
  const originIds = new Set((config.Origins?.Items ?? []).map(({ Id }) => Id))
  for (const { Id } of config.OriginGroups?.Items ?? []) originIds.add(Id)
  for (const behavior of behaviorsOf(config)) {
    assertTarget(originIds, behavior)
    assertMethods(behavior)
    assertPolicies(store, behavior)
    assertKeyGroups(store, behavior)
    assertFunctions(store, behavior)
  }
  assertPathPatterns(config)
}

function nameOf({ PathPattern }: Behavior): string {
  return PathPattern === undefined ? 'the default cache behavior' : `the cache behavior ${PathPattern}`
}

function assertTarget(originIds: ReadonlySet<string | undefined>, behavior: Behavior): void {
  if (!originIds.has(behavior.TargetOriginId)) {
    throw new CloudFrontError(
      'NoSuchOrigin',
      `The origin of ${nameOf(behavior)}, ${behavior.TargetOriginId}, does not exist.`,
    )
  }
  if (!viewerProtocolPolicies.includes(behavior.ViewerProtocolPolicy ?? '')) {
    throw invalidArgument(`The ViewerProtocolPolicy of ${nameOf(behavior)} is not valid.`)
  }
}

function assertMethods(behavior: Behavior): void {
  const { AllowedMethods } = behavior
  if (AllowedMethods === undefined) return
  if (!isMethodSet(AllowedMethods.Items, allowedMethodSets)) {
    throw invalidArgument(`The AllowedMethods of ${nameOf(behavior)} are not one of CloudFront's three sets.`)
  }
  const cached = AllowedMethods.CachedMethods?.Items
  if (cached === undefined) return
  const mayBeCached = isMethodSet(cached, allowedMethodSets.slice(0, 2))
  if (!mayBeCached || cached.some((method) => AllowedMethods.Items?.includes(method) !== true)) {
    throw invalidArgument(
      `The CachedMethods of ${nameOf(behavior)} must be GET, HEAD and maybe OPTIONS, and be allowed.`,
    )
  }
}

function isMethodSet(methods: readonly string[] | undefined, sets: readonly (readonly string[])[]): boolean {
  const sorted = [...(methods ?? [])].sort().join()
  return sets.some((set) => set.join() === sorted)
}

function assertPolicies(store: CloudFrontStore, behavior: Behavior): void {
  const { CachePolicyId, ForwardedValues, OriginRequestPolicyId, ResponseHeadersPolicyId } = behavior
  if ((CachePolicyId === undefined) === (ForwardedValues === undefined)) {
    throw invalidArgument(`${nameOf(behavior)} must have either a CachePolicyId or ForwardedValues.`)
  }
  if (OriginRequestPolicyId !== undefined && CachePolicyId === undefined) {
    throw invalidArgument(`${nameOf(behavior)} has an OriginRequestPolicyId and no CachePolicyId.`)
  }
  const named = [
    [CachePolicyId, store.cachePolicies, 'NoSuchCachePolicy', 'cache policy'],
    [OriginRequestPolicyId, store.originRequestPolicies, 'NoSuchOriginRequestPolicy', 'origin request policy'],
    [ResponseHeadersPolicyId, store.responseHeadersPolicies, 'NoSuchResponseHeadersPolicy', 'response headers policy'],
  ] as const
  for (const [id, policies, code, noun] of named) {
    // Clients such as the hashicorp/aws provider send an empty element where an ordered behavior has no policy.
    if (id !== undefined && id !== '' && !policies.has(id)) {
      throw new CloudFrontError(code, `The ${noun} of ${nameOf(behavior)} does not exist: ${id}.`)
    }
  }
}

function assertKeyGroups(store: CloudFrontStore, behavior: Behavior): void {
  const { Enabled, Items: ids = [] } = behavior.TrustedKeyGroups ?? {}
  if (Enabled === true && ids.length === 0) {
    throw invalidArgument(`The TrustedKeyGroups of ${nameOf(behavior)} are enabled and empty.`)
  }
  if (ids.length > keyGroupQuota) {
    throw new CloudFrontError(
      'TooManyKeyGroupsAssociatedToDistribution',
      `${nameOf(behavior)} has more than ${keyGroupQuota} key groups.`,
    )
  }
  const unknown = ids.filter((id) => !store.keyGroups.has(id))
  if (unknown.length > 0) {
    throw new CloudFrontError('TrustedKeyGroupDoesNotExist', `These key groups do not exist: ${unknown.join(', ')}.`)
  }
}

function assertFunctions(store: CloudFrontStore, behavior: Behavior): void {
  const functions = behavior.FunctionAssociations?.Items ?? []
  const lambdas = behavior.LambdaFunctionAssociations?.Items ?? []
  const isViewerEvent = (event: string | undefined): boolean => event?.startsWith('viewer-') === true
  if (functions.length > 0 && lambdas.some(({ EventType }) => isViewerEvent(EventType))) {
    throw new CloudFrontError(
      'InvalidFunctionAssociation',
      `${nameOf(behavior)} has CloudFront functions and Lambda functions for viewer events; it may have one kind only.`,
    )
  }
  const events = [...functions, ...lambdas].map(({ EventType }) => EventType)
  if (new Set(events).size < events.length) {
    throw new CloudFrontError('InvalidFunctionAssociation', `${nameOf(behavior)} has two functions for one event.`)
  }
  for (const { EventType, FunctionARN } of functions) {
    const found = [...store.functions.values()].find(({ arn }) => arn === FunctionARN)
    if (found?.live === undefined || !isViewerEvent(EventType)) {
      throw new CloudFrontError(
        'InvalidFunctionAssociation',
        `The function ${FunctionARN} of ${nameOf(behavior)} does not exist, is not published, or is not for ${EventType}.`,
      )
    }
  }
}

function assertPathPatterns({ CacheBehaviors }: DistributionConfig): void {
  const patterns = (CacheBehaviors?.Items ?? []).map(({ PathPattern = '' }) => PathPattern)
  const wrong = patterns.find((pattern) => !/^[A-Za-z0-9_\-.*$/~"'@:+&?]{1,255}$/.test(pattern))
  if (wrong !== undefined)
    throw invalidArgument(`The PathPattern "${wrong}" is empty, too long or has other characters.`)
  // CloudFront takes /images/* and images/* for the same pattern.
  const plain = patterns.map((pattern) => pattern.replace(/^\//, ''))
  if (new Set(plain).size < plain.length) throw invalidArgument('Two cache behaviors have the same PathPattern.')
}
