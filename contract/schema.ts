/**
 * Shapes of JSON documents: each reads an unknown value, adds a sentence to `problems` for everything wrong with it,
 * and so finds all errors of a document in one pass. A value with problems must not be used.
 */

/** Reads a value found at `path`; what it returns is sound only if it added no problem. */
export type Shape<T> = (value: unknown, path: string, problems: string[]) => T

/** The type that a shape reads. */
export type Read<S> = S extends Shape<infer T> ? T : never

/** A value that passes `sound`; `rule` ends the sentence "<path> must …". */
export function checked<T>(sound: (value: unknown) => value is T, rule: string): Shape<T> {
  return (value, path, problems) => {
    if (!sound(value)) problems.push(`${path} must ${rule}`)
    return value as T // sound, or the document is thrown away
  }
}

/** A text that matches the pattern as a whole. */
export function text(pattern: RegExp, rule: string): Shape<string> {
  return checked((value): value is string => typeof value === 'string' && pattern.test(value), rule)
}

/** One of the given literals. */
export function oneOf<const T extends string | number | boolean>(...literals: readonly T[]): Shape<T> {
  return checked((value): value is T => literals.some((literal) => literal === value), `be ${literals.join(' or ')}`)
}

/** A whole number from `least` to `most`, both included. */
export function integer(least: number, most: number): Shape<number> {
  return checked(
    (value): value is number => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
    `be a whole number from ${least} to ${most}`,
  )
}

/** A list of `least` to `most` items. */
export function list<T>(item: Shape<T>, least: number, most: number): Shape<readonly T[]> {
  return (value, path, problems) => {
    const items: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined
    if (items === undefined || items.length < least || items.length > most) {
      problems.push(`${path} must be a list of ${least === most ? least : `${least} to ${most}`} items`)
      return []
    }
    return items.map((one, index) => item(one, `${path}[${index}]`, problems))
  }
}

/** An object used as a map: any names of that form, each with such a value; `rule` ends the sentence "<path> must have names that …". */
export function map<T>(name: RegExp, rule: string, value: Shape<T>, most: number): Shape<Readonly<Record<string, T>>> {
  return (given, path, problems) => {
    const entries = plainEntries(given)
    if (entries === undefined || entries.length > most) {
      problems.push(`${path} must be an object of at most ${most} fields`)
      return {}
    }
    const sound = entries.filter(([field]) => name.test(field))
    if (sound.length < entries.length) problems.push(`${path} must have names that ${rule}`)
    return Object.fromEntries(sound.map(([field, one]) => [field, value(one, `${path}.${field}`, problems)]))
  }
}

/** A field of an object that may be left out. */
export interface Optional<T> {
  readonly optional: Shape<T>
}

/** Lets a field of an {@link object} be absent. `null` is no absence. */
export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape }
}

type Fields = Readonly<Record<string, Shape<unknown> | Optional<unknown>>>
type Simplified<T> = { readonly [K in keyof T]: T[K] }

/** What an {@link object} with these fields reads. */
export type ReadFields<F extends Fields> = Simplified<
  { readonly [K in keyof F as F[K] extends Optional<unknown> ? never : K]: Read<F[K]> } & {
    readonly [K in keyof F as F[K] extends Optional<unknown> ? K : never]?: F[K] extends Optional<infer T> ? T : never
  }
>

/** An object with exactly these fields; unknown ones are problems, so that a typing mistake is no silent default. */
export function object<const F extends Fields>(fields: F): Shape<ReadFields<F>> {
  return (value, path, problems) => {
    const at = (field: string) => (path === '' ? field : `${path}.${field}`)
    const given = plainEntries(value)
    if (given === undefined) problems.push(`${path === '' ? 'it' : path} must be an object`)
    const values = new Map(given ?? [])
    const strange = [...values.keys()].filter((field) => !Object.hasOwn(fields, field))
    problems.push(...strange.map((field) => `${at(field.slice(0, 40))} is not known`))
    const entries = Object.entries(given === undefined ? {} : fields).flatMap(([field, shape]) => {
      if (typeof shape === 'function') return [[field, shape(values.get(field), at(field), problems)]]
      return values.has(field) ? [[field, shape.optional(values.get(field), at(field), problems)]] : []
    })
    return Object.fromEntries(entries)
  }
}

/** The own fields of an object that is no list. */
function plainEntries(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined
}
