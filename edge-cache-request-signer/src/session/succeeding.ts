/** Issuing in a browser that may hold the session of somebody else, which then ends as by a sign-out. */
import type { Call } from '../context.js'
import { revokeRefreshTokens } from '../oidc/token-endpoint.js'
import { Refusal } from '../refusals/refusal.js'
import { type Issued, issue, type Occasion } from './issue-cookies.js'
import { openSession, type Session } from './session.js'

/**
 * Issues cookies, and has the provider forget the refresh tokens that no browser keeps afterwards: that of somebody
 * else's session, that of any session when `not_admitted` deletes it, and the one that came with a sign-in which failed.
 * That takes as long as one `postForm` may, and fails silently but for the log.
 *
 * Rejects with what `issue` throws.
 */
export async function issueInPlace(call: Call, occasion: Occasion): Promise<Issued> {
  const { request, settings, now, world } = call
  const { refreshToken, signsIn = false } = occasion
  const former = openSession(request, settings.sealer, now)
  try {
    const issued = issue(call, occasion)
    if (isSomebodyElse(former, call, occasion)) await revokeRefreshTokens(settings, world, [former?.refreshToken])
    return issued
  } catch (error) {
    const isOver = error instanceof Refusal && error.code === 'not_admitted'
    const left = [isOver ? former?.refreshToken : undefined, signsIn ? refreshToken : undefined]
    await revokeRefreshTokens(settings, world, left)
    throw error
  }
}

/**
 * Whether a session is certainly not that of the person who comes. In the access token that an app exchanges some OpenID
 * Connect providers name the same person otherwise than in the ID token of a sign-in (Okta, by the login).
 */
function isSomebodyElse(former: Session | undefined, { settings }: Call, { identity, signsIn }: Occasion): boolean {
  const isComparable = signsIn === true || settings.configuration.userPool !== undefined
  return isComparable && former !== undefined && former.subject !== identity.subject
}
