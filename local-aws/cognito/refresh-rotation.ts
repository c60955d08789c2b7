/**
 * App clients whose refresh token rotation Cognito would not take; moto takes all and keeps the setting.
 *
 * Rule: rotation is incompatible with the flow ALLOW_REFRESH_TOKEN_AUTH, and the grace period is 0 to 60 seconds. Pages:
 * Cognito Developer Guide, "Refresh tokens"; API Reference, RefreshTokenRotationType. A client that names no flows has
 * that flow by default; whether it may rotate is not documented: here it may not.
 */
import { type AwsAnswer, type AwsService, actionOf, jsonError, jsonOf } from '../endpoint/aws-request.js'

/** Refuses such clients, and leaves everything else to others. */
export const checkRefreshRotation: AwsService = async (request) => {
  const action = actionOf(request)
  if (action !== 'CreateUserPoolClient' && action !== 'UpdateUserPoolClient') return undefined
  const { RefreshTokenRotation: rotation, ExplicitAuthFlows: flows } = jsonOf(request)
  if (typeof rotation !== 'object' || rotation === null) return undefined
  const seconds = 'RetryGracePeriodSeconds' in rotation ? Number(rotation.RetryGracePeriodSeconds) : 0
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 60) {
    return refused('RetryGracePeriodSeconds must be between 0 and 60.')
  }
  if (!('Feature' in rotation) || rotation.Feature !== 'ENABLED') return undefined
  const names = Array.isArray(flows) && flows.length > 0 ? flows : ['ALLOW_REFRESH_TOKEN_AUTH']
  return names.includes('ALLOW_REFRESH_TOKEN_AUTH')
    ? refused('Refresh token rotation cannot be enabled with ALLOW_REFRESH_TOKEN_AUTH.')
    : undefined
}

function refused(message: string): AwsAnswer {
  return jsonError('InvalidParameterException', message)
}
