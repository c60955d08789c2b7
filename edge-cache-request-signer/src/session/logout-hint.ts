/**
 * The last ID token, kept by the browser in a sealed cookie, to show the identity provider at sign-out whose session is
 * to end: `id_token_hint` of OpenID Connect RP-Initiated Logout 1.0, section 2. Some providers ask the person without it,
 * some refuse. Cognito does not know it.
 */

import type { Call } from '../context.js'
import { LOGOUT_HINT_COOKIE } from '../http/cookie-names.js'
import { deleteCookie, fits, setCookie } from '../http/set-cookie.js'
import { purposeOf } from '../signing/seal.js'

const COOKIE = { name: LOGOUT_HINT_COOKIE, path: '/cookie/', sameSite: 'Lax' } as const

// A browser has one, and those that sibling hosts set.
const MOST_TRIED = 10

type Given = Pick<Call, 'request' | 'settings'>

/** The Set-Cookie values that keep it, for somebody and as long as their session; none where it is of no use or too long. */
export function logoutHintCookies(
  { request, settings }: Given,
  subject: string,
  idToken: string | undefined,
  maxAgeSeconds: number,
): readonly string[] {
  const { oidc, signIn } = settings.configuration
  if (idToken === undefined || oidc === undefined || signIn?.logoutEndpoint === undefined) return []
  const value = settings.sealer.seal(purposeOf('logout-hint', request.host, subject), { idToken })
  return fits(COOKIE.name, value) ? [setCookie({ ...COOKIE, value, maxAgeSeconds })] : deletedLogoutHint({ request })
}

/** The ID token that was kept for this person on this host. */
export function logoutHint({ request, settings }: Given, subject: string): string | undefined {
  for (const value of request.cookies(COOKIE.name).slice(0, MOST_TRIED)) {
    const { idToken } = settings.sealer.open(purposeOf('logout-hint', request.host, subject), value) ?? {}
    if (typeof idToken === 'string') return idToken
  }
  return undefined
}

/** The Set-Cookie values that forget it, if there is anything to forget. */
export function deletedLogoutHint({ request }: Pick<Call, 'request'>): readonly string[] {
  return request.cookies(COOKIE.name).length === 0 ? [] : [deleteCookie(COOKIE)]
}
