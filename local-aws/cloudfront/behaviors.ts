/**
 * The cache behaviors of a distribution, the default one included.
 */
import type { DefaultCacheBehavior, DistributionConfig } from '@aws-sdk/client-cloudfront'

/** All behaviors in the order in which the edge tries them; the default behavior is the last and has no PathPattern. */
export function behaviorsOf(
  config: DistributionConfig,
): readonly (DefaultCacheBehavior & { PathPattern?: string | undefined })[] {
  const ordered = config.CacheBehaviors?.Items ?? []
  return config.DefaultCacheBehavior === undefined ? ordered : [...ordered, config.DefaultCacheBehavior]
}
