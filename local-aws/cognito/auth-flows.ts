/**
 * Ways of signing in that an app client does not allow: moto lets everybody in by all of them.
 *
 * Rule: a flow must be among the client's ExplicitAuthFlows, as `ALLOW_` and its name; without any, the API allows
 * refreshing, SRP and custom challenges. Page: Cognito API Reference, InitiateAuth, CreateUserPoolClient.
 */
import {
  type AwsAnswer,
  type AwsRequest,
  type AwsService,
  actionOf,
  jsonError,
  jsonOf,
} from '../endpoint/aws-request.js'
import { askMoto } from '../endpoint/forward.js'

const WITHOUT_ANY = ['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_CUSTOM_AUTH']

/** Names that flows had before, and what they are called now. */
const CALLED_NOW: Readonly<Record<string, string>> = {
  ADMIN_NO_SRP_AUTH: 'ADMIN_USER_PASSWORD_AUTH',
  REFRESH_TOKEN: 'REFRESH_TOKEN_AUTH',
}

/** Refuses what a client does not allow, and leaves all else to moto. */
export function createAuthFlows(moto: string): AwsService {
  const allowed = new Map<string, readonly string[]>()
  return async (request) => {
    switch (actionOf(request)) {
      case 'CreateUserPoolClient':
      case 'UpdateUserPoolClient':
        return remember(moto, allowed, request)
      case 'InitiateAuth':
      case 'AdminInitiateAuth':
        return refusal(allowed, request)
      default:
        return undefined
    }
  }
}

async function remember(
  moto: string,
  allowed: Map<string, readonly string[]>,
  request: AwsRequest,
): Promise<AwsAnswer> {
  const answer = await askMoto(moto, request)
  if (answer.status !== 200) return answer
  const { UserPoolClient: client } = JSON.parse(answer.body.toString()) as { UserPoolClient: { ClientId: string } }
  const { ExplicitAuthFlows: flows } = jsonOf(request)
  allowed.set(client.ClientId, Array.isArray(flows) && flows.length > 0 ? flows.map(String) : WITHOUT_ANY)
  return answer
}

function refusal(allowed: ReadonlyMap<string, readonly string[]>, request: AwsRequest): AwsAnswer | undefined {
  const { ClientId: client, AuthFlow: flow } = jsonOf(request)
  const name = String(flow)
  const flows = allowed.get(String(client))
  if (flows === undefined || flows.includes(`ALLOW_${CALLED_NOW[name] ?? name}`)) return undefined
  return jsonError('InvalidParameterException', `${name} flow not enabled for this client`)
}
