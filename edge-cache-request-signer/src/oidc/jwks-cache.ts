/**
 * The public keys of token issuers, one JSON Web Key Set per address (RFC 7517 section 5), in the form that
 * aws-jwt-verify asks for. A key that its issuer withdrew stops being believed within an hour; a key that is not in the
 * set yet is looked for again, but not more often than every ten seconds, whoever sends tokens with invented key ids.
 */
import { JwksValidationError, JwtWithoutValidKidError, KidNotFoundInJwksError } from 'aws-jwt-verify/error'
import { assertIsJwks, findJwkInJwks, type Jwks, type JwksCache, type JwkWithKid } from 'aws-jwt-verify/jwk'
import type { JwtHeader } from 'aws-jwt-verify/jwt-model'
import { type Json, safeJsonParse } from 'aws-jwt-verify/safe-json-parse'
import { Refreshing } from '../cached-value.js'
import type { World } from '../dependencies.js'
import { describeError, eventLine } from '../log.js'

/** Issuers say only that they might rotate their keys; a day of old keys bridges any failure of the endpoint. */
const AGES = { freshSeconds: 3_600, staleSeconds: 82_800 }
const LOOK_AGAIN_MS = 10_000
const LIMIT_MS = 4_000
const PATIENCE_MS = 1_000

async function fetchedJwks(world: World, uri: string): Promise<Jwks> {
  const jwks = parsed(await world.fetchJwks(uri))
  assertIsJwks(jwks)
  return jwks
}

/** JSON; the error of `JSON.parse` quotes what it was given, which does not belong into the log. */
function parsed(text: string): Json {
  try {
    return safeJsonParse(text)
  } catch {
    throw new JwksValidationError('the key set is not JSON')
  }
}

function keySet(world: World, uri: string): Refreshing<Jwks> {
  return new Refreshing({
    load: () => fetchedJwks(world, uri),
    ages: () => AGES,
    patienceMs: PATIENCE_MS,
    limitMs: LIMIT_MS,
    onFailure: (error) => world.log(eventLine('warn', 'token_keys_unreadable', describeError(error))),
    clock: world,
  })
}

/**
 * The key of a token in a set: the one that it names, or, if it names none, the only one that there is (OpenID Connect
 * Core section 10.1).
 */
function keyIn(set: Jwks, { header: { kid } }: { readonly header: JwtHeader }): JwkWithKid | undefined {
  if (kid !== undefined) return findJwkInJwks(set, kid)
  const [only, ...others] = set.keys
  if (others.length > 0) throw new JwtWithoutValidKidError('the token names no key, and there are several')
  // The verifier remembers keys by their ids: without one a key is its own id, so that its successor is another one.
  return only && { ...only, kid: only.kid ?? JSON.stringify(only) }
}

/**
 * A cache for any number of issuers. `getJwk` fetches what it needs and rejects with `Unavailable` when that cannot be
 * had; `getCachedJwk` throws `KidNotFoundInJwksError` for a key that is not in a fresh set.
 */
export function createKeySets(world: World): JwksCache {
  const sets = new Map<string, Refreshing<Jwks>>()
  const setAt = (uri: string) => {
    const known = sets.get(uri) ?? keySet(world, uri)
    sets.set(uri, known)
    return known
  }
  return {
    getJwks: (uri) => setAt(uri).get(),
    getJwk: async (uri, token) => {
      const set = setAt(uri)
      const key = keyIn(await set.get(), token) ?? keyIn(await set.getNewerThan(LOOK_AGAIN_MS), token)
      if (key === undefined) throw new KidNotFoundInJwksError('the key of the token is not in the key set')
      return key
    },
    getCachedJwk: (uri, token) => {
      const set = sets.get(uri)?.fresh()
      const key = set === undefined ? undefined : keyIn(set, token)
      if (key === undefined) throw new KidNotFoundInJwksError('the key of the token is not at hand')
      return key
    },
    addJwks: () => {
      throw new TypeError('key sets come from their issuers only')
    },
  }
}
