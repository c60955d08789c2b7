/**
 * `GET /logout`: ends the session of the login, and leads on.
 *
 * Rule: to a registered `logout_uri`, or with `redirect_uri` and `response_type` to a new login. Page: "Logout endpoint".
 */
import {
  type LoginAnswer,
  type LoginRequest,
  type LoginWorld,
  loginClient,
  redirect,
  SESSION_COOKIE,
  sessionCookie,
} from './login.js'
import { errorPage } from './page.js'

/** Signs out. */
export async function logout(world: LoginWorld, request: LoginRequest): Promise<LoginAnswer> {
  const { query } = request
  const client = await loginClient(world, request, query.get('client_id'))
  if (client === undefined) {
    return errorPage(400, 'The app client of this request does not exist, or may not use the hosted login.')
  }
  const logoutUri = query.get('logout_uri')
  const isRegistered = logoutUri !== null && client.LogoutURLs?.includes(logoutUri) === true
  const wantsLogin = logoutUri === null && query.has('redirect_uri') && query.has('response_type')
  if (!isRegistered && !wantsLogin) {
    return errorPage(400, 'The logout_uri of this request is not one of the app client’s sign-out URLs.')
  }
  world.sessions.drop(request.cookies.get(SESSION_COOKIE) ?? '')
  const gone = [sessionCookie('', 0)]
  if (wantsLogin || logoutUri === null) return redirect(`/login?${query.toString()}`, gone)
  const target = new URL(logoutUri)
  const state = query.get('state')
  if (state !== null) target.searchParams.set('state', state)
  return redirect(state === null ? logoutUri : target.href, gone)
}
