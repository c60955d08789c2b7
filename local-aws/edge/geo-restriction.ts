/**
 * Geographic restrictions: from which countries a distribution is served.
 *
 * Rule: a viewer of a country that a deny list names, or that an allow list does not name, gets 403; one whose country is
 * not known is served. Page: "Restrict the geographic distribution of your content". Loopback lies in no country, so a
 * request says where it comes from by a header of this edge's own, which goes no further. Functions in a Region of the
 * United States say it by themselves (lambda/bootstrap.ts).
 */
import type { DistributionConfig } from '@aws-sdk/client-cloudfront'
import { headerValues, withoutHeaders } from './headers.js'
import { type EdgeResponse, htmlError, type ViewerRequest } from './messages.js'

/** Where the viewer is said to be: an ISO 3166-1 alpha-2 code. AWS has no such header. */
export const COUNTRY_HEADER = 'X-Local-Country'

/** The refusal of a viewer of this country, or undefined. */
export function refusedCountry(
  { Restrictions }: Pick<DistributionConfig, 'Restrictions'>,
  { headers }: Pick<ViewerRequest, 'headers'>,
): EdgeResponse | undefined {
  const [country, ...more] = headerValues(headers, COUNTRY_HEADER)
  if (country === undefined) return undefined
  if (more.length > 0 || !/^[A-Z]{2}$/.test(country)) {
    return htmlError(400, `${COUNTRY_HEADER} must be one code of two capital letters, such as DE.`)
  }
  const { RestrictionType: type = 'none', Items: codes = [] } = Restrictions?.GeoRestriction ?? {}
  const isListed = codes.includes(country)
  if (type === 'none' || isListed === (type === 'whitelist')) return undefined
  return htmlError(403, 'The Amazon CloudFront distribution is configured to block access from your country.')
}

/** The request as functions and origins see it. */
export function withoutCountry(request: ViewerRequest): ViewerRequest {
  return { ...request, headers: withoutHeaders(request.headers, [COUNTRY_HEADER]) }
}
