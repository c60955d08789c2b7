import type { Identity } from '../../../../edge-cache-request-signer/src/access/identity.js'
import { Refusal } from '../../../../edge-cache-request-signer/src/refusals/refusal.js'
import { issue } from '../../../../edge-cache-request-signer/src/session/issue-cookies.js'
import { createSigner } from '../../../../edge-cache-request-signer/src/signing/signer.js'
import { signingKey } from '../../../support/keys.js'
import { call, configuration as document, NOW } from '../browser.js'
import { signIn } from '../visitor.js'

const signers = new Map([[undefined, createSigner(signingKey(), 'SHA1')]])
const identity: Identity = { subject: 'ada', expiresAt: NOW + 7_200, claims: {}, scopes: [] }

/** What is issued to a person under these rules, or the code of the refusal. */
function issued(grants: typeof document.grants, more: Partial<Parameters<typeof issue>[1]> = {}, lines: string[] = []) {
  const settings = { configuration: { ...document, signIn, grants }, signers }
  try {
    return issue(call({}, settings, { log: (line) => lines.push(line) }), { identity, ...more })
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

const areas = (count: number) => [{ paths: Array.from({ length: count }, (_, index) => `/area-${index}/*`) }]
const sizeOf = (cookies: readonly string[]) => cookies.reduce((size, cookie) => size + cookie.length + 14, 0)

describe('issue', () => {
  test('gives as many paths as a response can carry, and refuses more', () => {
    const most = issued(areas(20))
    if (typeof most === 'string') throw new Error(most)
    expect(most.body.paths).toHaveLength(20)
    expect(sizeOf(most.cookies)).toBeLessThan(37_500)
    expect(issued(areas(30))).toBe('grants_too_many')
  })

  test.each([
    [15, undefined],
    [23, 'grants_too_many'],
  ])('never gives more than CloudFront sends, with all that a sign-in may add: %d paths', (count, refused) => {
    const additionalCookies = Object.fromEntries(
      Array.from({ length: 5 }, (_, index) => [`c${index}`, 'v'.repeat(1_024)]),
    )
    const configured = { ...signIn, tokenCookies: 'opensearch' as const, additionalCookies }
    const settings = { configuration: { ...document, signIn: configured, grants: areas(count) }, signers }
    const tokens = { idToken: 'i'.repeat(3_500), accessToken: 'a'.repeat(3_500) }
    const asked = () => issue(call({}, settings), { identity, tokens, refreshToken: 'r'.repeat(2_600), signsIn: true })
    if (refused === undefined) expect(sizeOf(asked().cookies)).toBeLessThanOrEqual(37_500)
    else expect(asked).toThrow(refused)
  })

  test('counts what it says of the paths as well', () => {
    const sizes = (length: number) => {
      const additionalCookies = { filler: 'v'.repeat(length) }
      const settings = { configuration: { ...document, signIn: { ...signIn, additionalCookies } }, signers }
      return issue(call({}, settings), { identity, signsIn: true })
    }
    const { cookies, body } = sizes(0)
    const room = 37_500 - sizeOf(cookies) - JSON.stringify(body).length
    expect(sizes(room).body).toEqual(body)
    expect(() => sizes(room + 1)).toThrow('grants_too_many')
  })

  test.each([
    ['/a/b?c', true],
    ['/a/b?c#d', true],
    ['/a/#/b', true],
    ['/b/', false],
    ['/', false],
    [undefined, true],
  ])('says whether it opens %s: %s', (wanted, opens) => {
    expect(issued([{ paths: ['/a/*'] }], { wanted })).toMatchObject({ opensWanted: opens })
  })

  describe('while an exclusive key has no value yet', () => {
    const rules = [{ paths: ['/*'] }, { paths: ['/finance/*'], signingKey: 'finance' }]

    test.each([[undefined], ['/'], ['/handbook.txt?page=1']])('gives the rest, where %s is wanted', (wanted) => {
      const lines: string[] = []
      const answer = issued(rules, { wanted }, lines)

      expect(answer).toMatchObject({ body: { paths: ['/*'] }, opensWanted: true })
      expect(lines.map((line) => JSON.parse(line))).toEqual([
        {
          level: 'warn',
          event: 'signing_key_absent',
          message: 'the exclusive signing key finance has no value; rotate it, or see why its rotation fails',
        },
      ])
    })

    test('asks for patience where its subtree is wanted, and where there is nothing else', () => {
      expect(issued(rules, { wanted: '/finance/report.pdf' })).toBe('signing_key_absent')
      expect(issued(rules.slice(1))).toBe('signing_key_absent')
    })
  })

  test('says in the log when a session cannot be kept renewable, and only then', () => {
    const lines: string[] = []
    issued([{ paths: ['/*'] }], { refreshToken: 'r'.repeat(2_600) }, lines)
    expect(lines).toEqual([])
    issued([{ paths: ['/*'] }], { refreshToken: 'r'.repeat(3_000) }, lines)
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['session_not_renewable'])
  })
})
