/**
 * What the endpoints of the hosted login share: requests, answers, and the world they live in.
 */
import type { IncomingMessage } from 'node:http'
import type { Memory } from './expiring-map.js'
import type { PoolKeys } from './keys.js'
import type { AppClient, LoginDomain, Pools } from './pools.js'

/** A request to a login domain. */
export interface LoginRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Form fields; empty for other bodies. */
  readonly form: URLSearchParams
  readonly isForm: boolean
  readonly cookies: ReadonlyMap<string, string>
  readonly authorization: string | undefined
  readonly domain: LoginDomain
}

/** An answer. */
export interface LoginAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
}

/** Who has signed in, and since when (seconds). */
export interface LoginSession {
  readonly poolId: string
  readonly username: string
  readonly authTime: number
}

/** What an authorization code stands for (RFC 6749 section 4.1). */
export interface CodeGrant extends LoginSession {
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly nonce: string | undefined
  /** PKCE challenge (RFC 7636), method S256. */
  readonly codeChallenge: string | undefined
  /** The `origin_jti` of the tokens that this code was traded for; undefined while it is unused. */
  readonly spentFor?: string
}

/** What a refresh token stands for. */
export interface RefreshGrant extends LoginSession {
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Shared by all tokens of one sign-in; revocation goes by it. */
  readonly originJti: string
  /** It was rotated: its life is the grace period, and a repeat gets another successor. */
  readonly replaced?: boolean
  /** What was left of its life when it was rotated, in milliseconds: the life of its successors. */
  readonly lifeMs?: number
}

/** A sign-in that waits for a new password. */
export interface Challenge {
  readonly poolId: string
  readonly clientId: string
  readonly username: string
  /** Cognito's own session of the challenge. */
  readonly session: string
}

/** What the next page tells a person about the form that was sent. */
export interface Notice {
  readonly message: string
  /** What stood in the form, so that nobody has to type it again. */
  readonly username: string
}

/** Everything that the endpoints need. */
export interface LoginWorld {
  readonly pools: Pools
  readonly keys: PoolKeys
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly sessions: Memory<LoginSession>
  readonly codes: Memory<CodeGrant>
  readonly refreshTokens: Memory<RefreshGrant>
  readonly challenges: Memory<Challenge>
  readonly notices: Memory<Notice>
  /** `origin_jti` of revoked sign-ins. */
  readonly revoked: Set<string>
}

/** An endpoint. */
export type Endpoint = (world: LoginWorld, request: LoginRequest) => Promise<LoginAnswer>

const MAXIMUM_FORM_BYTES = 64 * 1024

/** Reads a request; undefined when its body is too long. */
export async function readLoginRequest(
  incoming: IncomingMessage,
  domain: LoginDomain,
): Promise<LoginRequest | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > MAXIMUM_FORM_BYTES) return undefined
    chunks.push(part)
  }
  const url = new URL(incoming.url ?? '/', 'https://login.invalid')
  const type = (incoming.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase()
  const isForm = type === 'application/x-www-form-urlencoded'
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    form: new URLSearchParams(isForm ? Buffer.concat(chunks).toString('utf8') : ''),
    isForm,
    cookies: new Map((incoming.headers.cookie ?? '').split(/;\s*/).map(nameAndValue)),
    authorization: incoming.headers.authorization,
    domain,
  }
}

function nameAndValue(pair: string): readonly [string, string] {
  const equals = pair.indexOf('=')
  return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
}

/** A redirect; cookies as whole Set-Cookie values. */
export function redirect(location: string, cookies: readonly string[] = []): LoginAnswer {
  const headers = { location, 'cache-control': 'no-store' }
  return { status: 302, headers: cookies.length === 0 ? headers : { ...headers, 'set-cookie': cookies }, body: '' }
}

/** A redirect after a form: the next request is a GET, whatever this one was (RFC 9110 section 15.4.4). */
export function seeOther(location: string): LoginAnswer {
  return { ...redirect(location), status: 303 }
}

/** JSON for an app; any origin may read it, as with Cognito's token endpoint. */
export function json(status: number, value: unknown, headers: LoginAnswer['headers'] = {}): LoginAnswer {
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
      ...headers,
    },
    body: JSON.stringify(value),
  }
}

/** A sign-in's cookie; it lasts as long as Cognito's own: "Managed login", one hour, whatever the tokens do. */
export const SESSION_COOKIE = 'cognito'
/** One hour. */
export const SESSION_MS = 3_600_000
/** A value of the session cookie: secure, unreadable for scripts, sent on top-level navigation from other sites. */
export function sessionCookie(value: string, maxAgeSeconds: number): string {
  return `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${maxAgeSeconds}; Secure; HttpOnly; SameSite=Lax`
}

/** The client that a request names; undefined for none, or one that may not use the hosted login. */
export async function loginClient(
  { pools }: Pick<LoginWorld, 'pools'>,
  { domain }: Pick<LoginRequest, 'domain'>,
  clientId: string | null,
): Promise<AppClient | undefined> {
  const client = clientId === null ? undefined : await pools.appClient(domain.poolId, clientId)
  return client?.AllowedOAuthFlowsUserPoolClient === true ? client : undefined
}
