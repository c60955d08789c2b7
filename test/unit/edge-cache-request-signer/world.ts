/** A world for the edge function in which everything works, unless a test changes it. */
import { createHash } from 'node:crypto'
import type { CloudFrontResultResponse } from 'aws-lambda'
import { serializeSigningKey } from '../../../contract/secret.js'
import type { Configuration } from '../../../edge-cache-request-signer/src/configuration/configuration.js'
import type { World } from '../../../edge-cache-request-signer/src/dependencies.js'
import { createRouter } from '../../../edge-cache-request-signer/src/router.js'
import { pinDate, type TestClock, testClock } from '../../support/clock.js'
import { HOST, type ViewerAsks, viewerRequest } from '../../support/events.js'
import { signingKey } from '../../support/keys.js'
import { CLIENT_ID, jwks, POOL_ID } from '../../support/tokens.js'

export const FUNCTION_NAME = 'photos-signer-abcd1234'
export const CONFIGURATION_NAME = `/${FUNCTION_NAME}/configuration`
export const KEY_NAME = `/aws/reference/secretsmanager/${FUNCTION_NAME}/signing-key`
export const APP = 'https://app.example.com'

export const userPool = { id: POOL_ID, clientIds: [CLIENT_ID], tokenUses: ['access', 'id'] } as const

export const configuration: Configuration = {
  version: 1,
  hosts: [HOST, 'photos.example.com'],
  userPool,
  grants: [{ paths: ['/*'] }],
  cookies: { lifetimeSeconds: 3600, sameSite: 'Lax', hashAlgorithm: 'SHA1', bindToIp: false },
  cors: { allowedOrigins: [APP] },
  cache: { freshSeconds: 300, staleSeconds: 3600 },
}

/** What SSM holds; a document may be given as an object or, to be rubbish, as text. */
export function parameters(
  document: object | string | undefined = configuration,
  secret: string | undefined = serializeSigningKey(signingKey()),
): ReadonlyMap<string, string> {
  const entries = [
    [CONFIGURATION_NAME, typeof document === 'object' ? JSON.stringify(document) : document],
    [KEY_NAME, secret],
  ] as const
  return new Map(entries.flatMap(([name, value]) => (value === '' ? [] : [[name, value] as const])))
}

/** Bytes that differ from call to call and are the same in each run. */
function countedBytes(): World['randomBytes'] {
  let count = 0
  return (length) => {
    count += 1
    return createHash('shake256', { outputLength: length }).update(String(count)).digest()
  }
}

export interface TestWorld extends World {
  readonly clock: TestClock
  readonly lines: string[]
  /** The log, parsed. */
  readonly logged: () => readonly Record<string, unknown>[]
  /** The function, as CloudFront calls it. */
  readonly ask: (asks?: ViewerAsks) => Promise<CloudFrontResultResponse>
}

export function testWorld(changes: Partial<World> = {}): TestWorld {
  const clock = testClock()
  pinDate(clock)
  const lines: string[] = []
  const world: World = {
    ...clock,
    functionName: FUNCTION_NAME,
    getParameters: async () => parameters(),
    fetchJwks: async () => jwks(),
    postForm: () => Promise.reject(new Error('this world has no identity provider')),
    randomBytes: countedBytes(),
    log: (line) => lines.push(line),
    ...changes,
  }
  const route = createRouter(world)
  return {
    ...world,
    clock,
    lines,
    logged: () => lines.map((line) => JSON.parse(line)),
    ask: async (asks) => (await route(viewerRequest(asks))) as CloudFrontResultResponse,
  }
}

/** The header fields of every answer, as CloudFront wants them. */
export function fields(more: Readonly<Record<string, string | readonly string[]>> = {}) {
  const all = {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    Vary: 'Accept, Cookie, Origin, Sec-Fetch-Mode, Sec-Fetch-Site',
    'X-Content-Type-Options': 'nosniff',
    ...more,
  }
  return Object.fromEntries(
    Object.entries(all).map(([key, value]) => [key.toLowerCase(), [value].flat().map((one) => ({ key, value: one }))]),
  )
}

export const JSON_TYPE = { 'Content-Type': 'application/json; charset=utf-8' }

/** The answer to a request that is refused, in full. */
export function refusal(
  [status, statusDescription]: readonly [number, string],
  error: string,
  message: string,
  more: Readonly<Record<string, string>> = {},
): CloudFrontResultResponse {
  return {
    status: String(status),
    statusDescription,
    headers: fields({ ...JSON_TYPE, ...more }),
    body: JSON.stringify({ error, message }),
  }
}

/** The answer to a token that is not good. */
export function badToken(message: string): CloudFrontResultResponse {
  return refusal([401, 'Unauthorized'], 'invalid_token', message, {
    'WWW-Authenticate': `Bearer realm="${HOST}", error="invalid_token", error_description="${message}"`,
  })
}

/** The fields that let a page of {@link APP} read an answer. */
export const CORS = {
  'Access-Control-Allow-Origin': APP,
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Expose-Headers': 'Retry-After, WWW-Authenticate',
}
