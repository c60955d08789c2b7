/**
 * The resources that are a configuration with an id and nothing else, and have the same five actions each: cache, origin
 * request and response headers policies, and origin access controls.
 *
 * Rules: names are unique; one that a distribution uses stays; AWS's managed policies can be neither changed nor deleted.
 */
import type {
  CachePolicyConfig,
  DefaultCacheBehavior,
  OriginAccessControlConfig,
  OriginRequestPolicyConfig,
  ResponseHeadersPolicyConfig,
} from '@aws-sdk/client-cloudfront'
import { behaviorsOf } from '../behaviors.js'
import { CloudFrontError, type CloudFrontErrorCode } from '../errors.js'
import { newId, newUuid } from '../ids.js'
import { assertIfMatch, type CloudFrontAction, type CloudFrontRequest, page, readConfig, segment } from '../request.js'
import { assertResponseHeaders } from '../response-headers-rules.js'
import type { CloudFrontStore, Stored, StoredDistribution } from '../store.js'

type Kept<Config> = Stored<Config> & { readonly managed?: boolean }

/** What distinguishes one kind of these resources from the others. */
interface Kind<Config extends { Name: string | undefined }> {
  /** The element of the resource, for example `CachePolicy`; its configuration is `<element>Config`. */
  readonly element: string
  readonly path: string
  readonly required: readonly (keyof Config & string)[]
  readonly keptIn: (store: CloudFrontStore) => Map<string, Kept<Config>>
  readonly isUsedBy: (distribution: StoredDistribution, id: string) => boolean
  readonly newId: () => string
  readonly assertValid: (config: Config) => void
  readonly noSuch: CloudFrontErrorCode
  readonly alreadyExists: CloudFrontErrorCode
  readonly inUse: CloudFrontErrorCode
}

/** The actions of one kind. */
export interface PolicyActions {
  readonly create: CloudFrontAction
  readonly get: CloudFrontAction
  readonly getConfig: CloudFrontAction
  readonly update: CloudFrontAction
  readonly remove: CloudFrontAction
}

function policyActions<Config extends { Name: string | undefined }>(kind: Kind<Config>): PolicyActions {
  return {
    create: createIn(kind),
    get:
      ({ store }) =>
      (request) =>
        answer(kind, find(kind, store, request)),
    getConfig:
      ({ store }) =>
      (request) => {
        const { etag, config } = find(kind, store, request)
        return { status: 200, etag, document: { root: `${kind.element}Config`, content: config } }
      },
    update: updateIn(kind),
    remove: removeFrom(kind),
  }
}

function createIn<Config extends { Name: string | undefined }>(kind: Kind<Config>): CloudFrontAction {
  return ({ store, clock }) =>
    (request) => {
      const config = read(kind, request)
      assertNameIsFree(kind, store, config)
      const resource = { id: kind.newId(), etag: newId(), lastModified: new Date(clock()), config, managed: false }
      kind.keptIn(store).set(resource.id, resource)
      return { ...answer(kind, resource), status: 201, location: `/2020-05-31/${kind.path}/${resource.id}` }
    }
}

function updateIn<Config extends { Name: string | undefined }>(kind: Kind<Config>): CloudFrontAction {
  return ({ store, clock }) =>
    (request) => {
      const resource = find(kind, store, request)
      assertOwn(kind, resource, 'IllegalUpdate')
      const config = read(kind, request)
      assertIfMatch(request, resource.etag)
      assertNameIsFree(kind, store, config, resource.id)
      const changed = { ...resource, etag: newId(), lastModified: new Date(clock()), config }
      kind.keptIn(store).set(resource.id, changed)
      return answer(kind, changed)
    }
}

function removeFrom<Config extends { Name: string | undefined }>(kind: Kind<Config>): CloudFrontAction {
  return ({ store }) =>
    (request) => {
      const resource = find(kind, store, request)
      assertOwn(kind, resource, 'IllegalDelete')
      assertIfMatch(request, resource.etag)
      if ([...store.distributions.values()].some((distribution) => kind.isUsedBy(distribution, resource.id))) {
        throw new CloudFrontError(
          kind.inUse,
          `Cannot delete ${resource.id} because it is attached to one or more distributions.`,
        )
      }
      kind.keptIn(store).delete(resource.id)
      return { status: 204 }
    }
}

function read<Config extends { Name: string | undefined }>(kind: Kind<Config>, request: CloudFrontRequest): Config {
  const config = readConfig<Config>(request, `${kind.element}Config`, kind.required)
  kind.assertValid(config)
  return config
}

function find<Config extends { Name: string | undefined }>(
  kind: Kind<Config>,
  store: CloudFrontStore,
  request: CloudFrontRequest,
): Kept<Config> {
  const resource = kind.keptIn(store).get(segment(request))
  if (resource === undefined) throw new CloudFrontError(kind.noSuch, `The ${kind.element} does not exist.`)
  return resource
}

function assertOwn<Config extends { Name: string | undefined }>(
  kind: Kind<Config>,
  resource: Kept<Config>,
  code: 'IllegalUpdate' | 'IllegalDelete',
): void {
  if (resource.managed === true) throw new CloudFrontError(code, `${kind.element} ${resource.id} is managed by AWS.`)
}

function assertNameIsFree<Config extends { Name: string | undefined }>(
  kind: Kind<Config>,
  store: CloudFrontStore,
  { Name }: Config,
  ownId?: string,
): void {
  if ([...kind.keptIn(store).values()].some(({ id, config }) => config.Name === Name && id !== ownId)) {
    throw new CloudFrontError(kind.alreadyExists, `A ${kind.element} with the name ${Name} already exists.`)
  }
}

function content<Config extends { Name: string | undefined }>(kind: Kind<Config>, resource: Kept<Config>) {
  return { Id: resource.id, LastModifiedTime: resource.lastModified, [`${kind.element}Config`]: resource.config }
}

function answer<Config extends { Name: string | undefined }>(kind: Kind<Config>, resource: Kept<Config>) {
  return { status: 200, etag: resource.etag, document: { root: kind.element, content: content(kind, resource) } }
}

/** The list of one kind of policy: `Type` is `managed` or `custom`. */
function listPolicies<Config extends { Name: string | undefined }>(kind: Kind<Config>): CloudFrontAction {
  return ({ store }) =>
    (request) => {
      const type = request.query.get('Type')
      const wanted = [...kind.keptIn(store).values()].filter(
        ({ managed }) => type === null || type === '' || type === (managed === true ? 'managed' : 'custom'),
      )
      const { maxItems, nextMarker, items } = page(request, wanted, ({ id }) => id)
      const summaries = items.map((policy) => ({
        Type: policy.managed === true ? 'managed' : 'custom',
        [kind.element]: content(kind, policy),
      }))
      const list = { NextMarker: nextMarker, MaxItems: maxItems, Quantity: summaries.length, Items: summaries }
      return { status: 200, document: { root: `${kind.element}List`, content: list } }
    }
}

const usedByBehavior =
  (member: keyof DefaultCacheBehavior) =>
  ({ config }: StoredDistribution, id: string): boolean =>
    behaviorsOf(config).some((behavior) => behavior[member] === id)

const cachePolicyKind: Kind<CachePolicyConfig> = {
  element: 'CachePolicy',
  path: 'cache-policy',
  required: ['Name', 'MinTTL'],
  keptIn: ({ cachePolicies }) => cachePolicies as Map<string, Kept<CachePolicyConfig>>,
  isUsedBy: usedByBehavior('CachePolicyId'),
  newId: newUuid,
  assertValid: () => {},
  noSuch: 'NoSuchCachePolicy',
  alreadyExists: 'CachePolicyAlreadyExists',
  inUse: 'CachePolicyInUse',
}

const originRequestPolicyKind: Kind<OriginRequestPolicyConfig> = {
  element: 'OriginRequestPolicy',
  path: 'origin-request-policy',
  required: ['Name', 'HeadersConfig', 'CookiesConfig', 'QueryStringsConfig'],
  keptIn: ({ originRequestPolicies }) => originRequestPolicies as Map<string, Kept<OriginRequestPolicyConfig>>,
  isUsedBy: usedByBehavior('OriginRequestPolicyId'),
  newId: newUuid,
  assertValid: () => {},
  noSuch: 'NoSuchOriginRequestPolicy',
  alreadyExists: 'OriginRequestPolicyAlreadyExists',
  inUse: 'OriginRequestPolicyInUse',
}

const responseHeadersPolicyKind: Kind<ResponseHeadersPolicyConfig> = {
  element: 'ResponseHeadersPolicy',
  path: 'response-headers-policy',
  required: ['Name'],
  keptIn: ({ responseHeadersPolicies }) => responseHeadersPolicies as Map<string, Kept<ResponseHeadersPolicyConfig>>,
  isUsedBy: usedByBehavior('ResponseHeadersPolicyId'),
  newId: newUuid,
  assertValid: assertResponseHeaders,
  noSuch: 'NoSuchResponseHeadersPolicy',
  alreadyExists: 'ResponseHeadersPolicyAlreadyExists',
  inUse: 'ResponseHeadersPolicyInUse',
}

const originAccessControlKind: Kind<OriginAccessControlConfig> = {
  element: 'OriginAccessControl',
  path: 'origin-access-control',
  required: ['Name', 'SigningProtocol', 'SigningBehavior', 'OriginAccessControlOriginType'],
  keptIn: ({ originAccessControls }) => originAccessControls,
  isUsedBy: ({ config }, id) => (config.Origins?.Items ?? []).some((origin) => origin.OriginAccessControlId === id),
  newId,
  assertValid: () => {},
  noSuch: 'NoSuchOriginAccessControl',
  alreadyExists: 'OriginAccessControlAlreadyExists',
  inUse: 'OriginAccessControlInUse',
}

/** The actions on cache policies. */
export const cachePolicies = { ...policyActions(cachePolicyKind), list: listPolicies(cachePolicyKind) }

/** The actions on origin request policies. */
export const originRequestPolicies = {
  ...policyActions(originRequestPolicyKind),
  list: listPolicies(originRequestPolicyKind),
}

/** The actions on response headers policies. */
export const responseHeadersPolicies = {
  ...policyActions(responseHeadersPolicyKind),
  list: listPolicies(responseHeadersPolicyKind),
}

/** The actions on origin access controls. */
export const originAccessControls = {
  ...policyActions(originAccessControlKind),
  list: listOriginAccessControls(),
}

// The one kind whose list shows the members of the configuration, flat.
function listOriginAccessControls(): CloudFrontAction {
  return ({ store }) =>
    (request) => {
      const { maxItems, nextMarker, items } = page(request, store.originAccessControls.values(), ({ id }) => id)
      const summaries = items.map(({ id, config }) => ({ Id: id, Description: '', ...config }))
      const list = {
        Marker: request.query.get('Marker') ?? '',
        NextMarker: nextMarker,
        MaxItems: maxItems,
        IsTruncated: nextMarker !== undefined,
        Quantity: summaries.length,
        Items: summaries,
      }
      return { status: 200, document: { root: 'OriginAccessControlList', content: list } }
    }
}
