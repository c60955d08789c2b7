/**
 * `POST /oauth2/revoke`: ends a refresh token and every token of its sign-in.
 *
 * Rule: 200 with nothing in it, for an unknown token too (RFC 7009 section 2.2); an access or ID token is
 * `unsupported_token_type`. Page: "Revoke endpoint".
 */
import { authenticateClient, oauthError } from './client-authentication.js'
import { json, type LoginAnswer, type LoginRequest, type LoginWorld } from './login.js'

/** Answers a revocation. */
export async function revoke(world: LoginWorld, request: LoginRequest): Promise<LoginAnswer> {
  if (!request.isForm) return oauthError('invalid_request')
  const client = await authenticateClient(world, request)
  if ('answer' in client) return client.answer
  const token = request.form.get('token')
  if (token === null || token === '' || client.EnableTokenRevocation === false) return oauthError('invalid_request')
  if (token.split('.').length === 3) return oauthError('unsupported_token_type')
  const grant = world.refreshTokens.get(token)
  if (grant !== undefined && grant.clientId !== client.ClientId) return oauthError('invalid_client')
  if (grant !== undefined) {
    world.revoked.add(grant.originJti)
    world.refreshTokens.drop(token)
  }
  return { ...json(200, ''), body: '' }
}
