/**
 * CloudFront's public keys and key groups in memory. Each rule is one of the API reference's (2020-05-31) or of the
 * Developer Guide's quotas; where AWS says nothing, the stricter reading is taken and said.
 */
import type { CloudFrontKeys } from '../../../key-rotator/src/dependencies.js'
import { awsError } from './error.js'

/** A public key as CloudFront keeps it. */
export interface StoredPublicKey {
  readonly id: string
  readonly name: string
  readonly callerReference: string
  readonly encodedKey: string
  readonly comment: string
  readonly createdAt: number
  readonly etag: string
}

/** A key group. */
export interface StoredKeyGroup {
  readonly id: string
  readonly name: string
  readonly items: readonly string[]
  readonly modifiedAt: number
  readonly etag: string
}

/** The state and the actions that change it. */
export interface CloudFrontDouble extends CloudFrontKeys {
  readonly keys: Map<string, StoredPublicKey>
  /** The group now (of several, the one that this view is of); assigned by tests that play another writer. */
  group: StoredKeyGroup
  /** The same account seen from another group, which is made with these keys in it. */
  readonly another: (groupId: string, name: string, items: readonly string[]) => CloudFrontDouble
  /** Adds a key as Terraform or a person would, and puts it into the group if asked. */
  readonly seed: (
    name: string,
    options?: { readonly trusted?: boolean; readonly encodedKey?: string; readonly comment?: string },
  ) => string
  /** Remembers all of it; what it gives back puts it there again. */
  readonly save: () => () => void
}

// Developer Guide, Quotas: keys in a group, keys in an account.
const GROUP_QUOTA = 5
const ACCOUNT_QUOTA = 10

/**
 * An account with an empty group (the real API refuses one: seed it first). The service's own page is 100 keys; two
 * make every listing of a test go through several pages.
 */
export function cloudFrontDouble(now: () => number, page = 2): CloudFrontDouble {
  const keys = new Map<string, StoredPublicKey>()
  const groups = new Map<string, StoredKeyGroup>()
  let counter = 0
  const next = (prefix: string) => {
    counter += 1
    return `${prefix}${String(counter).padStart(6, '0')}`
  }
  const add = (name: string, encodedKey: string, callerReference: string, comment: string) => {
    const id = next('KEY')
    // "CloudFront appends a line feed" (hashicorp/aws issue 20081).
    const stored = `${encodedKey.trimEnd()}\n`
    keys.set(id, { id, name, callerReference, encodedKey: stored, comment, createdAt: now(), etag: next('E') })
    return id
  }
  const found = (id: string | undefined) => {
    const key = keys.get(id ?? '')
    if (key === undefined) throw awsError('NoSuchPublicKey')
    return key
  }
  const foundGroup = (id: string | undefined) => {
    const group = groups.get(id ?? '')
    if (group === undefined) throw awsError('NoSuchResource')
    return group
  }
  const save = () => {
    const before = { keys: [...keys], groups: [...groups], counter }
    return () => {
      refill(keys, before.keys)
      refill(groups, before.groups)
      counter = before.counter
    }
  }
  const actions: CloudFrontKeys = {
    createPublicKey: async ({ PublicKeyConfig: config }) => {
      const { Name = '', EncodedKey = '', CallerReference = '', Comment = '' } = config ?? {}
      if (Name === '' || CallerReference === '' || EncodedKey === '' || Comment.length > 128)
        throw awsError('InvalidArgument')
      // Which of the two makes it "already exist" is documented nowhere: here either does.
      const isTaken = [...keys.values()].some((key) => key.name === Name || key.callerReference === CallerReference)
      if (isTaken) throw awsError('PublicKeyAlreadyExists')
      if (keys.size >= ACCOUNT_QUOTA) throw awsError('TooManyPublicKeys')
      const id = add(Name, EncodedKey, CallerReference, Comment)
      return { PublicKey: publicKey(found(id)), ETag: found(id).etag }
    },
    getPublicKey: async ({ Id }) => ({ PublicKey: publicKey(found(Id)), ETag: found(Id).etag }),
    updatePublicKey: async ({ Id, IfMatch, PublicKeyConfig: config }) => {
      const key = found(Id)
      assertMatch(IfMatch, key.etag)
      const isSame =
        config?.Name === key.name &&
        config.EncodedKey === key.encodedKey &&
        config.CallerReference === key.callerReference
      if (!isSame) throw awsError('CannotChangeImmutablePublicKeyFields')
      keys.set(key.id, { ...key, comment: config.Comment ?? '', etag: next('E') })
      return { PublicKey: publicKey(found(Id)), ETag: found(Id).etag }
    },
    deletePublicKey: async ({ Id, IfMatch }) => {
      const key = found(Id)
      assertMatch(IfMatch, key.etag)
      if ([...groups.values()].some(({ items }) => items.includes(key.id))) throw awsError('PublicKeyInUse')
      keys.delete(key.id)
      return {}
    },
    listPublicKeys: async ({ Marker }) => {
      const all = [...keys.values()].sort((one, other) => one.id.localeCompare(other.id))
      const rest = all.filter((key) => key.id > (Marker ?? ''))
      const items = rest.slice(0, page)
      const last = rest.length > page ? items.at(-1)?.id : undefined
      return {
        PublicKeyList: {
          MaxItems: page,
          Quantity: items.length,
          Items: items.map((key) => ({
            Id: key.id,
            Name: key.name,
            CreatedTime: new Date(key.createdAt),
            EncodedKey: key.encodedKey,
            Comment: key.comment,
          })),
          // NextMarker is the id of the page's last key.
          ...(last === undefined ? {} : { NextMarker: last }),
        },
      }
    },
    getKeyGroup: async ({ Id }) => ({ KeyGroup: keyGroup(foundGroup(Id)), ETag: foundGroup(Id).etag }),
    updateKeyGroup: async ({ Id, IfMatch, KeyGroupConfig: config }) => {
      const group = foundGroup(Id)
      assertMatch(IfMatch, group.etag)
      const items = config?.Items ?? []
      if (items.length === 0 || items.some((id) => !keys.has(id))) throw awsError('InvalidArgument')
      if (items.length > GROUP_QUOTA) throw awsError('TooManyPublicKeysInKeyGroup')
      groups.set(group.id, { ...group, items: [...new Set(items)], modifiedAt: now(), etag: next('E') })
      return { KeyGroup: keyGroup(foundGroup(Id)), ETag: foundGroup(Id).etag }
    },
  }
  const viewOf = (made: StoredKeyGroup): CloudFrontDouble => {
    let own = made.id
    groups.set(own, made)
    const view: CloudFrontDouble = {
      ...actions,
      keys,
      save,
      get group() {
        return foundGroup(own)
      },
      set group(group) {
        groups.delete(own)
        own = group.id
        groups.set(own, group)
      },
      another: (id, name, items) => viewOf({ id, name, items, modifiedAt: now(), etag: next('E') }),
      seed: (name, { trusted = false, encodedKey = 'foreign', comment = '' } = {}) => {
        const id = add(name, encodedKey, next('seed'), comment)
        if (trusted) view.group = { ...view.group, items: [...view.group.items, id], etag: next('E') }
        return id
      },
    }
    return view
  }
  return viewOf({ id: 'group-1', name: 'photos-signing-keys', items: [], modifiedAt: now(), etag: 'E0' })
}

/** Makes a map hold these entries and no others. */
export function refill<Key, Value>(map: Map<Key, Value>, entries: readonly (readonly [Key, Value])[]): void {
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}

function assertMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined) throw awsError('InvalidIfMatchVersion')
  if (ifMatch !== etag) throw awsError('PreconditionFailed')
}

function publicKey({ id, name, callerReference, encodedKey, comment, createdAt }: StoredPublicKey) {
  return {
    Id: id,
    CreatedTime: new Date(createdAt),
    PublicKeyConfig: { CallerReference: callerReference, Name: name, EncodedKey: encodedKey, Comment: comment },
  }
}

function keyGroup({ id, name, items, modifiedAt }: StoredKeyGroup) {
  return { Id: id, LastModifiedTime: new Date(modifiedAt), KeyGroupConfig: { Name: name, Items: [...items] } }
}
