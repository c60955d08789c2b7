/**
 * What moto's Lambda knows of a function.
 */

import type { FunctionConfiguration as EdgeConfiguration } from '../cloudfront/edge-function-rules.js'
import { askMoto, ownRequest } from '../endpoint/forward.js'
import { type PolicyDocument, readPolicy } from '../iam/policy.js'

/** Lambda's FunctionConfiguration, as far as it is needed here. */
export interface FunctionConfiguration extends EdgeConfiguration {
  readonly FunctionArn?: string
  readonly Version?: string
  /** SHA-256 of the zip, base64. */
  readonly CodeSha256?: string
  readonly LoggingConfig?: { readonly LogGroup?: string }
}

/** A function's name, Region and, if it has one, version or alias. */
export interface FunctionName {
  readonly region: string
  readonly name: string
  readonly qualifier: string | undefined
}

/** Takes a function's ARN apart; undefined for what is none. */
export function parseFunctionArn(arn: string): FunctionName | undefined {
  const [, region, name, qualifier] =
    /^arn:aws:lambda:([a-z0-9-]+):\d{12}:function:([A-Za-z0-9_-]+)(?::([$A-Za-z0-9_-]+))?$/.exec(arn) ?? []
  return region === undefined || name === undefined ? undefined : { region, name, qualifier }
}

/** Reads functions from moto. */
export interface Functions {
  /** The configuration of a function or one of its versions; undefined if it is not there. */
  configuration(arn: string): Promise<FunctionConfiguration | undefined>
  /** The function's resource policy: who may invoke it. */
  policy(arn: string): Promise<PolicyDocument>
}

/** Reads functions from the Lambda of a moto. */
export function createFunctions(moto: string): Functions {
  const read = async (arn: string, tail: string): Promise<Record<string, unknown> | undefined> => {
    const parsed = parseFunctionArn(arn)
    if (parsed === undefined) return undefined
    const question = parsed.qualifier === undefined ? '' : `?Qualifier=${encodeURIComponent(parsed.qualifier)}`
    const url = `/2015-03-31/functions/${parsed.name}/${tail}${question}`
    const answer = await askMoto(moto, ownRequest('lambda', parsed.region, { method: 'GET', url }))
    return answer.status === 200 ? (JSON.parse(answer.body.toString()) as Record<string, unknown>) : undefined
  }
  return {
    configuration: (arn) => read(arn, 'configuration'),
    policy: async (arn) => readPolicy(String((await read(arn, 'policy'))?.Policy ?? '')),
  }
}
