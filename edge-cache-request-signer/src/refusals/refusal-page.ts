/** What a person reads who cannot be served: what happened, what to do about it, and a way on. */
import type { SignInSettings } from '../configuration/configuration.js'
import type { Action, PageContent, Reload } from '../http/html.js'
import type { ViewerRequest } from '../http/request.js'
import { returnPath, returnPathOfReferer, withNext } from '../http/return-path.js'
import { cookiePath, covers } from '../paths.js'
import { REFUSALS, type Refusal, type RefusalCode, type RefusalForm } from './refusal.js'

/** Where a page may lead. Without a sign-in on this site some of them are left out. */
type Way = 'sign-in' | 'sign-in-again' | 'sign-in-as-other' | 'sign-out' | 'renew' | 'again' | 'home'

/** Title, paragraphs, ways on. */
type Text = readonly [title: string, paragraphs: readonly string[], ways: readonly Way[]]

const OTHER_SITE: Text = [
  'Nothing was done',
  ['That came from another website, and only this one may ask for it.'],
  ['renew', 'home'],
]
const SIGN_IN_FAILED: Text = [
  'Signing in did not work',
  ['The answer of the login page could not be confirmed, so you are not signed in. Please try again.'],
  ['sign-in-again', 'home'],
]
const NOT_YOUR_FAULT: Text = [
  'Something is wrong here',
  [
    'It is nothing you did. The operators of this site can see in their log what happened; please tell them if it stays like this.',
  ],
  ['again', 'home'],
]
const MOMENT: Text = [
  'One moment, please',
  ['This site cannot sign anybody in right now. It mostly takes a minute or two: please try again.'],
  ['again', 'home'],
]
const SIGNED_OUT: Text = ['Please sign in', ['You are not signed in, or your session has ended.'], ['sign-in', 'home']]

/** For what a person can meet; all else gets a title by its status, and the sentence that programs read. */
const TEXTS: Partial<Readonly<Record<RefusalCode, Text>>> = {
  token_absent: [
    'Nothing to see here',
    ['This address is for apps. People sign in on a page of their own.'],
    ['sign-in', 'home'],
  ],
  no_session: SIGNED_OUT,
  session_over: SIGNED_OUT,
  not_admitted: [
    'This account has no access',
    [
      'You signed in, but this site is not open to your account. Sign in as somebody else, or ask for access and try again.',
    ],
    ['sign-in-as-other', 'sign-in-again'],
  ],
  path_not_granted: [
    'This page is not for your account',
    ['You are signed in, but your account may not open this page. Sign in as somebody else, or ask for access.'],
    ['home', 'sign-in-as-other', 'again'],
  ],
  grants_too_many: [
    'Your account may see too much',
    [
      'It has access to more separate areas than a browser can keep cookies for. The operators of this site can combine them.',
    ],
    ['sign-in-as-other', 'home'],
  ],
  navigation_needed: [
    'Please sign in',
    ['A part of a page cannot sign you in. Please open this address in a window of its own.'],
    ['sign-in', 'home'],
  ],
  attempt_unknown: [
    'This sign-in cannot be finished',
    [
      'It was finished already, took more than 15 minutes, or began in another browser. Please start anew.',
      'If you come back here again and again, your browser may be blocking cookies: please allow them for this site.',
    ],
    ['sign-in-again', 'home'],
  ],
  sign_in_refused: [
    'You are not signed in',
    ['The login page did not let you in, or you changed your mind.'],
    ['sign-in-again', 'sign-in-as-other', 'home'],
  ],
  code_refused: SIGN_IN_FAILED,
  id_token_refused: SIGN_IN_FAILED,
  cross_site: [
    'You are still signed in',
    ['Another website tried to sign you out. If you do want to leave, you can do so here.'],
    ['home', 'sign-out'],
  ],
  cross_site_use: OTHER_SITE,
  origin_foreign: OTHER_SITE,
  ipv4_needed: [
    'Your network is not supported',
    [
      'This site binds its cookies to an IPv4 address, and you came over IPv6. Another network, or a VPN with IPv4, will do.',
    ],
    ['again', 'home'],
  ],
  path_unknown: ['There is nothing here', ['Please check the address for a typing mistake.'], ['home']],
  method_unknown: ['That does not work', ['This address cannot be used that way.'], ['home']],
  host_unknown: [
    'Wrong address',
    ['This site does not answer under the name you used. Please check the address.'],
    ['home'],
  ],
  configuration_invalid: NOT_YOUR_FAULT,
  unexpected: NOT_YOUR_FAULT,
  client_refused: NOT_YOUR_FAULT,
  client_secret_absent: MOMENT,
  identity_provider_unavailable: [
    'The login page does not answer',
    ['It mostly comes back within a minute or two: please try again.'],
    ['again', 'home'],
  ],
  signing_key_absent: MOMENT,
  configuration_unavailable: MOMENT,
  token_keys_unavailable: MOMENT,
}

const OWN_PATH = /^\/cookie\/[a-z-]*$/

/** Long enough to be read as a page, and not as a flicker. */
const LEAST_RELOAD_SECONDS = 2

/** A page has room for so many directories. */
const MOST_HOMES = 3

/** So much of what the identity provider said is shown. */
const LONGEST_DETAIL = 200

/** The page for a refusal. `signIn` is absent where nobody signs in by browser, or while that is not known. */
export function refusalPage(refusal: Refusal, request: ViewerRequest, signIn?: SignInSettings): PageContent {
  const [title, paragraphs, ways] = TEXTS[refusal.code] ?? otherText(REFUSALS[refusal.code])
  const detail = plainDetail(refusal.detail)
  const next = refusal.next ?? returnPath(request.parameter('next'), request.host) ?? returnPathOfReferer(request)
  const actions = ways.flatMap((way) => {
    if (way === 'home' && refusal.open !== undefined) return homesIn(refusal.open)
    return actionFor(way, request, next, signIn !== undefined) ?? []
  })
  const reload = reloadFor(refusal, request, next)
  return {
    title,
    paragraphs: [
      ...paragraphs,
      ...(detail === '' ? [] : [`It said: “${detail}”`]),
      ...(reload === undefined ? [] : ['You can also wait: this page tries again by itself.']),
    ],
    ...(reload === undefined ? {} : { reload }),
    actions: actions.length > 0 ? actions : [{ label: 'Go to the start page', href: '/' }],
    formTargets: signIn === undefined ? [] : logoutTargets(signIn),
  }
}

/**
 * Where a form that signs out may lead, besides this host: to any host by HTTPS, if it leaves this one at all. Chromium
 * holds every redirect after a form to `form-action` (https://github.com/w3c/webappsec-csp/issues/8), and where a logout
 * passes on its way, such as a SAML provider behind Cognito or one OpenID provider behind another, is not known here. The
 * page has no script and no field, so there is nothing that a form could carry elsewhere.
 */
export function logoutTargets({ logoutEndpoint, signOutUrl }: SignInSettings): readonly string[] {
  return [logoutEndpoint, signOutUrl].some((url) => url?.startsWith('https:')) ? ['https:'] : []
}

/** The URL that a form posts to in order to sign out and then sign in with another account (session/switch-account.ts). */
export function otherAccountForm(next: string | undefined): string {
  return withNext('/cookie/sign-out?then=sign-in', next)
}

function otherText({ status, message }: RefusalForm): Text {
  return [status === 401 ? 'Please sign in' : 'That did not work', [message], ['sign-in', 'home']]
}

/** The start page for whoever may open it, and else the first directories that they may. */
function homesIn(open: readonly string[]): readonly Action[] {
  if (open.some((path) => covers(path, '/'))) return [{ label: 'Go to the start page', href: '/' }]
  const homes = open.map(cookiePath).slice(0, MOST_HOMES)
  return homes.map((href) => ({ label: `Go to ${readable(href)}`, href }))
}

/** A path as people write it, if it can be: rules may have what is no encoding. */
function readable(path: string): string {
  try {
    return decodeURI(path)
  } catch {
    return path
  }
}

function actionFor(way: Way, request: ViewerRequest, next: string | undefined, hasSignIn: boolean): Action | undefined {
  if (way === 'home') return next === '/' ? undefined : { label: 'Go to the start page', href: '/' }
  // The answer of the identity provider is good for one time only, and so is a form: both start anew. Nothing but an
  // address of this function is repeated.
  const repeatable = request.method === 'GET' && request.path !== '/cookie/callback' && OWN_PATH.test(request.path)
  if (way === 'again' && repeatable) return { label: 'Try again', href: withNext(request.path, next) }
  if (!hasSignIn) return undefined
  switch (way) {
    case 'sign-in':
      return { label: 'Sign in', href: withNext('/cookie/sign-in', next) }
    case 'sign-in-as-other':
      return { label: 'Sign in as somebody else', postTo: otherAccountForm(next) }
    case 'sign-out':
      return { label: 'Sign out', href: '/cookie/sign-out' }
    case 'renew':
      return { label: 'Continue', href: withNext('/cookie/refresh', next) }
    default:
      return { label: 'Try again', href: withNext('/cookie/sign-in', next) }
  }
}

/**
 * Nobody should have to press a button because a sandbox was new. Before the settings are there nothing was done yet, so
 * that even the answer of the identity provider is still good, and stands in the address alone.
 */
function reloadFor(
  { code, retryAfterSeconds = 0 }: Refusal,
  request: ViewerRequest,
  next: string | undefined,
): Reload | undefined {
  const isCallback = request.path === '/cookie/callback'
  const passes = code === 'configuration_unavailable' || (code === 'signing_key_absent' && !isCallback)
  if (!passes || request.method !== 'GET' || !OWN_PATH.test(request.path)) return undefined
  // The address tells where to go on, or the page that led here did, which a reload would replace.
  const isWhole = isCallback || request.parameter('next') !== undefined || next === undefined
  return {
    afterSeconds: Math.max(LEAST_RELOAD_SECONDS, retryAfterSeconds),
    ...(isWhole ? {} : { href: withNext(request.path, next) }),
  }
}

/** Without what a reader cannot see: line breaks, and marks that turn the direction of what follows. */
function plainDetail(detail = ''): string {
  const plain = detail.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
  return [...plain].slice(0, LONGEST_DETAIL).join('')
}
