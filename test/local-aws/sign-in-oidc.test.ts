/** The edge function's own code against an OpenID Connect provider that is not ours: in, on and out, with each way of proving who asks. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CloudFrontResultResponse } from 'aws-lambda'
import { serializeSigningKey } from '../../contract/secret.js'
import type { World } from '../../edge-cache-request-signer/src/dependencies.js'
import { createRouter } from '../../edge-cache-request-signer/src/router.js'
import { openAuthority } from '../../local-aws/edge/tls.js'
import { cookieJar } from '../support/cookie-jar.js'
import { HOST, viewerRequest } from '../support/events.js'
import { signingKey } from '../support/keys.js'
import { type OidcProvider, startOidcProvider, throughOidcProvider } from '../support/oidc-provider.js'
import { type Viewer, viewer } from '../support/viewer.js'

const ADDRESSES = {
  redirectUris: [`https://${HOST}/cookie/callback`],
  postLogoutRedirectUris: [`https://${HOST}/.sign-in/signed-out.html`],
}
// Characters that Basic credentials carry encoded (RFC 6749 section 2.3.1).
const SECRET = `${randomBytes(32).toString('base64url')}:+ %&=`
const CLIENTS = [
  { clientId: 'public', authentication: 'none', ...ADDRESSES },
  { clientId: 'basic', clientSecret: SECRET, authentication: 'client_secret_basic', ...ADDRESSES },
  { clientId: 'post', clientSecret: SECRET, authentication: 'client_secret_post', ...ADDRESSES },
] as const
const ANN = { email: 'ann@example.com', password: 'Passw0rd!one', groups: ['finance'] }
const BOB = { email: 'bob@example.com', password: 'Passw0rd!two', groups: ['guests'] }

const directory = mkdtempSync(join(tmpdir(), 'sign-in-oidc-'))
let caFile: string
let provider: OidcProvider
let discovered: Readonly<Record<string, string>>

beforeAll(async () => {
  ;({ caFile } = await openAuthority(directory))
  provider = await startOidcProvider(caFile, { accounts: [ANN, BOB], clients: CLIENTS })
  const answer = await viewer(caFile, 443).ask(`${provider.issuer}/.well-known/openid-configuration`)
  discovered = JSON.parse(answer.body)
})

afterAll(async () => {
  await provider?.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** What Terraform would write for this client, from what the provider says of itself. */
function configuration({ clientId, authentication }: (typeof CLIENTS)[number]): object {
  return {
    version: 1,
    hosts: [HOST],
    oidc: { issuer: provider.issuer, jwksUri: discovered.jwks_uri, audiences: [clientId], groupsClaim: 'groups' },
    grants: [{ paths: ['/*'], groups: ['finance'], emailDomains: ['example.com'] }],
    signIn: {
      clientId,
      clientAuthentication: authentication,
      authorizationEndpoint: discovered.authorization_endpoint,
      tokenEndpoint: discovered.token_endpoint,
      revocationEndpoint: discovered.revocation_endpoint,
      logoutEndpoint: discovered.end_session_endpoint,
      scopes: ['openid', 'email', 'groups'],
      authorizeParams: {},
      viewerParams: [],
      signOutUrl: '/.sign-in/signed-out.html',
      sessionSeconds: 86_400,
    },
    cookies: { lifetimeSeconds: 3600, sameSite: 'Lax', hashAlgorithm: 'SHA1', bindToIp: false },
    cors: { allowedOrigins: [] },
    cache: { freshSeconds: 300, staleSeconds: 3600 },
  }
}

/** A browser that knows the function by its router and the provider by the network. */
function browser(client: (typeof CLIENTS)[number]) {
  const network: Viewer = viewer(caFile, 443)
  const peer = viewer(caFile, 443)
  const lines: string[] = []
  const world: World = {
    functionName: 'photos',
    getParameters: async () =>
      new Map([
        ['/photos/configuration', JSON.stringify(configuration(client))],
        ['/aws/reference/secretsmanager/photos/signing-key', serializeSigningKey(signingKey())],
        ['/aws/reference/secretsmanager/photos/client-secret', SECRET],
      ]),
    fetchJwks: async (uri) => (await peer.ask(uri)).body,
    postForm: async (uri, form, headers = {}) =>
      await peer.ask(uri, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(form).toString(),
      }),
    log: (line) => lines.push(line),
    randomBytes,
    now: Date.now,
    random: Math.random,
    after: () => () => undefined,
  }
  const route = createRouter(world)
  const jar = cookieJar()
  const ask = async (url: string, mode: 'navigate' | 'cors' = 'navigate', method: string = 'GET') => {
    const { pathname, search } = new URL(url, `https://${HOST}`)
    const event = viewerRequest({
      method,
      path: pathname,
      querystring: search.slice(1),
      headers: { cookie: jar.header(pathname), 'sec-fetch-mode': mode, 'sec-fetch-site': 'same-origin' },
    })
    const { status, headers = {}, body = '' } = (await route(event)) as CloudFrontResultResponse
    jar.keep((headers['set-cookie'] ?? []).map(({ value }) => value))
    return { status, location: headers.location?.[0]?.value ?? '', body }
  }
  return {
    jar,
    lines,
    ask,
    signIn: async (person: typeof ANN) => {
      const { location } = await ask('/cookie/sign-in?next=%2Fphotos%2F%3Fa%23b')
      return await ask((await throughOidcProvider(network, new URL(location), person)).href)
    },
  }
}

describe.each(CLIENTS)('a client that authenticates with $authentication', (client) => {
  test('signs in, renews with rotating tokens, and signs out', async () => {
    const { ask, signIn, jar, lines } = browser(client)
    expect(await signIn(ANN)).toMatchObject({ status: '302', location: `https://${HOST}/photos/?a#b` })

    const session = await ask('/cookie/session', 'cors')
    expect(JSON.parse(session.body)).toMatchObject({ email: ANN.email, paths: ['/*'], renewable: true })

    for (const _ of [1, 2, 3]) expect((await ask('/cookie/refresh', 'cors')).status).toBe('200')

    const before = jar.header('/cookie/refresh')
    const out = await ask('/cookie/sign-out', 'navigate', 'POST')
    expect(out.status).toBe('303')
    expect(new URL(out.location).origin).toBe(provider.issuer)
    expect(jar.names()).toEqual([])

    jar.keep(before.split('; ').map((pair) => `${pair}; Path=/cookie/; Max-Age=60`))
    expect((await ask('/cookie/refresh', 'cors')).status).toBe('401')
    expect(lines.map((line) => JSON.parse(line)).filter(({ level }) => level !== 'info')).toEqual([])
  })
})

test('refuses whoever the rules do not name', async () => {
  const { signIn, jar } = browser(CLIENTS[0])
  expect((await signIn(BOB)).status).toBe('403')
  expect(jar.names()).toEqual([])
})
