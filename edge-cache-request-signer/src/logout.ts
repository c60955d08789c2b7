/** The way out at the identity provider, whose own session would otherwise sign the same person in again. */
import type { Configuration, SignInSettings } from './configuration.js'

/**
 * Where a browser goes after it was signed out here: the identity provider's logout, which sends it on to the
 * configured address, or that address at once where there is none.
 *
 * Cognito wants `logout_uri` (Cognito Developer Guide, Logout endpoint), all others `post_logout_redirect_uri` (OpenID
 * Connect RP-Initiated Logout section 2).
 */
export function logoutUrl(
  { logoutEndpoint, signOutUrl, clientId }: SignInSettings,
  { userPool }: Pick<Configuration, 'userPool'>,
  host: string,
): string {
  const end = signOutUrl.startsWith('/') ? `https://${host}${signOutUrl}` : signOutUrl
  if (logoutEndpoint === undefined) return end
  const url = new URL(logoutEndpoint)
  url.searchParams.set('client_id', clientId)
  url.searchParams.set(userPool === undefined ? 'post_logout_redirect_uri' : 'logout_uri', end)
  return url.href
}

/** The origins on that way, this host's own apart. */
export function logoutOrigins({ logoutEndpoint, signOutUrl }: SignInSettings): readonly string[] {
  return [logoutEndpoint, signOutUrl].flatMap((url) => (url?.startsWith('https:') ? [new URL(url).origin] : []))
}
