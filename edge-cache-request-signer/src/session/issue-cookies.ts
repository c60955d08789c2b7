/** What a browser is given for a person who proved who they are: signed cookies for all they may see, and a session. */

import { isIPv4 } from 'node:net'
import { cookieSets, outdatedPaths } from '../access/cookie-sets.js'
import { type Grant, grantedTo, grantFor } from '../access/grants.js'
import type { Identity } from '../access/identity.js'
import type { Call } from '../context.js'
import { setCookie } from '../http/set-cookie.js'
import { eventLine } from '../log.js'
import { revokeRefreshTokens, type Tokens } from '../oidc/token-endpoint.js'
import { Refusal } from '../refusals/refusal.js'
import { cookieExpiry } from '../signing/policy.js'
import { expiredCookies, signedCookies } from '../signing/signed-cookies.js'
import type { Settings } from '../snapshot.js'
import { personDeleted } from './clear-cookies.js'
import { deletedLogoutHint, logoutHintCookies } from './logout-hint.js'
import { freshCookie, pathsOf, type Session, sessionCookies } from './session.js'
import { deletedTokenCookies, tokenCookies } from './token-cookies.js'

/** What is known of the person and of what brought them here. */
export interface Occasion {
  readonly identity: Identity
  /** The path that they ask for, with its query string and fragment. */
  readonly wanted?: string | undefined
  /** The refresh token that their session has from now on. */
  readonly refreshToken?: string | undefined
  /** From the token endpoint, for the cookies that let an app read them. */
  readonly tokens?: Tokens | undefined
  /** Whether this is a sign-in, which sets the additional cookies. */
  readonly signsIn?: boolean
}

/** What goes out. */
export interface Issued {
  /** Set-Cookie values. */
  readonly cookies: readonly string[]
  /** Until when the signed cookies are good, in seconds since the epoch, and what they open. */
  readonly body: { readonly expires_at: number; readonly paths: readonly string[] }
  /** Whether the path that was asked for is among what the person may see; true when none was. */
  readonly opensWanted: boolean
}

/** For cookies and body, in bytes: of the 40 KB that CloudFront sends, the rest may be an address of 2,000 characters. */
const LARGEST = 37_500

/**
 * Issues cookies. The person's former session, or that of somebody else in this browser, ends: what it opened and this
 * one does not is deleted.
 *
 * @throws Refusal `not_admitted`, which deletes all that is a person's, for one without a grant; `ipv4_needed`,
 * `grants_too_many`, and `signing_key_absent` for whom nothing but an exclusive key can serve, while that one waits for
 * its first rotation.
 */
export function issue(call: Call, occasion: Occasion): Issued {
  const { settings, session: former, now } = call
  const { configuration } = settings
  const { identity, refreshToken } = occasion
  const wanted = occasion.wanted?.replace(/#.*$/s, '')
  const held = grantedTo(identity, configuration)
  if (held.length === 0) {
    throw new Refusal('not_admitted', { subject: identity.subject, cookies: personDeleted(call, identity) })
  }
  const granted = servable(held, call, wanted)
  const expiresAt = cookieExpiry(now, identity.expiresAt, configuration.cookies.lifetimeSeconds)
  const sets = cookieSets(granted, configuration, wanted)
  const paths = granted.map(({ path }) => path)
  const session = sessionOf(identity, refreshToken, expiresAt, openedBy(granted, settings))
  const cookies = [
    ...signedSets(sets, call, expiresAt),
    ...expiredCookies(configuration.cookies, outdatedPaths(sets, pathsOf(former))),
    ...keptSession(session, call),
    ...othersDeleted(former, occasion, call),
    ...logoutHintCookies(call, identity.subject, occasion.tokens?.idToken, maxAgeOf(session, call)),
    freshCookie(),
    ...readableTokens(occasion, call, expiresAt),
    ...(occasion.signsIn === true ? additionalCookies(settings) : []),
  ]
  const body = { expires_at: expiresAt, paths }
  const size = cookies.reduce((sum, cookie) => sum + cookie.length + 14, JSON.stringify(body).length)
  if (size > LARGEST) throw new Refusal('grants_too_many')
  return {
    cookies,
    body,
    opensWanted: wanted === undefined || grantFor(granted, configuration, wanted) !== undefined,
  }
}

function sessionOf(
  { subject, claims: { email } }: Identity,
  refreshToken: string | undefined,
  expiresAt: number,
  opened: Session['opened'],
): Session {
  return {
    subject,
    // RFC 5321 section 4.5.3.1: 64 octets, the sign, 255 octets.
    ...(typeof email === 'string' && email.length <= 320 ? { email } : {}),
    ...(refreshToken === undefined ? {} : { refreshToken }),
    expiresAt,
    opened,
  }
}

/** What somebody else's sign-in left for scripts and for the logout, where no new tokens take its place. */
function othersDeleted(
  former: Session | undefined,
  { identity, tokens }: Occasion,
  { request, settings }: Call,
): readonly string[] {
  if (tokens !== undefined || former === undefined || former.subject === identity.subject) return []
  const { tokenCookies: kind, clientId = '' } = settings.configuration.signIn ?? {}
  return [
    ...deletedLogoutHint({ request }),
    ...(kind === undefined ? [] : deletedTokenCookies(kind, request, clientId, identity)),
  ]
}

/** The granted paths by the key that signs for them. */
function openedBy(granted: readonly Grant[], { signers }: Settings): Session['opened'] {
  const opened: Record<string, string[]> = {}
  for (const { path, signingKey } of granted) {
    const id = signers.get(signingKey)?.keyPairId
    if (id !== undefined) opened[id] = [...(opened[id] ?? []), path]
  }
  return opened
}

/**
 * What there are keys for. The key of a new exclusive rule has no value until its first rotation has ended, which is no
 * reason to close everything else to its people.
 */
function servable(held: readonly Grant[], { settings, world }: Call, wanted?: string): readonly Grant[] {
  const { signers, configuration } = settings
  const absent = held.find(({ signingKey }) => !signers.has(signingKey))
  if (absent === undefined) return held
  const granted = held.filter(({ signingKey }) => signers.has(signingKey))
  const opening = wanted === undefined ? granted[0] : (grantFor(held, configuration, wanted) ?? granted[0])
  const message = `the exclusive signing key ${absent.signingKey} has no value; rotate it, or see why its rotation fails`
  if (opening === undefined || !granted.includes(opening)) {
    throw new Refusal('signing_key_absent', { retryAfterSeconds: 60, cause: new Error(message) })
  }
  world.log(eventLine('warn', 'signing_key_absent', { message }))
  return granted
}

function signedSets(sets: readonly Grant[], { request, settings, now }: Call, expiresAt: number): readonly string[] {
  const { cookies } = settings.configuration
  const ipv4 = cookies.bindToIp ? request.clientIp : undefined
  if (ipv4 !== undefined && !isIPv4(ipv4)) throw new Refusal('ipv4_needed')
  const terms = { host: request.host, expiresAt, now, ipv4 }
  return sets.flatMap((set) => {
    const signer = settings.signers.get(set.signingKey)
    return signer === undefined ? [] : signedCookies(set, signer, cookies, terms)
  })
}

/**
 * The Set-Cookie values of a session. One that can be renewed lives as long as is configured, any other one as long as
 * its signed cookies.
 */
export function keptSession(session: Session, call: Call): readonly string[] {
  const { refreshToken } = session
  const cookies = sessionCookies(session, call, maxAgeOf(session, call))
  // What is sealed grows by a third: a shorter cookie does not hold the token.
  if (refreshToken !== undefined && (cookies[0] ?? '').length < (refreshToken.length * 4) / 3) {
    call.world.log(
      eventLine('warn', 'session_not_renewable', { message: 'the refresh token is too long for a cookie' }),
    )
  }
  return cookies
}

function maxAgeOf({ refreshToken, expiresAt }: Session, { settings, now }: Pick<Call, 'settings' | 'now'>): number {
  const { sessionSeconds } = settings.configuration.signIn ?? {}
  return Math.max(0, (refreshToken === undefined ? undefined : sessionSeconds) ?? expiresAt - now)
}

/** The tokens where certain apps look for them, if the configuration wants that. They live as long as the session. */
function readableTokens(
  { identity, tokens, refreshToken }: Occasion,
  { request, settings, now }: Call,
  expiresAt: number,
): readonly string[] {
  const { signIn } = settings.configuration
  if (tokens === undefined || signIn?.tokenCookies === undefined) return []
  const maxAgeSeconds = refreshToken === undefined ? expiresAt - now : signIn.sessionSeconds
  const terms = { identity, clientId: signIn.clientId, request, maxAgeSeconds }
  return tokenCookies(signIn.tokenCookies, { ...tokens, refreshToken }, terms)
}

/** What the configuration adds to a sign-in; an existing one is not touched by renewals. */
function additionalCookies({ configuration: { signIn } }: Settings): readonly string[] {
  if (signIn === undefined) return []
  const { additionalCookies = {}, sessionSeconds } = signIn
  return Object.entries(additionalCookies).map(([name, value]) =>
    setCookie({ name, value, maxAgeSeconds: sessionSeconds, sameSite: 'Lax' }),
  )
}

/**
 * Issues cookies, and has the provider forget the refresh tokens that no browser keeps afterwards: that of somebody
 * else's session, that of any session when `not_admitted` deletes it, and the one that came with a sign-in which failed.
 * That takes as long as one `postForm` may, and fails silently but for the log.
 *
 * Rejects with what `issue` throws.
 */
export async function issueInPlace(call: Call, occasion: Occasion): Promise<Issued> {
  const { settings, session: former, world } = call
  const { refreshToken, signsIn = false } = occasion
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
