/**
 * Verifies tokens. Of a Cognito user pool (Cognito Developer Guide, Verifying JSON web tokens): RS256 only, a key of the
 * pool's set, either issuer form, an expected app client and kind of token. Of any other OpenID Connect provider: an
 * asymmetric signature by a key of its set, exactly its issuer, an accepted audience. Times are taken without any grace.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { CognitoJwtVerifier } from 'aws-jwt-verify/cognito-verifier'
import {
  CognitoJwtInvalidClientIdError,
  CognitoJwtInvalidTokenUseError,
  JwtExpiredError,
  JwtInvalidAudienceError,
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
import type { JwtHeader } from 'aws-jwt-verify/jwt-model'
import { JwtVerifier } from 'aws-jwt-verify/jwt-verifier'
import { groupsClaim, type Identity } from '../access/identity.js'
import { Unavailable } from '../cached-value.js'
import type { Configuration, OidcIssuer, UserPool } from '../configuration/configuration.js'
import type { Clock } from '../dependencies.js'
import { remember } from '../memory.js'
import { Refusal, type RefusalCode } from '../refusals/refusal.js'

/** Verifies a token that an app brings. Rejects with a {@link Refusal} that says why not. */
export type TokenVerifier = (token: string) => Promise<Identity>

/** What an ID token has to say besides who is meant. */
export interface IdTokenExpectations {
  /** The nonce that was sent to the authorization endpoint; a renewal sends none. */
  readonly nonce?: string
}

/** Verifies an ID token that the token endpoint gave. Rejects with a {@link Refusal} that says why not. */
export type IdTokenVerifier = (token: string, expectations: IdTokenExpectations) => Promise<Identity>

/** Whose tokens are good. */
export type TokenIssuer = Pick<Configuration, 'userPool' | 'oidc'>

type Claims = Readonly<Record<string, unknown>>

/** The part of the library's verifiers that is used. */
interface Verifier {
  readonly verifySync: (token: string) => Claims
  readonly verify: (token: string) => Promise<Claims>
}

/** Tokens. One takes about a kilobyte. */
const REMEMBERED = 200

// OpenID Connect Core section 2: 255 ASCII characters.
const LONGEST_SUBJECT = 255

/** The media types of what may stand for a person (RFC 8725 section 3.11): no logout token, no other kind that shares keys. */
const TYPE = /^(?:application\/)?(?:at\+)?jwt$/i

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
  [JwtInvalidAudienceError, 'token_client'],
]

/**
 * A verifier for the tokens that apps bring. `keySets` outlives it, so that new configuration costs no fetch.
 *
 * Apps ask again and again with one token: what was found good is remembered, for as long as this verifier lives,
 * which is one reading of the settings, and of its claims those that the grants ask for. The expiry is looked at each
 * time. Refusals are never remembered.
 */
export function createTokenVerifier(
  configuration: TokenIssuer & Pick<Configuration, 'grants'>,
  keySets: JwksCache,
  { now }: Pick<Clock, 'now'>,
): TokenVerifier {
  const verifier = verifierOf(configuration, keySets)
  const names = claimNames(configuration)
  const verified = new Map<string, Identity>()
  return async (token) => {
    try {
      const known = verified.get(token)
      const identity = known ?? identityOf(await verifiedClaims(verifier, token), names)
      assertNotExpired(identity, now() / 1000)
      if (known === undefined) remember(verified, token, identity, REMEMBERED)
      return identity
    } catch (error) {
      throw refusalFor(error)
    }
  }
}

/**
 * A verifier for ID tokens by the rules of OpenID Connect Core section 3.1.3.7: issued to the client that signs people
 * in, of the nonce that was sent. Without sign-in there is no such client, and the refusal is `path_unknown`.
 */
export function createIdTokenVerifier(
  { userPool, oidc, signIn }: TokenIssuer & Pick<Configuration, 'signIn'>,
  keySets: JwksCache,
  { now }: Pick<Clock, 'now'>,
): IdTokenVerifier {
  if (signIn === undefined) {
    return async () => {
      throw new Refusal('path_unknown')
    }
  }
  const { clientId } = signIn
  const verifier = verifierOf(
    {
      userPool: userPool && { ...userPool, clientIds: [clientId], tokenUses: ['id'] },
      oidc: oidc && { ...oidc, audiences: [clientId] },
    },
    keySets,
  )
  return async (token, { nonce }) => {
    try {
      const claims = await verifiedClaims(verifier, token)
      const identity = identityOf(claims)
      assertNotExpired(identity, now() / 1000)
      assertIdToken(claims, clientId, nonce)
      return identity
    } catch (error) {
      throw refusalFor(error)
    }
  }
}

function verifierOf(
  { userPool, oidc }: { [K in keyof TokenIssuer]: TokenIssuer[K] | undefined },
  keySets: JwksCache,
): Verifier {
  if (userPool !== undefined) return poolVerifier(userPool, keySets)
  // The configuration has one of the two.
  if (oidc === undefined) throw new TypeError('there is no issuer')
  return issuerVerifier(oidc, keySets)
}

function poolVerifier({ id, clientIds, tokenUses }: UserPool, jwksCache: JwksCache): Verifier {
  const [onlyUse, otherUse] = new Set(tokenUses)
  return CognitoJwtVerifier.create(
    {
      userPoolId: id,
      clientId: [...clientIds],
      tokenUse: otherUse === undefined ? (onlyUse ?? null) : null,
      graceSeconds: 0,
      // Signature and key type are checked by now; this keeps out other algorithms that a key without "alg" would fit.
      customJwtCheck: ({ header }) => {
        if (header.alg !== 'RS256') throw new Refusal('token_algorithm')
      },
    },
    { jwksCache },
  )
}

/** The library knows asymmetric algorithms only: RS, ES and EdDSA; it has no word for `none` and none for a shared secret. */
function issuerVerifier({ issuer, jwksUri, audiences }: OidcIssuer, jwksCache: JwksCache): Verifier {
  return JwtVerifier.create(
    {
      issuer,
      jwksUri,
      audience: [...audiences],
      graceSeconds: 0,
      customJwtCheck: ({ header }: { readonly header: JwtHeader & { readonly typ?: unknown } }) => {
        const { typ } = header
        if (typ !== undefined && !(typeof typ === 'string' && TYPE.test(typ))) throw new Refusal('token_use')
      },
    },
    { jwksCache },
  )
}

/** The claims, at once while the key is at hand; otherwise its set is fetched, or looked at again. */
function verifiedClaims(verifier: Verifier, token: string): Claims | Promise<Claims> {
  try {
    return verifier.verifySync(token)
  } catch (error) {
    if (error instanceof KidNotFoundInJwksError) return verifier.verify(token)
    throw error
  }
}

/** What the library leaves open: somebody must be meant, and an expiry must be there. Of the claims only `names`, if given. */
function identityOf(claims: Claims, names?: readonly string[]): Identity {
  const { sub, exp, iat, scope } = claims
  const isSubject = typeof sub === 'string' && sub !== '' && sub.length <= LONGEST_SUBJECT
  if (!isSubject || typeof exp !== 'number' || typeof iat !== 'number') throw new Refusal('token_claims')
  const kept = names?.flatMap((name) => (Object.hasOwn(claims, name) ? [[name, claims[name]] as const] : []))
  return {
    subject: sub,
    expiresAt: exp,
    claims: kept === undefined ? claims : Object.fromEntries(kept),
    scopes: typeof scope === 'string' ? scope.split(' ').filter((one) => one !== '') : [],
  }
}

/** RFC 7519 section 4.1.4 refuses "on or after" the expiry; cookies need a whole second besides. */
function assertNotExpired({ expiresAt }: Identity, now: number): void {
  if (Math.floor(expiresAt) <= now) throw new Refusal('token_expired')
}

/** Steps 4, 5 and 11 of the section; a token for several audiences must name the one it was issued to. */
function assertIdToken({ aud, azp, nonce }: Claims, clientId: string, expectedNonce: string | undefined): void {
  const isShared = Array.isArray(aud) && aud.length > 1
  if (azp === undefined ? isShared : azp !== clientId) throw new Refusal('token_client')
  if (expectedNonce !== undefined && !isSame(nonce, expectedNonce)) throw new Refusal('token_nonce')
}

/** Compares in a time that tells nothing of either. */
function isSame(given: unknown, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return typeof given === 'string' && timingSafeEqual(digest(given), digest(expected))
}

/** The claims that rules, sessions, path templates and cookies with tokens may ask for. */
function claimNames({ oidc, grants }: TokenIssuer & Pick<Configuration, 'grants'>): readonly string[] {
  const names = new Set(['email', 'email_verified', 'cognito:username', 'username', groupsClaim(oidc)])
  for (const { paths, claims = {} } of grants) {
    for (const name of Object.keys(claims)) names.add(name)
    for (const [, name = ''] of paths.join().matchAll(/\{([^{}]*)\}/g)) names.add(name)
  }
  return [...names]
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
