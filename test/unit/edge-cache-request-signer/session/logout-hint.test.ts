import { HOST } from '../../../support/events.js'
import { configuration, FETCH, locationIn, NAVIGATION, signIn, site, visitor } from '../visitor.js'
import { parameters } from '../world.js'

const issuer = 'https://idp.example.com'
const oidc = { issuer, jwksUri: `${issuer}/jwks`, audiences: ['api'], groupsClaim: 'groups' }
const claims = { token_use: undefined }

/** A site whose people sign in at another provider than Cognito. */
function elsewhere(settings = signIn, more: Readonly<Record<string, unknown>> = {}) {
  const { userPool: _, ...rest } = configuration
  const getParameters = async () => parameters({ ...rest, oidc, signIn: settings })
  return site({}, { issuer, claims: { ...claims, ...more } }, { getParameters })
}

const hintOf = (url: string) => new URL(url).searchParams.get('id_token_hint')
const payloadOf = (jwt: string | null) => JSON.parse(Buffer.from(jwt?.split('.')[1] ?? '', 'base64url').toString())

async function leave(place = elsewhere(), headers = NAVIGATION) {
  const guest = visitor(place)
  await guest.signIn('/', { sub: 'ada' })
  const before = guest.jar.names()
  const answer = await guest.ask('/cookie/sign-out', headers, 'POST')
  return { before, answer, after: guest.jar.names() }
}

describe('the hint for the logout of a provider', () => {
  test('is the ID token of the person, and gone with the session', async () => {
    const { before, answer, after } = await leave()
    expect(before).toContain('__Secure-logout-hint')
    const url = new URL(locationIn(answer))
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`https://${HOST}/.sign-in/signed-out.html`)
    expect(payloadOf(hintOf(url.href))).toMatchObject({ iss: issuer, sub: 'ada' })
    expect(after).toEqual([])
  })

  test('is the token of the last renewal', async () => {
    const place = elsewhere()
    const guest = visitor(place)
    await guest.signIn('/', { sub: 'ada' })
    place.provider.claims = { ...claims, sub: 'ada', round: 2 }
    expect((await guest.ask('/cookie/refresh', FETCH, 'POST')).status).toBe('200')
    const answer = await guest.ask('/cookie/sign-out', NAVIGATION, 'POST')
    expect(payloadOf(hintOf(locationIn(answer)))).toMatchObject({ round: 2 })
  })

  test('is sealed, for the function only', async () => {
    const guest = visitor(elsewhere())
    const answer = await guest.signIn('/', { sub: 'ada' })
    const cookie = answer.headers?.['set-cookie']?.find(({ value }) => value.startsWith('__Secure-logout-hint='))?.value
    expect(cookie).toMatch(
      /^__Secure-logout-hint=[\w-]+; Path=\/cookie\/; Max-Age=2592000; Secure; HttpOnly; SameSite=Lax$/,
    )
    expect(Buffer.from(/=([\w-]+);/.exec(cookie ?? '')?.[1] ?? '', 'base64url').toString()).not.toContain('eyJ')
  })

  test('is shown to no script', async () => {
    const { answer } = await leave(elsewhere(), FETCH)
    const { logout_url } = JSON.parse(answer.body ?? '')
    expect(logout_url).toContain('post_logout_redirect_uri=')
    expect(hintOf(logout_url)).toBeNull()
  })

  test('is left out when it is somebody else’s, or was made up', async () => {
    const [ada, bob] = [visitor(elsewhere()), visitor(elsewhere())]
    await ada.signIn('/', { sub: 'ada' })
    await bob.signIn('/', { sub: 'bob' })
    const [own, planted] = [ada, bob].map(({ jar }) => jar.value('__Secure-logout-hint', '/cookie/'))
    for (const value of [own, planted, 'AQAA', '']) {
      ada.jar.keep([`__Secure-logout-hint=${value}; Path=/cookie/; Max-Age=60; Secure; HttpOnly; SameSite=Lax`])
      const copy = visitor(elsewhere())
      copy.jar.keep(
        ada.jar
          .header('/cookie/')
          .split('; ')
          .map((pair) => `${pair}; Path=/cookie/; Max-Age=60`),
      )
      const hint = hintOf(locationIn(await copy.ask('/cookie/sign-out', NAVIGATION, 'POST')))
      expect(hint !== null).toBe(value === own)
    }
  })

  test('is left out where a cookie has no room for it, and where there is no logout to show it to', async () => {
    const long = await leave(elsewhere(signIn, { note: 'x'.repeat(3000) }))
    expect([long.before.includes('__Secure-logout-hint'), hintOf(locationIn(long.answer))]).toEqual([false, null])
    const { logoutEndpoint: _, ...settings } = signIn
    expect((await leave(elsewhere(settings))).before).not.toContain('__Secure-logout-hint')
    expect((await leave(site())).before).not.toContain('__Secure-logout-hint')
  })
})
