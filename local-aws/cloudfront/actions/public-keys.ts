/**
 * CreatePublicKey, GetPublicKey(Config), UpdatePublicKey, DeletePublicKey, ListPublicKeys.
 *
 * Rules: RSA 2048 or ECDSA P-256 (Developer Guide, "Specify signers"); 10 keys an account (Quotas, field-level
 * encryption); only the comment may change; a key in a group stays. A second key of one name is refused; that the
 * same caller reference may repeat a creation is not documented for public keys, so it may not.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import type { PublicKeyConfig } from '@aws-sdk/client-cloudfront'
import { CloudFrontError, invalidArgument } from '../errors.js'
import { newId, newPublicKeyId } from '../ids.js'
import { assertIfMatch, type CloudFrontAction, page, readConfig, segment } from '../request.js'
import type { CloudFrontStore, StoredPublicKey } from '../store.js'

const quota = 10

/** Uploads a public key. */
export const createPublicKeyAction: CloudFrontAction =
  ({ store, clock }) =>
  (request) => {
    const config = readPublicKeyConfig(request)
    assertUsable(config)
    if ([...store.publicKeys.values()].some((key) => key.config.Name === config.Name)) {
      throw new CloudFrontError('PublicKeyAlreadyExists', `A public key with the name ${config.Name} already exists.`)
    }
    if (store.publicKeys.size >= quota) {
      throw new CloudFrontError(
        'TooManyPublicKeys',
        `The maximum number of public keys for this account, ${quota}, has been reached.`,
      )
    }
    const key = { id: newPublicKeyId(), etag: newId(), createdTime: new Date(clock()), config: withLineFeed(config) }
    store.publicKeys.set(key.id, key)
    return { ...answer(key), status: 201, location: `/2020-05-31/public-key/${key.id}` }
  }

/** A public key by id. */
export const getPublicKey: CloudFrontAction =
  ({ store }) =>
  (request) =>
    answer(find(store, segment(request)))

/** The configuration of a public key. */
export const getPublicKeyConfig: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const key = find(store, segment(request))
    return { status: 200, etag: key.etag, document: { root: 'PublicKeyConfig', content: key.config } }
  }

/** Changes the comment of a public key. */
export const updatePublicKey: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const key = find(store, segment(request))
    const config = readPublicKeyConfig(request)
    assertIfMatch(request, key.etag)
    const same = (['CallerReference', 'Name'] as const).every((name) => config[name] === key.config[name])
    if (!same || withLineFeed(config).EncodedKey !== key.config.EncodedKey) {
      throw new CloudFrontError('CannotChangeImmutablePublicKeyFields', "You can't change the value of a public key.")
    }
    const changed = { ...key, etag: newId(), config: withLineFeed(config) }
    store.publicKeys.set(key.id, changed)
    return answer(changed)
  }

/** Deletes a public key that no key group holds. */
export const deletePublicKey: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const key = find(store, segment(request))
    assertIfMatch(request, key.etag)
    if ([...store.keyGroups.values()].some((group) => group.config.Items?.includes(key.id))) {
      throw new CloudFrontError(
        'PublicKeyInUse',
        'The specified public key is in use: it is currently associated with either Key Group or a field level encryption profile.',
      )
    }
    store.publicKeys.delete(key.id)
    return { status: 204 }
  }

/** All public keys, page by page; a list carries no ETag. */
export const listPublicKeys: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const { maxItems, nextMarker, items } = page(request, store.publicKeys.values(), (key) => key.id)
    const summaries = items.map(({ id, createdTime, config }) => ({
      Id: id,
      Name: config.Name,
      CreatedTime: createdTime,
      EncodedKey: config.EncodedKey,
      Comment: config.Comment,
    }))
    const list = { NextMarker: nextMarker, MaxItems: maxItems, Quantity: summaries.length, Items: summaries }
    return { status: 200, document: { root: 'PublicKeyList', content: list } }
  }

function readPublicKeyConfig(request: Parameters<ReturnType<CloudFrontAction>>[0]): PublicKeyConfig {
  const config = readConfig<PublicKeyConfig>(request, 'PublicKeyConfig', ['CallerReference', 'Name', 'EncodedKey'])
  if ((config.Comment ?? '').length > 128)
    throw invalidArgument('The Comment of a public key has at most 128 characters.')
  return config
}

function assertUsable({ Name, EncodedKey }: PublicKeyConfig): void {
  if (!/^[0-9A-Za-z_-]{1,128}$/.test(Name ?? '')) {
    throw invalidArgument('The Name of a public key has 1 to 128 letters, digits, hyphens and underscores.')
  }
  const key = parsePem(EncodedKey ?? '')
  const { modulusLength, namedCurve } = key?.asymmetricKeyDetails ?? {}
  const isRsa2048 = key?.asymmetricKeyType === 'rsa' && modulusLength === 2048
  const isP256 = key?.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1'
  if (!isRsa2048 && !isP256) {
    throw invalidArgument('The EncodedKey must be a PEM public key, RSA 2048 or ECDSA 256 (prime256v1).')
  }
}

function parsePem(pem: string): KeyObject | undefined {
  if (
    !/^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+\n-----END PUBLIC KEY-----\n*$/.test(pem.replaceAll('\r\n', '\n'))
  ) {
    return undefined
  }
  try {
    return createPublicKey(pem)
  } catch {
    return undefined
  }
}

// What CloudFront gives back always ends with a line feed (terraform-provider-aws issue 20081).
function withLineFeed(config: PublicKeyConfig): PublicKeyConfig {
  return { ...config, EncodedKey: `${(config.EncodedKey ?? '').replaceAll('\r\n', '\n').trimEnd()}\n` }
}

function find(store: CloudFrontStore, id: string): StoredPublicKey {
  const key = store.publicKeys.get(id)
  if (key === undefined) throw new CloudFrontError('NoSuchPublicKey', 'The specified public key does not exist.')
  return key
}

function answer({ id, etag, createdTime, config }: StoredPublicKey) {
  const content = { Id: id, CreatedTime: createdTime, PublicKeyConfig: config }
  return { status: 200, etag, document: { root: 'PublicKey', content } }
}
