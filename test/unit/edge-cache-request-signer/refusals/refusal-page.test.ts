import type { SignInSettings } from '../../../../edge-cache-request-signer/src/configuration/configuration.js'
import type { Action } from '../../../../edge-cache-request-signer/src/http/html.js'
import {
  REFUSALS,
  Refusal,
  type RefusalCode,
  withCookies,
} from '../../../../edge-cache-request-signer/src/refusals/refusal.js'
import { logoutTargets, refusalPage } from '../../../../edge-cache-request-signer/src/refusals/refusal-page.js'
import { HOST, type ViewerAsks } from '../../../support/events.js'
import { configuration, request } from '../browser.js'

const signIn = configuration.signIn
const codes = Object.keys(REFUSALS) as RefusalCode[]
const at = (path: string, next?: string): ViewerAsks => ({
  path,
  querystring: next === undefined ? '' : `next=${encodeURIComponent(next)}`,
})
const waysOn = (refusal: Refusal, asks: ViewerAsks, settings = signIn) =>
  refusalPage(refusal, request(asks), settings).actions.map((action: Action) =>
    'href' in action ? `${action.label}: ${action.href}` : `${action.label}: POST ${action.postTo}`,
  )
const ways = (code: RefusalCode, asks: ViewerAsks) => waysOn(new Refusal(code), asks)

describe('refusalPage', () => {
  test.each(codes)('says what happened and leads on: %s', (code) => {
    for (const settings of [signIn, undefined]) {
      const page = refusalPage(new Refusal(code), request(at('/cookie/refresh', '/a')), settings)
      expect(page.title.length).toBeLessThan(40)
      expect(page.paragraphs.length).toBeGreaterThan(0)
      expect(page.actions.length).toBeGreaterThan(0)
      // A program's mistakes are told in a program's words.
      const isForPrograms = /^authorization_|token(?!_absent|_keys)/.test(code)
      const jargon = isForPrograms ? /undefined/ : /undefined|null|token|OAuth/i
      expect([page.title, ...page.paragraphs].join(' ')).not.toMatch(jargon)
    }
  })

  test.each<[RefusalCode, ViewerAsks, readonly string[]]>([
    [
      'session_over',
      at('/cookie/refresh', '/a?b#c'),
      ['Sign in: /cookie/sign-in?next=%2Fa%3Fb%23c', 'Go to the start page: /'],
    ],
    ['session_over', at('/cookie/refresh', '//evil.example'), ['Sign in: /cookie/sign-in', 'Go to the start page: /']],
    ['attempt_unknown', at('/cookie/callback'), ['Try again: /cookie/sign-in', 'Go to the start page: /']],
    [
      'not_admitted',
      at('/cookie/callback'),
      ['Sign in as somebody else: POST /cookie/sign-out?then=sign-in', 'Try again: /cookie/sign-in'],
    ],
    [
      'path_not_granted',
      at('/cookie/refresh', '/a'),
      [
        'Go to the start page: /',
        'Sign in as somebody else: POST /cookie/sign-out?then=sign-in&next=%2Fa',
        'Try again: /cookie/refresh?next=%2Fa',
      ],
    ],
    [
      'path_not_granted',
      at('/cookie/refresh', '/'),
      ['Sign in as somebody else: POST /cookie/sign-out?then=sign-in&next=%2F', 'Try again: /cookie/refresh?next=%2F'],
    ],
    [
      'signing_key_absent',
      at('/cookie/refresh', '/a'),
      ['Try again: /cookie/refresh?next=%2Fa', 'Go to the start page: /'],
    ],
    [
      'identity_provider_unavailable',
      at('/cookie/callback'),
      ['Try again: /cookie/sign-in', 'Go to the start page: /'],
    ],
    [
      'unexpected',
      { ...at('/cookie/sign-out'), method: 'POST' },
      ['Try again: /cookie/sign-in', 'Go to the start page: /'],
    ],
    [
      'cross_site',
      { ...at('/cookie/sign-out'), method: 'POST' },
      ['Go to the start page: /', 'Sign out: /cookie/sign-out'],
    ],
    ['cross_site_use', at('/cookie/refresh', '/a'), ['Continue: /cookie/refresh?next=%2Fa', 'Go to the start page: /']],
    ['path_unknown', at('/cookie/x', '/a'), ['Go to the start page: /']],
  ])('leads on from %s at %j', (code, asks, expected) => {
    expect(ways(code, asks)).toEqual(expected)
  })

  test.each<[readonly string[], readonly string[]]>([
    [
      ['/press/*', '/users/Zo%C3%AB%2B1/*'],
      ['Go to /press/: /press/', 'Go to /users/Zoë%2B1/: /users/Zo%C3%AB%2B1/'],
    ],
    [['/a%zz/*'], ['Go to /a%zz/: /a%zz/']],
    [
      ['/a/*', '/b/*', '/c/*', '/d/*'],
      ['Go to /a/: /a/', 'Go to /b/: /b/', 'Go to /c/: /c/'],
    ],
    [['/*', '/finance/*'], ['Go to the start page: /']],
    [[], []],
  ])('leads those who may open %j to where they may', (paths, homes) => {
    for (const next of ['/', '/x']) {
      const refusal = new Refusal('path_not_granted', { open: paths })
      const found = waysOn(withCookies(refusal, []), at('/cookie/refresh', next))
      expect(found.slice(0, -2)).toEqual(homes)
      expect(found.slice(-2)[0]).toMatch(/^Sign in as somebody else/)
    }
  })

  test('leads back to the page with the link, for browsers without scripts', () => {
    const headers = { referer: `https://${HOST}/photos/?a` }
    expect(ways('session_over', { path: '/cookie/refresh', headers })[0]).toBe(
      'Sign in: /cookie/sign-in?next=%2Fphotos%2F%3Fa',
    )
  })

  test.each<[RefusalCode, ViewerAsks, readonly string[]]>([
    ['token_absent', at('/cookie/'), ['Go to the start page: /']],
    ['not_admitted', at('/cookie/'), ['Go to the start page: /']],
    ['cross_site', at('/cookie/remove'), ['Go to the start page: /']],
    ['signing_key_absent', at('/cookie/refresh', '/'), ['Try again: /cookie/refresh?next=%2F']],
  ])('leads to no sign-in where there is none: %s', (code, asks, expected) => {
    const page = refusalPage(new Refusal(code), request(asks))
    expect(
      page.actions.map((action) => ('href' in action ? `${action.label}: ${action.href}` : action.postTo)),
    ).toEqual(expected)
    expect(page.formTargets).toEqual([])
  })

  test.each<[string, ViewerAsks, number | undefined, object]>([
    ['as a link says where to go on', at('/cookie/refresh', '/a'), 7, { afterSeconds: 7 }],
    ['not before it can be read', at('/cookie/sign-in', '/a'), 1, { afterSeconds: 2 }],
    ['without a time of its own', at('/cookie/sign-in'), undefined, { afterSeconds: 2 }],
    [
      'with where the link stood, which a reload would forget',
      { path: '/cookie/refresh', headers: { referer: `https://${HOST}/photos/?a` } },
      3,
      { afterSeconds: 3, href: '/cookie/refresh?next=%2Fphotos%2F%3Fa' },
    ],
    [
      'with the answer of the login page, which nobody has looked at yet',
      { path: '/cookie/callback', querystring: 'code=a&state=b', headers: { referer: `https://${HOST}/photos/` } },
      3,
      { afterSeconds: 3 },
    ],
  ])('is loaded again while the settings cannot be had: %s', (_, asks, retryAfterSeconds, expected) => {
    const refusal = new Refusal('configuration_unavailable', { retryAfterSeconds })
    const { reload, paragraphs } = refusalPage(refusal, request(asks))
    expect(reload).toEqual(expected)
    expect(paragraphs.at(-1)).toBe('You can also wait: this page tries again by itself.')
  })

  test.each<[string, RefusalCode, ViewerAsks]>([
    ['a form that was posted', 'configuration_unavailable', { path: '/cookie/refresh', method: 'POST' }],
    ['an answer of the login page that is used up', 'signing_key_absent', at('/cookie/callback')],
    ['what an operator has to mend', 'configuration_invalid', at('/cookie/sign-in')],
    ['a provider that does not answer', 'identity_provider_unavailable', at('/cookie/callback')],
    ['what is no failure', 'no_session', at('/cookie/refresh')],
  ])('is not loaded again after %s', (_, code, asks) => {
    const { reload, paragraphs } = refusalPage(new Refusal(code, { retryAfterSeconds: 3 }), request(asks), signIn)
    expect(reload).toBe(undefined)
    expect(paragraphs.join()).not.toContain('by itself')
  })

  test('is loaded again while the first key is made', () => {
    const refusal = new Refusal('signing_key_absent', { retryAfterSeconds: 60 })
    expect(refusalPage(refusal, request(at('/cookie/sign-in'))).reload).toEqual({ afterSeconds: 60 })
  })

  test.each<[string, string | undefined, string | undefined]>([
    ['a sentence', 'User is disabled', 'It said: “User is disabled”'],
    ['markup as it is, to be escaped with the page', '<b>no</b>', 'It said: “<b>no</b>”'],
    ['what cannot be seen as a space', ' a\r\n\tb\u202ec\u0000d\u2028e\ufefff ', 'It said: “a b c d e f”'],
    ['200 characters of it', `${'😀'.repeat(300)}`, `It said: “${'😀'.repeat(200)}”`],
    ['nothing of nothing', undefined, undefined],
    ['nothing of spaces', '  \n', undefined],
    ['nothing of half a surrogate pair', '\ud800', undefined],
  ])('repeats what the login page said: %s', (_, detail, expected) => {
    const refusal = new Refusal('sign_in_refused', detail === undefined ? {} : { detail })
    const { paragraphs } = refusalPage(refusal, request(at('/cookie/callback')), signIn)
    expect(paragraphs.slice(1)).toEqual(expected === undefined ? [] : [expected])
  })
})

describe('logoutTargets', () => {
  const settings = configuration.signIn as SignInSettings
  // A logout may pass through hosts that only the provider knows: Chromium would stop at the first that is not named.
  test.each<[string, object, readonly string[]]>([
    ['every host where there is a logout of the provider', {}, ['https:']],
    [
      'every host where the way ends elsewhere',
      { logoutEndpoint: undefined, signOutUrl: 'https://a.example/' },
      ['https:'],
    ],
    ['no host but this one where all is here', { logoutEndpoint: undefined }, []],
  ])('lets a form lead to %s', (_, changes, expected) => {
    expect(logoutTargets({ ...settings, ...changes })).toEqual(expected)
  })
})
