/**
 * The rules of a response headers policy's CORS part.
 *
 * Source: Developer Guide, "Understand response headers policies"; with credentials a browser accepts no wildcard
 * (Fetch standard, CORS protocol and credentials), and CloudFront refuses what could never work.
 */
import type { ResponseHeadersPolicyConfig } from '@aws-sdk/client-cloudfront'
import { invalidArgument } from './errors.js'

/** @throws CloudFrontError `InvalidArgument` naming the member that breaks a rule. */
export function assertResponseHeaders({ CorsConfig: cors }: ResponseHeadersPolicyConfig): void {
  if (cors === undefined) return
  if ((cors.AccessControlAllowOrigins?.Items ?? []).length === 0) {
    throw invalidArgument('AccessControlAllowOrigins must name at least one origin.')
  }
  if (cors.AccessControlAllowCredentials !== true) return
  const wildcards = [
    ['AccessControlAllowOrigins', cors.AccessControlAllowOrigins?.Items, '*'],
    ['AccessControlAllowHeaders', cors.AccessControlAllowHeaders?.Items, '*'],
    ['AccessControlAllowMethods', cors.AccessControlAllowMethods?.Items, 'ALL'],
    ['AccessControlExposeHeaders', cors.AccessControlExposeHeaders?.Items, '*'],
  ] as const
  for (const [name, items, wildcard] of wildcards) {
    if (items?.some((item) => item === wildcard) === true) {
      throw invalidArgument(
        `The parameter ${name} cannot contain ${wildcard} when AccessControlAllowCredentials is true.`,
      )
    }
  }
}
