import { accessClaims, CLIENT_ID, type Claims, mint } from '../../../support/tokens.js'
import {
  configuration,
  FETCH,
  locationIn,
  NAVIGATION,
  outcomeOf,
  type Site,
  signIn,
  site,
  visitor,
} from '../visitor.js'
import { parameters } from '../world.js'

const AMPLIFY = `CognitoIdentityServiceProvider.${CLIENT_ID}`
const STAFF = { grants: [{ paths: ['/*'], groups: ['staff'] }] }

/** Somebody whose browser holds the session of ada. */
async function adas(place: Site) {
  const guest = visitor(place)
  await guest.signIn('/', { sub: 'ada', 'cognito:username': 'ada', 'cognito:groups': ['staff'] })
  return guest
}

const exchange = (guest: ReturnType<typeof visitor>, claims: Claims) =>
  guest.ask('/cookie/', { ...FETCH, authorization: `Bearer ${mint(accessClaims(claims))}` })

const revoked = ({ provider }: Site) =>
  provider.posted.flatMap(({ uri, form }) => (uri === signIn.revocationEndpoint ? [form.token] : []))

describe('an exchange over the session of somebody else', () => {
  test('makes the provider forget their refresh token', async () => {
    const place = site()
    const guest = await adas(place)
    const [token] = place.provider.goodRefreshTokens()
    expect((await exchange(guest, { sub: 'bob' })).status).toBe('200')
    expect([revoked(place), place.provider.goodRefreshTokens()]).toEqual([[token], []])
  })

  test.each([
    ['amplify', [`${AMPLIFY}.LastAuthUser`, `${AMPLIFY}.ada.refreshToken`]],
    ['opensearch', ['COGNITO-ENABLED', 'REFRESH-TOKEN']],
  ] as const)('takes away the tokens that scripts could read, with names of %s', async (tokenCookies, some) => {
    const guest = await adas(site({ signIn: { ...signIn, tokenCookies } }))
    expect(guest.jar.names()).toEqual(expect.arrayContaining([...some]))
    await exchange(guest, { sub: 'bob', username: 'bob' })
    expect(guest.jar.names().filter((name) => /^Cognito|TOKEN|COGNITO/.test(name))).toEqual([])
  })

  test('leaves those of the person who comes, which an app wrote itself', async () => {
    const guest = await adas(site({ signIn: { ...signIn, tokenCookies: 'amplify' } }))
    const own = [`${AMPLIFY}.LastAuthUser=b%40b`, `${AMPLIFY}.b%40b.idToken=x`]
    guest.jar.keep(own.map((pair) => `${pair}; Path=/; Max-Age=60`))
    await exchange(guest, { sub: 'bob', username: 'b@b' })
    expect(guest.jar.names().filter((name) => name.startsWith(AMPLIFY))).toEqual([
      `${AMPLIFY}.LastAuthUser`,
      `${AMPLIFY}.b%40b.idToken`,
    ])
  })

  test('takes away the hint for the logout', async () => {
    const issuer = 'https://idp.example.com'
    const oidc = { issuer, jwksUri: `${issuer}/jwks`, audiences: ['api'], groupsClaim: 'groups' }
    const { userPool: _, ...rest } = configuration
    const getParameters = async () => parameters({ ...rest, oidc })
    const place = site({}, { issuer, claims: { token_use: undefined } }, { getParameters })
    const guest = await adas(place)
    expect(guest.jar.names()).toContain('__Secure-logout-hint')
    expect((await exchange(guest, { sub: 'bob', iss: issuer, aud: 'api' })).status).toBe('200')
    expect(guest.jar.names()).not.toContain('__Secure-logout-hint')
    // It may be the same person, by the name that access tokens have for them.
    expect(place.provider.goodRefreshTokens()).toHaveLength(1)
    const url = new URL(locationIn(await guest.ask('/cookie/sign-out', NAVIGATION, 'POST')))
    expect(url.searchParams.has('id_token_hint')).toBe(false)
  })

  test('takes nothing from the same person', async () => {
    const place = site({ signIn: { ...signIn, tokenCookies: 'amplify' } })
    const guest = await adas(place)
    const before = guest.jar.names()
    expect((await exchange(guest, { sub: 'ada', username: 'ada' })).status).toBe('200')
    expect([guest.jar.names(), revoked(place), place.provider.goodRefreshTokens()]).toEqual([
      before,
      [],
      [expect.any(String)],
    ])
  })

  test.each([['bob'], ['ada']])('ends it at the provider too when %s is not admitted', async (sub) => {
    const place = site(STAFF)
    const guest = await adas(place)
    expect(outcomeOf(await exchange(guest, { sub }))).toEqual(['403', 'not_admitted'])
    expect([guest.jar.names(), place.provider.goodRefreshTokens()]).toEqual([[], []])
  })

  test('leaves it alone when nothing came of the exchange', async () => {
    const place = site({ cookies: { ...configuration.cookies, bindToIp: true } })
    const guest = await adas(place)
    const [before, tokens] = [guest.jar.names(), place.provider.goodRefreshTokens()]
    const cookie = guest.jar.header('/cookie/')
    const authorization = `Bearer ${mint(accessClaims({ sub: 'bob' }))}`
    const answer = await place.ask({ clientIp: '2001:db8::1', headers: { ...FETCH, cookie, authorization } })
    expect(outcomeOf(answer)).toEqual(['403', 'ipv4_required'])
    expect([guest.jar.names(), place.provider.goodRefreshTokens()]).toEqual([before, tokens])
  })

  test('goes well although the provider does not answer', async () => {
    const place = site()
    const guest = await adas(place)
    place.provider.instead = () => Promise.reject(new Error('connect ETIMEDOUT'))
    expect((await exchange(guest, { sub: 'bob' })).status).toBe('200')
    expect(place.logged().at(-2)).toMatchObject({ event: 'refresh_token_not_revoked' })
  })
})

describe('a sign-in over the session of somebody else', () => {
  test('makes the provider forget their refresh token, and keeps the new one', async () => {
    const place = site()
    const guest = await adas(place)
    const former = place.provider.goodRefreshTokens()
    await guest.signIn('/', { sub: 'bob' })
    expect(revoked(place)).toEqual(former)
    expect(place.provider.goodRefreshTokens()).toHaveLength(1)
  })

  test('makes it forget both when the account is not admitted', async () => {
    const place = site(STAFF)
    const guest = await adas(place)
    expect(outcomeOf(await guest.signIn('/', { sub: 'bob' }))[0]).toBe('403')
    expect(revoked(place)).toHaveLength(2)
    expect(place.provider.goodRefreshTokens()).toEqual([])
  })
})
