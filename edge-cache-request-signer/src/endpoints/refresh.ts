import type { Identity } from '../access/identity.js'
import type { Call, Outcome } from '../context.js'
import { isFromElsewhere } from '../http/cors.js'
import { fetchSite, isNavigation } from '../http/request.js'
import { json, redirect } from '../http/response.js'
import { locationOf, returnPathOfReferer, withNext } from '../http/return-path.js'
import { unexpectedLine } from '../log.js'
import { redeemRefreshToken, revokeRefreshToken, type Tokens } from '../oidc/token-endpoint.js'
import { contains, cookiePath, covers } from '../paths.js'
import { REFUSALS, Refusal, type RefusalCode, withCookies } from '../refusals/refusal.js'
import { type Issued, issue, keptSession } from '../session/issue-cookies.js'
import { isFresh, pathsOf, type Session } from '../session/session.js'
import { isBearerPath } from './bearer-content.js'

/** What another sign-in would not mend. Everything else that happens to a person leads there. */
const ENDS_HERE: ReadonlySet<RefusalCode> = new Set([
  'not_admitted',
  'path_not_granted',
  'ipv4_needed',
  'grants_too_many',
  'signing_key_absent',
])

/**
 * `GET` or `POST /cookie/refresh`: new cookies from the session, without the person noticing. A page asks by fetch and
 * gets JSON like that of the exchange, or 401; with the `subject`, because somebody else may have signed in since the page
 * asked who is there. A navigation, as the page for refused requests begins one with `next`, goes back to where it came
 * from; if there is no session any more, by way of signing in.
 */
export async function refresh(call: Call): Promise<Outcome> {
  assertOwnSite(call)
  if (isNavigation(call.request)) return await navigated(call)
  const { cookies, body, subject } = await renewed(call)
  return { response: json(200, { subject, ...body }, { 'Set-Cookie': cookies }), subject, success: 'Renewals' }
}

/** A page of another site cannot use the session, neither to keep it alive nor to send people somewhere. */
function assertOwnSite({ request, settings }: Call): void {
  const { allowedOrigins } = settings.configuration.cors
  if (fetchSite(request) === 'cross-site' || isFromElsewhere(request, allowedOrigins))
    throw new Refusal('cross_site_use')
}

async function navigated(call: Call): Promise<Outcome> {
  const next = call.next ?? returnPathOfReferer(call.request)
  const arrived = next === undefined ? undefined : justSignedInFor(next, call)
  if (next !== undefined && arrived !== undefined) {
    return { response: sentTo(next, [], call), subject: arrived.subject }
  }
  try {
    const { cookies, subject, opensWanted, body } = await renewed(call, next)
    if (!opensWanted) throw new Refusal('path_not_granted', { cookies, subject, open: byCookies(body.paths, call) })
    return { response: sentTo(next ?? '/', cookies, call), subject, success: 'Renewals' }
  } catch (error) {
    if (!(error instanceof Refusal) || ENDS_HERE.has(error.code)) throw error
    if (REFUSALS[error.code].status >= 500) call.world.log(unexpectedLine(error))
    return { response: sentTo(withNext('/cookie/sign-in', next), error.cookies, call), because: error.code }
  }
}

/**
 * The session of somebody who signed in seconds ago, may see this page, and cannot renew. With `SameSite=Strict` a browser leaves
 * the signed cookies out of the request in which the form of a login page ends (RFC 6265bis, section 5.2), so that it is
 * refused; another sign-in would end the same way, but a request that begins at a page of this host has them.
 */
function justSignedInFor(next: string, { request, settings, session, now }: Call): Session | undefined {
  if (settings.configuration.cookies.sameSite !== 'Strict' || !isFresh(request)) return undefined
  if (session === undefined || session.refreshToken !== undefined || session.expiresAt <= now) return undefined
  const paths = pathsOf(session)
  // Of paths inside each other only some have cookies at a time (cookie-sets.ts), and a sign-in changes which.
  const isAlone = (open: string) => !paths.some((o) => o !== open && (contains(o, open) || contains(open, o)))
  return paths.some((open) => covers(open, next) && isAlone(open)) ? session : undefined
}

function sentTo(path: string, cookies: readonly string[], { request }: Call): Outcome['response'] {
  const fields = cookies.length === 0 ? {} : { 'Set-Cookie': cookies }
  return redirect(locationOf(path, request.host), fields, request.method === 'GET' ? 302 : 303)
}

interface Renewed extends Issued {
  readonly subject: string
}

/**
 * What the refresh token of the session brings. The cookies of a session that is over stay: it may have been renewed in
 * another tab a moment ago, whose cookies have the same names.
 *
 * @throws Refusal `session_over` when the provider gives nothing for it, or something for somebody else;
 * `path_not_granted` to whom another sign-in would bring nothing new.
 */
async function renewed(call: Call, next?: string): Promise<Renewed> {
  const { settings, session, now, world } = call
  if (session === undefined) throw new Refusal('session_over')
  if (session.refreshToken === undefined) {
    if (next === undefined || !isClosed(next, session, now)) throw new Refusal('session_over')
    throw new Refusal('path_not_granted', { open: byCookies(pathsOf(session), call) })
  }
  const tokens = await redeemRefreshToken(settings, world, session.refreshToken)
  const refreshToken = tokens.refreshToken ?? session.refreshToken
  try {
    const identity = await identityIn(tokens, session, call)
    return { ...issue(call, { identity, wanted: next, refreshToken, tokens }), subject: identity.subject }
  } catch (error) {
    throw await afterRedeeming(error, { ...session, refreshToken }, call)
  }
}

/**
 * Whether the cookies of a session are good, and not for this path: without a refresh token to look with, the person would
 * sign in again for the same, again and again. What a session could not remember may be open.
 */
function isClosed(path: string, session: Session, now: number): boolean {
  const paths = pathsOf(session)
  return session.expiresAt > now && paths.length > 0 && !paths.some((open) => covers(open, path))
}

/** Those of a person's paths that a browser can open. */
function byCookies(paths: readonly string[], { settings }: Call): readonly string[] {
  return paths.filter((path) => !isBearerPath(cookiePath(path), settings.configuration))
}

/** OpenID Connect Core section 12.2: a renewed ID token is for the person that the first one was for. */
async function identityIn({ idToken }: Tokens, { subject }: Session, { settings }: Call): Promise<Identity> {
  try {
    const identity = await settings.verifyIdToken(idToken, {})
    if (identity.subject !== subject) throw new Refusal('token_claims')
    return identity
  } catch (error) {
    const isToken = error instanceof Refusal && REFUSALS[error.code].status === 401
    throw isToken ? new Refusal('session_over', { cause: error }) : error
  }
}

/**
 * What to say of a renewal that failed although the provider took the refresh token. The old one may be void by now, so
 * that the session has to keep the new one; whoever may not enter any more has no session, and nobody keeps its token.
 */
async function afterRedeeming(
  error: unknown,
  session: Session & { refreshToken: string },
  call: Call,
): Promise<Refusal> {
  const refusal = error instanceof Refusal ? error : new Refusal('unexpected', { cause: error })
  if (refusal.code === 'session_over') return refusal
  if (refusal.code !== 'not_admitted') return withCookies(refusal, keptSession(session, call))
  await revokeRefreshToken(call.settings, call.world, session.refreshToken)
  return refusal
}
