/** What the signed cookies of a grant permit: a resource, and until when. */

/**
 * The resource for a granted path such as `/photos/*` on the host that the viewer uses. The scheme is spelled out:
 * cookies are `Secure`, so that a policy for http would be of no use. A `*` at the end covers the query string too.
 */
export function resourceOf(host: string, path: string): string {
  return `https://${host}${path}`
}

/**
 * When a cookie set must expire: the earlier of the token's expiry and the configured lifetime, rounded down to a
 * step, so that sign-ins within one step share one signature. The step is a twelfth of the lifetime, at most five
 * minutes; where rounding would cost half of the time that is left, or more, it is not done.
 *
 * All values are whole seconds; `tokenExpiry` is `exp` of RFC 7519 section 4.1.4 and lies ahead of `now`.
 */
export function cookieExpiry(now: number, tokenExpiry: number, lifetime: number): number {
  const wanted = Math.min(Math.floor(tokenExpiry), now + lifetime)
  const step = Math.max(1, Math.min(300, Math.floor(lifetime / 12)))
  const rounded = wanted - (wanted % step)
  return rounded - now > (wanted - now) / 2 ? rounded : wanted
}
