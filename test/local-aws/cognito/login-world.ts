/**
 * A running hosted login for one test file, and an app that uses it: what each story begins with.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CognitoJwtVerifier } from 'aws-jwt-verify'
import type { Jwks } from 'aws-jwt-verify/jwk'
import { createCloudFrontStore } from '../../../local-aws/cloudfront/store.js'
import { createHostedLogin, type HostedLogin } from '../../../local-aws/cognito/hosted-login.js'
import { startEdge } from '../../../local-aws/edge/listener.js'
import { startMoto } from '../../../local-aws/moto/moto.js'
import { type Answer, type Viewer, viewer } from '../../support/viewer.js'
import { CALLBACK, createPool, type Pool } from './pool.js'

/** The members of a token response. */
export interface TokenSet {
  readonly access_token: string
  readonly id_token: string
  readonly refresh_token: string
  readonly expires_in: number
}

/** Parameters of a query string or a form; undefined ones are left out. */
export type Parameters = Readonly<Record<string, string | undefined>>

/** A verifier of the app, as PKCE wants it, and its challenge. */
export const VERIFIER = 'a-verifier-of-the-app-0123456789-0123456789-abc'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** A query string or form. */
export function search(parameters: Parameters): string {
  return new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ).toString()
}

/** The value of a hidden field. */
export const hidden = (page: Answer, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page.body)?.[1] ?? `no ${name} in the page`

/** The hosted login, moto behind it and the edge before it. Its clock stands still; `offset` moves it. */
export async function startLogin() {
  const directory = mkdtempSync(join(tmpdir(), 'login-'))
  const offset = { ms: 0 }
  const start = Date.now()
  const clock = () => start + offset.ms
  const moto = await startMoto({ dataDirectory: directory, onProgress: () => {} })
  const login = createHostedLogin(moto.url, clock)
  const edge = await startEdge({
    store: createCloudFrontStore(),
    lambda: { invoke: () => Promise.reject(new Error('unused')), stop: () => Promise.resolve() },
    moto: moto.url,
    aws: (_request, response) => response.end(),
    login,
    clock,
    caDirectory: directory,
    port: 0,
    log: () => {},
  })
  const pool = await createPool(moto.url, edge.port)
  const stop = async () => {
    await edge.stop()
    await moto.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  return { offset, login, pool, stop, ...createApp(pool, login, () => viewer(edge.caFile, edge.port)) }
}

function createApp(pool: Pool, login: HostedLogin, newViewer: () => Viewer) {
  const at = (path: string) => `https://${pool.domain}${path}`
  const authorization = (changes: Parameters = {}) =>
    search({
      response_type: 'code',
      client_id: pool.clientId,
      redirect_uri: CALLBACK,
      scope: 'openid email',
      state: 'the state',
      nonce: 'the nonce',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
      ...changes,
    })
  const post = (browser: Viewer, path: string, form: Parameters, headers: Readonly<Record<string, string>> = {}) =>
    browser.ask(at(path), { method: 'POST', headers: { ...FORM, ...headers }, body: search(form) })
  const submit = async (browser: Viewer, username: string, password: string, query = authorization()) => {
    const page = await browser.ask(at(`/login?${query}`))
    return post(browser, `/login?${query}`, { _csrf: hidden(page, '_csrf'), username, password })
  }
  /** The page that a form leads to. */
  const followed = (browser: Viewer, { headers }: Answer) => browser.ask(at(headers.location ?? '/no-location'))
  const codeOf = async (browser: Viewer, query = authorization()) => {
    const answer = await submit(browser, 'ann@example.com', pool.password, query)
    const location = new URL(answer.headers.location ?? 'https://no.location/')
    return location.searchParams.get('code') ?? `no code: ${answer.status}`
  }
  const trade = (code: string, changes: Parameters = {}) =>
    post(newViewer(), '/oauth2/token', {
      grant_type: 'authorization_code',
      client_id: pool.clientId,
      redirect_uri: CALLBACK,
      code,
      code_verifier: VERIFIER,
      ...changes,
    })
  const tokens = async (query = authorization(), changes: Parameters = {}): Promise<TokenSet> =>
    JSON.parse((await trade(await codeOf(newViewer(), query), changes)).body)
  const refresh = (token: string, changes: Parameters = {}) =>
    post(newViewer(), '/oauth2/token', {
      grant_type: 'refresh_token',
      client_id: pool.clientId,
      refresh_token: token,
      ...changes,
    })
  const verified = async (token: string, tokenUse: 'access' | 'id', clientId = pool.clientId) => {
    const verifier = CognitoJwtVerifier.create({ userPoolId: pool.id, tokenUse, clientId })
    verifier.cacheJwks((await login.wellKnown(`/${pool.id}/.well-known/jwks.json`)) as Jwks)
    return verifier.verify(token)
  }
  return { newViewer, at, authorization, post, submit, followed, codeOf, trade, tokens, refresh, verified }
}
