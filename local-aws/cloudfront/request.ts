/**
 * A request to CloudFront's API and its answer, free of HTTP's machinery, and the guards that all actions share.
 */
import { CloudFrontError, invalidArgument } from './errors.js'
import type { CloudFrontStore } from './store.js'
import { readXml, type XmlValue } from './xml.js'

/** What an action reads of a request. */
export interface CloudFrontRequest {
  /** The variable segments of the path, in order. */
  readonly segments: readonly string[]
  readonly query: URLSearchParams
  /** The If-Match header: the ETag that the caller believes to be current. */
  readonly ifMatch: string | undefined
  readonly body: string
}

/** What an action answers: a document with its ETag, or the raw text of a function. */
export interface CloudFrontAnswer {
  readonly status: number
  readonly etag?: string
  /** The header that carries the ETag, where it is not ETag. */
  readonly etagHeader?: string
  readonly location?: string
  readonly document?: { readonly root: string; readonly content: unknown }
  readonly text?: string
}

/** What the actions work on. */
export interface CloudFrontWorld {
  readonly store: CloudFrontStore
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** The port of the edge, part of each distribution's domain name. */
  readonly edgePort: () => number
  /** Why a function version may not run at the edge; undefined if it may. */
  readonly whyNotAtEdge: (functionArn: string) => Promise<string | undefined>
}

/** One action of the API. */
export type CloudFrontAction = (
  world: CloudFrontWorld,
) => (request: CloudFrontRequest) => CloudFrontAnswer | Promise<CloudFrontAnswer>

/** The variable segment of a path at `index`; the routes guarantee that it is there. */
export function segment(request: CloudFrontRequest, index = 0): string {
  return request.segments[index] ?? ''
}

/**
 * Lets a change pass only if If-Match carries the current ETag.
 *
 * @throws CloudFrontError `InvalidIfMatchVersion` without the header, `PreconditionFailed` for a stale ETag.
 */
export function assertIfMatch(request: CloudFrontRequest, etag: string): void {
  if (request.ifMatch === undefined || request.ifMatch === '') {
    throw new CloudFrontError('InvalidIfMatchVersion', 'The If-Match version is missing or not valid for the resource.')
  }
  if (request.ifMatch !== etag) {
    throw new CloudFrontError(
      'PreconditionFailed',
      'The request failed because it did not meet the preconditions in one or more request-header fields.',
    )
  }
}

/**
 * The configuration in a request's body, after checking that each of `required` is there. Deeper rules are the actions'
 * own.
 *
 * @throws CloudFrontError `MissingBody` or `InvalidArgument` naming the first missing member.
 */
export function readConfig<Config extends object>(
  request: CloudFrontRequest,
  root: string,
  required: readonly (keyof Config & string)[],
): Config {
  if (request.body === '')
    throw new CloudFrontError('MissingBody', `This operation requires a body: a ${root} document.`)
  const config = readXml(root, request.body)
  const missing = required.filter((name) => config[name] === undefined)
  if (missing.length > 0) throw invalidArgument(`${root} lacks ${missing.join(', ')}.`)
  assertQuantities(root, config)
  return config as unknown as Config
}

function assertQuantities(path: string, value: XmlValue): void {
  if (Array.isArray(value)) {
    for (const member of value) assertQuantities(path, member)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) return
  const structure = value as { readonly [name: string]: XmlValue }
  const { Quantity: quantity, Items: items } = structure
  if (typeof quantity === 'number' && quantity !== (Array.isArray(items) ? items.length : 0)) {
    throw new CloudFrontError(
      'InconsistentQuantities',
      `The value of Quantity and the size of Items don't match in ${path}.`,
    )
  }
  for (const [name, child] of Object.entries(structure)) assertQuantities(`${path}.${name}`, child)
}

/**
 * One page of a list, in CloudFront's way: `Marker` is the last id of the page before, `MaxItems` at most 100.
 *
 * Ordered by id, so that a resource deleted between two pages neither repeats nor hides another.
 */
export function page<Item>(
  request: CloudFrontRequest,
  all: Iterable<Item>,
  idOf: (item: Item) => string,
): { readonly maxItems: number; readonly nextMarker: string | undefined; readonly items: readonly Item[] } {
  const maxItems = readMaxItems(request.query.get('MaxItems'))
  const marker = request.query.get('Marker') ?? ''
  const after = [...all].filter((item) => idOf(item) > marker).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
  const items = after.slice(0, maxItems)
  const last = items.at(-1)
  return { maxItems, nextMarker: last !== undefined && after.length > maxItems ? idOf(last) : undefined, items }
}

function readMaxItems(text: string | null): number {
  if (text === null || text === '') return 100
  if (!/^[1-9][0-9]*$/.test(text)) throw invalidArgument(`MaxItems must be a positive number; got ${text}.`)
  return Math.min(Number(text), 100)
}
