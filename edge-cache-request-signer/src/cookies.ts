/** Set-Cookie header values (RFC 6265 section 4.1). */

/** A cookie to set. It is always `Secure`, `HttpOnly`, host-only and for the whole host. */
export interface Cookie {
  readonly name: string
  readonly value: string
  /** 0 deletes the cookie of the same name. */
  readonly maxAgeSeconds: number
  readonly sameSite: 'Lax' | 'Strict' | 'None'
}

// token of RFC 9110, cookie-octet of RFC 6265.
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const VALUE = /^[\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]*$/

/**
 * The value of the Set-Cookie header for a cookie. Without `Domain` the cookie stays with the host that set it.
 *
 * @throws RangeError when name, value or age cannot be written, rather than setting something else.
 */
export function setCookie({ name, value, maxAgeSeconds, sameSite }: Cookie): string {
  if (!NAME.test(name) || !VALUE.test(value)) throw new RangeError('the cookie has a character that no cookie may have')
  if (!Number.isInteger(maxAgeSeconds) || maxAgeSeconds < 0) throw new RangeError('Max-Age must be whole seconds')
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; Secure; HttpOnly; SameSite=${sameSite}`
}
