/**
 * Verifies tokens of a Cognito user pool (Cognito Developer Guide, Verifying JSON web tokens): RS256 only, a key of the
 * pool's set, either issuer form, an expected app client and kind of token, and times without any grace.
 */
import { CognitoJwtVerifier } from 'aws-jwt-verify/cognito-verifier'
import {
  CognitoJwtInvalidClientIdError,
  CognitoJwtInvalidTokenUseError,
  JwtExpiredError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
  JwtParseError,
  JwtWithoutValidKidError,
  KidNotFoundInJwksError,
  ParameterValidationError,
} from 'aws-jwt-verify/error'
import type { JwksCache } from 'aws-jwt-verify/jwk'
import type { UserPool } from './configuration.js'
import { remember } from './memory.js'
import { Unavailable } from './refreshing.js'
import { Refusal, type RefusalCode } from './refusals.js'
import type { Clock } from './world.js'

/** What the function needs to know of a token that is good. */
export interface Claims {
  /** `sub`: the user, for as long as the pool lives. */
  readonly subject: string
  /** `exp`, seconds since the epoch. */
  readonly expiresAt: number
}

/** Verifies one token. Rejects with a {@link Refusal} that says why not. */
export type TokenVerifier = (token: string) => Promise<Claims>

/** What is read of a payload whose signature is good. */
interface Payload {
  readonly sub?: unknown
  readonly exp?: unknown
}

/** The part of the library's verifier that is used. */
interface PoolVerifier {
  readonly verifySync: (token: string) => Payload
  readonly verify: (token: string) => Promise<Payload>
}

/** Tokens. One takes about a kilobyte. */
const REMEMBERED = 200

/** The library's error -> our code; the first class that fits. */
const CODES: readonly (readonly [abstract new (...values: never) => Error, RefusalCode])[] = [
  [JwtParseError, 'token_malformed'],
  // Thrown for an issuer that is not configured, or missing.
  [ParameterValidationError, 'token_issuer'],
  [JwtInvalidIssuerError, 'token_issuer'],
  [JwtWithoutValidKidError, 'token_key_unknown'],
  [KidNotFoundInJwksError, 'token_key_unknown'],
  [JwtInvalidSignatureAlgorithmError, 'token_algorithm'],
  [JwtInvalidSignatureError, 'token_signature'],
  [JwtExpiredError, 'token_expired'],
  [JwtNotBeforeError, 'token_not_yet_valid'],
  [CognitoJwtInvalidTokenUseError, 'token_use'],
  [CognitoJwtInvalidClientIdError, 'token_client'],
]

/**
 * A verifier for the tokens of one pool. `keySets` outlives it, so that new configuration costs no fetch.
 *
 * Apps ask again and again with one token: what was found good is remembered, for as long as this verifier lives,
 * which is one reading of the settings. The expiry is looked at each time. Refusals are never remembered.
 */
export function createTokenVerifier(pool: UserPool, keySets: JwksCache, { now }: Pick<Clock, 'now'>): TokenVerifier {
  const [onlyUse, otherUse] = new Set(pool.tokenUses)
  const verifier = CognitoJwtVerifier.create(
    {
      userPoolId: pool.id,
      clientId: [...pool.clientIds],
      tokenUse: otherUse === undefined ? (onlyUse ?? null) : null,
      graceSeconds: 0,
      // Signature and key type are checked by now; this keeps out other algorithms that a key without "alg" would fit.
      customJwtCheck: ({ header }) => {
        if (header.alg !== 'RS256') throw new Refusal('token_algorithm')
      },
    },
    { jwksCache: keySets },
  )
  const verified = new Map<string, Payload>()
  return async (token) => {
    try {
      const known = verified.get(token)
      const { sub, exp } = known ?? (await verifiedPayload(verifier, token))
      const claims = claimsOf({ sub, exp }, now() / 1000)
      if (known === undefined) remember(verified, token, { sub, exp }, REMEMBERED)
      return claims
    } catch (error) {
      throw refusalFor(error)
    }
  }
}

/** The payload, at once while the key is at hand; otherwise its set is fetched, or looked at again. */
function verifiedPayload(verifier: PoolVerifier, token: string): Payload | Promise<Payload> {
  try {
    return verifier.verifySync(token)
  } catch (error) {
    if (error instanceof KidNotFoundInJwksError) return verifier.verify(token)
    throw error
  }
}

/** What the library leaves open: an expiry must be there and lie ahead of this moment, and somebody must be meant. */
function claimsOf(payload: Payload, now: number): Claims {
  const { sub, exp } = payload
  // The library lets a token pass that has no expiry.
  if (typeof sub !== 'string' || sub === '' || typeof exp !== 'number') throw new Refusal('token_claims')
  // RFC 7519 section 4.1.4 refuses "on or after" the expiry; cookies need a whole second besides.
  if (Math.floor(exp) <= now) throw new Refusal('token_expired')
  return { subject: sub, expiresAt: exp }
}

function refusalFor(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof Unavailable) {
    return new Refusal('token_keys_unavailable', { retryAfterSeconds: error.retryAfterSeconds, cause: error })
  }
  const code = CODES.find(([type]) => error instanceof type)?.[1]
  if (code !== undefined) return new Refusal(code, { cause: error })
  // What is left is a key in the set that cannot be used; the issuer has to mend it.
  return new Refusal('token_keys_unavailable', { retryAfterSeconds: 60, cause: error })
}
