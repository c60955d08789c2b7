import type { Call, Outcome } from '../context.js'
import { isEmbedded, isNavigation } from '../http/request.js'
import { redirect } from '../http/response.js'
import { returnPathOfReferer } from '../http/return-path.js'
import { authorizationUrl } from '../oidc/authorization-url.js'
import { clientOf } from '../oidc/token-endpoint.js'
import { Refusal } from '../refusals/refusal.js'
import { attemptCookies, newAttempt, surplusAttempts } from '../session/login-state.js'
import { deletedOtherAccount, pageForOtherAccount } from '../session/switch-account.js'

/**
 * `GET /cookie/sign-in?next=`: begins a sign-in at the identity provider, which ends at the path of `next`, at the page
 * with the link, or at `/`. Whoever signed out to sign in as somebody else gets to the page from before, and is asked for
 * the account even where the identity provider would not ask. Each one has a cookie of its own, so that those of
 * parallel tabs all succeed.
 *
 * Only for a window: a program would follow the redirect to a page that it cannot read, and images or frames on a sibling
 * host could begin so many that a sign-in under way has no room any more.
 *
 * @throws Refusal `navigation_needed`
 */
export function signIn(call: Call): Outcome {
  const { request, settings, now, world } = call
  const { signIn } = clientOf(settings)
  if (!isNavigation(request) || isEmbedded(request)) throw new Refusal('navigation_needed')
  const forOther = pageForOtherAccount(call)
  const next = call.next ?? returnPathOfReferer(request) ?? forOther ?? '/'
  const attempt = newAttempt(next, now, world.randomBytes)
  const cookies = [
    ...surplusAttempts(request, settings.sealer, now),
    ...attemptCookies(attempt, request, settings.sealer),
    ...deletedOtherAccount(call),
  ]
  const prompt = forOther === undefined ? undefined : signIn.accountPrompt
  const { id: state, nonce, verifier: codeVerifier } = attempt
  const url = authorizationUrl(signIn, request, { state, nonce, codeVerifier }, prompt)
  return { response: redirect(url, { 'Set-Cookie': cookies }) }
}
