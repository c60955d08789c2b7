/**
 * Which Lambda function versions may run at the edge.
 *
 * Source: Developer Guide, "Restrictions on Lambda@Edge" and "Set up IAM permissions and roles for Lambda@Edge"; quotas of
 * Lambda@Edge. The pages disagree on memory for viewer triggers: the larger limit, Lambda's own, is not refused here.
 */

/** What the rules look at: Lambda's GetFunctionConfiguration, and the services that the role trusts. */
export interface EdgeFunctionFacts {
  readonly configuration: FunctionConfiguration
  readonly trustedServices: readonly string[]
}

/** The members of Lambda's FunctionConfiguration that matter at the edge. */
export interface FunctionConfiguration {
  readonly FunctionName?: string
  readonly Runtime?: string
  readonly Role?: string
  readonly Handler?: string
  readonly Timeout?: number
  readonly MemorySize?: number
  readonly PackageType?: string
  readonly Architectures?: readonly string[]
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> }
  readonly Layers?: readonly unknown[]
  readonly VpcConfig?: { readonly SubnetIds?: readonly string[] }
  readonly DeadLetterConfig?: { readonly TargetArn?: string }
  readonly TracingConfig?: { readonly Mode?: string }
  readonly EphemeralStorage?: { readonly Size?: number }
  readonly KMSKeyArn?: string
}

const longestTimeoutSeconds = 30

/** Why an ARN cannot be that of a function at the edge; undefined if it can. */
export function whyNotEdgeArn(arn: string): string | undefined {
  const [, region, version] = /^arn:aws:lambda:([a-z0-9-]+):\d{12}:function:[A-Za-z0-9_-]+(?::(.+))?$/.exec(arn) ?? []
  if (region === undefined) return `The function ARN is not valid. Function: ${arn}`
  if (region !== 'us-east-1') return `The function must be in region 'us-east-1'. ARN: ${arn}`
  if (version === undefined || !/^[0-9]+$/.test(version)) {
    return `The function ARN must reference a specific function version. (The ARN must end with the version number.) ARN: ${arn}`
  }
  return undefined
}

/** Why a function version cannot run at the edge; undefined if it can. */
export function whyNotAtEdge(arn: string, { configuration, trustedServices }: EdgeFunctionFacts): string | undefined {
  const rule = rules(configuration).find(([isBroken]) => isBroken)
  if (rule !== undefined) return `${rule[1]} Function: ${arn}`
  const missing = ['lambda.amazonaws.com', 'edgelambda.amazonaws.com'].filter((name) => !trustedServices.includes(name))
  if (missing.length === 0) return undefined
  return `The function execution role must be assumable with ${missing.join(' and ')} as well. Update the IAM role and try again. Role: ${configuration.Role}`
}

function rules(configuration: FunctionConfiguration): readonly (readonly [boolean, string])[] {
  const { Architectures, Environment, Layers = [], Runtime = '', Timeout = 3 } = configuration
  return [
    [Object.keys(Environment?.Variables ?? {}).length > 0, 'The function cannot have environment variables.'],
    [!/^(nodejs|python)/.test(Runtime), 'The function must have a Node.js or Python runtime.'],
    [Timeout > longestTimeoutSeconds, `The function timeout is larger than ${longestTimeoutSeconds} seconds.`],
    [Architectures !== undefined && !Architectures.includes('x86_64'), 'The function must be of architecture x86_64.'],
    [Layers.length > 0, 'The function cannot have layers.'],
    ...attachments(configuration),
  ]
}

function attachments(configuration: FunctionConfiguration): readonly (readonly [boolean, string])[] {
  const { DeadLetterConfig, EphemeralStorage, KMSKeyArn = '', PackageType, TracingConfig, VpcConfig } = configuration
  return [
    [PackageType === 'Image', 'The function cannot be a container image.'],
    [(VpcConfig?.SubnetIds ?? []).length > 0, 'The function cannot have a VPC configuration.'],
    [(DeadLetterConfig?.TargetArn ?? '') !== '', 'The function cannot have a dead letter queue.'],
    [TracingConfig?.Mode === 'Active', 'The function cannot have active tracing.'],
    [(EphemeralStorage?.Size ?? 512) > 512, 'The function cannot have more than 512 MB of ephemeral storage.'],
    [KMSKeyArn !== '', 'The function cannot be encrypted with a customer managed key.'],
  ]
}
