import type { Identity } from '../access/identity.js'
import type { OidcIssuer } from '../configuration/configuration.js'
import type { Call, Outcome } from '../context.js'
import type { ViewerRequest } from '../http/request.js'
import { redirect } from '../http/response.js'
import { locationOf } from '../http/return-path.js'
import { redirectUri } from '../oidc/authorization-url.js'
import { redeemCode, type Tokens } from '../oidc/token-endpoint.js'
import { REFUSALS, Refusal, withCookies } from '../refusals/refusal.js'
import { issueInPlace } from '../session/issue-cookies.js'
import { type Attempt, deletedAttempt, nextOfAttempt, openAttempt } from '../session/login-state.js'

const LONGEST_CODE = 4_096

/**
 * `GET /cookie/callback?code=&state=`: the way back from the identity provider. `state` must name a sign-in that this
 * browser began; it is over with this request, whatever becomes of it.
 */
export async function callback(call: Call): Promise<Outcome> {
  const { request, settings, now } = call
  const attempt = openAttempt(request, request.parameter('state'), settings.sealer, now)
  if (attempt === undefined) return withoutAttempt(call)
  const over = deletedAttempt(request, attempt, settings.sealer)
  try {
    const tokens = await redeemCode(settings, call.world, {
      code: codeIn(call),
      verifier: attempt.verifier,
      redirectUri: redirectUri(request.host),
    })
    const identity = await identityIn(tokens, attempt, call)
    const { refreshToken } = tokens
    const occasion = { identity, wanted: attempt.next, refreshToken, tokens, signsIn: true }
    const { cookies } = await issueInPlace(call, occasion)
    const response = redirect(locationOf(attempt.next, request.host), { 'Set-Cookie': [...over, ...cookies] })
    return { response, subject: identity.subject, success: 'SignIns' }
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal('unexpected', { cause: error })
    throw withCookies(refusal, over, attempt.next)
  }
}

/**
 * Who is signed in already came here by the back button, or by another tab. Nobody else is told more than that it is
 * over; but whoever was too slow still gets to the page that they wanted.
 */
function withoutAttempt({ request, settings, session }: Call): Outcome {
  const next = nextOfAttempt(request, request.parameter('state'), settings.sealer)
  if (session === undefined) throw new Refusal('attempt_unknown', { next })
  return { response: redirect(locationOf(next ?? '/', request.host)), subject: session.subject }
}

/**
 * The code in the authorization response (RFC 6749 section 4.1.2).
 *
 * @throws Refusal with the provider's own words if it refused (section 4.1.2.1), or if the answer comes from another one
 * (RFC 9207).
 */
function codeIn({ request, settings }: Call): string {
  const { oidc } = settings.configuration
  if (oidc !== undefined && !isFrom(oidc, request)) throw new Refusal('code_refused')
  const error = request.parameter('error')
  if (error !== undefined) {
    throw new Refusal('sign_in_refused', { detail: request.parameter('error_description') ?? error })
  }
  const code = request.parameter('code')
  if (code === undefined || code === '' || code.length > LONGEST_CODE) throw new Refusal('code_refused')
  return code
}

/** Whether an answer can come from this provider; one that promises to say so must (RFC 9207 section 2.4). */
function isFrom({ issuer, namesItself = false }: OidcIssuer, request: ViewerRequest): boolean {
  const named = request.parameter('iss')
  return named === issuer || (named === undefined && !namesItself)
}

/** A token that is not what was asked for is no fault of the person: it was swapped on the way, or the provider is broken. */
async function identityIn({ idToken }: Tokens, { nonce }: Attempt, { settings }: Call): Promise<Identity> {
  try {
    return await settings.verifyIdToken(idToken, { nonce })
  } catch (error) {
    const isToken = error instanceof Refusal && REFUSALS[error.code].status === 401
    throw isToken ? new Refusal('id_token_refused', { cause: error }) : error
  }
}
