/**
 * The closed list of answers other than success. The code is for the log; status, `error` and sentence go out.
 * Sentences quote nothing of the request and nothing of the configuration.
 */

/** What goes out for one code. `challenge` is the form of WWW-Authenticate, RFC 6750 section 3. */
export interface RefusalForm {
  readonly status: number
  readonly error: string
  readonly message: string
  /** `bare` names the scheme only: RFC 6750 section 3.1 wants no error code for a request without credentials. */
  readonly challenge?: 'bare' | 'error'
}

const request = (message: string): RefusalForm => ({
  status: 400,
  error: 'invalid_request',
  message,
  challenge: 'error',
})
const token = (message: string): RefusalForm => ({ status: 401, error: 'invalid_token', message, challenge: 'error' })

/** Code -> answer. */
export const REFUSALS = {
  token_absent: {
    status: 401,
    error: 'token_required',
    message: 'Send an access or ID token as Authorization: Bearer <token>.',
    challenge: 'bare',
  },
  authorization_repeated: request('The request has more than one Authorization header.'),
  authorization_malformed: request('The Authorization header is not of the form Bearer <token>.'),
  authorization_too_long: request('The Authorization header is too long.'),
  token_malformed: token('The token is not a JSON Web Token.'),
  token_algorithm: token('The token is signed with an algorithm that is not accepted.'),
  token_key_unknown: token('The token is signed with an unknown key.'),
  token_signature: token('The signature of the token is wrong.'),
  token_issuer: token('The token was issued elsewhere.'),
  token_use: token('A token of this kind is not accepted here.'),
  token_client: token('The token was issued to another application.'),
  token_expired: token('The token has expired.'),
  token_not_yet_valid: token('The token is not valid yet.'),
  token_nonce: token('The token belongs to another sign-in.'),
  token_claims: token('The token lacks a claim that is needed.'),
  origin_foreign: {
    status: 403,
    error: 'origin_not_allowed',
    message: 'Pages of this origin may not use the endpoint.',
  },
  cross_site: {
    status: 403,
    error: 'cross_site_request',
    message: 'Another site may not end the session of this one.',
  },
  cross_site_use: {
    status: 403,
    error: 'cross_site_request',
    message: 'Another site may not use the session of this one.',
  },
  no_session: {
    status: 401,
    error: 'no_session',
    message: 'Nobody is signed in here.',
    challenge: 'bare',
  },
  session_over: {
    status: 401,
    error: 'session_over',
    message: 'The session has ended. Sign in again.',
    challenge: 'bare',
  },
  not_admitted: {
    status: 403,
    error: 'not_admitted',
    message: 'You are signed in, but this account has no access here. Sign in with another account, or ask for access.',
  },
  path_not_granted: {
    status: 403,
    error: 'path_not_granted',
    message: 'You are signed in, but this account may not open this page.',
  },
  path_needs_token: {
    status: 403,
    error: 'path_not_granted',
    message: 'A token opens this path, on each request, and no link can carry one.',
  },
  path_malformed: request('The path must be that of one object, as it stands in its address.'),
  ttl_malformed: request('The time to live must be a whole number of seconds within the limit of this site.'),
  path_beyond_token: {
    status: 403,
    error: 'insufficient_scope',
    message: 'The token gives no access to this path.',
    challenge: 'error',
  },
  grants_too_many: {
    status: 403,
    error: 'too_many_paths',
    message:
      'This account may see more separate areas than the cookies of a browser can carry. The operators of the site can combine them.',
  },
  navigation_needed: {
    status: 403,
    error: 'navigation_required',
    message: 'People sign in here, in a window of a browser. Programs send a token to /cookie/ instead.',
  },
  attempt_unknown: {
    status: 400,
    error: 'sign_in_unknown',
    message:
      'This sign-in was already used, took too long, or was begun in another browser; or this browser keeps no cookies.',
  },
  sign_in_refused: {
    status: 403,
    error: 'sign_in_refused',
    message: 'The identity provider did not let you sign in.',
  },
  code_refused: {
    status: 400,
    error: 'sign_in_failed',
    message: 'The identity provider did not confirm this sign-in. Sign in again.',
  },
  id_token_refused: {
    status: 400,
    error: 'sign_in_failed',
    message: 'The identity provider sent something that does not belong to this sign-in. Sign in again.',
  },
  ipv4_needed: {
    status: 403,
    error: 'ipv4_required',
    message: 'Cookies are bound to an IPv4 address here, and this request came over IPv6.',
  },
  path_unknown: { status: 404, error: 'not_found', message: 'There is no such endpoint.' },
  method_unknown: {
    status: 405,
    error: 'method_not_allowed',
    message: 'The endpoint does not take this method; see the Allow header.',
  },
  host_unknown: { status: 421, error: 'misdirected_request', message: 'This host name is not served here.' },
  configuration_invalid: {
    status: 500,
    error: 'server_error',
    message: 'The site is not configured correctly. Its operators find the reason in the log.',
  },
  unexpected: {
    status: 500,
    error: 'server_error',
    message: 'Something went wrong. The operators of the site find the reason in the log.',
  },
  client_refused: {
    status: 500,
    error: 'server_error',
    message: 'The identity provider does not accept this site. Its operators find the reason in the log.',
  },
  client_secret_absent: {
    status: 503,
    error: 'temporarily_unavailable',
    message: 'The site cannot sign people in yet. Its operators find the reason in the log.',
  },
  identity_provider_unavailable: {
    status: 503,
    error: 'temporarily_unavailable',
    message: 'The identity provider does not answer at the moment. Try again shortly.',
  },
  signing_key_absent: {
    status: 503,
    error: 'signing_key_unavailable',
    message: 'The site has no signing key yet. Try again shortly.',
  },
  configuration_unavailable: {
    status: 503,
    error: 'temporarily_unavailable',
    message: 'The site cannot sign cookies at the moment. Try again shortly.',
  },
  token_keys_unavailable: {
    status: 503,
    error: 'temporarily_unavailable',
    message: 'Tokens cannot be checked at the moment. Try again shortly.',
  },
} as const satisfies Record<string, RefusalForm>

/** One of the codes of {@link REFUSALS}. */
export type RefusalCode = keyof typeof REFUSALS

/** What a refusal may carry besides its code. */
export interface RefusalOptions extends ErrorOptions {
  /** For 503: whole seconds until asking again makes sense; sent as Retry-After (RFC 9110 section 10.2.3). */
  readonly retryAfterSeconds?: number | undefined
  /** For 405: the methods that the path takes; sent as Allow (RFC 9110 section 10.2.1). */
  readonly allow?: readonly string[] | undefined
  /** The identity provider's own words, for pages only, which shorten and escape them. */
  readonly detail?: string | undefined
  /** Set-Cookie values that go out with the answer: what must be deleted is deleted by refusals too. */
  readonly cookies?: readonly string[]
  /** Where the person wanted to go, for the ways on from a page: a path that `returnPath` let through. */
  readonly next?: string | undefined
  /** `sub` of a verified token, for the log. */
  readonly subject?: string | undefined
  /** What the person may open, for the ways on from a page: granted paths. */
  readonly open?: readonly string[] | undefined
}

/** Thrown where a request cannot be served; the router turns it into the answer of its code. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly retryAfterSeconds: number | undefined
  readonly allow: readonly string[] | undefined
  readonly detail: string | undefined
  readonly cookies: readonly string[]
  readonly next: string | undefined
  readonly subject: string | undefined
  readonly open: readonly string[] | undefined

  constructor(
    code: RefusalCode,
    { retryAfterSeconds, allow, detail, cookies = [], next, subject, open, ...options }: RefusalOptions = {},
  ) {
    super(code, options)
    this.detail = detail
    this.cookies = cookies
    this.next = next
    this.subject = subject
    this.open = open
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
    this.allow = allow
  }
}

/** The same refusal with more cookies to go out with it, and with where the person wanted to go, if that is known. */
export function withCookies(refusal: Refusal, cookies: readonly string[], next = refusal.next): Refusal {
  const { code, retryAfterSeconds, allow, detail, subject, open, cause } = refusal
  return new Refusal(code, {
    retryAfterSeconds,
    allow,
    detail,
    next,
    subject,
    open,
    cookies: [...refusal.cookies, ...cookies],
    ...(cause === undefined ? {} : { cause }),
  })
}
