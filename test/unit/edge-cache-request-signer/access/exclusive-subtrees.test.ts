/** A site with exclusive subtrees, as people go about in it: every cookie is real, and so is CloudFront's decision. */

import { serializeSigningKey } from '../../../../contract/secret.js'
import type { Configuration } from '../../../../edge-cache-request-signer/src/configuration/configuration.js'
import { verifySignedRequest } from '../../../../local-aws/edge/signed-request.js'
import { START } from '../../../support/clock.js'
import { HOST } from '../../../support/events.js'
import { keyPair, signingKey } from '../../../support/keys.js'
import { idClaims, mint } from '../../../support/tokens.js'
import { configuration, outcomeOf, site, type Visitor, visitor } from '../visitor.js'
import { KEY_NAME, parameters } from '../world.js'

const EXCLUSIVE = ['board', 'finance'] as const
const keyIdOf = (name = 'none') => `K${name.toUpperCase()}`
const MAIN = signingKey().keyPairId
const pems = new Map([
  [MAIN, keyPair('signing').publicPem],
  ...EXCLUSIVE.map((name) => [keyIdOf(name), keyPair(name).publicPem] as const),
])

const grants: Configuration['grants'] = [
  { paths: ['/*'], groups: ['staff'] },
  ...EXCLUSIVE.map((name) => ({ paths: [`/${name}/*`], groups: [name], signingKey: name })),
]

function place() {
  const secrets = EXCLUSIVE.map((name) => {
    const key = signingKey({ keyPairId: keyIdOf(name), privateKey: keyPair(name).privatePem })
    return [`${KEY_NAME}-${name}`, serializeSigningKey(key)] as const
  })
  const document = { ...configuration, grants, exclusiveSigningKeys: EXCLUSIVE }
  return site({}, {}, { getParameters: async () => new Map([...parameters(document), ...secrets]) })
}

const PAGES = ['/', '/board/a', '/finance/a'] as const

/** Whether the browser would be shown a page. */
function sees({ jar }: Visitor, path: string): boolean {
  const name = EXCLUSIVE.find((one) => path.startsWith(`/${one}/`))
  const id = keyIdOf(name)
  const trusted = name === undefined ? pems : new Map([[id, pems.get(id) ?? '']])
  const request = {
    url: `https://${HOST}${path}`,
    cookieHeaders: [jar.header(path)],
    clientIp: '192.0.2.1',
    nowMs: START,
  }
  return verifySignedRequest(request, trusted).allowed
}

const seenBy = (guest: Visitor) => PAGES.filter((path) => sees(guest, path))

describe('exclusive subtrees', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['staff'], ['/']],
    [['finance'], ['/finance/a']],
    [
      ['staff', 'finance'],
      ['/', '/finance/a'],
    ],
    [
      ['board', 'finance'],
      ['/board/a', '/finance/a'],
    ],
  ])('open to %j after signing in: %j', async (groups, expected) => {
    const guest = visitor(place())
    await guest.signIn('/', { 'cognito:groups': groups })
    expect(seenBy(guest)).toEqual(expected)
  })

  test('open one after the other to somebody who holds the whole host and several of them', async () => {
    const guest = visitor(place())
    await guest.signIn('/finance/a', { 'cognito:groups': ['staff', 'finance', 'board'] })
    expect(seenBy(guest)).toEqual(['/', '/finance/a'])

    const back = await guest.ask('/cookie/refresh?next=/board/a')
    expect(outcomeOf(back)).toEqual(['302', `https://${HOST}/board/a`])
    expect(seenBy(guest)).toEqual(['/', '/board/a'])

    const { paths } = JSON.parse((await guest.ask('/cookie/session')).body ?? '')
    expect(paths).toEqual(['/*', '/board/*', '/finance/*'])
  })

  test('tell whoever has the rest of the host that this is not for him, and send him nowhere', async () => {
    const guest = visitor(place())
    await guest.signIn('/', { 'cognito:groups': ['staff'] })
    const [status] = outcomeOf(await guest.ask('/cookie/refresh?next=/board/a'))
    expect([status, seenBy(guest)]).toEqual(['403', ['/']])
  })

  test('open to an app that says where it goes', async () => {
    const guest = visitor(place())
    const authorization = `Bearer ${mint(idClaims({ 'cognito:groups': ['staff', 'finance', 'board'] }))}`
    const answer = await guest.ask('/cookie/?next=%2Ffinance%2Fa', { authorization })
    expect(JSON.parse(answer.body ?? '').paths).toEqual(['/*', '/board/*', '/finance/*'])
    expect(seenBy(guest)).toEqual(['/', '/finance/a'])
  })
})
