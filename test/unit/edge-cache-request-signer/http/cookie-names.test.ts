import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SIGNED_COOKIES } from '../../../../contract/cloudfront-signature.js'
import {
  AMPLIFY_PREFIX,
  ATTEMPT_PREFIX,
  BINDING_COOKIE,
  FRESH_COOKIE,
  isReservedCookie,
  isSealedCookie,
  isTokenCookie,
  LOGOUT_HINT_COOKIE,
  LONG_ADDRESS_COOKIES,
  OPENSEARCH_COOKIES,
  OTHER_ACCOUNT_COOKIE,
  SESSION_COOKIE,
} from '../../../../edge-cache-request-signer/src/http/cookie-names.js'

const read = (name: string) => readFileSync(join(__dirname, '..', '..', '..', '..', name), 'utf8')

/** The patterns that the validations of additional_cookies look for in names, which they put into lower case. */
const patterns = [...read('variables.sign-in.tf').matchAll(/"(\^(?:\(cloudfront|cognitoid|\(id-token)[^"]*)"/g)].map(
  ([, pattern = '']) => new RegExp(pattern.replaceAll('\\\\', '\\')),
)
const [reserved, amplify, opensearch] = patterns
const inTerraform = (pattern: RegExp | undefined) => (name: string) => pattern?.test(name.toLowerCase())

const ATTEMPT = `${ATTEMPT_PREFIX}${'a'.repeat(22)}`
const SEALED = [SESSION_COOKIE, LOGOUT_HINT_COOKIE, OTHER_ACCOUNT_COOKIE, ATTEMPT, ...LONG_ADDRESS_COOKIES]
const OWN = [...SEALED, BINDING_COOKIE, FRESH_COOKIE, ...Object.values(SIGNED_COOKIES)]
const OTHERS = [
  'theme',
  'session',
  '__Host-sessions',
  '__Host-freshly',
  '__Secure-theme',
  'x__Host-fresh',
  'CloudFront',
]

/** What pages set and read by themselves. */
const OF_PAGES = [...read('pages/denied.ts').matchAll(/__(?:Host|Secure)-[a-z-]+/g)].map(([name]) => name)

describe('the names of own cookies', () => {
  test('are read from where Terraform says them', () => {
    expect(patterns).toHaveLength(3)
    expect(OF_PAGES).toContain(FRESH_COOKIE)
  })

  test.each([...OWN, ...OF_PAGES])('are refused as additional cookies by both: %s', (name) => {
    for (const spelt of [name, name.toLowerCase(), name.toUpperCase()]) {
      expect([isReservedCookie(spelt), inTerraform(reserved)(spelt)]).toEqual([true, true])
    }
  })

  test.each([...OTHERS, ...OPENSEARCH_COOKIES, `${AMPLIFY_PREFIX}x`])('are no others: %s', (name) => {
    expect([isReservedCookie(name), inTerraform(reserved)(name)]).toEqual([false, false])
  })

  test.each([
    [`${AMPLIFY_PREFIX}1example23456789.LastAuthUser`, true, false],
    ...OPENSEARCH_COOKIES.map((name) => [name, false, true] as const),
    ['ID-TOKENS', false, false],
    ['theme', false, false],
  ] as const)('are told apart by what tokens they hold, by both: %s', (name, isAmplify, isOpensearch) => {
    expect([isTokenCookie(name, 'amplify'), inTerraform(amplify)(name)]).toEqual([isAmplify, isAmplify])
    expect([isTokenCookie(name, 'opensearch'), inTerraform(opensearch)(name)]).toEqual([isOpensearch, isOpensearch])
  })

  test('are kept from origins, as far as they are fixed, go there, and a policy has room for them', () => {
    const [, list = ''] = /module_cookies = \[([^\]]*)\]/.exec(read('origins.tf')) ?? []
    const kept = [...list.matchAll(/"([^"]*)"/g)].map(([, name]) => name)
    // The Path of the session and of the hint is /cookie/, where no origin is; an attempt and its address have many names.
    const fixed = [...Object.values(SIGNED_COOKIES), BINDING_COOKIE, FRESH_COOKIE, OTHER_ACCOUNT_COOKIE]
    expect(kept.toSorted()).toEqual(fixed.toSorted())
    expect(kept.length).toBeLessThanOrEqual(10)
  })

  test('tell which of them are sealed', () => {
    expect(OWN.filter(isSealedCookie)).toEqual(SEALED)
  })
})
