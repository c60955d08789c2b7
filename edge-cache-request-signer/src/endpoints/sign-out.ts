import type { Configuration } from '../configuration/configuration.js'
import type { Call, Outcome } from '../context.js'
import { isFromElsewhere, originOf } from '../http/cors.js'
import { fetchSite, isNavigation, type ViewerRequest } from '../http/request.js'
import { json, page, redirect } from '../http/response.js'
import { locationOf } from '../http/return-path.js'
import { logoutUrl } from '../oidc/authorization-url.js'
import { revokeRefreshToken } from '../oidc/token-endpoint.js'
import { Refusal } from '../refusals/refusal.js'
import { logoutTargets, otherAccountForm } from '../refusals/refusal-page.js'
import { allDeleted } from '../session/clear-cookies.js'
import { logoutHint } from '../session/logout-hint.js'
import { otherAccountCookie, SIGNED_OUT_PAGE, wantsOtherAccount } from '../session/switch-account.js'

/**
 * `POST /cookie/sign-out`: ends the session here and at the identity provider. The refresh token is revoked if that is
 * possible; all cookies are deleted, whether there was a session or not; then the browser goes to the provider's logout,
 * or a program is told where that is. Only pages of this host and of allowed origins may ask for it.
 *
 * With `then=sign-in` it is for somebody who wants another account: the way ends at the module's own page, whose link
 * leads to the login and back to the page of `next`.
 */
export async function signOut(call: Call): Promise<Outcome> {
  const { request, settings, session, world } = call
  if (!mayAsk(request, settings.configuration)) throw new Refusal('cross_site')
  if (session?.refreshToken !== undefined) await revokeRefreshToken(settings, world, session.refreshToken)
  const deleted = {
    'Set-Cookie': [...allDeleted(call), ...(wantsOtherAccount(call) ? [otherAccountCookie(call)] : [])],
  }
  const url = wayOut(call)
  return {
    response: isNavigation(request)
      ? redirect(url, deleted, 303)
      : json(200, { signed_out: true, logout_url: url }, deleted),
    subject: session?.subject,
    success: 'SignOuts',
  }
}

/**
 * Where the browser goes from here: to the provider's logout, and from there to the signed-out page. Whoever wants another
 * account, and for whom there is no hint, goes to that page at once: some OpenID Connect providers answer a logout without
 * `id_token_hint` with an error that leads nowhere, and the next sign-in asks for the account in any case. Cognito wants
 * no hint. Whoever signs out for good is sent to the provider even so, because most providers do end the session there.
 */
function wayOut(call: Call): string {
  const { request, settings, session } = call
  const { configuration } = settings
  // Not for programs: scripts see no token.
  const idToken = session !== undefined && isNavigation(request) ? logoutHint(call, session.subject) : undefined
  if (!wantsOtherAccount(call)) return logoutUrl(configuration, request.host, { idToken })
  const asksAnyway = configuration.oidc !== undefined && configuration.signIn?.accountPrompt !== undefined
  if (asksAnyway && idToken === undefined) return locationOf(SIGNED_OUT_PAGE, request.host)
  return logoutUrl(configuration, request.host, { idToken, signOutUrl: SIGNED_OUT_PAGE })
}

/**
 * `GET /cookie/sign-out`: asks a person, and does nothing: any site can have a browser load an address.
 *
 * @throws Refusal `method_unknown` for programs, which would take the page for success.
 */
export function confirmSignOut(call: Call): Outcome {
  const { request, settings, session, next } = call
  const { signIn } = settings.configuration
  if (!isNavigation(request)) throw new Refusal('method_unknown', { allow: ['POST', 'OPTIONS'] })
  const [title, postTo] = wantsOtherAccount(call)
    ? ['Sign in as somebody else?', otherAccountForm(next)]
    : ['Sign out?', '/cookie/sign-out']
  const content = {
    title,
    paragraphs: [
      session === undefined
        ? 'This ends what is left of your session in this browser.'
        : `${session.email === undefined ? 'You are signed in.' : `You are signed in as ${session.email}.`} This ends your session in this browser.`,
    ],
    actions: [
      { label: 'Sign out', postTo },
      { label: 'Stay signed in', href: next ?? '/' },
    ],
    formTargets: signIn === undefined ? [] : logoutTargets(signIn),
  }
  return { response: page(200, content), subject: session?.subject }
}

/**
 * Whether the request comes from a page that may sign people out. Browsers say where from in Sec-Fetch-Site; older ones
 * in Origin, or at least in Referer. Whoever says nothing of all that is refused: a form on any site could be behind it.
 */
function mayAsk(request: ViewerRequest, { cors }: Configuration): boolean {
  const origin = originOf(request, cors.allowedOrigins)
  if (origin.kind === 'allowed') return true
  const site = fetchSite(request)
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  if (origin.kind !== 'absent') return origin.kind === 'same'
  return request.header('referer').join().startsWith(`https://${request.host}/`)
}

/**
 * `GET /cookie/remove`: deletes the cookies, all of them. It needs no token, since whoever holds none should be able to
 * leave.
 *
 * A link or an image of another host must not sign people out, be it a stranger's or a sibling's.
 */
export function remove(call: Call): Outcome {
  const { request, settings } = call
  if (isFromElsewhere(request, settings.configuration.cors.allowedOrigins)) throw new Refusal('cross_site')
  return { response: json(200, { removed: true }, { 'Set-Cookie': allDeleted(call) }) }
}
