/**
 * TagResource, UntagResource, ListTagsForResource: for distributions and functions, by ARN.
 */
import { CloudFrontError, invalidArgument } from '../errors.js'
import type { CloudFrontAction, CloudFrontRequest } from '../request.js'
import type { CloudFrontStore } from '../store.js'
import { readXml, type XmlValue } from '../xml.js'

/** The tags in a `Tags` element. */
export function readTags(tags: XmlValue): ReadonlyMap<string, string> {
  const items = (tags as { Items?: readonly { Key?: string; Value?: string }[] } | undefined)?.Items ?? []
  return new Map(items.map(({ Key = '', Value = '' }) => [Key, Value]))
}

/** Lists the tags of a resource. */
export const listTagsForResource: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const tags = [...(store.tags.get(resourceOf(store, request)) ?? [])]
    const content = { Items: tags.map(([Key, Value]) => ({ Key, Value })) }
    return { status: 200, document: { root: 'Tags', content } }
  }

/** TagResource and UntagResource share a path: `Operation` says which one is meant. */
export const changeTags: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const resource = resourceOf(store, request)
    const tags = new Map(store.tags.get(resource))
    switch (request.query.get('Operation')) {
      case 'Tag':
        for (const [key, value] of readTags(readXml('Tags', request.body))) tags.set(key, value)
        break
      case 'Untag':
        for (const key of keysIn(request)) tags.delete(key)
        break
      default:
        throw invalidArgument('Operation must be Tag or Untag.')
    }
    store.tags.set(resource, tags)
    return { status: 204 }
  }

function keysIn(request: CloudFrontRequest): readonly string[] {
  const { Items: keys } = readXml('TagKeys', request.body)
  return Array.isArray(keys) ? keys : []
}

function resourceOf({ distributions, functions }: CloudFrontStore, { query }: CloudFrontRequest): string {
  const arn = query.get('Resource') ?? ''
  if (![...distributions.values(), ...functions.values()].some((resource) => resource.arn === arn)) {
    throw new CloudFrontError('NoSuchResource', `The specified resource does not exist: ${arn}.`)
  }
  return arn
}
