/**
 * A small identity provider in memory that keeps the rules it is there to test: authorization codes that are good once
 * and for a minute, proof keys (RFC 7636), client authentication (RFC 6749 section 2.3.1), refresh tokens that rotate or
 * not, revocation (RFC 7009). It has no page: a test says who signs in.
 */
import { createHash } from 'node:crypto'
import type { World } from '../../edge-cache-request-signer/src/dependencies.js'
import { CLIENT_ID, type Claims, issuerOf, jwks, kidOf, mint, SUBJECT, tokenKeyPair } from './tokens.js'

/** What the tests configure it with; the defaults are a Cognito user pool with a public client. */
export interface IdentityProviderOptions {
  readonly issuer?: string
  readonly clientId?: string
  readonly clientSecret?: string
  readonly authentication?: 'none' | 'client_secret_basic' | 'client_secret_post'
  readonly redirectUris?: readonly string[]
  /** For how many seconds a refresh token that was replaced is still good; without it none is ever replaced. */
  readonly rotationGraceSeconds?: number
  /** Changes the ID token before it is signed; undefined leaves a claim out. */
  readonly claims?: Claims
}

/** The provider, and what a test may look at. */
export interface IdentityProvider {
  readonly postForm: World['postForm']
  readonly fetchJwks: World['fetchJwks']
  /** Follows an authorization URL as this person: the URL that the browser is sent back to. */
  readonly signIn: (url: string, person?: Claims) => string
  /** Follows an authorization URL and is refused. */
  readonly refuse: (url: string, error: string, description?: string) => string
  /** Changed between requests: what the ID tokens say, and what the endpoints answer instead. */
  claims: Claims
  instead: (() => ReturnType<World['postForm']>) | undefined
  /** All forms that were posted, oldest first. */
  readonly posted: { readonly uri: string; readonly form: Readonly<Record<string, string>>; readonly headers: object }[]
  /** Refresh tokens that would be taken now. */
  readonly goodRefreshTokens: () => readonly string[]
}

export const AUTHORIZATION_ENDPOINT = 'https://login.example.com/oauth2/authorize'
export const TOKEN_ENDPOINT = 'https://login.example.com/oauth2/token'
export const REVOCATION_ENDPOINT = 'https://login.example.com/oauth2/revoke'
export const LOGOUT_ENDPOINT = 'https://login.example.com/logout'

interface Code {
  readonly challenge: string
  readonly redirectUri: string
  readonly nonce: string
  readonly person: Claims
  readonly expiresAt: number
  used: boolean
}

interface Grant {
  readonly person: Claims
  replacedAt: number | undefined
}

const CODE_SECONDS = 60

class OAuthError extends Error {
  readonly status: number

  /** `error` of RFC 6749 section 5.2. */
  constructor(code: string, status: number = 400) {
    super(code)
    this.status = status
  }
}

/** A provider whose clock is `Date.now`, which the tests pin. */
export function identityProvider(options: IdentityProviderOptions = {}): IdentityProvider {
  const { issuer = issuerOf(), clientId = CLIENT_ID, redirectUris } = options
  const codes = new Map<string, Code>()
  const grants = new Map<string, Grant>()
  const now = () => Date.now() / 1000
  let count = 0
  const unique = (kind: string) => {
    count += 1
    return `${kind}-${count}-${createHash('sha256').update(`${kind}${count}`).digest('base64url')}`
  }

  const isGood = ({ replacedAt }: Grant) =>
    replacedAt === undefined || now() < replacedAt + (options.rotationGraceSeconds ?? 0)

  function authorized(url: string): URLSearchParams {
    const { origin, pathname, searchParams } = new URL(url)
    if (origin + pathname !== AUTHORIZATION_ENDPOINT) throw new Error(`${url} is not the authorization endpoint`)
    const one = (name: string) => {
      const values = searchParams.getAll(name)
      if (values.length !== 1 || values[0] === '') throw new Error(`the authorization request has no single ${name}`)
      return values[0] ?? ''
    }
    const rules: readonly (readonly [boolean, string])[] = [
      [one('response_type') === 'code', 'another response type'],
      [one('client_id') === clientId, 'another client'],
      [redirectUris === undefined || redirectUris.includes(one('redirect_uri')), 'redirect_uri is not registered'],
      [one('scope').split(' ').includes('openid'), 'no scope openid'],
      [one('code_challenge_method') === 'S256' && /^[\w-]{43}$/.test(one('code_challenge')), 'no proof key'],
      [one('state').length >= 16 && one('nonce').length >= 16, 'state or nonce can be guessed'],
    ]
    const broken = rules.find(([isKept]) => !isKept)
    if (broken !== undefined) throw new Error(`the authorization request is refused: ${broken[1]}`)
    return searchParams
  }

  function back(parameters: URLSearchParams, answer: Readonly<Record<string, string>>): string {
    const url = new URL(parameters.get('redirect_uri') ?? '')
    for (const [name, value] of Object.entries({ ...answer, state: parameters.get('state') ?? '' })) {
      url.searchParams.set(name, value)
    }
    return url.href
  }

  function authenticate(form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>): void {
    const { authentication = 'none', clientSecret = '' } = options
    const basic = Buffer.from(headers.Authorization?.replace(/^Basic /, '') ?? '', 'base64').toString()
    const [id, secret] = basic.split(':').map((part) => new URLSearchParams(`x=${part}`).get('x'))
    const isKnown = {
      none: form.client_id === clientId && form.client_secret === undefined && headers.Authorization === undefined,
      client_secret_post: form.client_id === clientId && form.client_secret === clientSecret && basic === '',
      client_secret_basic: id === clientId && secret === clientSecret && form.client_secret === undefined,
    }
    if (!isKnown[authentication]) throw new OAuthError('invalid_client', 401)
  }

  function tokens(person: Claims, nonce: string | undefined, refreshToken: string | undefined): object {
    const common = { sub: SUBJECT, iss: issuer, iat: now(), exp: now() + 3600, auth_time: now() }
    const id = { ...common, token_use: 'id', aud: clientId, nonce, ...person, ...provider.claims }
    const header = { kid: kidOf('id') }
    return {
      id_token: mint(id, { header, key: tokenKeyPair('id') }),
      access_token: mint({ ...common, token_use: 'access', client_id: clientId, scope: 'openid' }),
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
      token_type: 'Bearer',
      expires_in: 3600,
    }
  }

  function redeem(form: Readonly<Record<string, string>>): object {
    const code = codes.get(form.code ?? '')
    if (code === undefined || code.used || now() > code.expiresAt) throw new OAuthError('invalid_grant')
    code.used = true
    const challenge = createHash('sha256')
      .update(form.code_verifier ?? '')
      .digest('base64url')
    if (challenge !== code.challenge || form.redirect_uri !== code.redirectUri) throw new OAuthError('invalid_grant')
    const refreshToken = unique('refresh')
    grants.set(refreshToken, { person: code.person, replacedAt: undefined })
    return tokens(code.person, code.nonce, refreshToken)
  }

  function renew(form: Readonly<Record<string, string>>): object {
    const grant = grants.get(form.refresh_token ?? '')
    if (grant === undefined || !isGood(grant)) throw new OAuthError('invalid_grant')
    if (options.rotationGraceSeconds === undefined) return tokens(grant.person, undefined, undefined)
    grant.replacedAt ??= now()
    const refreshToken = unique('refresh')
    grants.set(refreshToken, { person: grant.person, replacedAt: undefined })
    return tokens(grant.person, undefined, refreshToken)
  }

  function answer(uri: string, form: Readonly<Record<string, string>>): object {
    if (uri === REVOCATION_ENDPOINT) {
      grants.delete(form.token ?? '')
      return {}
    }
    if (uri !== TOKEN_ENDPOINT) throw new OAuthError('not_found', 404)
    if (form.grant_type === 'authorization_code') return redeem(form)
    if (form.grant_type === 'refresh_token') return renew(form)
    throw new OAuthError('unsupported_grant_type')
  }

  const provider: IdentityProvider = {
    claims: options.claims ?? {},
    instead: undefined,
    posted: [],
    goodRefreshTokens: () => [...grants].flatMap(([token, grant]) => (isGood(grant) ? [token] : [])),
    fetchJwks: async () => jwks(),
    signIn: (url, person = {}) => {
      const parameters = authorized(url)
      const code = unique('code')
      codes.set(code, {
        challenge: parameters.get('code_challenge') ?? '',
        redirectUri: parameters.get('redirect_uri') ?? '',
        nonce: parameters.get('nonce') ?? '',
        person,
        expiresAt: now() + CODE_SECONDS,
        used: false,
      })
      return back(parameters, { code })
    },
    refuse: (url, error, description) =>
      back(authorized(url), { error, ...(description === undefined ? {} : { error_description: description }) }),
    postForm: async (uri, form, headers = {}) => {
      provider.posted.push({ uri, form, headers })
      if (provider.instead !== undefined) return await provider.instead()
      try {
        authenticate(form, headers)
        return { status: 200, body: JSON.stringify(answer(uri, form)) }
      } catch (error) {
        if (!(error instanceof OAuthError)) throw error
        return { status: error.status, body: JSON.stringify({ error: error.message }) }
      }
    },
  }
  return provider
}
