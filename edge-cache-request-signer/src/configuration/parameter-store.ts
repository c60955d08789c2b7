/**
 * The one call to AWS: GetParameters in the function's home region, wherever the replica runs (a replica's AWS_REGION
 * is that of its edge location, and parameters live in us-east-1 only).
 */
import { GetParametersCommand, SSMClient, type SSMClientConfig } from '@aws-sdk/client-ssm'
import { HOME_REGION } from '../../../contract/names.js'
import type { World } from '../dependencies.js'

/** How long a call may take. Whether it is tried again is for the caller to say, who knows what else can be served. */
const CALL_MS = 2_000

/** The credentials that Lambda puts into the environment; nothing else is looked for, so nothing else is bundled. */
function credentialsOf(environment: NodeJS.ProcessEnv) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment
  if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) {
    throw new Error('the environment holds no AWS credentials; Lambda sets them for the role of the function')
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
  }
}

/**
 * Reads parameters and, through their reference names, secrets.
 *
 * Every option that the SDK would otherwise look up in files or the environment is given: those look-ups cost
 * milliseconds at a cold start. A connection is not kept: minutes pass between two calls, and a socket that was
 * frozen with its sandbox is dead. `options` replaces any of it.
 */
export function parameterStore(environment: NodeJS.ProcessEnv, options: SSMClientConfig = {}): World['getParameters'] {
  const client = new SSMClient({
    region: HOME_REGION,
    endpoint: `https://ssm.${HOME_REGION}.amazonaws.com`,
    credentials: async () => credentialsOf(environment),
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    authSchemePreference: [],
    userAgentAppId: '',
    requestHandler: {
      connectionTimeout: CALL_MS - 500,
      requestTimeout: CALL_MS,
      throwOnRequestTimeout: true,
      httpsAgent: { keepAlive: false },
    },
    ...options,
  })
  return async (names) => {
    const { Parameters = [] } = await client.send(new GetParametersCommand({ Names: [...names], WithDecryption: true }))
    return new Map(Parameters.flatMap(({ Name, Value }) => (Name && Value ? [[Name, Value] as const] : [])))
  }
}

/** A call that was one too many for the account in this second. AWS says so with status 400. */
const THROTTLED = /^(?:Throttl|TooManyRequests|RequestLimitExceeded)/

/**
 * Whether another call to AWS may bring what this one did not: it was throttled, it got no answer, or AWS has trouble
 * inside (AWS SDKs and Tools Reference Guide, Retry behavior).
 */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, $metadata } = error as Error & {
    readonly code?: unknown
    readonly $metadata?: { readonly httpStatusCode?: number }
  }
  // Node's errors of the network have codes like ECONNRESET.
  const gotNoAnswer = error.name === 'TimeoutError' || (typeof code === 'string' && /^E[A-Z]/.test(code))
  return gotNoAnswer || THROTTLED.test(error.name) || ($metadata?.httpStatusCode ?? 0) >= 500
}
