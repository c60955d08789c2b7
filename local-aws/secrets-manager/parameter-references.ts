/**
 * Parameter Store's view of secrets: `/aws/reference/secretsmanager/<name>` in GetParameter and GetParameters. Plain
 * parameters are moto's.
 *
 * Source: Systems Manager User Guide, "Referencing Secrets Manager secrets from Parameter Store parameters".
 */
import {
  type AwsAnswer,
  type AwsRequest,
  type AwsService,
  actionOf,
  jsonAnswer,
  jsonError,
  jsonOf,
} from '../endpoint/aws-request.js'
import { askMoto } from '../endpoint/forward.js'
import { SecretsManagerError } from './errors.js'
import { seconds } from './request.js'
import type { Secret, SecretStore, SecretVersion } from './store.js'
import { findVersion } from './versions.js'

const prefix = '/aws/reference/secretsmanager/'
const namesLimit = 10

/** What resolving references needs. */
export interface ReferenceParts {
  readonly moto: string
  readonly secrets: SecretStore
  /** The refusal of reading a secret, for a caller whose role does not allow it. */
  readonly refuseSecret: (request: AwsRequest, secretArn: string) => Promise<AwsAnswer | undefined>
}

/** Answers GetParameter and GetParameters where references are asked for. */
export function createParameterReferences(parts: ReferenceParts): AwsService {
  return async (request) => {
    const action = actionOf(request)
    const wanted = namesIn(request)
    if (!wanted.some(isReference)) return undefined
    if (wanted.length > namesLimit) {
      return jsonError('ValidationException', `GetParameters takes at most ${namesLimit} names; got ${wanted.length}.`)
    }
    if (jsonOf(request).WithDecryption !== true) {
      return jsonError(
        'ValidationException',
        'WithDecryption flag must be True for retrieving a Secret Manager secret.',
      )
    }
    const resolved = await resolveAll(parts, request, [...new Set(wanted.filter(isReference))])
    if ('status' in resolved) return resolved
    return action === 'GetParameter' ? one(resolved) : several(parts, request, wanted, resolved)
  }
}

/** What became of the references of a request. */
interface References {
  readonly found: readonly Record<string, unknown>[]
  readonly missing: readonly string[]
}

async function resolveAll(
  { secrets, refuseSecret }: ReferenceParts,
  request: AwsRequest,
  references: readonly string[],
): Promise<References | AwsAnswer> {
  const found: Record<string, unknown>[] = []
  const missing: string[] = []
  for (const reference of references) {
    const resolved = resolveReference(secrets, request.region, reference)
    const refused = resolved === undefined ? undefined : await refuseSecret(request, resolved.secret.arn)
    if (refused !== undefined) return refused
    if (resolved === undefined) missing.push(reference)
    else found.push(parameterOf(reference, resolved))
  }
  return { found, missing }
}

function namesIn(request: AwsRequest): readonly unknown[] {
  const { Name: name, Names: names } = jsonOf(request)
  if (actionOf(request) === 'GetParameter') return [name]
  return actionOf(request) === 'GetParameters' && Array.isArray(names) ? names : []
}

function isReference(name: unknown): name is string {
  return typeof name === 'string' && name.startsWith(prefix)
}

interface Resolved {
  readonly secret: Secret
  readonly version: SecretVersion
  readonly selector: string | undefined
}

function resolveReference(secrets: SecretStore, region: string, reference: string): Resolved | undefined {
  const [, name = '', selector] = /^([^:]+)(?::(.+))?$/.exec(reference.slice(prefix.length)) ?? []
  const secret = secrets.find(region, name)
  if (secret === undefined || secret.deletedDate !== undefined) return undefined
  const isId = selector !== undefined && secret.versions.has(selector)
  try {
    const version = findVersion(secret, isId ? selector : undefined, isId ? undefined : selector)
    return version.value?.SecretString === undefined ? undefined : { secret, version, selector }
  } catch (error) {
    if (error instanceof SecretsManagerError) return undefined
    throw error
  }
}

function parameterOf(reference: string, { secret, version, selector }: Resolved): Record<string, unknown> {
  const SecretString = version.value?.SecretString
  const source = {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString,
    VersionStages: [...version.stages],
    CreatedDate: version.createdDate.toISOString(),
  }
  return {
    ARN: secret.arn,
    DataType: 'text',
    LastModifiedDate: seconds(version.createdDate),
    Name: selector === undefined ? reference : reference.slice(0, -selector.length - 1),
    ...(selector === undefined ? {} : { Selector: `:${selector}` }),
    SourceResult: JSON.stringify(source),
    Type: 'SecureString',
    Value: SecretString,
    Version: 0,
  }
}

function one({ found: [found], missing: [missing] }: References): AwsAnswer {
  if (found !== undefined) return jsonAnswer({ Parameter: found })
  return jsonError(
    'ParameterNotFound',
    `An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret ${missing} not found.`,
  )
}

async function several(
  { moto }: ReferenceParts,
  request: AwsRequest,
  wanted: readonly unknown[],
  { found, missing }: References,
): Promise<AwsAnswer> {
  const plain = wanted.filter((name) => !isReference(name))
  if (plain.length === 0) return jsonAnswer({ Parameters: found, InvalidParameters: missing })
  const body = Buffer.from(JSON.stringify({ ...jsonOf(request), Names: plain }))
  const answer = await askMoto(moto, { ...request, body })
  if (answer.status !== 200) return answer
  const { Parameters: others = [], InvalidParameters: invalid = [] } = JSON.parse(answer.body.toString()) as {
    Parameters?: readonly object[]
    InvalidParameters?: readonly string[]
  }
  return jsonAnswer({ Parameters: [...others, ...found], InvalidParameters: [...invalid, ...missing] })
}
