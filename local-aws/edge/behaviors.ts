/**
 * Which distribution and which cache behaviour serve a request.
 *
 * Rule: behaviours are tried in their order, the default one last; a path pattern matches the whole path, with `*` for
 * zero or more characters and `?` for exactly one, case-sensitive, its leading slash optional; the path is normalised
 * first (RFC 3986). Page: "Cache behavior settings", Path pattern.
 */
import type { CacheBehavior, DefaultCacheBehavior, DistributionConfig } from '@aws-sdk/client-cloudfront'
import type { CloudFrontStore, StoredDistribution } from '../cloudfront/store.js'
import { matchesWildcards } from './wildcards.js'

/** A behaviour; the default one has no pattern. */
export type Behaviour = CacheBehavior | DefaultCacheBehavior

/**
 * The distribution that a Host header names: by its domain name (port included), or by an alias. A wildcard alias
 * covers any subdomain but loses against an exact one ("Use custom URLs", Wildcard domain names).
 */
export function distributionOfHost(
  store: Pick<CloudFrontStore, 'distributions'>,
  hostHeader: string,
): StoredDistribution | undefined {
  const host = hostHeader.toLowerCase()
  const name = host.replace(/:\d+$/, '')
  const all = [...store.distributions.values()]
  const aliases = (distribution: StoredDistribution) => distribution.config.Aliases?.Items ?? []
  const isExact = (alias: string) => alias.toLowerCase() === host || alias.toLowerCase() === name
  const isWildcard = (alias: string) => alias.startsWith('*.') && name.endsWith(alias.slice(1).toLowerCase())
  return (
    all.find(({ domainName }) => domainName === host) ??
    all.find((distribution) => aliases(distribution).some(isExact)) ??
    all.find((distribution) => aliases(distribution).some(isWildcard))
  )
}

/** The behaviour for a path as the viewer sent it. */
export function behaviourFor(config: DistributionConfig, path: string): Behaviour {
  const normalised = normalisePath(path)
  const matching = (config.CacheBehaviors?.Items ?? []).find(({ PathPattern: pattern }) =>
    matchesPathPattern(pattern ?? '', normalised),
  )
  if (matching !== undefined) return matching
  if (config.DefaultCacheBehavior === undefined) throw new Error('the distribution has no default cache behaviour')
  return config.DefaultCacheBehavior
}

/** Whether a path pattern covers a normalised path. */
export function matchesPathPattern(pattern: string, path: string): boolean {
  return matchesWildcards(pattern.startsWith('/') || pattern.startsWith('*') ? pattern : `/${pattern}`, path)
}

/**
 * The path with dot segments removed and percent-encoding normalised (RFC 3986 sections 6.2.2.1 to 6.2.2.3): CloudFront
 * chooses the behaviour by this form, and sends the origin the path as it came.
 */
export function normalisePath(path: string): string {
  const decoded = path.replace(/%[0-9A-Fa-f]{2}/g, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
    return /[A-Za-z0-9._~-]/.test(character) ? character : encoded.toUpperCase()
  })
  const output: string[] = []
  const segments = decoded.split('/').slice(1)
  segments.forEach((segment, index) => {
    const isLast = index === segments.length - 1
    if (segment === '..') output.pop()
    if (segment !== '.' && segment !== '..') output.push(segment)
    else if (isLast) output.push('')
  })
  return `/${output.join('/')}`
}

/** Why a method is refused on a behaviour, or undefined: GET and HEAD only, where a behaviour lists nothing. */
export function refusedMethod(behaviour: Behaviour, method: string): string | undefined {
  const allowed: readonly string[] = behaviour.AllowedMethods?.Items ?? ['GET', 'HEAD']
  if (allowed.includes(method)) return undefined
  return `This distribution is not configured to allow the HTTP request method that was used for this request. The behavior allows ${allowed.join(', ')}.`
}
