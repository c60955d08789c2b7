/** What a browser knows of a sign-in, and how it forgets all of it. */

import { deletedAttempts } from './attempt.js'
import { outdatedPaths } from './cookie-sets.js'
import { deleteCookie } from './cookies.js'
import type { Call } from './endpoints/endpoint.js'
import { type Identity, possiblePaths } from './grants.js'
import { deletedLogoutHint } from './logout-hint.js'
import { deletedOtherAccount } from './other-account.js'
import { deletedSession, openSession, pathsOf, type Session } from './session.js'
import { expiredCookies } from './signed-cookies.js'
import { deletedTokenCookies } from './token-cookies.js'

/**
 * The Set-Cookie values that delete everything: the session, the cookie sets of all paths that it remembers or that the
 * rules could have given to this person, sign-ins under way, tokens and additional cookies. Without an `identity` the
 * person is the one of the session. What matters most comes first, because a response may be too small for all of it; the rest expires.
 */
export function allDeleted(
  { request, settings, now }: Pick<Call, 'request' | 'settings' | 'now'>,
  identity?: Identity,
): readonly string[] {
  const { configuration, sealer } = settings
  const session = openSession(request, sealer, now)
  const person = identity ?? (session && identityOf(session))
  const formerly = [...(session === undefined ? [] : pathsOf(session)), ...possiblePaths(person, configuration)]
  const { tokenCookies, additionalCookies = {}, clientId = '' } = configuration.signIn ?? {}
  return [
    ...deletedSession(),
    ...deletedOtherAccount({ request }),
    ...deletedLogoutHint({ request }),
    ...expiredCookies(configuration.cookies, outdatedPaths([], formerly)),
    ...(tokenCookies === undefined ? [] : deletedTokenCookies(tokenCookies, request, clientId)),
    ...Object.keys(additionalCookies).map((name) => deleteCookie({ name, sameSite: 'Lax' })),
    ...deletedAttempts(request),
  ]
}

/** So much of the person as the session remembers, for the paths that are named after people. */
function identityOf({ subject, email, expiresAt }: Session): Identity {
  const claims = email === undefined ? {} : { email, email_verified: true }
  return { subject, expiresAt, claims, scopes: [] }
}
