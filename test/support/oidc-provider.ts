/**
 * An OpenID Connect provider that is not ours: the certified npm package oidc-provider, configured and not changed, at
 * `https://idp.localhost:<port>` with a certificate of the local AWS's authority.
 *
 * It has PKCE, refresh tokens with rotation (a replayed one ends the whole grant), revocation (RFC 7009), RP-initiated
 * logout, and a sign-in page for browsers. It runs on the Lambda runtime's Node, as it needs a newer one than the tests.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openAuthority } from '../../local-aws/edge/tls.js'
import type { Answer, Viewer } from './viewer.js'

/** Somebody who can sign in; `sub` is made from the address. */
export interface OidcAccount {
  readonly email: string
  readonly password: string
  /** True unless said otherwise. */
  readonly emailVerified?: boolean
  readonly groups?: readonly string[]
  /** Further claims of the ID token. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** An app that may send people here. */
export interface OidcClient {
  readonly clientId: string
  /** At least 32 characters; only for clients that authenticate. */
  readonly clientSecret?: string
  readonly authentication: 'none' | 'client_secret_basic' | 'client_secret_post'
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris?: readonly string[]
}

/** How the provider is configured. */
export interface OidcSettings {
  readonly accounts: readonly OidcAccount[]
  readonly clients: readonly OidcClient[]
  /** `offline_access`: refresh tokens only with this scope and `prompt=consent`, as OpenID Connect Core section 11 has it. */
  readonly refreshTokens?: 'always' | 'offline_access'
  /** An hour for access and ID tokens and 14 days for refresh tokens, unless said otherwise. */
  readonly lifetimeSeconds?: {
    readonly accessToken?: number
    readonly idToken?: number
    readonly refreshToken?: number
  }
}

/** A running provider. */
export interface OidcProvider {
  readonly issuer: string
  /** Changes settings; sessions and tokens stay. Redirect addresses are often known only after the issuer. */
  configure(changes: Partial<OidcSettings>): Promise<void>
  stop(): Promise<void>
}

const HERE = dirname(fileURLToPath(import.meta.url))

/** Where a viewer landed, and what it saw there; an address beyond the provider is not asked for. */
export interface Landing {
  readonly url: URL
  readonly answer: Answer
}

/** Asks for an address of the provider, and follows its redirects as far as they stay there. */
export async function visitOidcProvider(viewer: Viewer, url: URL): Promise<Landing> {
  return follow(viewer, url, await viewer.ask(url.href))
}

/** Sends a form to the provider, and follows. */
export async function sendToOidcProvider(
  viewer: Viewer,
  url: URL,
  form: Readonly<Record<string, string>>,
): Promise<Landing> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return follow(
    viewer,
    url,
    await viewer.ask(url.href, { method: 'POST', headers, body: new URLSearchParams(form).toString() }),
  )
}

/** Signs in with a password, from the address of an authorization request to the one that leads back to the app. */
export async function throughOidcProvider(
  viewer: Viewer,
  authorize: URL,
  { email, password }: Pick<OidcAccount, 'email' | 'password'>,
): Promise<URL> {
  const page = await visitOidcProvider(viewer, authorize)
  if (page.url.origin !== authorize.origin) return page.url
  const { url } = await sendToOidcProvider(viewer, page.url, { email, password, decision: 'go' })
  return url
}

/** The ID token that a public app gets at the provider `issuer` when somebody signs in there with it. */
export async function idTokenOf(
  viewer: Viewer,
  issuer: string,
  { clientId, redirectUris: [redirectUri = ''] }: OidcClient,
  account: Pick<OidcAccount, 'email' | 'password'>,
): Promise<string> {
  const verifier = randomBytes(32).toString('base64url')
  const authorize = new URL(`${issuer}/auth`)
  authorize.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid email',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString()
  const code = (await throughOidcProvider(viewer, authorize, account)).searchParams.get('code') ?? ''
  const answer = await viewer.ask(`${issuer}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code,
      code_verifier: verifier,
    }).toString(),
  })
  return JSON.parse(answer.body).id_token
}

async function follow(viewer: Viewer, from: URL, answer: Answer): Promise<Landing> {
  if (answer.headers.location === undefined) return { url: from, answer }
  const next = new URL(answer.headers.location, from)
  return next.origin === from.origin ? visitOidcProvider(viewer, next) : { url: next, answer }
}

type Reply = { readonly issuer: string } | { readonly error: string }

/**
 * Starts a provider on a free port; `caFile` is the authority's certificate as the local AWS names it.
 *
 * @throws Error with the provider's own sentence when it does not like its settings.
 */
export async function startOidcProvider(caFile: string, settings: OidcSettings): Promise<OidcProvider> {
  const tls = await (await openAuthority(dirname(caFile))).leafFor('idp.localhost')
  const child = spawn(join(HERE, '../../node_modules/node/bin/node'), [join(HERE, 'oidc-provider', 'main.mjs')], {
    // Its own warnings name what a provider for the public should change.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const stop = () => end(child)
  let known = settings
  const ask = async (changes: Partial<OidcSettings>): Promise<string> => {
    known = { ...known, ...changes }
    const reply = await exchange(child, { tls, settings: known })
    if ('error' in reply) throw new Error(`oidc-provider: ${reply.error}`)
    return reply.issuer
  }
  try {
    return { issuer: await ask({}), configure: async (changes) => void (await ask(changes)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function exchange(child: ChildProcess, message: object): Promise<Reply> {
  return new Promise((done) => {
    const ended = () => done({ error: 'the process has ended' })
    child.once('exit', ended)
    child.once('message', (reply: Reply) => {
      child.off('exit', ended)
      done(reply)
    })
    child.send(message, (error) => error !== null && ended())
  })
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((done) => {
    child.once('exit', () => done())
    child.kill('SIGKILL')
  })
}
