import { START } from '../../../support/clock.js'
import { HOST } from '../../../support/events.js'
import { CLIENT_ID, issuerOf, unsigned } from '../../../support/tokens.js'
import { NAVIGATION, outcomeOf, type Site, site, type Visitor, visitor } from '../visitor.js'

const NOW = START / 1000
const UNKNOWN = ['400', 'This sign-in cannot be finished']
const FAILED = ['400', 'Signing in did not work']
const NOTHING: readonly string[] = []

/** What the log says of the last request. */
const lastReasons = (world: Site) => {
  const { reason, because } = world.logged().at(-1) ?? {}
  return [reason, because]
}

/** The names of the cookies for content and for the session that somebody holds. */
const held = ({ jar }: Visitor) => jar.names().filter((name) => !name.startsWith('__Host-sign-in-'))

afterEach(() => jest.restoreAllMocks())

describe('GET /cookie/callback under attack', () => {
  /** What a browser without a part in it is told, and what it holds afterwards. */
  async function refusedTo(somebody: Visitor, url: string) {
    return [...outcomeOf(await somebody.ask(url)), held(somebody)]
  }

  test('refuses a sign-in that another browser began', async () => {
    const world = site()
    const [mallory, victim] = [visitor(world), visitor(world)]
    const back = world.provider.signIn(await mallory.begin(), { sub: 'mallory' })
    expect(await refusedTo(victim, back)).toEqual([...UNKNOWN, NOTHING])
    expect(world.provider.posted).toEqual([])
  })

  test('refuses the code of one person under the state of another', async () => {
    const world = site()
    const [mallory, victim] = [visitor(world), visitor(world)]
    const stolen = new URL(world.provider.signIn(await mallory.begin(), { sub: 'mallory' })).searchParams.get('code')
    const own = new URL(world.provider.signIn(await victim.begin()))
    own.searchParams.set('code', stolen ?? '')
    expect(await refusedTo(victim, own.href)).toEqual([...FAILED, NOTHING])
    expect(lastReasons(world)).toEqual(['code_refused', undefined])
  })

  test('refuses a code a second time, and the attempt with it', async () => {
    const world = site()
    const [somebody, thief] = [visitor(world), visitor(world)]
    const back = world.provider.signIn(await somebody.begin())
    const cookie = somebody.jar.header('/cookie/callback')
    await somebody.ask(back)
    const replayed = await thief.ask(back, { ...NAVIGATION, cookie })
    expect([...outcomeOf(replayed), held(thief)]).toEqual([...FAILED, NOTHING])
  })

  test.each<[string, string]>([
    ['no state', '?code=x'],
    ['an empty state', '?code=x&state='],
    ['two states', '?code=x&state=aaaaaaaaaaaaaaaaaaaaaa&state=aaaaaaaaaaaaaaaaaaaaaa'],
    ['an invented state', `?code=x&state=${'a'.repeat(22)}`],
    ['the state of no alphabet', '?code=x&state=%00%ff'],
    ['100 KB of state', `?code=x&state=${'a'.repeat(100_000)}`],
    ['nothing at all', ''],
    ['an error without an attempt', '?error=access_denied&error_description=%3Cscript%3E'],
  ])('refuses %s', async (_, query) => {
    const world = site()
    const somebody = visitor(world)
    const answer = await somebody.ask(`/cookie/callback${query}`)
    expect(outcomeOf(answer)).toEqual(UNKNOWN)
    expect(answer.body).not.toContain('script')
    expect(world.provider.posted).toEqual([])
  })

  test.each<[string, (value: string) => string]>([
    ['changed in one character', (value) => value.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['cut short', (value) => value.slice(0, -1)],
    ['with something more', (value) => `${value}A`],
    ['empty', () => ''],
    ['of another version', (value) => `B${value.slice(1)}`],
    ['of 100 KB', () => 'A'.repeat(100_000)],
  ])('refuses a sealed attempt %s', async (_, change) => {
    const world = site()
    const somebody = visitor(world)
    const back = world.provider.signIn(await somebody.begin())
    const [name = '', value = ''] = somebody.jar.header('/').split('=')
    const answer = await visitor(world).ask(back, { ...NAVIGATION, cookie: `${name}=${change(value)}` })
    expect(outcomeOf(answer)).toEqual(UNKNOWN)
    expect(world.provider.posted).toEqual([])
  })

  test('refuses an attempt under the name of another one', async () => {
    const world = site()
    const somebody = visitor(world)
    await somebody.begin()
    const [, value = ''] = somebody.jar.header('/').split('=')
    const cookie = `__Host-sign-in-${'a'.repeat(22)}=${value}`
    const answer = await visitor(world).ask(`/cookie/callback?code=x&state=${'a'.repeat(22)}`, {
      ...NAVIGATION,
      cookie,
    })
    expect(outcomeOf(answer)).toEqual(UNKNOWN)
  })

  test('refuses an attempt that was begun on another host', async () => {
    const world = site()
    const somebody = visitor(world)
    const back = new URL(world.provider.signIn(await somebody.begin()))
    back.host = 'photos.example.com'
    expect(outcomeOf(await somebody.ask(back.href))).toEqual(UNKNOWN)
  })

  test.each([
    [900, ['302', `https://${HOST}/`]],
    [901, UNKNOWN],
  ])('ends an attempt after fifteen minutes: %d s', async (seconds, expected) => {
    const world = site()
    const somebody = visitor(world)
    const cookieOf = async () => {
      const url = await somebody.begin()
      return [url, somebody.jar.header('/')] as const
    }
    const [url, cookie] = await cookieOf()
    world.clock.jump(seconds * 1000)
    const answer = await visitor(world).ask(world.provider.signIn(url), { ...NAVIGATION, cookie })
    expect(outcomeOf(answer)).toEqual(expected)
  })

  const wrongTokens: readonly (readonly [string, object, string])[] = [
    ['another nonce', { nonce: 'another' }, 'token_nonce'],
    ['no nonce', { nonce: undefined }, 'token_nonce'],
    ['a nonce that is a list', { nonce: ['x'] }, 'token_nonce'],
    ['another issuer', { iss: issuerOf('eu-west-1_Other') }, 'token_issuer'],
    ['another audience', { aud: 'other' }, 'token_client'],
    ['an access token', { token_use: 'access', client_id: CLIENT_ID }, 'token_use'],
    ['another authorized party', { azp: 'other' }, 'token_client'],
    ['a token that has expired', { exp: NOW }, 'token_expired'],
    ['no expiry', { exp: undefined }, 'token_claims'],
    ['no time of issue', { iat: undefined }, 'token_claims'],
    ['no subject', { sub: undefined }, 'token_claims'],
    ['a subject of 256 characters', { sub: 'a'.repeat(256) }, 'token_claims'],
  ]
  test.each(wrongTokens)('refuses an ID token with %s', async (_, claims, because) => {
    const world = site({}, { claims: claims as Readonly<Record<string, unknown>> })
    const somebody = visitor(world)
    expect([...outcomeOf(await somebody.signIn()), somebody.jar.names()]).toEqual([...FAILED, NOTHING])
    expect(lastReasons(world)).toEqual(['id_token_refused', because])
  })

  test('refuses an ID token that nobody signed', async () => {
    const world = site()
    world.provider.instead = async () => ({
      status: 200,
      body: JSON.stringify({ token_type: 'Bearer', access_token: 'a', id_token: unsigned('YQ') }),
    })
    expect(outcomeOf(await visitor(world).signIn())).toEqual(FAILED)
    expect(lastReasons(world)).toEqual(['id_token_refused', 'token_algorithm'])
  })

  test.each<[string, string]>([
    ['none', ''],
    ['an empty one', '&code='],
    ['two', '&code=a&code=b'],
    ['one that is too long', `&code=${'a'.repeat(5_000)}`],
  ])('asks nobody about a code that cannot be one: %s', async (_, query) => {
    const world = site()
    const somebody = visitor(world)
    const state = new URL(await somebody.begin()).searchParams.get('state')
    expect(outcomeOf(await somebody.ask(`/cookie/callback?state=${state}${query}`))).toEqual(FAILED)
    expect([world.provider.posted, somebody.jar.names()]).toEqual([[], []])
  })
})
