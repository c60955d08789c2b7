/**
 * The parameters of an authorization request, checked.
 *
 * Rule: an unknown client or an unregistered redirect_uri is an error page, never a redirect (RFC 6749 section 4.1.2.1);
 * any other fault goes back to the app as `error`. Page: "Authorize endpoint", Request parameters and errors.
 */
import { type LoginAnswer, type LoginRequest, type LoginWorld, loginClient, redirect } from './login.js'
import { errorPage } from './page.js'
import type { AppClient } from './pools.js'

/** A request that may go on to a login. */
export interface AuthorizationRequest {
  readonly client: AppClient
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly state: string | undefined
  readonly nonce: string | undefined
  readonly codeChallenge: string | undefined
  /**
   * `none`: no page may be shown; `login`: the page must be shown. `select_account` and `consent` are for other identity
   * providers and change nothing here.
   */
  readonly prompts: readonly string[]
}

/** Where a code, or an error, is sent: redirect_uri with more parameters in its query string. */
export function backToApp(
  request: { readonly redirectUri: string; readonly state: string | undefined },
  parameters: Readonly<Record<string, string>>,
  cookies: readonly string[] = [],
): LoginAnswer {
  const url = new URL(request.redirectUri)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  if (request.state !== undefined) url.searchParams.set('state', request.state)
  return redirect(url.href, cookies)
}

/** The checked request, or the answer to a faulty one. */
export async function checkAuthorizationRequest(
  world: Pick<LoginWorld, 'pools'>,
  request: Pick<LoginRequest, 'domain' | 'query'>,
): Promise<AuthorizationRequest | { readonly answer: LoginAnswer }> {
  const { query } = request
  const repeated = [...query.keys()].find((name) => query.getAll(name).length > 1)
  if (repeated !== undefined) return { answer: errorPage(400, 'The request names a parameter twice.') }
  const client = await loginClient(world, request, query.get('client_id'))
  if (client === undefined) {
    return { answer: errorPage(400, 'The app client of this request does not exist, or may not use the hosted login.') }
  }
  const redirectUri = query.get('redirect_uri')
  if (redirectUri === null || client.CallbackURLs?.includes(redirectUri) !== true) {
    return { answer: errorPage(400, 'The redirect_uri of this request is not one of the app client’s callback URLs.') }
  }
  const provider = query.get('identity_provider') ?? 'COGNITO'
  if (provider !== 'COGNITO' && client.SupportedIdentityProviders?.includes(provider) === true) {
    return { answer: errorPage(501, `The local login leads to no other identity provider: ${provider} is not here.`) }
  }
  const state = query.get('state') ?? undefined
  const fault = faultOf(client, query)
  if (fault !== undefined) {
    const [error, description] = fault
    return { answer: backToApp({ redirectUri, state }, { error, error_description: description }) }
  }
  return {
    client,
    redirectUri,
    state,
    scopes: scopesOf(client, query),
    nonce: query.get('nonce') ?? undefined,
    codeChallenge: query.get('code_challenge') ?? undefined,
    prompts: promptsOf(query),
  }
}

function scopesOf(client: AppClient, query: URLSearchParams): readonly string[] {
  const asked = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
  return asked.length === 0 ? (client.AllowedOAuthScopes ?? []) : [...new Set(asked)]
}

type Fault = readonly [error: string, description: string]

function faultOf(client: AppClient, query: URLSearchParams): Fault | undefined {
  const responseType = query.get('response_type')
  if (responseType !== 'code') {
    return responseType === 'token'
      ? ['unauthorized_client', 'This login has the response type code only.']
      : ['invalid_request', 'response_type must be code.']
  }
  if (client.AllowedOAuthFlows?.includes('code') !== true) {
    return ['unauthorized_client', 'The app client may not use the authorization code grant.']
  }
  if (client.SupportedIdentityProviders?.includes('COGNITO') === false) {
    return ['unauthorized_client', 'The app client does not take users of the user pool itself.']
  }
  return providerFault(query) ?? pkceFault(query) ?? scopeFault(client, scopesOf(client, query))
}

function promptsOf(query: URLSearchParams): readonly string[] {
  return (query.get('prompt') ?? '').split(' ').filter((prompt) => prompt !== '')
}

/** A provider that is not the client's, and a prompt that contradicts itself (OpenID Connect Core section 3.1.2.1). */
function providerFault(query: URLSearchParams): Fault | undefined {
  if (query.has('idp_identifier') || (query.get('identity_provider') ?? 'COGNITO') !== 'COGNITO') {
    return ['invalid_request', 'The app client does not take users of this identity provider.']
  }
  const prompts = promptsOf(query)
  const contradicts = prompts.includes('none') && prompts.length > 1
  return contradicts ? ['invalid_request', 'prompt=none goes with no other prompt.'] : undefined
}

function pkceFault(query: URLSearchParams): Fault | undefined {
  const challenge = query.get('code_challenge')
  const method = query.get('code_challenge_method')
  if (challenge === null && method === null) return undefined
  if (method !== 'S256') return ['invalid_request', 'code_challenge_method must be S256.']
  // Base64url of 32 bytes (RFC 7636 section 4.2).
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge ?? '')) return ['invalid_request', 'code_challenge is not one of S256.']
  return undefined
}

function scopeFault(client: AppClient, scopes: readonly string[]): Fault | undefined {
  const unknown = scopes.some((scope) => client.AllowedOAuthScopes?.includes(scope) !== true)
  if (unknown) return ['invalid_scope', 'The app client may not ask for one of these scopes.']
  const needsOpenid = scopes.some((scope) => ['email', 'phone', 'profile'].includes(scope))
  if (needsOpenid && !scopes.includes('openid')) return ['invalid_scope', 'These scopes need openid beside them.']
  return undefined
}
