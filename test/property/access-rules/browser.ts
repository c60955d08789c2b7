/** What a browser does with cookies of one host, from RFC 6265 alone: sections 5.2 (parsing), 5.3 (keeping), 5.4 (sending). */

interface Kept {
  readonly name: string
  readonly value: string
  readonly path: string
  readonly expiresAt: number
}

export interface Browser {
  /** Takes a Set-Cookie value, at a time in seconds. */
  readonly take: (line: string, now: number) => void
  /** The cookies for a path, in the order in which they are sent. */
  readonly send: (path: string, now: number) => readonly string[]
  /** How many cookies are kept. */
  readonly count: () => number
}

export function browser(): Browser {
  const kept = new Map<string, Kept>()
  return {
    take: (line, now) => {
      const [[name, value] = ['', ''], ...attributes] = line.split(';').map((part) => halves(part.trim()))
      const last = (wanted: string) => attributes.findLast(([attribute]) => attribute.toLowerCase() === wanted)?.[1]
      const path = last('path') ?? ''
      const age = Number(last('max-age') ?? Number.POSITIVE_INFINITY)
      if (!path.startsWith('/')) throw new Error(`a cookie without a path: ${line}`)
      if (age <= 0) kept.delete(`${name} ${path}`)
      else kept.set(`${name} ${path}`, { name, value, path, expiresAt: now + age })
    },
    send: (path, now) =>
      [...kept.values()]
        .filter((cookie) => cookie.expiresAt > now && isPathMatch(path, cookie.path))
        .sort((a, b) => b.path.length - a.path.length)
        .map(({ name, value }) => `${name}=${value}`),
    count: () => kept.size,
  }
}

function halves(text: string): [string, string] {
  const equals = text.indexOf('=')
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)]
}

/** Section 5.1.4, its three conditions in their order. */
function isPathMatch(request: string, cookie: string): boolean {
  if (request === cookie) return true
  if (!request.startsWith(cookie)) return false
  return cookie.endsWith('/') || request.charAt(cookie.length) === '/'
}
