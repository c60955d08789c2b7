/**
 * How Go writes values: encoding/json for files, `%v` of fmt for outputs and variables.
 *
 * Sources: the documentation of Go's packages encoding/json (Marshal) and fmt (Printing).
 */

/** Compares as Go sorts map keys: by the bytes of UTF-8, which differs from UTF-16 order above U+FFFF. */
function byBytes([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

const goEscapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** A string as `json.Marshal` writes it: `<`, `>`, `&` and the two line separators are escaped. */
export function goJsonString(value: string): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => goEscapes[character] ?? character)
}

/**
 * A JSON value as `json.Marshal` writes it: one line, sorted keys.
 *
 * @throws TypeError for what JSON cannot say (undefined, NaN, functions…), with the path of the culprit.
 */
export function goJson(value: unknown, path = 'value'): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return goJsonString(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${path} is ${value}, which JSON cannot say`)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map((item, index) => goJson(item, `${path}[${index}]`)).join(',')}]`
  if (isPlainObject(value)) {
    const members = Object.entries(value).sort(byBytes)
    return `{${members.map(([key, item]) => `${goJsonString(key)}:${goJson(item, `${path}.${key}`)}`).join(',')}}`
  }
  throw new TypeError(`${path} is ${describeType(value)}, which JSON cannot say`)
}

/** Whether a value is an object that was written with braces or parsed from JSON, and not a Date, a Map, a class… */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // By the constructor's name and not by identity: jest's tests live in another realm than Node's own modules.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** What a value is, in a word or two that fit into an error message. */
export function describeType(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'a list'
  if (isPlainObject(value)) return 'an object'
  if (typeof value === 'object') return `a ${value.constructor.name}`
  return `a ${typeof value}`
}

/**
 * A value as `%v` writes it: `[1 a <nil>]`, `map[a:1 b:true]` with sorted keys.
 *
 * But for numbers, which stay as JSON has them: `%v` would make 1000000 `1e+06`, and an id of digits unusable.
 */
export function goFormat(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goFormat).join(' ')}]`
  if (isPlainObject(value)) {
    const members = Object.entries(value).sort(byBytes)
    return `map[${members.map(([key, item]) => `${key}:${goFormat(item)}`).join(' ')}]`
  }
  return String(value)
}
