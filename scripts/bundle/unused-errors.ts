/** Rewrites the schema module of an SDK client, so that the bundler sees which of its shapes nobody uses. */

const constant = /^const (_\w+) = ("(?:[^"\\]|\\.)*");$/gm
const computedKey = /\[(_\w+)\]:/g
const registration = /^n0_registry\.registerError\((\w+)\$, (\w+)\);$/gm

/**
 * Drops the registrations of errors that are not in `kept`, and spells computed keys out.
 *
 * Two habits of the generated module keep every shape alive: each error is registered by a statement of its own, and
 * keys are written `[_e]`, which a bundler must take for a call of `toString`. Without both, plain tree shaking does
 * the rest.
 *
 * @throws Error when the module does not look as expected: a build that fails is better than one that breaks at the edge.
 */
export function dropUnusedErrors(source: string, kept: readonly string[]): string {
  const constants = new Map([...source.matchAll(constant)].map(([, name = '', literal = '']) => [name, literal]))
  const registered = [...source.matchAll(registration)].map(([, shape]) => shape)

  const unmatched = source.split('n0_registry.registerError(').length - 1 - registered.length
  if (registered.length === 0 || unmatched !== 0) {
    throw new Error(
      `the schema module registers its errors in another form than expected (${registered.length} statements understood, ${unmatched} not); see scripts/bundle/unused-errors.ts`,
    )
  }
  const missing = kept.filter((name) => !registered.includes(name))
  if (missing.length > 0) {
    throw new Error(`the schema module no longer registers ${missing.join(', ')}; see scripts/bundle/replacements.ts`)
  }

  return source
    .replace(registration, (statement, shape: string) => (kept.includes(shape) ? statement : ''))
    .replace(computedKey, (_key, name: string) => {
      const literal = constants.get(name)
      if (literal === undefined) {
        throw new Error(`the schema module uses ${name} as a key but does not define it as a string`)
      }
      return `${literal}:`
    })
}
