/** Somebody with a browser, in a world with an identity provider. */
import type { CloudFrontResultResponse } from 'aws-lambda'
import type {
  Configuration,
  SignInSettings,
} from '../../../edge-cache-request-signer/src/configuration/configuration.js'
import type { World } from '../../../edge-cache-request-signer/src/dependencies.js'
import { type CookieJar, cookieJar } from '../../support/cookie-jar.js'
import { HOST } from '../../support/events.js'
import {
  AUTHORIZATION_ENDPOINT,
  type IdentityProvider,
  type IdentityProviderOptions,
  identityProvider,
  LOGOUT_ENDPOINT,
  REVOCATION_ENDPOINT,
  TOKEN_ENDPOINT,
} from '../../support/identity-provider.js'
import { CLIENT_ID, type Claims } from '../../support/tokens.js'
import { parameters, type TestWorld, testWorld, configuration as withoutSignIn } from './world.js'

export const signIn: SignInSettings = {
  clientId: CLIENT_ID,
  clientAuthentication: 'none',
  authorizationEndpoint: AUTHORIZATION_ENDPOINT,
  tokenEndpoint: TOKEN_ENDPOINT,
  revocationEndpoint: REVOCATION_ENDPOINT,
  logoutEndpoint: LOGOUT_ENDPOINT,
  scopes: ['openid', 'email'],
  authorizeParams: {},
  viewerParams: [],
  signOutUrl: '/.sign-in/signed-out.html',
  sessionSeconds: 2_592_000,
}

export const configuration: Configuration = { ...withoutSignIn, signIn }

/** What a browser sends besides cookies when a person follows a link. */
export const NAVIGATION = {
  accept: 'text/html,application/xhtml+xml',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'same-origin',
}

/** What it sends for `fetch` of a page of the host. */
export const FETCH = { accept: '*/*', 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' }

/** A world with sign-in and its identity provider. */
export interface Site extends TestWorld {
  readonly provider: IdentityProvider
}

/** The world; the configuration may be changed by changing what SSM holds. */
export function site(
  changes: Partial<Configuration> = {},
  options: IdentityProviderOptions = {},
  world: Partial<World> = {},
): Site {
  const provider = identityProvider({ redirectUris: [`https://${HOST}/cookie/callback`], ...options })
  const { postForm, fetchJwks } = provider
  const getParameters = async () => parameters({ ...configuration, ...changes })
  return { ...testWorld({ postForm, fetchJwks, getParameters, ...world }), provider }
}

/** A browser. */
export interface Visitor {
  readonly jar: CookieJar
  /** Asks for a URL of the host, or a path, and keeps the cookies of the answer. */
  readonly ask: (
    url: string,
    headers?: Readonly<Record<string, string>>,
    method?: string,
  ) => Promise<CloudFrontResultResponse>
  /** Begins to sign in: the authorization URL. */
  readonly begin: (next?: string) => Promise<string>
  /** Signs in from beginning to end: the last answer. */
  readonly signIn: (next?: string, person?: Claims) => Promise<CloudFrontResultResponse>
}

/** A new visitor with an empty jar. */
export function visitor({ ask, provider }: Site): Visitor {
  const jar = cookieJar()
  const self: Visitor = {
    jar,
    ask: async (url, headers = NAVIGATION, method = 'GET') => {
      const { host, pathname, search } = new URL(url, `https://${HOST}`)
      const cookie = jar.header(pathname)
      const answer = await ask({
        method,
        path: pathname,
        querystring: search.slice(1),
        headers: { host, ...headers, ...(cookie === '' ? {} : { cookie }) },
      })
      jar.keep(setCookies(answer))
      return answer
    },
    begin: async (next) => {
      const query = next === undefined ? '' : `?next=${encodeURIComponent(next)}`
      return locationIn(await self.ask(`/cookie/sign-in${query}`))
    },
    signIn: async (next, person) =>
      self.ask(provider.signIn(await self.begin(next), person), { ...NAVIGATION, 'sec-fetch-site': 'cross-site' }),
  }
  return self
}

/** The Set-Cookie values of an answer. */
export function setCookies({ headers = {} }: CloudFrontResultResponse): readonly string[] {
  return (headers['set-cookie'] ?? []).map(({ value }) => value)
}

/** Where an answer leads to; empty if nowhere. */
export function locationIn({ headers = {} }: CloudFrontResultResponse): string {
  return headers.location?.[0]?.value ?? ''
}

/** Status, and where it leads to or what it says. */
export function outcomeOf(answer: CloudFrontResultResponse): readonly [string, string] {
  const location = locationIn(answer)
  if (location !== '') return [answer.status, location]
  const body = answer.body ?? ''
  if (body.startsWith('<')) return [answer.status, /<title>(.*?)<\/title>/.exec(body)?.[1] ?? '']
  return [answer.status, JSON.parse(body).error ?? body]
}
