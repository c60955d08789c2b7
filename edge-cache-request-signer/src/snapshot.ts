/** Configuration, keys and secrets, read together and ready for use. */

import { clientSecretReferenceName, configurationParameterName, signingKeyReferenceName } from '../../contract/names.js'
import { parseSigningKey, type SigningKey } from '../../contract/secret.js'
import { Refreshing } from './cached-value.js'
import { type Configuration, ConfigurationError, parseConfiguration } from './configuration/configuration.js'
import { isRetryable } from './configuration/parameter-store.js'
import type { World } from './dependencies.js'
import { isSealedCookie } from './http/cookie-names.js'
import type { ViewerRequest } from './http/request.js'
import { describeError, eventLine } from './log.js'
import { createKeySets } from './oidc/jwks-cache.js'
import {
  createIdTokenVerifier,
  createTokenVerifier,
  type IdTokenVerifier,
  type TokenVerifier,
} from './oidc/verify-token.js'
import { createSealer, type Sealer } from './signing/seal.js'
import { createSigner, type Signer } from './signing/signer.js'

/** What every endpoint works with. It is replaced as a whole: configuration and keys always come from one reading. */
export interface Settings {
  readonly configuration: Configuration
  /** By the name of an exclusive signing key; the main key's name is `undefined`. A key without a value yet is absent. */
  readonly signers: ReadonlyMap<string | undefined, Signer>
  readonly sealer: Sealer
  /** The client's secret at the identity provider, if it has one and somebody stored it. */
  readonly clientSecret: string | undefined
  readonly verifyToken: TokenVerifier
  readonly verifyIdToken: IdTokenVerifier
}

/** The signing-key secret has no value yet: its first rotation is under way, or failed. */
export class SigningKeyAbsent extends Error {
  override readonly name = 'SigningKeyAbsent'
  /** What was read beside it; its allow-list lets a page read the answer. */
  readonly configuration: Configuration

  constructor(configuration: Configuration) {
    super('the signing-key secret has no value; rotate it, or see why its rotation fails')
    this.configuration = configuration
  }
}

// Time for a call to us-east-1 from anywhere; a viewer for whom something can be served waits no longer.
const PATIENCE_MS = 800
// A new sandbox tries again for three seconds, and the last call may take two: 40 calls a second are for a whole account,
// and on the day of a launch thousands of sandboxes ask in a minute. router.ts bounds the request as a whole.
const LIMIT_MS = 5_000
const RETRY = { isRetryable, withinMs: 3_000 }

/** The settings of this function, refreshed as their own configuration says. */
export function createSettings(world: World): Refreshing<Settings> {
  const keySets = createKeySets(world)
  const readParameters = createReading(world)
  return new Refreshing({
    load: async () => {
      const reading = await readParameters()
      const { configuration } = reading
      return {
        ...reading,
        verifyToken: createTokenVerifier(configuration, keySets, world),
        verifyIdToken: createIdTokenVerifier(configuration, keySets, world),
      }
    },
    ages: ({ configuration }) => configuration.cache,
    patienceMs: PATIENCE_MS,
    limitMs: LIMIT_MS,
    retry: RETRY,
    onFailure: (error) => world.log(eventLine('error', 'settings_unreadable', describeError(error))),
    clock: world,
  })
}

/**
 * Reads everything in one call. Which further secrets there are stands in the configuration: only a sandbox that does
 * not know them yet asks a second time, for all together, so that what is used always comes from one call. If the role may
 * not read one of them, a sandbox that has nothing older goes on without all of them: the main key opens what it can.
 */
function createReading({ functionName, getParameters, randomBytes, log, now }: World) {
  let further: readonly string[] = []
  let servableUntil = 0
  const read = async () => {
    const values = await getParameters([
      configurationParameterName(functionName),
      signingKeyReferenceName(functionName),
      ...further,
    ])
    return { values, configuration: configurationIn(values, functionName) }
  }
  return async (): Promise<Omit<Settings, 'verifyToken' | 'verifyIdToken'>> => {
    let { values, configuration } = await read().catch((error: unknown) => {
      if (further.length === 0 || !isDenied(error)) throw error
      further = []
      return read()
    })
    const asked = further
    further = furtherNames(configuration, functionName)
    if (further.some((name) => !asked.includes(name))) {
      ;({ values, configuration } = await read().catch((error: unknown) => {
        if (now() < servableUntil || !isDenied(error)) throw error
        log(eventLine('error', 'settings_unreadable', describeError(error)))
        return { values, configuration }
      }))
    }
    const key = keyIn(values, functionName)
    if (key === undefined) throw new SigningKeyAbsent(configuration)
    const { freshSeconds, staleSeconds } = configuration.cache
    servableUntil = now() + (freshSeconds + staleSeconds) * 1000
    return {
      configuration,
      signers: signersOf(key, values, configuration, functionName),
      sealer: createSealer(key.sealingKeys, randomBytes),
      // An editor's line break at its end belongs to no secret.
      clientSecret: values.get(clientSecretReferenceName(functionName))?.replace(/\r?\n$/, ''),
    }
  }
}

/** Whether the role may not read all that was asked for: a secret that is named no longer, mostly. One such name fails the call. */
function isDenied(error: unknown): boolean {
  return error instanceof Error && error.name === 'AccessDeniedException'
}

function configurationIn(values: ReadonlyMap<string, string>, functionName: string): Configuration {
  const name = configurationParameterName(functionName)
  const document = values.get(name)
  if (document === undefined) throw new ConfigurationError([`the parameter ${name} must exist`])
  return parseConfiguration(document)
}

/** The names of the secrets that only some configurations have. */
function furtherNames({ signIn, exclusiveSigningKeys = [] }: Configuration, functionName: string): readonly string[] {
  const isConfidential = signIn !== undefined && signIn.clientAuthentication !== 'none'
  return [
    ...(isConfidential ? [clientSecretReferenceName(functionName)] : []),
    ...exclusiveSigningKeys.map((label) => signingKeyReferenceName(functionName, label)),
  ]
}

/** A signing key by its label. A secret that is rubbish is the deployer's fault like a configuration that is. */
function keyIn(values: ReadonlyMap<string, string>, functionName: string, label?: string): SigningKey | undefined {
  const secret = values.get(signingKeyReferenceName(functionName, label))
  return secret === undefined ? undefined : parseSigningKey(secret)
}

/** Signers for the main key and for all exclusive ones that have a value by now. */
function signersOf(
  mainKey: SigningKey,
  values: ReadonlyMap<string, string>,
  { cookies, exclusiveSigningKeys = [] }: Configuration,
  functionName: string,
): Settings['signers'] {
  const signers = new Map<string | undefined, Signer>([[undefined, createSigner(mainKey, cookies.hashAlgorithm)]])
  for (const label of exclusiveSigningKeys) {
    const key = keyIn(values, functionName, label)
    if (key !== undefined) signers.set(label, createSigner(key, cookies.hashAlgorithm))
  }
  return signers
}

// Right after a rotation some execution environments seal with the new key while others have not read it yet: without a
// fresh read of the secret, a sign-in that began in one could not be finished in another.

/**
 * So old, in milliseconds, must settings be before a cookie makes a sandbox read them anew: anybody can make up cookies,
 * and 40 readings a second are shared by a whole account.
 */
const LEAST_AGE_MS = 60_000

/**
 * The settings for a request: the kept ones, or newer ones when a cookie was sealed with a key that they lack. Where
 * those cannot be had, the kept ones have to do.
 *
 * Rejects with `Unavailable` when there are none at all.
 */
export async function settingsFor(request: ViewerRequest, reading: Refreshing<Settings>): Promise<Settings> {
  const kept = reading.fresh() ?? (await reading.get())
  if (!showsUnknownKey(request, kept.sealer)) return kept
  return await reading.getNewerThan(LEAST_AGE_MS).catch(() => kept)
}

function showsUnknownKey(request: ViewerRequest, sealer: Sealer): boolean {
  const names = request.cookieNames().filter(isSealedCookie)
  return names.some((name) => request.cookies(name).some(sealer.isOfUnknownKey))
}
