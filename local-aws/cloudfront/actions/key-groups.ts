/**
 * CreateKeyGroup, GetKeyGroup(Config), UpdateKeyGroup, DeleteKeyGroup, ListKeyGroups.
 *
 * Rules: 5 public keys a group and 10 groups an account (Developer Guide, Quotas); at least one key; unique names;
 * an update replaces everything; a group that a cache behavior trusts stays.
 */
import type { KeyGroupConfig } from '@aws-sdk/client-cloudfront'
import { behaviorsOf } from '../behaviors.js'
import { CloudFrontError, invalidArgument } from '../errors.js'
import { newId, newUuid } from '../ids.js'
import { assertIfMatch, type CloudFrontAction, type CloudFrontRequest, page, readConfig, segment } from '../request.js'
import type { CloudFrontStore, StoredKeyGroup } from '../store.js'
import { readXml } from '../xml.js'

const groupQuota = 10
const keyQuota = 5

/** Makes a key group. */
export const createKeyGroup: CloudFrontAction =
  ({ store, clock }) =>
  (request) => {
    const config = readKeyGroupConfig(request)
    assertKeys(store, config)
    assertNameIsFree(store, config)
    if (store.keyGroups.size >= groupQuota) {
      throw new CloudFrontError(
        'TooManyKeyGroups',
        `The maximum number of key groups for this account, ${groupQuota}, has been reached.`,
      )
    }
    const group = { id: newUuid(), etag: newId(), lastModified: new Date(clock()), config }
    store.keyGroups.set(group.id, group)
    return { ...answer(group), status: 201, location: `/2020-05-31/key-group/${group.id}` }
  }

/** A key group by id. */
export const getKeyGroup: CloudFrontAction =
  ({ store }) =>
  (request) =>
    answer(find(store, request))

/** The configuration of a key group. */
export const getKeyGroupConfig: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const group = find(store, request)
    return { status: 200, etag: group.etag, document: { root: 'KeyGroupConfig', content: group.config } }
  }

/** Replaces name, comment and keys of a group. */
export const updateKeyGroup: CloudFrontAction =
  ({ store, clock }) =>
  (request) => {
    const group = find(store, request)
    const config = readKeyGroupConfig(request)
    assertIfMatch(request, group.etag)
    assertKeys(store, config)
    assertNameIsFree(store, config, group.id)
    const changed = { id: group.id, etag: newId(), lastModified: new Date(clock()), config }
    store.keyGroups.set(group.id, changed)
    return answer(changed)
  }

/** Deletes a key group that no behavior trusts. */
export const deleteKeyGroup: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const group = find(store, request)
    assertIfMatch(request, group.etag)
    const users = [...store.distributions.values()].filter(({ config }) =>
      behaviorsOf(config).some((behavior) => behavior.TrustedKeyGroups?.Items?.includes(group.id)),
    )
    if (users.length > 0) {
      throw new CloudFrontError(
        'ResourceInUse',
        `Cannot delete this resource because it is in use by ${users.map(({ id }) => id).join(', ')}.`,
      )
    }
    store.keyGroups.delete(group.id)
    return { status: 204 }
  }

/** All key groups, page by page. */
export const listKeyGroups: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const { maxItems, nextMarker, items } = page(request, store.keyGroups.values(), (group) => group.id)
    const summaries = items.map((group) => ({ KeyGroup: content(group) }))
    const list = { NextMarker: nextMarker, MaxItems: maxItems, Quantity: summaries.length, Items: summaries }
    return { status: 200, document: { root: 'KeyGroupList', content: list } }
  }

// A key group's Items come without a Quantity, and the provider leaves the element out where there are none.
function readKeyGroupConfig(request: CloudFrontRequest): KeyGroupConfig {
  if (request.body !== '' && readXml('KeyGroupConfig', request.body).Items === undefined) {
    throw invalidArgument('You must specify at least one public key in a key group.')
  }
  return readConfig<KeyGroupConfig>(request, 'KeyGroupConfig', ['Name', 'Items'])
}

function assertKeys(store: CloudFrontStore, { Items: ids = [] }: KeyGroupConfig): void {
  if (ids.length === 0) throw invalidArgument('You must specify at least one public key in a key group.')
  if (new Set(ids).size > keyQuota) {
    throw new CloudFrontError(
      'TooManyPublicKeysInKeyGroup',
      `The number of public keys in this key group is more than the maximum allowed, ${keyQuota}.`,
    )
  }
  if (new Set(ids).size < ids.length) throw invalidArgument('A public key is in the key group twice.')
  const unknown = ids.filter((id) => !store.publicKeys.has(id))
  if (unknown.length > 0) throw invalidArgument(`One or more public keys do not exist: ${unknown.join(', ')}.`)
}

function assertNameIsFree(store: CloudFrontStore, { Name }: KeyGroupConfig, ownId?: string): void {
  if ([...store.keyGroups.values()].some((group) => group.config.Name === Name && group.id !== ownId)) {
    throw new CloudFrontError('KeyGroupAlreadyExists', `A key group with the name ${Name} already exists.`)
  }
}

function find(store: CloudFrontStore, request: CloudFrontRequest): StoredKeyGroup {
  const group = store.keyGroups.get(segment(request))
  if (group === undefined) throw new CloudFrontError('NoSuchResource', 'The specified key group does not exist.')
  return group
}

function content({ id, lastModified, config }: StoredKeyGroup) {
  return { Id: id, LastModifiedTime: lastModified, KeyGroupConfig: config }
}

function answer(group: StoredKeyGroup) {
  return { status: 200, etag: group.etag, document: { root: 'KeyGroup', content: content(group) } }
}
