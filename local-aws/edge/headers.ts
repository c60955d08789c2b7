/**
 * HTTP headers as an ordered list: repeated names and the case of names are kept, as they matter to edge functions.
 */

/** Headers in the order of the message. Names compare without case (RFC 9110 section 5.1). */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** Pairs out of Node's flat `rawHeaders`. */
export function headerList(rawHeaders: readonly string[]): HeaderList {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []))
}

/** All values of a header, in order. */
export function headerValues(headers: HeaderList, name: string): string[] {
  return headers.filter(([own]) => own.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
}

/** The first value of a header. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  return headerValues(headers, name)[0]
}

/** The headers less those of the given names. */
export function withoutHeaders(headers: HeaderList, names: readonly string[]): HeaderList {
  const gone = new Set(names.map((name) => name.toLowerCase()))
  return headers.filter(([name]) => !gone.has(name.toLowerCase()))
}

/** The headers with one of them set to a single value. */
export function withHeader(headers: HeaderList, name: string, value: string): HeaderList {
  return [...withoutHeaders(headers, [name]), [name, value]]
}

/** Headers that belong to one connection only (RFC 9110 section 7.6.1) and are never passed on. */
export const HOP_BY_HOP = [
  'Connection',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Proxy-Connection',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
]
