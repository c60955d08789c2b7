/**
 * Custom error responses of a distribution.
 *
 * Rule: an error of the origin or of the signature check is replaced by a page of the distribution, fetched through the
 * behaviour that its path matches, without running functions; a page that cannot be had leaves the status that fetching
 * it gave. The status stays unless the rule names another. Page: "Generate custom error responses". A page behind a
 * behaviour with trusted key groups is refused (AWS documents nothing): the viewer gets the original error. The time
 * that errors are cached for means nothing here, where nothing is cached.
 */
import type { CustomErrorResponse, DistributionConfig } from '@aws-sdk/client-cloudfront'
import { type EdgeResponse, htmlError } from './messages.js'

/** How to fetch a page: undefined when its behaviour is a signed one. */
export type FetchPage = (path: string) => Promise<EdgeResponse | undefined>

/** The response that the viewer gets for `response`, which is returned as it is unless it is an error with a page. */
export async function withErrorPage(
  config: Pick<DistributionConfig, 'CustomErrorResponses'>,
  response: EdgeResponse,
  fetchPage: FetchPage,
): Promise<EdgeResponse> {
  const rule = ruleFor(config, response.status)
  if (rule?.ResponsePagePath === undefined || rule.ResponsePagePath === '') return response
  const page = await fetchPage(rule.ResponsePagePath)
  if (page === undefined) return response
  if (page.status >= 400) return htmlError(page.status, "CloudFront wasn't able to get the custom error page.")
  const status = Number(rule.ResponseCode ?? response.status)
  const { reason: _ofThePage, ...rest } = page
  return { ...rest, status, xCache: 'Error from cloudfront' }
}

function ruleFor(
  config: Pick<DistributionConfig, 'CustomErrorResponses'>,
  status: number,
): CustomErrorResponse | undefined {
  return status < 400
    ? undefined
    : (config.CustomErrorResponses?.Items ?? []).find(({ ErrorCode }) => ErrorCode === status)
}
