/** Cookies as the real signer makes them, and CloudFront's judgement by the local edge's independent implementation. */

import type { SigningKey } from '../../contract/secret.js'
import { signedCookies } from '../../edge-cache-request-signer/src/signing/signed-cookies.js'
import { createSigner } from '../../edge-cache-request-signer/src/signing/signer.js'
import { verifySignedRequest } from '../../local-aws/edge/signed-request.js'
import { START } from '../support/aws-double/stack.js'

export const HOST = 'd111111abcdef8.cloudfront.net'
const PHOTO = `https://${HOST}/photos/dunes.jpg`
const YEARS_SECONDS = 10 * 365 * 86_400
const SETTINGS = { lifetimeSeconds: 3_600, sameSite: 'Lax', hashAlgorithm: 'SHA1', bindToIp: false } as const

/** The cookies that a viewer got with one key. */
export interface Handed {
  readonly keyPairId: string
  /** The Cookie header. */
  readonly header: string
  /** Verdicts by the PEM that an edge location holds for the key. */
  readonly verdicts: Map<string, boolean>
}

const handed = new WeakMap<SigningKey, Handed>()

/** Cookies for every photo, signed with this key. Their own expiry is far away: who uses them has to know theirs. */
export function handOut(key: SigningKey): Handed {
  const known = handed.get(key)
  if (known !== undefined) return known
  const now = START / 1000
  const terms = { host: HOST, expiresAt: now + YEARS_SECONDS, now }
  const cookies = signedCookies({ path: '/*' }, createSigner(key, SETTINGS.hashAlgorithm), SETTINGS, terms)
  const made = { keyPairId: key.keyPairId, header: cookieHeader(cookies), verdicts: new Map() }
  handed.set(key, made)
  return made
}

/** What a browser sends back: a cookie with Max-Age=0 is none. */
export function cookieHeader(setCookies: readonly string[]): string {
  return setCookies
    .filter((cookie) => !cookie.includes('Max-Age=0'))
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

/** Whether an edge location that trusts these keys (id -> PEM) lets the viewer see a photo. */
export function isLetThrough({ keyPairId, header, verdicts }: Handed, trusted: ReadonlyMap<string, string>): boolean {
  const pem = trusted.get(keyPairId) ?? ''
  const known = verdicts.get(pem)
  if (known !== undefined) return known
  const request = { url: PHOTO, cookieHeaders: [header], clientIp: '192.0.2.1', nowMs: START }
  const { allowed } = verifySignedRequest(request, trusted)
  verdicts.set(pem, allowed)
  return allowed
}
