/** What a browser knows of a sign-in, and how it forgets all of it. */

import { outdatedPaths } from '../access/cookie-sets.js'
import { possiblePaths } from '../access/grants.js'
import type { Identity } from '../access/identity.js'
import type { Call } from '../context.js'
import { deleteCookie } from '../http/set-cookie.js'
import { expiredCookies } from '../signing/signed-cookies.js'
import { deletedAttempts } from './login-state.js'
import { deletedLogoutHint } from './logout-hint.js'
import { deletedSession, pathsOf, type Session } from './session.js'
import { deletedOtherAccount } from './switch-account.js'
import { deletedTokenCookies } from './token-cookies.js'

type Given = Pick<Call, 'request' | 'settings' | 'session' | 'now'>

/**
 * The Set-Cookie values that delete everything: what is the person's, and sign-ins under way. What matters most comes
 * first, because a response may be too small for all of it; the rest expires.
 */
export function allDeleted(given: Given): readonly string[] {
  return [
    ...personDeleted(given),
    ...deletedOtherAccount(given),
    ...deletedAttempts(given.request, given.settings.sealer),
  ]
}

/**
 * The Set-Cookie values that delete what is a person's: the session, the cookie sets of all paths that it remembers or
 * that the rules could have given to them, tokens and additional cookies. Sign-ins that are under way in other tabs go on.
 * Without an `identity` the person is the one of the session.
 */
export function personDeleted({ request, settings, session }: Given, identity?: Identity): readonly string[] {
  const { configuration } = settings
  const person = identity ?? (session && identityOf(session))
  const formerly = [...pathsOf(session), ...possiblePaths(person, configuration)]
  const { tokenCookies, additionalCookies = {}, clientId = '' } = configuration.signIn ?? {}
  return [
    ...deletedSession(),
    ...deletedLogoutHint({ request }),
    ...expiredCookies(configuration.cookies, outdatedPaths([], formerly)),
    ...(tokenCookies === undefined ? [] : deletedTokenCookies(tokenCookies, request, clientId)),
    ...Object.keys(additionalCookies).map((name) => deleteCookie({ name, sameSite: 'Lax' })),
  ]
}

/** So much of the person as the session remembers, for the paths that are named after people. */
function identityOf({ subject, email, expiresAt }: Session): Identity {
  const claims = email === undefined ? {} : { email, email_verified: true }
  return { subject, expiresAt, claims, scopes: [] }
}
