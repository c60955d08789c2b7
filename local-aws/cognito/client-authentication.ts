/**
 * Who asks for tokens: client id, and the secret of a client that has one.
 *
 * Rule: HTTP Basic or form fields, not both (RFC 6749 section 2.3.1); a client without a secret names itself only.
 * Page: "Token endpoint", Authorization and client_id.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { json, type LoginAnswer, type LoginRequest, type LoginWorld, loginClient } from './login.js'
import type { AppClient } from './pools.js'

/** An error of the token endpoint: status 400 and its code, as Cognito answers. */
export function oauthError(error: string): LoginAnswer {
  return json(400, { error })
}

/** The client that asks, or the answer for one that is not who it says. */
export async function authenticateClient(
  world: Pick<LoginWorld, 'pools'>,
  request: LoginRequest,
): Promise<AppClient | { readonly answer: LoginAnswer }> {
  const basic = basicCredentials(request.authorization)
  if (basic === 'malformed') return { answer: oauthError('invalid_client') }
  const { form } = request
  const inForm = { id: form.get('client_id'), secret: form.get('client_secret') }
  if (basic !== undefined && (inForm.secret !== null || (inForm.id !== null && inForm.id !== basic.id))) {
    return { answer: oauthError('invalid_request') }
  }
  const { id, secret } = basic ?? inForm
  if (id === null) return { answer: oauthError('invalid_request') }
  const client = await loginClient(world, request, id)
  if (client === undefined) return { answer: oauthError('invalid_client') }
  const expected = client.ClientSecret
  const isProved = expected === undefined ? secret === null : secret !== null && areEqual(secret, expected)
  return isProved ? client : { answer: oauthError('invalid_client') }
}

function basicCredentials(
  header: string | undefined,
): { readonly id: string; readonly secret: string } | 'malformed' | undefined {
  if (header === undefined) return undefined
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(header) ?? []
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1) return 'malformed'
  try {
    return { id: decodeURIComponent(text.slice(0, colon)), secret: decodeURIComponent(text.slice(colon + 1)) }
  } catch {
    return 'malformed'
  }
}

function areEqual(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
