/**
 * CreateInvalidation, GetInvalidation, ListInvalidations. The edge keeps no cache between requests that an invalidation
 * could miss, so each one is complete when it is made.
 */
import { CloudFrontError, invalidArgument } from '../errors.js'
import { newInvalidationId } from '../ids.js'
import { type CloudFrontAction, type CloudFrontRequest, page, segment } from '../request.js'
import type { CloudFrontStore, StoredInvalidation } from '../store.js'
import { readXml } from '../xml.js'

/** Invalidates paths of a distribution. */
export const createInvalidation: CloudFrontAction =
  ({ store, clock }) =>
  (request) => {
    const distributionId = assertDistribution(store, request)
    const { CallerReference, Paths } = readXml('InvalidationBatch', request.body)
    const paths = (Paths as { Items?: readonly string[] } | undefined)?.Items ?? []
    if (paths.length === 0 || paths.some((path) => !path.startsWith('/'))) {
      throw invalidArgument('An invalidation needs paths, and each begins with a slash.')
    }
    const made: StoredInvalidation = {
      id: newInvalidationId(),
      distributionId,
      createTime: new Date(clock()),
      callerReference: String(CallerReference ?? ''),
      paths,
    }
    store.invalidations.set(made.id, made)
    return { ...answer(made), status: 201, location: `${request.segments.join('/')}/${made.id}` }
  }

/** An invalidation by id. */
export const getInvalidation: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const made = store.invalidations.get(segment(request, 1))
    if (made === undefined || made.distributionId !== segment(request)) {
      throw new CloudFrontError('NoSuchInvalidation', 'The specified invalidation does not exist.')
    }
    return answer(made)
  }

/** The invalidations of a distribution. */
export const listInvalidations: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const id = assertDistribution(store, request)
    const own = [...store.invalidations.values()].filter(({ distributionId }) => distributionId === id)
    const { maxItems, nextMarker, items } = page(request, own, (made) => made.id)
    const list = {
      Marker: request.query.get('Marker') ?? '',
      NextMarker: nextMarker,
      MaxItems: maxItems,
      IsTruncated: nextMarker !== undefined,
      Quantity: items.length,
      Items: items.map((made) => ({ Id: made.id, CreateTime: made.createTime, Status: 'Completed' })),
    }
    return { status: 200, document: { root: 'InvalidationList', content: list } }
  }

function assertDistribution({ distributions }: CloudFrontStore, request: CloudFrontRequest): string {
  if (!distributions.has(segment(request))) {
    throw new CloudFrontError('NoSuchDistribution', 'The specified distribution does not exist.')
  }
  return segment(request)
}

function answer({ id, createTime, callerReference, paths }: StoredInvalidation) {
  const batch = { Paths: { Quantity: paths.length, Items: paths }, CallerReference: callerReference }
  const content = { Id: id, Status: 'Completed', CreateTime: createTime, InvalidationBatch: batch }
  return { status: 200, document: { root: 'Invalidation', content } }
}
