/**
 * The public documents of a user pool: its keys (RFC 7517) and its endpoints (OpenID Connect Discovery 1.0).
 *
 * Page: "Verifying JSON web tokens", "User pool endpoints". moto's own key is published beside the pool's two, because
 * moto signs the tokens of its sign-in API with it.
 */
import type { LoginWorld } from './login.js'
import { regionOf } from './pools.js'
import { issuerOf } from './tokens.js'

const PATH = /^\/([a-z0-9-]+_[A-Za-z0-9]+)\/\.well-known\/(jwks\.json|openid-configuration)$/

/** The document at a path, or undefined for a path or a pool that is not there. */
export async function wellKnownDocument(
  { pools, keys }: Pick<LoginWorld, 'pools' | 'keys'>,
  moto: string,
  path: string,
): Promise<unknown> {
  const [, poolId = '', document] = PATH.exec(path.split('?', 1)[0] ?? '') ?? []
  if (document === undefined) return undefined
  const domain = await pools.domainOfPool(poolId)
  if (domain === null) return undefined
  if (document === 'openid-configuration') return configuration(poolId, domain)
  return { keys: [...(await keys.publicKeys(poolId)), ...(await motoKeys(moto, poolId))] }
}

async function motoKeys(moto: string, poolId: string): Promise<readonly unknown[]> {
  // moto tells services apart by the credential scope, as it sees no host name of AWS.
  const scope = `local/20260101/${regionOf(poolId)}/cognito-idp/aws4_request`
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`
  const answer = await fetch(new URL(`/${poolId}/.well-known/jwks.json`, moto), { headers: { authorization } })
  const document = (await answer.json()) as { readonly keys?: readonly unknown[] }
  return document.keys ?? []
}

function configuration(poolId: string, domain: string | undefined): Record<string, unknown> {
  const issuer = issuerOf(poolId)
  const common = {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256'],
  }
  if (domain === undefined) return common
  const host = domain.includes('.') ? domain : `${domain}.auth.${regionOf(poolId)}.amazoncognito.com`
  return {
    ...common,
    authorization_endpoint: `https://${host}/oauth2/authorize`,
    token_endpoint: `https://${host}/oauth2/token`,
    userinfo_endpoint: `https://${host}/oauth2/userInfo`,
    revocation_endpoint: `https://${host}/oauth2/revoke`,
    end_session_endpoint: `https://${host}/logout`,
  }
}
