/** The addresses at the identity provider that a browser is sent to. */
import { createHash } from 'node:crypto'
import { type Configuration, PRINTABLE, type SignInSettings } from '../configuration/configuration.js'
import type { ViewerRequest } from '../http/request.js'
import { locationOf } from '../http/return-path.js'

/** Where the identity provider sends people back to. It has to be registered there for each host. */
export function redirectUri(host: string): string {
  return locationOf('/cookie/callback', host)
}

/** What binds the answer of the identity provider to the browser that asked. */
export interface AuthorizationRequest {
  /** `state` of RFC 6749 section 4.1.1. */
  readonly state: string
  /** `nonce` of OpenID Connect Core section 3.1.2.1. */
  readonly nonce: string
  /** `code_verifier` of RFC 7636 section 4.1. */
  readonly codeVerifier: string
}

/**
 * The authentication request (OpenID Connect Core section 3.1.2.1) with its proof key (RFC 7636 section 4.3). What the
 * configuration adds, and what it lets the link to the sign-in add or replace, can never name one of these parameters.
 * `prompt` is for this time only, and goes before theirs.
 */
export function authorizationUrl(
  signIn: SignInSettings,
  request: ViewerRequest,
  { state, nonce, codeVerifier }: AuthorizationRequest,
  prompt?: string,
): string {
  return withParameters(signIn.authorizationEndpoint, {
    ...signIn.authorizeParams,
    ...viewerParameters(signIn, request),
    ...(prompt === undefined ? {} : { prompt }),
    response_type: 'code',
    client_id: signIn.clientId,
    redirect_uri: redirectUri(request.host),
    scope: signIn.scopes.join(' '),
    state,
    nonce,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
}

/** What is special about a logout. */
export interface LogoutTerms {
  readonly signOutUrl?: string | undefined
  readonly idToken?: string | undefined
}

/**
 * Where a browser ends its session at the identity provider and comes back from: Cognito's logout endpoint (Cognito
 * Developer Guide, Logout endpoint), or OpenID Connect RP-Initiated Logout 1.0. Without such an endpoint it is where it
 * would come back to: `signOutUrl`, a path of the host or an address, by default the configured one. `idToken` says whose
 * session it is.
 */
export function logoutUrl(
  { userPool, signIn }: Pick<Configuration, 'userPool' | 'signIn'>,
  host: string,
  { signOutUrl = signIn?.signOutUrl ?? '/', idToken }: LogoutTerms = {},
): string {
  const { logoutEndpoint, clientId = '' } = signIn ?? {}
  const back = signOutUrl.startsWith('/') ? locationOf(signOutUrl, host) : signOutUrl
  if (logoutEndpoint === undefined) return back
  if (userPool !== undefined) return withParameters(logoutEndpoint, { client_id: clientId, logout_uri: back })
  const hint = idToken === undefined ? {} : { id_token_hint: idToken }
  return withParameters(logoutEndpoint, { client_id: clientId, post_logout_redirect_uri: back, ...hint })
}

function viewerParameters({ viewerParams }: SignInSettings, request: ViewerRequest): Readonly<Record<string, string>> {
  const given = viewerParams.flatMap((name) => {
    const value = request.parameter(name)
    return value !== undefined && PRINTABLE.test(value) ? [[name, value] as const] : []
  })
  return Object.fromEntries(given)
}

/** The address with these parameters set in its query, of which the rest stays (RFC 6749 section 3.1). */
function withParameters(endpoint: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(endpoint)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}
