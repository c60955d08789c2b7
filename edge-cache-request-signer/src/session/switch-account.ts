/**
 * Somebody who signs out in order to sign in as somebody else: a sealed cookie keeps the page that they wanted on the way
 * out at the identity provider and back. The sign-out deletes everything else, and an address that is registered at the
 * provider cannot carry it (OpenID Connect RP-Initiated Logout 1.0, section 3: compared as a whole).
 */

import type { Call } from '../context.js'
import { OTHER_ACCOUNT_COOKIE } from '../http/cookie-names.js'
import { deleteCookie, setCookie } from '../http/set-cookie.js'
import { purposeOf } from '../signing/seal.js'

/** The page that ends such a sign-out; Terraform registers it, whatever `signOutUrl` is. */
export const SIGNED_OUT_PAGE = '/.sign-in/signed-out.html'

const COOKIE = { name: OTHER_ACCOUNT_COOKIE, sameSite: 'Lax' } as const
const KEPT_SECONDS = 900

type Given = Pick<Call, 'request' | 'settings' | 'now'>

/** Whether a request to sign out is of this kind. */
export function wantsOtherAccount({ request }: Pick<Call, 'request'>): boolean {
  return request.parameter('then') === 'sign-in'
}

/** The Set-Cookie value that keeps the page of `next` for the next sign-in within 15 minutes; `/` where there is none. */
export function otherAccountCookie({ request, settings, now, next = '/' }: Given & Pick<Call, 'next'>): string {
  const value = settings.sealer.seal(purposeOf('other-account', request.host), { next, endsAt: now + KEPT_SECONDS })
  return setCookie({ ...COOKIE, value, maxAgeSeconds: KEPT_SECONDS })
}

/** The page that was kept, if this browser comes back to sign in as somebody else. */
export function pageForOtherAccount({ request, settings, now }: Given): string | undefined {
  const [value = ''] = request.cookies(COOKIE.name)
  const { next, endsAt } = settings.sealer.open(purposeOf('other-account', request.host), value) ?? {}
  return typeof next === 'string' && typeof endsAt === 'number' && endsAt > now ? next : undefined
}

/** The Set-Cookie values that forget it, if there is anything to forget. */
export function deletedOtherAccount({ request }: Pick<Call, 'request'>): readonly string[] {
  return request.cookies(COOKIE.name).length === 0 ? [] : [deleteCookie(COOKIE)]
}
