import { HOST } from '../../../support/events.js'
import {
  configuration,
  FETCH,
  locationIn,
  NAVIGATION,
  outcomeOf,
  type Site,
  setCookies,
  signIn,
  site,
  visitor,
} from '../visitor.js'
import { parameters } from '../world.js'

const PAGE = '/photos/?album=1#two'
const FORM = `/cookie/sign-out?then=sign-in&next=${encodeURIComponent(PAGE)}`
const SIGNED_OUT = `https://${HOST}/.sign-in/signed-out.html`

/** Somebody who pressed the button: the visitor, and where that led. */
async function leaving(place: Site, form = FORM) {
  const guest = visitor(place)
  await guest.signIn('/photos/')
  const answer = await guest.ask(form, NAVIGATION, 'POST')
  return { guest, answer }
}

const authorization = async (guest: ReturnType<typeof visitor>, path = '/cookie/sign-in') =>
  new URL(locationIn(await guest.ask(path)))

describe('who signs in as somebody else', () => {
  test('is signed out altogether, and comes back over the page of the module to the page that was wanted', async () => {
    const place = site({ signIn: { ...signIn, signOutUrl: 'https://elsewhere.example/bye' } })
    const { guest, answer } = await leaving(place)
    expect(new URL(locationIn(answer)).searchParams.get('logout_uri')).toBe(SIGNED_OUT)
    expect(guest.jar.names()).toEqual(['__Host-sign-in-again'])
    expect(place.provider.posted.map(({ uri }) => uri)).toContain(signIn.revocationEndpoint)

    const callback = place.provider.signIn((await authorization(guest)).href)
    expect(guest.jar.names().filter((name) => name === '__Host-sign-in-again')).toEqual([])
    expect(outcomeOf(await guest.ask(callback))).toEqual(['302', `https://${HOST}${PAGE}`])
  })

  test.each(['login', 'select_account'] as const)(
    'is asked for the account once, by prompt=%s',
    async (accountPrompt) => {
      const settings = { ...signIn, accountPrompt, authorizeParams: { prompt: 'none' }, viewerParams: ['prompt'] }
      const { guest } = await leaving(site({ signIn: settings }))
      expect((await authorization(guest, '/cookie/sign-in?prompt=none')).searchParams.get('prompt')).toBe(accountPrompt)
      expect((await authorization(guest)).searchParams.get('prompt')).toBe('none')
    },
  )

  test("is sent to the module's page by a provider without logout too", async () => {
    const { logoutEndpoint: _, ...settings } = signIn
    const { answer } = await leaving(site({ signIn: { ...settings, signOutUrl: '/bye.html' } }))
    expect(outcomeOf(answer)).toEqual(['303', SIGNED_OUT])
  })

  describe('at an OpenID Connect provider', () => {
    const issuer = 'https://idp.example.com'
    const oidc = { issuer, jwksUri: `${issuer}/jwks`, audiences: ['api'], groupsClaim: 'groups' }
    const elsewhere = (settings: object, grants: typeof configuration.grants = [{ paths: ['/*'] }]) => {
      const { userPool: _, ...rest } = configuration
      const getParameters = async () => parameters({ ...rest, oidc, grants, signIn: settings })
      return site({}, { issuer, claims: { token_use: undefined } }, { getParameters })
    }
    const asking = { ...signIn, accountPrompt: 'login' as const }
    const staffOnly = [{ paths: ['/*'], groups: ['staff'] }]

    test('goes straight to the page when the account was not admitted, because some logouts want a hint that nobody has', async () => {
      const { guest, answer } = await leaving(elsewhere(asking, staffOnly))
      expect(outcomeOf(answer)).toEqual(['303', SIGNED_OUT])
      expect((await authorization(guest)).searchParams.get('prompt')).toBe('login')
    })

    test('goes by way of the logout when there is a hint for it', async () => {
      const url = new URL(locationIn((await leaving(elsewhere(asking))).answer))
      expect(url.searchParams.get('post_logout_redirect_uri')).toBe(SIGNED_OUT)
      expect(url.searchParams.get('id_token_hint')).toMatch(/^eyJ/)
    })

    test('goes by way of the logout where the next sign-in would not ask for the account', async () => {
      const { answer } = await leaving(elsewhere(signIn, staffOnly))
      expect(locationIn(answer)).toContain(`${signIn.logoutEndpoint}?`)
    })

    test('goes by way of the logout who only signs out, hint or not', async () => {
      const { answer } = await leaving(elsewhere(asking, staffOnly), '/cookie/sign-out')
      expect(locationIn(answer)).toContain(`${signIn.logoutEndpoint}?`)
    })
  })

  test('goes by way of the logout of Cognito, which wants no hint, although the account was not admitted', async () => {
    const grants = [{ paths: ['/*'], groups: ['staff'] }]
    const { answer } = await leaving(site({ signIn: { ...signIn, accountPrompt: 'select_account' }, grants }))
    expect(new URL(locationIn(answer)).searchParams.get('logout_uri')).toBe(SIGNED_OUT)
  })

  test('may go to another page instead', async () => {
    const place = site()
    const { guest } = await leaving(place)
    const callback = place.provider.signIn((await authorization(guest, '/cookie/sign-in?next=%2Fother')).href)
    expect(outcomeOf(await guest.ask(callback))).toEqual(['302', `https://${HOST}/other`])
  })

  test.each([
    ['another site', '/cookie/sign-out?then=sign-in&next=%2F%2Fevil.example'],
    ['nowhere in particular', '/cookie/sign-out?then=sign-in'],
  ])('ends at the start page when the form names %s', async (_, form) => {
    const place = site()
    const { guest } = await leaving(place, form)
    const callback = place.provider.signIn((await authorization(guest)).href)
    expect(outcomeOf(await guest.ask(callback))).toEqual(['302', `https://${HOST}/`])
  })

  test('is not asked again after a quarter of an hour, nor by a cookie that was made up or is from another host', async () => {
    const place = site({ signIn: { ...signIn, accountPrompt: 'login' } })
    const { guest } = await leaving(place)
    const cookie = guest.jar.header('/')
    const promptWith = async (header: string, host = HOST) => {
      const answer = await place.ask({ path: '/cookie/sign-in', headers: { ...NAVIGATION, host, cookie: header } })
      return new URL(locationIn(answer)).searchParams.get('prompt')
    }
    expect(await promptWith(cookie)).toBe('login')
    expect(await promptWith(cookie, 'photos.example.com')).toBeNull()
    expect(await promptWith(cookie.replace('again=', 'again=A'))).toBeNull()
    place.clock.jump(901_000)
    expect(await promptWith(cookie)).toBeNull()
  })

  test('leaves nothing of it behind by signing out', async () => {
    const { guest } = await leaving(site())
    const answer = await guest.ask('/cookie/sign-out', FETCH, 'POST')
    expect(setCookies(answer)).toContainEqual(expect.stringMatching(/^__Host-sign-in-again=; Path=\/; Max-Age=0;/))
    expect(guest.jar.names()).toEqual([])
  })
})
