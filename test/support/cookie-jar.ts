/** The cookies of a browser: what RFC 6265 section 5 keeps, and what it sends where. */

interface Kept {
  readonly name: string
  readonly value: string
  readonly path: string
  readonly domain: string | undefined
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** A jar for one host. */
export interface CookieJar {
  /** Takes the Set-Cookie values of an answer. */
  readonly keep: (setCookies: readonly string[]) => void
  /** The Cookie header for a path, longer paths first; empty without cookies. */
  readonly header: (path: string) => string
  /** The value that is sent for a name, if one is. */
  readonly value: (name: string, path?: string) => string | undefined
  /** The names of all that is kept, sorted. */
  readonly names: () => readonly string[]
}

function kept(setCookie: string): Kept {
  const [pair = '', ...attributes] = setCookie.split('; ')
  const attribute = (name: string) => attributes.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1)
  return {
    name: pair.slice(0, pair.indexOf('=')),
    value: pair.slice(pair.indexOf('=') + 1),
    path: attribute('Path') ?? '/',
    domain: attribute('Domain'),
    expiresAt: Date.now() + Number(attribute('Max-Age')) * 1000,
  }
}

/** RFC 6265 section 5.1.4. */
function goesTo(path: string, cookiePath: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`)
}

/** An empty jar, whose clock is `Date.now`. */
export function cookieJar(): CookieJar {
  const jar = new Map<string, Kept>()
  const alive = () => [...jar.values()].filter(({ expiresAt }) => expiresAt > Date.now())
  const sent = (path: string) =>
    alive()
      .filter((cookie) => goesTo(path, cookie.path))
      .sort((a, b) => b.path.length - a.path.length)
  return {
    keep: (setCookies) => {
      for (const cookie of setCookies.map(kept)) {
        if (cookie.name.length + cookie.value.length > 4096) continue
        jar.set(`${cookie.name} ${cookie.path} ${cookie.domain ?? ''}`, cookie)
      }
    },
    header: (path) =>
      sent(path)
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
    value: (name, path = '/cookie/') => sent(path).find((cookie) => cookie.name === name)?.value,
    names: () =>
      alive()
        .map(({ name }) => name)
        .sort(),
  }
}
