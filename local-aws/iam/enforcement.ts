/**
 * Refuses what the role behind an access key does not allow, in the error shape of the service that was asked.
 */

import { errorAnswer } from '../cloudfront/api.js'
import { ACCOUNT_ID } from '../cloudfront/store.js'
import { type AwsAnswer, type AwsRequest, jsonError } from '../endpoint/aws-request.js'
import { type AccessParts, accessesOf } from './access.js'
import { type Access, isAllowed, type PolicyDocument } from './policy.js'
import type { Principal, Principals } from './principals.js'
import type { Roles } from './roles.js'

/** What deciding needs. */
export interface EnforcementParts extends AccessParts {
  readonly principals: Pick<Principals, 'find'>
  readonly roles: Pick<Roles, 'policies' | 'boundary'>
}

/** Decides about requests. */
export interface Enforcement {
  /** The refusal of a request; undefined lets it pass. */
  refusal(request: AwsRequest): Promise<AwsAnswer | undefined>
  /** The refusal of something more that a request needs, in the shape of the request's own service. */
  refusalOf(request: AwsRequest, access: Omit<Access, 'context'>): Promise<AwsAnswer | undefined>
}

/** Decides by the policies of the role that a key was handed out with. */
export function createEnforcement(parts: EnforcementParts): Enforcement {
  const decide = async (request: AwsRequest, accesses: readonly Access[] | undefined) => {
    const principal = parts.principals.find(request.accessKeyId)
    if (principal === undefined) return undefined
    if (accesses === undefined) return deny(request, principal, `${request.service}:*`, '*')
    const [policies, boundary] = await Promise.all([
      parts.roles.policies(principal.roleArn),
      parts.roles.boundary(principal.roleArn),
    ])
    const inContext = (access: Access) => ({ ...access, context: { ...access.context, ...principal.context } })
    const refused = accesses.find((access) => !isAllowedWithin(boundary, policies, inContext(access)))
    return refused === undefined ? undefined : deny(request, principal, refused.action, refused.resource)
  }
  return {
    refusal: (request) => decide(request, accessesOf(parts, request)),
    refusalOf: (request, access) => decide(request, [{ ...access, context: {} }]),
  }
}

// A permissions boundary allows nothing by itself: both have to (IAM User Guide, Permissions boundaries for IAM entities).
function isAllowedWithin(boundary: PolicyDocument | undefined, policies: readonly PolicyDocument[], access: Access) {
  return isAllowed(policies, access) && (boundary === undefined || isAllowed([boundary], access))
}

function deny(request: AwsRequest, principal: Principal, action: string, resource: string): AwsAnswer {
  const role = principal.roleArn.split('/').at(-1) ?? ''
  const user = `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${role}/${principal.session}`
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`
  return accessDenied(request, message)
}

/** AccessDenied in the protocol of the service that was asked. */
export function accessDenied({ service }: Pick<AwsRequest, 'service'>, message: string): AwsAnswer {
  switch (service) {
    case 'cloudfront':
      return { ...errorAnswer(403, 'AccessDenied', message) }
    case 's3':
      return xml(`<Error><Code>AccessDenied</Code><Message>${escapeText(message)}</Message></Error>`)
    case 'sns':
    case 'iam':
    case 'sts':
    case 'monitoring':
      return xml(
        `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${escapeText(message)}</Message></Error></ErrorResponse>`,
      )
    case 'lambda':
      return { ...jsonError('AccessDeniedException', message, 403) }
    default:
      return jsonError('AccessDeniedException', message)
  }
}

function xml(body: string): AwsAnswer {
  return {
    status: 403,
    headers: { 'content-type': 'text/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  }
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
