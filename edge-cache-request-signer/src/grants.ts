/** Who may see what. So far every signed-in user gets the same. */
import type { Configuration } from './configuration.js'

/** The paths, each ending with `*`, that a user with a valid token may load. */
export function grantedPaths({ grants }: Pick<Configuration, 'grants'>): readonly string[] {
  const granted: string[] = []
  for (const { paths } of grants) granted.push(...paths)
  return granted
}
