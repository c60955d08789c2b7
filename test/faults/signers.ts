/** Sandboxes of the edge function: the real settings, refreshed by the real rules, over a Parameter Store that can fail. */
import { randomBytes } from 'node:crypto'
import { configurationParameterName, signingKeyReferenceName } from '../../contract/names.js'
import { Unavailable } from '../../edge-cache-request-signer/src/cached-value.js'
import { cookieExpiry } from '../../edge-cache-request-signer/src/signing/policy.js'
import { signedCookies } from '../../edge-cache-request-signer/src/signing/signed-cookies.js'
import { createSettings, SigningKeyAbsent } from '../../edge-cache-request-signer/src/snapshot.js'
import type { Stack } from '../support/aws-double/stack.js'
import { cookieHeader, HOST } from './cookies.js'
import { SIGNER } from './invariants.js'
import type { SeededRandom } from './seeded-random.js'
import type { Timeline } from './timeline.js'

const FUNCTION_NAME = 'photos-signer-0a1b2c3d'

const CONFIGURATION = JSON.stringify({
  version: 1,
  hosts: [HOST],
  userPool: { id: 'eu-west-1_AbC123', clientIds: ['web'], tokenUses: ['access'] },
  grants: [{ paths: ['/*'] }],
  cookies: { lifetimeSeconds: SIGNER.lifetimeSeconds, sameSite: 'Lax', hashAlgorithm: 'SHA1', bindToIp: false },
  cors: { allowedOrigins: [] },
  cache: { freshSeconds: SIGNER.freshSeconds, staleSeconds: SIGNER.staleSeconds },
})

/** What somebody has who signed in. */
export interface Session {
  readonly cookie: string
  readonly keyPairId: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

/** One sandbox. */
export interface Sandbox {
  /** Cookies, or undefined where the function answers 503. `tokenSeconds`: how long the user's token is good for. */
  readonly signIn: (tokenSeconds: number) => Promise<Session | undefined>
}

/** A new sandbox; it has read nothing yet. */
export function sandbox(
  photos: Stack,
  timeline: Timeline,
  random: SeededRandom,
  isParameterStoreDown: () => boolean,
): Sandbox {
  const settings = createSettings({
    now: timeline.now,
    after: timeline.after,
    random: random.number,
    functionName: FUNCTION_NAME,
    getParameters: async () => {
      await timeline.sleep(random.between(20, 200))
      if (isParameterStoreDown()) throw new Error('ThrottlingException')
      const key = photos.secrets.versions.get(photos.secrets.labels.get('AWSCURRENT') ?? '')?.value
      await timeline.sleep(random.between(20, 3_000))
      const document = [configurationParameterName(FUNCTION_NAME), CONFIGURATION] as const
      return new Map(key === undefined ? [document] : [document, [signingKeyReferenceName(FUNCTION_NAME), key]])
    },
    fetchJwks: () => Promise.reject(new Error('nobody verifies a token here')),
    postForm: () => Promise.reject(new Error('nobody signs in here')),
    randomBytes,
    log: () => undefined,
  })
  return {
    signIn: async (tokenSeconds) => {
      try {
        const { configuration, signers } = await settings.get()
        const signer = signers.get(undefined)
        if (signer === undefined) return undefined
        const now = Math.floor(timeline.now() / 1000)
        const expiresAt = cookieExpiry(now, now + tokenSeconds, configuration.cookies.lifetimeSeconds)
        const terms = { host: HOST, expiresAt, now }
        const cookie = cookieHeader(signedCookies({ path: '/*' }, signer, configuration.cookies, terms))
        return { cookie, keyPairId: signer.keyPairId, expiresAt }
      } catch (error) {
        if (error instanceof Unavailable || error instanceof SigningKeyAbsent) return undefined
        throw error
      }
    },
  }
}
