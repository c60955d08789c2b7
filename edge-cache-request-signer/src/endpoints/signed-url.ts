import { cloudFrontBase64, policyText } from '../../../contract/cloudfront-signature.js'
import { type Grant, grantedTo, grantFor, grantOfPath } from '../access/grants.js'
import type { Call, Outcome } from '../context.js'
import { json } from '../http/response.js'
import { covers, isPlainPath } from '../paths.js'
import { Refusal } from '../refusals/refusal.js'
import type { Session } from '../session/session.js'
import type { Signer } from '../signing/signer.js'
import type { Settings } from '../snapshot.js'
import { bearerToken, isBearerPath } from './bearer-content.js'

/** Who asks for a URL. */
interface Caller {
  readonly subject: string
  readonly held: readonly Grant[]
  /** When the caller's own access ends, in seconds since the epoch. */
  readonly until: number
  /** What the caller's cookies open with a key that would not sign for it now. */
  readonly formerly: readonly string[]
}

/**
 * `GET /cookie/url?path=&ttl=`: a URL of one object for somebody who cannot sign in. Whoever has a token or a session
 * can ask, for what they may load themselves, and for no longer: not beyond their own cookies, so that leaving a group ends
 * this too, and not beyond the configured limit, so that no key is retired before.
 *
 * The body has the URL and when it ends, in seconds since the epoch. Without `ttl`, in seconds, it is as long as can be.
 *
 * @throws Refusal `path_not_granted`; `path_needs_token` where no signature opens; `session_over` for what the session
 * opened with a key that was replaced since, or had before the path became exclusive: a renewal says what holds now.
 */
export async function url(call: Call): Promise<Outcome> {
  const { request, settings, now } = call
  const { configuration, signers } = settings
  const longest = configuration.signedUrls?.longestSeconds
  if (longest === undefined) throw new Refusal('path_unknown')
  const { subject, held, until, formerly } = await callerOf(call)
  const path = pathOf(request.parameter('path'))
  const ttl = ttlOf(request.parameter('ttl'), longest)
  if (isBearerPath(path, configuration)) throw new Refusal('path_needs_token', { subject })
  const grant = grantFor(held, configuration, path)
  if (grant === undefined) {
    throw new Refusal(formerly.some((open) => covers(open, path)) ? 'session_over' : 'path_not_granted', { subject })
  }
  const signer = signers.get(grant.signingKey)
  if (signer === undefined) throw new Refusal('signing_key_absent', { retryAfterSeconds: 60 })
  const expiresAt = Math.min(now + ttl, until)
  const body = { url: signedUrl(`https://${request.host}${path}`, signer, expiresAt), expires_at: expiresAt }
  return { response: json(200, body), subject }
}

/** A token that is sent counts, good or not; the session counts where there is none. */
async function callerOf({ request, settings, session, now }: Call): Promise<Caller> {
  const { configuration, verifyToken } = settings
  if (request.header('authorization').length > 0 || session === undefined) {
    const identity = await verifyToken(bearerToken(request))
    const held = grantedTo(identity, configuration)
    if (held.length === 0) throw new Refusal('not_admitted', { subject: identity.subject })
    const until = Math.min(Math.floor(identity.expiresAt), now + configuration.cookies.lifetimeSeconds)
    return { subject: identity.subject, held, until, formerly: [] }
  }
  const { subject, expiresAt } = session
  if (expiresAt <= now) throw new Refusal('session_over', { subject })
  const grants = grantsOf(session, settings)
  const of = (isCurrent: boolean) => grants.flatMap((one) => (one.isCurrent === isCurrent ? [one.grant] : []))
  return { subject, until: expiresAt, held: of(true), formerly: of(false).map(({ path }) => path) }
}

/** What a session opens, and whether the key that would sign for it now is the one that signed its cookies. */
function grantsOf({ opened }: Session, { signers, configuration }: Settings) {
  return Object.entries(opened).flatMap(([keyPairId, paths]) =>
    paths.map((path) => {
      const grant = grantOfPath(path, configuration)
      return { grant, isCurrent: signers.get(grant.signingKey)?.keyPairId === keyPairId }
    }),
  )
}

// What a browser would encode in an address by itself.
const TO_BE_ENCODED = /[ "<>^`{|}]|\P{ASCII}+/gu

function pathOf(value: string | undefined): string {
  // Half a surrogate pair has no encoding.
  const path = value === undefined || /\p{Cs}/u.test(value) ? '' : value.replace(TO_BE_ENCODED, encodeURIComponent)
  if (path.length > 2000 || !isOneObject(path) || !isPlainPath(path)) throw new Refusal('path_malformed')
  return path
}

function ttlOf(value: string | undefined, longest: number): number {
  const ttl = value === undefined ? longest : Number(/^[1-9]\d{0,8}$/.exec(value)?.[0])
  if (Number.isNaN(ttl) || ttl > longest) throw new Refusal('ttl_malformed')
  return ttl
}

/**
 * The URL of one object, good for everybody until `expiresAt`, in seconds since the epoch. CloudFront builds the policy
 * again from the URL and its parameters, so that no policy travels along.
 *
 * @throws RangeError for a URL with a query string or a wildcard, which CloudFront would match and so open more. An
 * encoded wildcard is none by the documentation, but AWS's own signer writes it as one.
 */
export function signedUrl(url: string, signer: Signer, expiresAt: number): string {
  if (!isOneObject(url)) throw new RangeError('a signed URL is for one object, and has no wildcard and no query string')
  const signature = signer.signText(policyText({ resource: url, expiresAt }))
  const parameters = [
    `Expires=${expiresAt}`,
    `Key-Pair-Id=${signer.keyPairId}`,
    `Signature=${cloudFrontBase64(signature)}`,
    // Without it CloudFront assumes SHA-1.
    ...(signer.hashAlgorithm === 'SHA1' ? [] : [`Hash-Algorithm=${signer.hashAlgorithm}`]),
  ]
  return `${url}?${parameters.join('&')}`
}

/** Whether a URL, or its path, can be that of one object only. */
export function isOneObject(url: string): boolean {
  return !/[*?#]|%2a|%3f/i.test(url)
}
