/**
 * Reads what an OpenID provider says about itself, once, at deploy time: Terraform invokes this task and writes the
 * addresses into the edge function's configuration, so that nothing is discovered at the edge. The rule: OpenID Connect
 * Discovery 1.0, sections 3 (the fields), 4.1 (the address), 4.3 (the issuer must be the same, character by character).
 */

import type { World } from '../dependencies.js'
import { RotationError } from '../error.js'

/** What Terraform calls this task. */
export const DISCOVER_ISSUER = 'discover-issuer'

/** What the edge function has to know of an issuer. A provider need not have the addresses that can be null. */
export interface Discovery {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly jwks_uri: string
  readonly revocation_endpoint: string | null
  readonly end_session_endpoint: string | null
  /** Whether its answers say who gives them (RFC 9207, section 3). */
  readonly authorization_response_iss_parameter_supported: boolean
}

const LIMITS = { timeoutMs: 5_000, bytes: 256 * 1024 } as const
const LONGEST_ADDRESS = 1_000

/** Signatures of ID tokens that the edge function verifies (RFC 7518, section 3.1; RFC 8037, section 3.1). */
const ID_TOKEN_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

/**
 * The addresses of an issuer, from its own document, checked.
 *
 * @throws RotationError saying which field of the document is wrong and what to do: Terraform shows it to whoever applies.
 */
export async function discoverIssuer(world: Pick<World, 'getText' | 'log'>, issuer: unknown): Promise<Discovery> {
  assertIssuer(issuer)
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const document = await readDocument(world, address)
  const problems = problemsOf(document, issuer)
  if (problems.length > 0) {
    const remedy =
      'Compare the issuer with the provider\'s documentation (it is the text of the claim "iss" in its tokens), and the client and its provider with what the module needs: the authorization code flow with PKCE'
    throw failure(`${address} is not usable: ${problems.join('; ')}`, remedy)
  }
  world.log(JSON.stringify({ level: 'info', event: `${DISCOVER_ISSUER}: read`, issuer, address }))
  return {
    issuer,
    authorization_endpoint: text(document, 'authorization_endpoint'),
    token_endpoint: text(document, 'token_endpoint'),
    jwks_uri: text(document, 'jwks_uri'),
    revocation_endpoint: textOrNull(document, 'revocation_endpoint'),
    end_session_endpoint: textOrNull(document, 'end_session_endpoint'),
    authorization_response_iss_parameter_supported:
      field(document, 'authorization_response_iss_parameter_supported') === true,
  }
}

function failure(what: string, remedy: string, cause?: unknown): RotationError {
  return new RotationError(DISCOVER_ISSUER, what, remedy, { cause })
}

function assertIssuer(issuer: unknown): asserts issuer is string {
  const isSound = typeof issuer === 'string' && isAddress(issuer) && !issuer.includes('?')
  if (isSound) return
  throw failure(
    `the issuer ${quoted(issuer)} is not usable`,
    'Give the issuer as https://host or https://host/path, exactly as the claim "iss" of its tokens has it: no user, no query, no fragment',
  )
}

/** As it stands, in ASCII and with a plain host: a URL parser would forgive slashes, spaces and backslashes, each its own way. */
const ADDRESS = /^https:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:[/?][!$-;=?-[\]_a-z~]*)?$/

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_ADDRESS && ADDRESS.test(value) && URL.canParse(value)
}

async function readDocument({ getText }: Pick<World, 'getText'>, address: string): Promise<object> {
  const {
    status,
    location,
    text: body,
  } = await getText(address, LIMITS).catch((error: unknown) => {
    const remedy = 'Check the issuer, and that its host is reachable from the internet; then apply again'
    throw failure(`${address} could not be read`, remedy, causeOf(error))
  })
  if (status >= 300 && status < 400) {
    const to = location === null ? '' : ` to ${quoted(location)}`
    throw failure(
      `${address} redirects${to} (status ${status}), which is not followed`,
      'Give the issuer whose document is at its own address',
    )
  }
  if (status !== 200) {
    throw failure(
      `${address} answered with status ${status}`,
      'Check the issuer: the address is the issuer followed by /.well-known/openid-configuration',
    )
  }
  return parsed(address, body)
}

/** Node's fetch says no more than "fetch failed"; why is in its cause. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error
}

function parsed(address: string, body: string): object {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    value = undefined
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw failure(
    `${address} is no JSON object`,
    'Check the issuer: its host answers, but not with a discovery document (OpenID Connect Discovery 1.0)',
  )
}

function problemsOf(document: object, issuer: string): readonly string[] {
  return [
    ...(field(document, 'issuer') === issuer
      ? []
      : [
          `issuer is ${quoted(field(document, 'issuer'))} and not ${quoted(issuer)}: both must be the same, to the last slash`,
        ]),
    ...['authorization_endpoint', 'token_endpoint', 'jwks_uri'].flatMap((name) => problemOfAddress(document, name)),
    ...['revocation_endpoint', 'end_session_endpoint'].flatMap((name) =>
      (field(document, name) ?? null) === null ? [] : problemOfAddress(document, name),
    ),
    ...problemOfList(document, 'response_types_supported', ['code']),
    ...problemOfList(document, 'id_token_signing_alg_values_supported', ID_TOKEN_ALGORITHMS),
    // RFC 8414, section 2: without the list nothing is said about PKCE, and many providers that support it have none.
    ...(field(document, 'code_challenge_methods_supported') === undefined
      ? []
      : problemOfList(document, 'code_challenge_methods_supported', ['S256'])),
  ]
}

function problemOfAddress(document: object, name: string): readonly string[] {
  const value = field(document, name)
  if (isAddress(value)) return []
  if (value === undefined) return [`${name} is missing`]
  return [`${name} must be an https address without user and fragment; it is ${quoted(value)}`]
}

function problemOfList(document: object, name: string, accepted: readonly string[]): readonly string[] {
  const value = field(document, name)
  if (Array.isArray(value) && accepted.some((entry) => value.includes(entry))) return []
  const wanted = accepted.length === 1 ? accepted[0] : `one of ${accepted.join(', ')}`
  if (value === undefined) return [`${name} is missing, and must list ${wanted}`]
  return [`${name} must list ${wanted}; it is ${quoted(value)}`]
}

function field(document: object, name: string): unknown {
  return Object.hasOwn(document, name) ? Reflect.get(document, name) : undefined
}

function text(document: object, name: string): string {
  return String(field(document, name))
}

function textOrNull(document: object, name: string): string | null {
  return (field(document, name) ?? null) === null ? null : text(document, name)
}

/** A stranger's text in a message: as JSON, and not all of a long one. */
function quoted(value: unknown): string {
  const json = JSON.stringify(value) ?? 'nothing'
  return json.length > 200 ? `${json.slice(0, 200)}…` : json
}
