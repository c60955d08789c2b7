/** The configuration document: JSON that Terraform writes into the SSM parameter named after the function. */

import { isKeyLabel } from '../../../contract/names.js'
import {
  checked,
  integer,
  list,
  map,
  object,
  oneOf,
  optional,
  type Read,
  type Shape,
  text,
} from '../../../contract/schema.js'
import { isReservedCookie, isTokenCookie } from '../http/cookie-names.js'
import { ruleProblems } from '../paths.js'

const FOUR_HUNDRED_DAYS = 34_560_000

/** The pattern of aws-jwt-verify's user-pool ids, from which the region of the issuer is read. */
const USER_POOL_ID = /^(?:eusc-[a-z]{2}|[a-z]{2})-(?:gov-)?[a-z]+-\d_[A-Za-z0-9]+$/
const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?$/
// The scheme is free: web views of native apps have origins like capacitor://localhost. No path, no "*", no "null".
const ORIGIN = /^[a-z][a-z0-9+.-]{0,30}:\/\/[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?$/
// Whole directories: RFC 3986 path characters less ";", which ends a cookie's Path, and less the wildcards of a policy;
// a segment in braces is filled in from a claim; no segment that somebody could resolve to another directory.
const GRANTED_PATH = /^(?=.{2,256}$)\/(?:(?!\.{1,2}\/)(?:[A-Za-z0-9._~!$&'()+,=:@%-]+|\{[A-Za-z0-9:_.-]{1,64}\})\/)*\*$/
const BEARER_PATH = /^(?=.{2,256}$)\/(?!(?:cookie|\.sign-in)\/)(?:(?!\.{1,2}\/)[A-Za-z0-9._~!$&'()+,=:@%-]+\/)*\*$/
const HTTPS =
  /^https:\/\/[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]{0,512})?$/
// An endpoint's address may have a query of its own (RFC 6749 section 3.1).
const ENDPOINT =
  /^https:\/\/[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]{0,512})?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,512})?$/
const SIGNED_OUT_PATH = /^\/(?!\/)[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,512}$/
// VSCHAR of RFC 6749 appendix A.1, scope-token of A.4.
const CLIENT_ID = /^[\x21-\x7E]{1,255}$/
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]{1,256}$/
/** Texts for the identity provider and from rules: 1 to 256 characters. */
export const PRINTABLE = /^[^\p{Cc}\p{Cs}]{1,256}$/u
const CLAIM = /^[A-Za-z0-9:/._-]{1,128}$/
// What the sign-in itself says may not be said by a configuration or a link (RFC 6749, 7636, 9101; OpenID Connect Core).
const PARAMETER =
  /^(?!(?:response_type|response_mode|client_id|client_secret|redirect_uri|scope|state|nonce|code_challenge|code_challenge_method|request|request_uri)$)[A-Za-z][A-Za-z0-9_.-]{0,63}$/
const COOKIE_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/
/** Of all additional cookies, in bytes: a sign-in sets them beside all else that it has to set, in 40 KB. */
const MOST_COOKIE_BYTES = 4096
const COOKIE_VALUE = /^[\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]{0,1024}$/

const values = list(text(PRINTABLE, 'be a text of at most 256 characters'), 1, 100)
const endpoint = text(ENDPOINT, 'be an https address without a fragment')
const parameterName = text(PARAMETER, 'be the name of a parameter that the sign-in does not set itself')
const signingKeyName = checked(
  (value): value is string => typeof value === 'string' && isKeyLabel(value),
  'be up to 20 lower-case letters and digits, single dashes inside',
)

const USER_POOL = object({
  id: text(USER_POOL_ID, 'be the id of a Cognito user pool'),
  clientIds: list(text(/^[\w+]{1,128}$/, 'be the id of an app client'), 1, 100),
  tokenUses: list(oneOf('access', 'id'), 1, 2),
})

const OIDC = object({
  issuer: text(HTTPS, 'be an https address without query and fragment'),
  jwksUri: endpoint,
  audiences: list(text(CLIENT_ID, 'be an audience'), 1, 100),
  groupsClaim: text(CLAIM, 'be the name of a claim'),
  // Whether every authorization response has iss (RFC 9207 section 3).
  namesItself: optional(oneOf(true, false)),
})

const GRANT = object({
  paths: list(
    text(GRANTED_PATH, 'begin with /, end with /*, have no other wildcard, and names of claims in braces'),
    1,
    50,
  ),
  groups: optional(values),
  scopes: optional(values),
  emails: optional(values),
  emailDomains: optional(values),
  claims: optional(map(CLAIM, 'claims have', values, 20)),
  signingKey: optional(signingKeyName),
})

const SIGN_IN = object({
  clientId: text(CLIENT_ID, 'be the id of a client'),
  clientAuthentication: oneOf('none', 'client_secret_basic', 'client_secret_post'),
  authorizationEndpoint: endpoint,
  tokenEndpoint: endpoint,
  revocationEndpoint: optional(endpoint),
  logoutEndpoint: optional(endpoint),
  scopes: list(text(SCOPE, 'be a scope'), 1, 50),
  authorizeParams: map(
    PARAMETER,
    'the sign-in does not set itself',
    text(PRINTABLE, 'be a text of at most 256 characters'),
    20,
  ),
  viewerParams: list(parameterName, 0, 20),
  // The value of prompt by which the provider asks for the account (OpenID Connect Core section 3.1.2.1).
  accountPrompt: optional(oneOf('login', 'select_account')),
  signOutUrl: either([SIGNED_OUT_PATH, HTTPS], 'be a path, or an https address'),
  sessionSeconds: integer(60, FOUR_HUNDRED_DAYS),
  tokenCookies: optional(oneOf('amplify', 'opensearch')),
  additionalCookies: optional(
    map(COOKIE_NAME, 'a cookie may have', text(COOKIE_VALUE, 'be the value of a cookie'), 20),
  ),
})

const DOCUMENT = object({
  version: oneOf(1),
  hosts: list(text(HOST, 'be a host name in lower case, with a port or without'), 1, 100),
  userPool: optional(USER_POOL),
  oidc: optional(OIDC),
  grants: list(GRANT, 1, 100),
  // One GetParameters takes ten names: this document, the main key, the client's secret, and these.
  exclusiveSigningKeys: optional(list(signingKeyName, 1, 7)),
  bearerPaths: optional(
    list(text(BEARER_PATH, 'begin with /, end with /*, have no other wildcard, and be content'), 1, 25),
  ),
  signedUrls: optional(object({ longestSeconds: integer(1, FOUR_HUNDRED_DAYS) })),
  signIn: optional(SIGN_IN),
  cookies: object({
    lifetimeSeconds: integer(60, FOUR_HUNDRED_DAYS),
    sameSite: oneOf('Lax', 'Strict', 'None'),
    hashAlgorithm: oneOf('SHA1', 'SHA256'),
    bindToIp: oneOf(true, false),
    domain: optional(text(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])$/, 'be a domain name in lower case')),
    partitioned: optional(oneOf(true, false)),
  }),
  cors: object({
    allowedOrigins: list(text(ORIGIN, 'be an origin like https://app.example.com, without a path'), 0, 100),
  }),
  cache: object({ freshSeconds: integer(1, 86_400), staleSeconds: integer(0, 604_800) }),
})

/**
 * What the deployer decided. `hosts` are exact Host values; exactly one of `userPool` and `oidc` says whose tokens are
 * good; `grants` say who may load which paths; without `signIn` there is only the exchange of tokens that an app has;
 * `bearerPaths` is content that tokens open by themselves; `signedUrls` lets people pass on single objects;
 * `cookies.lifetimeSeconds` bounds the cookies together with the token's expiry; `cache` are the ages at which
 * configuration and keys are read anew and at which they are no longer served.
 */
export type Configuration = Read<typeof DOCUMENT>

/** The user pool whose tokens are good. */
export type UserPool = Read<typeof USER_POOL>

/** The OpenID Connect provider whose tokens are good, when there is no user pool. Its addresses come from its discovery document, read when the stack is deployed. */
export type OidcIssuer = Read<typeof OIDC>

/** One rule: whoever meets all its conditions may load its paths with cookies of its signing key. */
export type GrantRule = Read<typeof GRANT>

/** How people sign in at the identity provider's page. */
export type SignInSettings = Read<typeof SIGN_IN>

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
  if (problems.length === 0) problems.push(...contradictions(configuration))
  if (problems.length > 0) throw new ConfigurationError(problems)
  return configuration
}

/** Whether it is broken, and the sentence that says so. */
type Rule = readonly [boolean, string]

/** What no field can be blamed for by itself. */
function contradictions(configuration: Configuration) {
  const { userPool, oidc, signIn, cookies, hosts, grants, signedUrls, exclusiveSigningKeys = [] } = configuration
  const domain = cookies.domain
  const foreign = (host: string) => !`.${host.replace(/:.*$/, '')}`.endsWith(`.${domain}`)
  const rules: readonly Rule[] = [
    [(userPool === undefined) === (oidc === undefined), 'exactly one of userPool and oidc must be there'],
    [signIn?.scopes.includes('openid') === false, 'signIn.scopes must have openid among them'],
    ...additionalCookieRules(signIn),
    [domain !== undefined && hosts.some(foreign), 'cookies.domain must be a domain of every host'],
    [
      (signedUrls?.longestSeconds ?? 0) > cookies.lifetimeSeconds,
      'signedUrls.longestSeconds must not be more than cookies.lifetimeSeconds, after which keys are retired',
    ],
    [
      grants.some(({ signingKey }) => signingKey !== undefined && !exclusiveSigningKeys.includes(signingKey)),
      'grants must name no signing key that is not in exclusiveSigningKeys',
    ],
  ]
  return [...rules.flatMap(([broken, sentence]) => (broken ? [sentence] : [])), ...ruleProblems({ grants })]
}

/** They must not take the place of cookies that a sign-in sets besides, nor the room of its answer. */
function additionalCookieRules({
  tokenCookies,
  additionalCookies = {},
}: Partial<SignInSettings> = {}): readonly Rule[] {
  const names = Object.keys(additionalCookies)
  const bytes = Object.entries(additionalCookies).flat().join('').length
  const isOwn = (name: string) =>
    isReservedCookie(name) || (tokenCookies !== undefined && isTokenCookie(name, tokenCookies))
  return [
    [names.some(isOwn), 'signIn.additionalCookies must not have names of cookies that the sign-in sets itself'],
    [
      bytes > MOST_COOKIE_BYTES,
      `signIn.additionalCookies must have at most ${MOST_COOKIE_BYTES} bytes of names and values`,
    ],
  ]
}

function either(patterns: readonly RegExp[], rule: string): Shape<string> {
  return checked((value): value is string => typeof value === 'string' && patterns.some((one) => one.test(value)), rule)
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw new ConfigurationError(['it must be JSON'])
  }
}
