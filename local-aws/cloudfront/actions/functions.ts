/**
 * CreateFunction, DescribeFunction, GetFunction, UpdateFunction, PublishFunction, DeleteFunction, ListFunctions.
 *
 * Rules: a function has a DEVELOPMENT stage and, once published, a LIVE one with an ETag of its own; at most 10 KB of
 * code (Quotas, CloudFront Functions); a function that a behavior is associated with stays.
 */
import type { FunctionConfig } from '@aws-sdk/client-cloudfront'
import { behaviorsOf } from '../behaviors.js'
import { CloudFrontError, invalidArgument } from '../errors.js'
import { newId } from '../ids.js'
import { assertIfMatch, type CloudFrontAction, type CloudFrontRequest, page, segment } from '../request.js'
import { ACCOUNT_ID, type CloudFrontStore, type StoredFunction } from '../store.js'
import { readXml } from '../xml.js'

const codeLimitBytes = 10_240

type Stage = 'DEVELOPMENT' | 'LIVE'

/** Makes a function in its DEVELOPMENT stage. */
export const createFunction: CloudFrontAction =
  ({ store, clock }) =>
  (request) => {
    const { name, config, code } = readFunction('CreateFunctionRequest', request)
    if (name === undefined || !/^[a-zA-Z0-9-_]{1,64}$/.test(name)) {
      throw invalidArgument('The Name of a function has 1 to 64 letters, digits, hyphens and underscores.')
    }
    if (store.functions.has(name)) {
      throw new CloudFrontError('FunctionAlreadyExists', `A function with the name ${name} already exists.`)
    }
    const now = new Date(clock())
    const made = {
      arn: `arn:aws:cloudfront::${ACCOUNT_ID}:function/${name}`,
      etag: newId(),
      liveEtag: undefined,
      createdTime: now,
      lastModified: now,
      config,
      development: code,
      live: undefined,
    }
    store.functions.set(name, made)
    const document = { root: 'FunctionSummary', content: summary(name, made, 'DEVELOPMENT') }
    return { status: 201, etag: made.etag, location: `/2020-05-31/function/${name}`, document }
  }

/** A function's description at a stage. */
export const describeFunction: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const { name, found, stage, etag } = findAtStage(store, request)
    return { status: 200, etag, document: { root: 'FunctionSummary', content: summary(name, found, stage) } }
  }

/** A function's code at a stage. */
export const getFunction: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const { found, stage, etag } = findAtStage(store, request)
    return { status: 200, etag, text: (stage === 'LIVE' ? found.live : found.development) ?? '' }
  }

/** Replaces the DEVELOPMENT stage. The answer's header is spelt ETtag (CloudFront API Reference, UpdateFunction). */
export const updateFunction: CloudFrontAction =
  ({ store, clock }) =>
  (request) => {
    const { name, found } = find(store, request)
    const { config, code } = readFunction('UpdateFunctionRequest', request)
    assertIfMatch(request, found.etag)
    const changed = { ...found, etag: newId(), lastModified: new Date(clock()), config, development: code }
    store.functions.set(name, changed)
    const document = { root: 'FunctionSummary', content: summary(name, changed, 'DEVELOPMENT') }
    return { status: 200, etag: changed.etag, etagHeader: 'ettag', document }
  }

/** Copies the DEVELOPMENT stage to the LIVE one. */
export const publishFunction: CloudFrontAction =
  ({ store, clock }) =>
  (request) => {
    const { name, found } = find(store, request)
    assertIfMatch(request, found.etag)
    const changed = { ...found, liveEtag: newId(), lastModified: new Date(clock()), live: found.development }
    store.functions.set(name, changed)
    return { status: 200, document: { root: 'FunctionSummary', content: summary(name, changed, 'LIVE') } }
  }

/** Deletes both stages of a function that no behavior uses. */
export const deleteFunction: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const { name, found } = find(store, request)
    assertIfMatch(request, found.etag)
    const isUsed = [...store.distributions.values()].some(({ config }) =>
      behaviorsOf(config).some((behavior) =>
        behavior.FunctionAssociations?.Items?.some((association) => association.FunctionARN === found.arn),
      ),
    )
    if (isUsed) {
      throw new CloudFrontError(
        'FunctionInUse',
        'Cannot delete the function because it is attached to a cache behavior.',
      )
    }
    store.functions.delete(name)
    return { status: 204 }
  }

/** All functions, by name. */
export const listFunctions: CloudFrontAction =
  ({ store }) =>
  (request) => {
    const live = request.query.get('Stage') === 'LIVE'
    const wanted = [...store.functions].filter(([, { live: code }]) => !live || code !== undefined)
    const { maxItems, nextMarker, items } = page(request, wanted, ([name]) => name)
    const summaries = items.map(([name, found]) => summary(name, found, live ? 'LIVE' : 'DEVELOPMENT'))
    const list = { NextMarker: nextMarker, MaxItems: maxItems, Quantity: summaries.length, Items: summaries }
    return { status: 200, document: { root: 'FunctionList', content: list } }
  }

function readFunction(root: string, request: CloudFrontRequest) {
  const { Name, FunctionConfig: config, FunctionCode } = readXml(root, request.body)
  if (typeof config !== 'object' || typeof FunctionCode !== 'string') {
    throw invalidArgument(`${root} must hold FunctionConfig and FunctionCode.`)
  }
  const code = Buffer.from(FunctionCode, 'base64')
  if (code.length > codeLimitBytes) {
    throw new CloudFrontError('FunctionSizeLimitExceeded', `The function has more than ${codeLimitBytes} bytes.`)
  }
  const functionConfig = config as unknown as FunctionConfig
  if (!['cloudfront-js-1.0', 'cloudfront-js-2.0'].includes(functionConfig.Runtime ?? '')) {
    throw invalidArgument(`The Runtime of a function is cloudfront-js-1.0 or cloudfront-js-2.0.`)
  }
  return { name: typeof Name === 'string' ? Name : undefined, config: functionConfig, code: code.toString('utf8') }
}

function find(store: CloudFrontStore, request: CloudFrontRequest) {
  const name = segment(request)
  const found = store.functions.get(name)
  if (found === undefined) throw new CloudFrontError('NoSuchFunctionExists', 'The specified function does not exist.')
  return { name, found }
}

function findAtStage(store: CloudFrontStore, request: CloudFrontRequest) {
  const { name, found } = find(store, request)
  const stage: Stage = request.query.get('Stage') === 'LIVE' ? 'LIVE' : 'DEVELOPMENT'
  const etag = stage === 'LIVE' ? found.liveEtag : found.etag
  if (etag === undefined) throw new CloudFrontError('NoSuchFunctionExists', 'The specified function does not exist.')
  return { name, found, stage, etag }
}

function summary(name: string, found: StoredFunction, stage: Stage) {
  return {
    Name: name,
    Status: stage === 'LIVE' ? 'UNASSOCIATED' : 'UNPUBLISHED',
    FunctionConfig: found.config,
    FunctionMetadata: {
      FunctionARN: found.arn,
      Stage: stage,
      CreatedTime: found.createdTime,
      LastModifiedTime: found.lastModified,
    },
  }
}
