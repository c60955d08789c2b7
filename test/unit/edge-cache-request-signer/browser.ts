/** A browser as the function meets it: it keeps what is set, and sends it back with its next request. */
import { randomBytes } from 'node:crypto'
import type { Configuration } from '../../../edge-cache-request-signer/src/configuration/configuration.js'
import { type Call, createContext } from '../../../edge-cache-request-signer/src/context.js'
import { parseViewerRequest, type ViewerRequest } from '../../../edge-cache-request-signer/src/http/request.js'
import { openSession, type Session, sessionCookies } from '../../../edge-cache-request-signer/src/session/session.js'
import { createSealer, type Sealer } from '../../../edge-cache-request-signer/src/signing/seal.js'
import { type ViewerAsks, viewerRequest } from '../../support/events.js'
import { configuration as plainConfiguration } from './world.js'

export const NOW = 1_795_500_000
export const SEALING_KEY = Buffer.alloc(32, 7).toString('base64url')
export const OTHER_KEY = Buffer.alloc(32, 8).toString('base64url')
export const sealer = createSealer([SEALING_KEY], randomBytes)

/** What a browser sends with a navigation. */
export const NAVIGATION = { 'sec-fetch-mode': 'navigate', accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

export const configuration: Configuration = {
  ...plainConfiguration,
  signIn: {
    clientId: '1example23456789',
    clientAuthentication: 'none',
    authorizationEndpoint: 'https://login.example.com/oauth2/authorize',
    tokenEndpoint: 'https://login.example.com/oauth2/token',
    revocationEndpoint: 'https://login.example.com/oauth2/revoke',
    logoutEndpoint: 'https://login.example.com/logout',
    scopes: ['openid'],
    authorizeParams: {},
    viewerParams: [],
    signOutUrl: '/.sign-in/signed-out.html',
    sessionSeconds: 2_592_000,
  },
}

/** What a session says it opens, signed by one key. */
export const opened = (...paths: readonly string[]) => ({ KEXAMPLE: paths })

/** A parsed request. */
export function request(asks: ViewerAsks = {}): ViewerRequest {
  return parseViewerRequest(viewerRequest(asks))
}

/** The Cookie header that a browser sends after these Set-Cookie values; what they delete is gone. */
export function cookieHeader(setCookies: readonly string[]): string {
  const jar = new Map<string, string>()
  for (const line of setCookies) {
    const [pair = ''] = line.split('; ')
    const name = pair.slice(0, pair.indexOf('='))
    if (line.includes('; Max-Age=0;')) jar.delete(name)
    else jar.set(name, pair)
  }
  return [...jar.values()].join('; ')
}

/** The names of the cookies that Set-Cookie values delete, with their paths. */
export function deletedIn(setCookies: readonly string[]): readonly string[] {
  return setCookies.flatMap((line) => {
    const [, name, path] = /^([^=]*)=; Path=([^;]*); (?:Domain=[^;]*; )?Max-Age=0; /.exec(line) ?? []
    return name === undefined ? [] : [`${name} ${path}`]
  })
}

/** The Set-Cookie values that keep a session in the browser that sends this request; `now` and `maxAge` in seconds. */
export function sessionCookiesFor(
  session: Session,
  request: ViewerRequest,
  sealer: Sealer,
  random: Call['world']['randomBytes'],
  maxAge: number,
  now: number,
): readonly string[] {
  const boundSession = openSession(request, sealer, now)
  return sessionCookies(
    session,
    { request, settings: { sealer }, now, world: { randomBytes: random }, boundSession },
    maxAge,
  )
}

/** What an endpoint is given. */
export function call(
  asks: ViewerAsks = {},
  changes: Partial<Call['settings']> = {},
  world: Partial<Call['world']> = {},
): Call {
  const never = async () => {
    throw new Error('nobody should be asked')
  }
  return createContext({
    request: request(asks),
    settings: {
      configuration,
      signers: new Map(),
      sealer,
      clientSecret: undefined,
      verifyToken: never,
      verifyIdToken: never,
      ...changes,
    },
    now: NOW,
    world: { postForm: never, randomBytes, log: () => undefined, ...world },
  })
}
