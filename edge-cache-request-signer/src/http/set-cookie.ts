/** Set-Cookie header values (RFC 6265 section 4.1, with the prefixes of its successor, draft RFC 6265bis). */

/** A cookie to set. It is always `Secure`. */
export interface Cookie {
  readonly name: string
  readonly value: string
  /** 0 deletes the cookie of the same name, path and domain. */
  readonly maxAgeSeconds: number
  readonly sameSite: 'Lax' | 'Strict' | 'None'
  /** The whole host unless given. */
  readonly path?: string | undefined
  /** Without it the cookie stays with the host that set it. */
  readonly domain?: string | undefined
  /** Whether scripts must not read it; true unless given. */
  readonly httpOnly?: boolean | undefined
  /** A jar for each site that embeds this one (Cookies Having Independent Partitioned State). */
  readonly partitioned?: boolean | undefined
}

// token of RFC 9110, cookie-octet of RFC 6265.
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const VALUE = /^[\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]*$/
// path-value of RFC 6265 section 4.1.1, without the space that parsers trim at its end.
const PATH = /^\/[\x21-\x3A\x3C-\x7E]*$/
const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/

/** Browsers ignore a cookie whose name and value are longer together, in bytes (draft RFC 6265bis section 5.6). */
const LONGEST = 4096

/** Whether a browser keeps a cookie of that name and value, seen by its length. */
export function fits(name: string, value: string): boolean {
  return name.length + value.length <= LONGEST
}

/** Whether a cookie can have that name: requests may show others. */
export function isCookieName(name: string): boolean {
  return NAME.test(name)
}

/**
 * The value of the Set-Cookie header for a cookie.
 *
 * @throws RangeError when a part cannot be written, rather than setting something else.
 */
export function setCookie(cookie: Cookie): string {
  const { name, value, maxAgeSeconds, sameSite, path = '/', domain, httpOnly = true, partitioned = false } = cookie
  assertWritable(name, value, maxAgeSeconds)
  assertScope(name, path, domain)
  return [
    `${name}=${value}`,
    `Path=${path}`,
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    `Max-Age=${maxAgeSeconds}`,
    'Secure',
    ...(httpOnly ? ['HttpOnly'] : []),
    `SameSite=${sameSite}`,
    ...(partitioned ? ['Partitioned'] : []),
  ].join('; ')
}

function assertWritable(name: string, value: string, maxAgeSeconds: number): void {
  if (!isCookieName(name) || !VALUE.test(value))
    throw new RangeError('the cookie has a character that no cookie may have')
  if (!Number.isInteger(maxAgeSeconds) || maxAgeSeconds < 0) throw new RangeError('Max-Age must be whole seconds')
}

function assertScope(name: string, path: string, domain: string | undefined): void {
  if (!PATH.test(path)) throw new RangeError('Path must begin with / and have no character that ends it')
  if (domain !== undefined && !DOMAIN.test(domain)) throw new RangeError('Domain must be a host name in lower case')
  if (name.startsWith('__Host-') && (path !== '/' || domain !== undefined)) {
    throw new RangeError('a cookie with the prefix __Host- is for the whole host and for no other')
  }
}

/** The value of the Set-Cookie header that deletes a cookie: its name, path and domain have to be those it was set with. */
export function deleteCookie(cookie: Omit<Cookie, 'value' | 'maxAgeSeconds'>): string {
  return setCookie({ ...cookie, value: '', maxAgeSeconds: 0 })
}
