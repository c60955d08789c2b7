/**
 * `GET /oauth2/authorize`: a code at once for who has a session, the login page for everybody else.
 *
 * Page: "Authorize endpoint". A code is good for one use within five minutes ("Token endpoint", code).
 */
import { type AuthorizationRequest, backToApp, checkAuthorizationRequest } from './authorization-request.js'
import {
  type LoginAnswer,
  type LoginRequest,
  type LoginSession,
  type LoginWorld,
  redirect,
  SESSION_COOKIE,
} from './login.js'

const CODE_MS = 300_000

/** Answers an authorization request. */
export async function authorize(world: LoginWorld, request: LoginRequest): Promise<LoginAnswer> {
  const checked = await checkAuthorizationRequest(world, request)
  if ('answer' in checked) return checked.answer
  const session = await currentSession(world, request)
  if (session !== undefined && !checked.prompts.includes('login')) return answerWithCode(world, checked, session)
  if (checked.prompts.includes('none')) return backToApp(checked, { error: 'login_required' })
  return redirect(`/login?${request.query.toString()}`)
}

/** The session of the request's cookie, while its user is still there and may sign in. */
async function currentSession(world: LoginWorld, request: LoginRequest): Promise<LoginSession | undefined> {
  const session = world.sessions.get(request.cookies.get(SESSION_COOKIE) ?? '')
  if (session === undefined || session.poolId !== request.domain.poolId) return undefined
  const user = await world.pools.user(session.poolId, session.username)
  return user?.enabled === true ? session : undefined
}

/** Sends the app a code for a session, and the session's cookie where it is new. */
export function answerWithCode(
  { codes }: Pick<LoginWorld, 'codes'>,
  request: AuthorizationRequest,
  session: LoginSession,
  cookies: readonly string[] = [],
): LoginAnswer {
  const { client, redirectUri, scopes, nonce, codeChallenge } = request
  const code = codes.keep({ ...session, clientId: client.ClientId, redirectUri, scopes, nonce, codeChallenge }, CODE_MS)
  return backToApp(request, { code }, cookies)
}
