/**
 * The environment variables of a sandbox: Lambda's own, the function's, and nothing of this machine's.
 *
 * Source: Lambda Developer Guide, "Working with Lambda environment variables", Defined runtime environment variables;
 * at the edge the function has none of its own, and its name carries `us-east-1.` (CloudFront Developer Guide, "Edge
 * function logs").
 */
import type { Credentials } from '../iam/principals.js'
import type { FunctionConfiguration } from './functions.js'

// Replicas run in the Regions of the regional edge caches: not in us-east-1, so that nobody relies on that one.
const edgeRegion = 'eu-central-1'

/** What the variables are made of. */
export interface EnvironmentParts {
  readonly configuration: FunctionConfiguration & { readonly FunctionName: string }
  /** The function's own Region. */
  readonly region: string
  readonly edge: boolean
  readonly directory: string
  readonly credentials: Credentials
  readonly caFile: string
  readonly edgePort: number
}

/** The name that a function sees as its own. */
export function runtimeName(name: string, edge: boolean): string {
  return edge ? `us-east-1.${name}` : name
}

/** The log group of a function, for the names that it has at the edge and at home. */
export function logGroupOf({ LoggingConfig, FunctionName = '' }: FunctionConfiguration, edge: boolean): string {
  const standard = `/aws/lambda/${FunctionName}`
  const group = LoggingConfig?.LogGroup ?? standard
  return group === standard ? `/aws/lambda/${runtimeName(FunctionName, edge)}` : group
}

/** Where a function is that runs in its own Region, as an edge location sees its requests; that of a replica is near its viewer. */
function countryOf({ edge, region }: EnvironmentParts): Record<string, string> {
  return !edge && region.startsWith('us-') ? { LOCAL_AWS_COUNTRY: 'US' } : {}
}

/** All variables of a sandbox. */
export function sandboxEnvironment(parts: EnvironmentParts): Record<string, string> {
  const { configuration, credentials, directory, edge } = parts
  const region = edge ? edgeRegion : parts.region
  return {
    ...(edge ? {} : configuration.Environment?.Variables),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.Runtime ?? 'nodejs22.x'}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.MemorySize ?? 128),
    AWS_LAMBDA_FUNCTION_NAME: runtimeName(configuration.FunctionName, edge),
    AWS_LAMBDA_FUNCTION_VERSION: configuration.Version ?? '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(configuration, edge),
    AWS_LAMBDA_LOG_STREAM_NAME: `local/[${configuration.Version ?? '$LATEST'}]`,
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_TASK_ROOT: directory,
    LANG: 'en_US.UTF-8',
    ...countryOf(parts),
    LOCAL_AWS_EDGE_PORT: String(parts.edgePort),
    NODE_EXTRA_CA_CERTS: parts.caFile,
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: ':UTC',
    _HANDLER: configuration.Handler ?? 'index.handler',
  }
}
