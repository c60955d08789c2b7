/**
 * What moto forgets of a user pool's domain: the certificate of a custom one and the version of its pages. Without
 * them every plan would replace the domain.
 *
 * Rule: CreateUserPoolDomain, UpdateUserPoolDomain and DescribeUserPoolDomain of the Cognito API Reference.
 */

import { ACCOUNT_ID } from '../cloudfront/store.js'
import type { AwsAnswer, AwsRequest, AwsService } from '../endpoint/aws-request.js'
import { askMoto } from '../endpoint/forward.js'

interface DomainSettings {
  readonly CustomDomainConfig?: unknown
  readonly ManagedLoginVersion?: unknown
}

/** Answers the calls about domains with moto's help, and leaves all others to moto. */
export function createUserPoolDomains(moto: string): AwsService {
  const settings = new Map<string, DomainSettings>()
  const remember = async (request: AwsRequest): Promise<AwsAnswer> => {
    const answer = await askMoto(moto, request)
    const { Domain, CustomDomainConfig, ManagedLoginVersion } = JSON.parse(request.body.toString('utf8'))
    if (answer.status === 200) settings.set(Domain, { CustomDomainConfig, ManagedLoginVersion })
    return answer
  }
  const describe = async (request: AwsRequest): Promise<AwsAnswer> => {
    const answer = await askMoto(moto, request)
    const { Domain } = JSON.parse(request.body.toString('utf8'))
    const { DomainDescription } = JSON.parse(answer.body.toString())
    // A domain that is not there is described by an empty object.
    if (answer.status !== 200 || DomainDescription?.UserPoolId === undefined) return answer
    const whole = { ...DomainDescription, AWSAccountId: ACCOUNT_ID, ...settings.get(Domain) }
    return { ...answer, body: JSON.stringify({ DomainDescription: whole }) }
  }
  const actions: Readonly<Record<string, AwsService>> = {
    CreateUserPoolDomain: remember,
    UpdateUserPoolDomain: remember,
    DescribeUserPoolDomain: describe,
  }
  return async (request) => {
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? ''
    return Object.hasOwn(actions, action) ? actions[action]?.(request) : undefined
  }
}
