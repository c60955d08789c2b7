/**
 * The identity provider's token endpoint (RFC 6749 section 3.2, RFC 7636 section 4.5) and revocation endpoint (RFC 7009),
 * spoken to as the client that the configuration names.
 */
import type { Configuration, SignInSettings } from '../configuration/configuration.js'
import type { World } from '../dependencies.js'
import { describeError, eventLine } from '../log.js'
import { Refusal, type RefusalCode } from '../refusals/refusal.js'

/** What the token endpoint gave. None of it is verified yet. */
export interface Tokens {
  readonly idToken: string
  readonly accessToken: string
  /** Absent when none was issued: at a renewal the one that was used goes on being good (RFC 6749 section 6). */
  readonly refreshToken?: string | undefined
}

/** A code that came back, and what the attempt knows to prove that it may have it. */
export interface CodeGrant {
  readonly code: string
  /** `code_verifier` of RFC 7636. */
  readonly verifier: string
  readonly redirectUri: string
}

/** The client that this site is at its identity provider. */
export interface OidcClient {
  readonly configuration: Pick<Configuration, 'signIn'>
  readonly clientSecret: string | undefined
}

type Peer = Pick<World, 'postForm' | 'log'>
type Form = Readonly<Record<string, string>>

/** The credentials of a client. */
interface Credentials {
  readonly signIn: SignInSettings
  readonly secret: string | undefined
}

const LONGEST_JWT = 16_384
const LONGEST_REFRESH_TOKEN = 32_768
const RETRY_AFTER_SECONDS = 5
// The characters of `error` (RFC 6749 section 5.2), and no more of them than any registered one has.
const ERROR = /^[\x20\x21\x23-\x5B\x5D-\x7E]{1,64}$/

/**
 * Signing people in as the configuration has it.
 *
 * @throws Refusal `path_unknown` when it has nothing of the kind, `client_secret_absent` when nobody stored the secret yet.
 */
export function clientOf({ configuration: { signIn }, clientSecret }: OidcClient): Credentials {
  if (signIn === undefined) throw new Refusal('path_unknown')
  if (signIn.clientAuthentication === 'none') return { signIn, secret: undefined }
  if (clientSecret === undefined || clientSecret === '') {
    const cause = new Error('the secret of the client has no value; store the one that the identity provider gave')
    throw new Refusal('client_secret_absent', { retryAfterSeconds: 60, cause })
  }
  return { signIn, secret: clientSecret }
}

/**
 * The tokens for a code.
 *
 * Rejects with a Refusal: `code_refused` for one that was used, has expired or is not ours, `client_refused` when the
 * provider does not know us, `identity_provider_unavailable` when it says nothing that makes sense.
 */
export async function redeemCode(
  client: OidcClient,
  peer: Peer,
  { code, verifier, redirectUri }: CodeGrant,
): Promise<Tokens> {
  const form = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri }
  return tokensIn(await answerTo(client, peer, form, 'code_refused'), 'identity_provider_unavailable')
}

/** New tokens for a refresh token. Rejects like {@link redeemCode}, but with `session_over` where no ID token can be had any more. */
export async function redeemRefreshToken(client: OidcClient, peer: Peer, refreshToken: string): Promise<Tokens> {
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken }
  return tokensIn(await answerTo(client, peer, form, 'session_over'), 'session_over')
}

/**
 * Makes the provider forget a refresh token, if it can: never rejects, takes as long as one `postForm` may. A token that
 * is unknown there counts as forgotten (RFC 7009 section 2.2). What went wrong is in the log.
 */
export async function revokeRefreshToken(
  client: OidcClient,
  { postForm, log }: Peer,
  refreshToken: string,
): Promise<void> {
  const revocationEndpoint = client.configuration.signIn?.revocationEndpoint
  if (revocationEndpoint === undefined) return
  const warn = (message: string) =>
    log(eventLine('warn', 'refresh_token_not_revoked', { message: message.slice(0, 200) }))
  try {
    const form = { token: refreshToken, token_type_hint: 'refresh_token' }
    const { status } = await posted(clientOf(client), postForm, revocationEndpoint, form)
    if (status !== 200) warn(`the revocation endpoint answered ${status}`)
  } catch (error) {
    warn(error instanceof Error ? error.message : 'no error was given')
  }
}

/** Does that for all of these at once; what is absent was never there. */
export async function revokeRefreshTokens(
  client: OidcClient,
  peer: Peer,
  refreshTokens: readonly (string | undefined)[],
): Promise<void> {
  const present = new Set(refreshTokens.flatMap((token) => token ?? []))
  await Promise.all([...present].map((token) => revokeRefreshToken(client, peer, token)))
}

/** The text of a good answer; `refusedCode` is for the grant that is not taken (`invalid_grant`). */
async function answerTo(
  client: OidcClient,
  { postForm, log }: Peer,
  form: Form,
  refusedCode: RefusalCode,
): Promise<string> {
  const { signIn, secret } = clientOf(client)
  const { status, body } = await posted({ signIn, secret }, postForm, signIn.tokenEndpoint, form).catch(
    (cause: unknown) => {
      throw unavailable('the token endpoint gave no answer', cause)
    },
  )
  if (status === 200) return body
  if (status === 429 || status >= 500) throw unavailable(`the token endpoint answered ${status}`)
  const error = textIn(objectIn(body), 'error', 64)
  const named = error !== undefined && ERROR.test(error) ? error : 'without an error code'
  const cause = new Error(`the token endpoint answered ${status} ${named}`)
  // Some providers say invalid_request of a code that is no code, and anybody can come with one.
  const isGrant = error === 'invalid_grant' || error === 'invalid_request'
  if (!isGrant) throw new Refusal('client_refused', { cause })
  // Sessions end every day; a code that is not taken may be a mistake in what is registered at the provider.
  if (refusedCode === 'code_refused') {
    log(eventLine('warn', 'code_refused', describeError(cause)))
  }
  throw new Refusal(refusedCode, { cause })
}

/** Posts as the client (RFC 6749 section 2.3.1); a public client names itself (section 3.2.1). */
function posted({ signIn, secret }: Credentials, postForm: World['postForm'], uri: string, form: Form) {
  const { clientId, clientAuthentication } = signIn
  if (secret === undefined) return postForm(uri, { ...form, client_id: clientId })
  if (clientAuthentication === 'client_secret_post') {
    return postForm(uri, { ...form, client_id: clientId, client_secret: secret })
  }
  const credentials = `${formEncoded(clientId)}:${formEncoded(secret)}`
  return postForm(uri, form, { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` })
}

/** A value as application/x-www-form-urlencoded has it (RFC 6749 appendix B). */
function formEncoded(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1)
}

/** RFC 6749 section 5.1 with the ID token of OpenID Connect Core section 3.1.3.3, of which a renewal may have none (section 12.2). */
function tokensIn(body: string, withoutIdToken: 'session_over' | 'identity_provider_unavailable'): Tokens {
  const answer = objectIn(body)
  const accessToken = textIn(answer, 'access_token', LONGEST_JWT)
  if (accessToken === undefined || textIn(answer, 'token_type', 64)?.toLowerCase() !== 'bearer') {
    throw unavailable('the token endpoint answered without a bearer token')
  }
  const idToken = textIn(answer, 'id_token', LONGEST_JWT)
  if (idToken === undefined) {
    const message = 'the token endpoint answered without an ID token'
    throw withoutIdToken === 'session_over'
      ? new Refusal(withoutIdToken, { cause: new Error(message) })
      : unavailable(message)
  }
  const refreshToken = textIn(answer, 'refresh_token', LONGEST_REFRESH_TOKEN)
  return { idToken, accessToken, ...(refreshToken === undefined ? {} : { refreshToken }) }
}

function unavailable(message: string, cause?: unknown): Refusal {
  return new Refusal('identity_provider_unavailable', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause: new Error(message, { cause }),
  })
}

/** The error of `JSON.parse` quotes what it was given: tokens. */
function objectIn(body: string): object {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function textIn(answer: object, name: string, longest: number): string | undefined {
  const value: unknown = Object.hasOwn(answer, name) ? Reflect.get(answer, name) : undefined
  return typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined
}
