/** What a viewer is served from S3: the behaviour by CloudFront's rule, the real functions, and the key that S3 reads. */
import { isPlainPath } from '../../../edge-cache-request-signer/src/paths.js'
import { matchesPathPattern, normalisePath } from '../../../local-aws/edge/behaviors.js'
import { call } from '../../unit/cloudfront-functions/edge.js'
import type { Arguments, Behaviour } from './composed.js'

/** The bucket of the content by its name at S3, as the mocks of the Terraform tests call it. */
export const CONTENT = 'photos-mock.s3.eu-west-1.amazonaws.com'

/** One object that was served, and by which behaviour. */
export interface Served {
  readonly behaviour: Behaviour
  readonly bucket: string
  readonly key: string
}

/** What a client asks for, and how CloudFront may read it. */
export interface Visit {
  readonly path: string
  readonly isNavigation: boolean
  /** Whether paths are normalised before behaviours are chosen, as the documentation says, or compared as they are. */
  readonly isNormalised: boolean
}

interface Answer {
  readonly uri?: string
  readonly statusCode?: number
  readonly headers?: { readonly location?: { readonly value: string } }
}

// A path that is encoded in pieces becomes plain by several redirects.
const MOST_REDIRECTS = 10

/** All that a client gets hold of which follows redirects without resolving anything, whatever cookies are needed for it. */
export function served(given: Arguments, behaviours: readonly Behaviour[], visit: Visit): readonly Served[] {
  let path = visit.path
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const text = visit.isNormalised ? normalisePath(path) : path
    const behaviour = behaviours.find(({ pattern }) => matchesPathPattern(pattern, text))
    if (behaviour === undefined) throw new Error('every distribution has a default behaviour')
    const { uri, statusCode, headers } = throughFunction(behaviour, { ...visit, path })
    if (uri !== undefined) return fromS3(given, behaviour, uri)
    if (statusCode === 404) return []
    path = headers?.location?.value ?? ''
  }
  throw new Error(`${visit.path} is led on and on`)
}

function throughFunction({ function: name, token }: Behaviour, { path, isNavigation }: Visit): Answer {
  // The edge function, which answers what is not plain by itself.
  if (token) return isPlainPath(path) ? { uri: path } : { statusCode: 404 }
  if (name === '') return { uri: path }
  const mode = { value: isNavigation ? 'navigate' : 'cors' }
  const headers = { 'sec-fetch-mode': mode }
  return call(`${name}.js`, { method: 'GET', uri: path, querystring: {}, headers }) as Answer
}

/** S3 decodes a path once, and takes the outcome literally (S3 API Reference, GetObject; User Guide, Object key names). */
function fromS3({ origins }: Arguments, behaviour: Behaviour, uri: string): readonly Served[] {
  const origin = origins[behaviour.origin]
  // The pages of the sign-in are the module's own, and what an http origin makes of an address is up to it.
  if (behaviour.pattern === 'cookie/*' || behaviour.origin === 'pages' || origin?.kind === 'http') return []
  try {
    return [{ behaviour, bucket: origin?.domain_name ?? CONTENT, key: decodeURIComponent(uri.slice(1)) }]
  } catch {
    return []
  }
}
