/**
 * Asks Lambda and IAM whether a function version may run at the edge.
 */
import type { Roles } from '../iam/roles.js'
import type { Functions } from '../lambda/functions.js'
import { whyNotAtEdge, whyNotEdgeArn } from './edge-function-rules.js'
import type { CloudFrontWorld } from './request.js'

/** The check that CreateDistribution and UpdateDistribution make of each associated function. */
export function createEdgeFunctionCheck(functions: Functions, roles: Roles): CloudFrontWorld['whyNotAtEdge'] {
  return async (arn) => {
    const wrongArn = whyNotEdgeArn(arn)
    if (wrongArn !== undefined) return wrongArn
    const configuration = await functions.configuration(arn)
    if (configuration === undefined) return `The specified function does not exist. Function: ${arn}`
    return whyNotAtEdge(arn, { configuration, trustedServices: await roles.trustedServices(configuration.Role ?? '') })
  }
}
