/**
 * CreateDistribution (with and without tags), GetDistribution(Config), UpdateDistribution, DeleteDistribution,
 * ListDistributions.
 *
 * A change answers `InProgress` and is deployed when it is next looked at: one laptop has one edge.
 */
import type { DistributionConfig } from '@aws-sdk/client-cloudfront'
import { behaviorsOf } from '../behaviors.js'
import { withDefaults } from '../distribution-defaults.js'
import { assertDistributionConfig } from '../distribution-rules.js'
import { CloudFrontError, invalidArgument } from '../errors.js'
import { newDomainName, newId } from '../ids.js'
import {
  assertIfMatch,
  type CloudFrontAction,
  type CloudFrontRequest,
  type CloudFrontWorld,
  page,
  readConfig,
  segment,
} from '../request.js'
import { ACCOUNT_ID, type CloudFrontStore, type StoredDistribution } from '../store.js'
import { readXml, writeXml, type XmlValue } from '../xml.js'
import { readTags } from './tags.js'

const required = ['CallerReference', 'Comment', 'DefaultCacheBehavior', 'Enabled', 'Origins'] as const

/** Makes a distribution; with `?WithTags` the document also holds its tags. */
export const createDistribution: CloudFrontAction = (world) => async (request) => {
  const withTags = request.query.has('WithTags')
  const { configDocument, tags } = withTags
    ? splitTags(request.body)
    : { configDocument: request.body, tags: undefined }
  const config = readConfig<DistributionConfig>({ ...request, body: configDocument }, 'DistributionConfig', required)
  assertCallerReferenceIsFree(world.store, config)
  const made = await deploy(world, config, { id: newId(), domainName: newDomainName(world.edgePort()) })
  world.store.tags.set(made.arn, readTags(tags))
  return { ...answer(world.store, made, 'InProgress'), status: 201, location: `/2020-05-31/distribution/${made.id}` }
}

/** A distribution by id. */
export const getDistribution: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const found = find(store, request)
    return answer(store, found, found.status)
  }

/** The configuration of a distribution. */
export const getDistributionConfig: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const { etag, config } = find(store, request)
    return { status: 200, etag, document: { root: 'DistributionConfig', content: config } }
  }

/** Replaces the whole configuration of a distribution. */
export const updateDistribution: CloudFrontAction = (world) => async (request) => {
  const found = find(world.store, request)
  const config = readConfig<DistributionConfig>(request, 'DistributionConfig', required)
  assertIfMatch(request, found.etag)
  if (config.CallerReference !== found.config.CallerReference) {
    throw new CloudFrontError('IllegalUpdate', 'The CallerReference of a distribution cannot change.')
  }
  return answer(world.store, await deploy(world, config, found), 'InProgress')
}

/** Deletes a distribution that is disabled. */
export const deleteDistribution: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const found = find(store, request)
    assertIfMatch(request, found.etag)
    if (found.config.Enabled === true) {
      throw new CloudFrontError(
        'DistributionNotDisabled',
        'The distribution you are trying to delete has not been disabled.',
      )
    }
    store.distributions.delete(found.id)
    store.monitored.delete(found.id)
    store.tags.delete(found.arn)
    return { status: 204 }
  }

/** All distributions, page by page. */
export const listDistributions: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const { maxItems, nextMarker, items } = page(request, store.distributions.values(), ({ id }) => id)
    const list = {
      Marker: request.query.get('Marker') ?? '',
      NextMarker: nextMarker,
      MaxItems: maxItems,
      IsTruncated: nextMarker !== undefined,
      Quantity: items.length,
      Items: items.map(summary),
    }
    return { status: 200, document: { root: 'DistributionList', content: list } }
  }

async function deploy(
  { store, clock, whyNotAtEdge }: CloudFrontWorld,
  config: DistributionConfig,
  { id, domainName }: Pick<StoredDistribution, 'id' | 'domainName'>,
): Promise<StoredDistribution> {
  assertDistributionConfig(store, config, id)
  const arns = edgeFunctionsOf(config)
  for (const arn of arns) {
    const why = await whyNotAtEdge(arn)
    if (why !== undefined) throw new CloudFrontError('InvalidLambdaFunctionAssociation', why)
  }
  for (const arn of arns) store.replicated.add(arn)
  const arn = `arn:aws:cloudfront::${ACCOUNT_ID}:distribution/${id}`
  const lastModified = new Date(clock())
  const made: StoredDistribution = {
    id,
    arn,
    domainName,
    etag: newId(),
    status: 'Deployed',
    lastModified,
    config: withDefaults(config),
  }
  store.distributions.set(id, made)
  return made
}

function edgeFunctionsOf(config: DistributionConfig): string[] {
  const associations = behaviorsOf(config).flatMap(({ LambdaFunctionAssociations: list }) => list?.Items ?? [])
  return [...new Set(associations.map(({ LambdaFunctionARN = '' }) => LambdaFunctionARN))]
}

function splitTags(body: string): { configDocument: string; tags: XmlValue } {
  const { DistributionConfig: config, Tags } = readXml('DistributionConfigWithTags', body)
  if (config === undefined) throw invalidArgument('DistributionConfigWithTags lacks DistributionConfig.')
  return { configDocument: writeXml('DistributionConfig', config), tags: Tags }
}

function assertCallerReferenceIsFree(
  { distributions }: CloudFrontStore,
  { CallerReference }: DistributionConfig,
): void {
  const taken = [...distributions.values()].find(({ config }) => config.CallerReference === CallerReference)
  if (taken === undefined) return
  throw new CloudFrontError(
    'DistributionAlreadyExists',
    `The caller reference that you are using to create a distribution is associated with another distribution: ${taken.id}.`,
  )
}

function find(store: CloudFrontStore, request: CloudFrontRequest): StoredDistribution {
  const found = store.distributions.get(segment(request))
  if (found === undefined) throw new CloudFrontError('NoSuchDistribution', 'The specified distribution does not exist.')
  return found
}

function answer(store: CloudFrontStore, found: StoredDistribution, status: StoredDistribution['status']) {
  const content = {
    Id: found.id,
    ARN: found.arn,
    Status: status,
    LastModifiedTime: found.lastModified,
    InProgressInvalidationBatches: 0,
    DomainName: found.domainName,
    ActiveTrustedSigners: { Enabled: false, Quantity: 0 },
    ActiveTrustedKeyGroups: activeKeyGroups(store, found),
    DistributionConfig: found.config,
  }
  return { status: 200, etag: found.etag, document: { root: 'Distribution', content } }
}

// The groups that some behavior trusts, with the ids of their keys.
function activeKeyGroups({ keyGroups }: CloudFrontStore, { config }: StoredDistribution) {
  const ids = new Set(behaviorsOf(config).flatMap(({ TrustedKeyGroups: groups }) => groups?.Items ?? []))
  const items = [...ids].map((id) => {
    const keys = keyGroups.get(id)?.config.Items ?? []
    return { KeyGroupId: id, KeyPairIds: { Quantity: keys.length, Items: keys } }
  })
  return { Enabled: items.length > 0, Quantity: items.length, Items: items }
}

function summary({ id, arn, status, lastModified, domainName, config }: StoredDistribution) {
  const { CallerReference: _, DefaultRootObject: __, Logging: ___, ...shown } = config
  return { Id: id, ARN: arn, Status: status, LastModifiedTime: lastModified, DomainName: domainName, ...shown }
}
