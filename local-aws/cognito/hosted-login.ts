/**
 * The hosted login of user pools over moto's users, and the documents that others verify its tokens by.
 *
 * Pages: "User pool endpoints and managed login reference". Sessions, codes and refresh tokens live as long as this
 * process; moto's own sign-in API and this login do not know each other's refresh tokens.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { authorize } from './authorize.js'
import { createMemory } from './expiring-map.js'
import { createPoolKeys } from './keys.js'
import { type Endpoint, json, type LoginAnswer, type LoginWorld, readLoginRequest } from './login.js'
import { logout } from './logout.js'
import { setNewPassword, showNewPassword } from './new-password.js'
import { errorPage } from './page.js'
import { readPools } from './pools.js'
import { revoke } from './revoke.js'
import { showSignIn, signIn } from './sign-in.js'
import { token } from './token.js'
import { userInfo } from './user-info.js'
import { wellKnownDocument } from './well-known.js'

/** The hosted login of all pools. */
export interface HostedLogin {
  /** Whether a Host header is the domain of a user pool. */
  handles(host: string): Promise<boolean>
  /** Answers a request to such a host. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /**
   * The JSON document at a path of `cognito-idp.<region>.amazonaws.com`: `/<pool id>/.well-known/jwks.json` or
   * `…/openid-configuration`; undefined for any other path and for an unknown pool.
   */
  wellKnown(path: string): Promise<unknown>
}

/** Endpoints by path and method. */
const ENDPOINTS: Readonly<Record<string, Readonly<Record<string, Endpoint>>>> = {
  '/oauth2/authorize': { GET: authorize },
  '/login': { GET: showSignIn, POST: signIn },
  '/login/new-password': { GET: showNewPassword, POST: setNewPassword },
  '/oauth2/token': { POST: token },
  '/oauth2/revoke': { POST: revoke },
  '/oauth2/userInfo': { GET: userInfo, POST: userInfo },
  '/logout': { GET: logout },
}
/** What scripts of other origins may call. */
const OPEN_TO_SCRIPTS = ['/oauth2/token', '/oauth2/revoke', '/oauth2/userInfo']

/** A hosted login over moto at a URL. */
export function createHostedLogin(moto: string, clock: () => number): HostedLogin {
  const world: LoginWorld = {
    pools: readPools(moto),
    keys: createPoolKeys(),
    clock,
    sessions: createMemory(clock),
    codes: createMemory(clock),
    refreshTokens: createMemory(clock),
    challenges: createMemory(clock),
    notices: createMemory(clock),
    revoked: new Set(),
  }
  return {
    handles: async (host) => (await world.pools.domainOfHost(host)) !== undefined,
    handle: async (incoming, response) => {
      const { status, headers, body } = await answer(world, incoming)
      response.writeHead(
        status,
        Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)) }).flatMap(expanded),
      )
      response.end(incoming.method === 'HEAD' ? undefined : body)
    },
    wellKnown: (path) => wellKnownDocument(world, moto, path),
  }
}

function expanded([name, value]: [string, string | readonly string[]]): string[] {
  return typeof value === 'string' ? [name, value] : value.flatMap((one) => [name, one])
}

async function answer(world: LoginWorld, incoming: IncomingMessage): Promise<LoginAnswer> {
  const domain = await world.pools.domainOfHost(incoming.headers.host ?? '')
  if (domain === undefined) return errorPage(404, 'No user pool has this domain.')
  const request = await readLoginRequest(incoming, domain)
  if (request === undefined) return errorPage(413, 'The request is too long.')
  const methods = Object.hasOwn(ENDPOINTS, request.path) ? ENDPOINTS[request.path] : undefined
  if (methods === undefined) return errorPage(404, 'There is no such page.')
  if (request.method === 'OPTIONS' && OPEN_TO_SCRIPTS.includes(request.path)) return preflight(methods)
  const endpoint = methods[request.method === 'HEAD' ? 'GET' : request.method]
  if (endpoint === undefined) {
    const refused = json(405, { error: 'invalid_request' })
    return { ...refused, headers: { ...refused.headers, allow: Object.keys(methods).join(', ') } }
  }
  return endpoint(world, request)
}

function preflight(methods: Readonly<Record<string, Endpoint>>): LoginAnswer {
  const headers = {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': Object.keys(methods).join(', '),
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '600',
  }
  return { status: 204, headers, body: '' }
}
