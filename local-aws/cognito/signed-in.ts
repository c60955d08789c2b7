/**
 * What ends a sign-in: the session of the login, and a code for the app.
 */
import type { AuthorizationRequest } from './authorization-request.js'
import { answerWithCode } from './authorize.js'
import { type LoginAnswer, type LoginRequest, type LoginWorld, SESSION_MS, sessionCookie } from './login.js'

/** Where people enter their password. */
export const SIGN_IN_PATH = '/login'
/** Where they choose another one. */
export const NEW_PASSWORD_PATH = '/login/new-password'
/** The parameter of that page that names the challenge. */
export const CHALLENGE = 'challenge'

/** Starts a session for a user who has proved to be that one, and leads back to the app. */
export function signedIn(
  world: LoginWorld,
  { domain }: LoginRequest,
  checked: AuthorizationRequest,
  username: string,
): LoginAnswer {
  const session = { poolId: domain.poolId, username, authTime: Math.floor(world.clock() / 1000) }
  const name = world.sessions.keep(session, SESSION_MS)
  // After a form: the browser is to ask the app by GET, and never to send it the password (RFC 9700 section 4.12).
  return { ...answerWithCode(world, checked, session, [sessionCookie(name, SESSION_MS / 1000)]), status: 303 }
}
