/** The configuration document: JSON that Terraform writes into the SSM parameter named after the function. */
import { integer, list, object, oneOf, type Read, text } from './shape.js'

const FOUR_HUNDRED_DAYS = 34_560_000

/** The pattern of aws-jwt-verify's user-pool ids, from which the region of the issuer is read. */
const USER_POOL_ID = /^(?:eusc-[a-z]{2}|[a-z]{2})-(?:gov-)?[a-z]+-\d_[A-Za-z0-9]+$/
const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?$/
// The scheme is free: web views of native apps have origins like capacitor://localhost. No path, no "*", no "null".
const ORIGIN = /^[a-z][a-z0-9+.-]{0,30}:\/\/[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?$/
// RFC 3986 path characters; "*" and "?" are wildcards of a policy, so only the "*" at the end is let in.
const GRANTED_PATH = /^\/[A-Za-z0-9._~!$&'()+,;=:@%/-]{0,255}\*$/

const DOCUMENT = object({
  version: oneOf(1),
  hosts: list(text(HOST, 'be a host name in lower case, with a port or without'), 1, 100),
  userPool: object({
    id: text(USER_POOL_ID, 'be the id of a Cognito user pool'),
    clientIds: list(text(/^[\w+]{1,128}$/, 'be the id of an app client'), 1, 100),
    tokenUses: list(oneOf('access', 'id'), 1, 2),
  }),
  grants: list(
    object({ paths: list(text(GRANTED_PATH, 'begin with / and end with *, the only wildcard'), 1, 1) }),
    1,
    1,
  ),
  cookies: object({
    lifetimeSeconds: integer(60, FOUR_HUNDRED_DAYS),
    sameSite: oneOf('Lax', 'Strict', 'None'),
    hashAlgorithm: oneOf('SHA1', 'SHA256'),
    bindToIp: oneOf(true, false),
  }),
  cors: object({
    allowedOrigins: list(text(ORIGIN, 'be an origin like https://app.example.com, without a path'), 0, 100),
  }),
  cache: object({ freshSeconds: integer(1, 86_400), staleSeconds: integer(0, 604_800) }),
})

/**
 * What the deployer decided. `hosts` are exact Host values; `grants` hold one path for now, which every signed-in user
 * gets; `cookies.lifetimeSeconds` bounds the cookies together with the token's expiry; `cache` are the ages at which
 * configuration and key are read anew and at which they are no longer served.
 */
export type Configuration = Read<typeof DOCUMENT>

/** The part of the configuration that says whose tokens are good. */
export type UserPool = Configuration['userPool']

/** The part of the configuration that says what cookies look like. */
export type CookieSettings = Configuration['cookies']

/** The deployer's fault. For the log only: the viewer sees a 500 without reason. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  /** One sentence a wrong field, without values. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`the configuration is not usable: ${problems.join('; ')}`)
    this.problems = problems
  }
}

/**
 * The configuration in the parameter's value.
 *
 * @throws ConfigurationError naming every wrong field at once.
 */
export function parseConfiguration(value: string): Configuration {
  const problems: string[] = []
  const configuration = DOCUMENT(parsed(value), '', problems)
  if (problems.length > 0) throw new ConfigurationError(problems)
  return configuration
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw new ConfigurationError(['it must be JSON'])
  }
}
