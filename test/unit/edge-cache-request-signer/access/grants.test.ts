import {
  type AccessRules,
  type Grant,
  grantedTo,
  grantFor,
  grantOfPath,
  possiblePaths,
} from '../../../../edge-cache-request-signer/src/access/grants.js'
import type { Identity } from '../../../../edge-cache-request-signer/src/access/identity.js'

const SUBJECT = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'

function person(claims: Identity['claims'] = {}, changes: Partial<Identity> = {}): Identity {
  return { subject: SUBJECT, expiresAt: 1_767_290_400, claims, scopes: [], ...changes }
}

const verified = (email: string) => person({ email, email_verified: true })

type Rule = AccessRules['grants'][number]

/** The paths for one person, exclusive ones with their key behind them. */
function pathsOf(identity: Identity, grants: readonly Rule[], oidc?: AccessRules['oidc']): readonly string[] {
  const granted = grantedTo(identity, oidc === undefined ? { grants } : { grants, oidc })
  return granted.map(({ path, signingKey }) => (signingKey === undefined ? path : `${path} ${signingKey}`))
}

const isAdmitted = (identity: Identity, rule: Omit<Rule, 'paths'>) =>
  pathsOf(identity, [{ paths: ['/*'], ...rule }]).length > 0

describe('grantedTo', () => {
  test('gives everybody what a rule without conditions opens', () => {
    expect(pathsOf(person(), [{ paths: ['/b/*', '/a/*'] }])).toEqual(['/a/*', '/b/*'])
  })

  test('names a key for exclusive paths only', () => {
    const grants = [{ paths: ['/a/*'] }, { paths: ['/f/*'], signingKey: 'f' }]
    expect(grantedTo(person(), { grants })).toStrictEqual([{ path: '/a/*' }, { path: '/f/*', signingKey: 'f' }])
  })

  test('gives nothing where no rule applies', () => {
    expect(pathsOf(person(), [])).toEqual([])
    expect(pathsOf(person(), [{ paths: ['/*'], groups: ['staff'] }])).toEqual([])
  })

  test('wants all conditions of a rule, and any value of each', () => {
    const rule: Rule = {
      paths: ['/*'],
      groups: ['finance', 'audit'],
      scopes: ['photos/read'],
      emails: ['ada@example.com', 'eve@example.com'],
      emailDomains: ['example.com'],
      claims: { 'custom:tenant': ['a', 'b'], level: ['7'] },
    }
    const claims = {
      'cognito:groups': ['staff', 'audit'],
      email: 'ada@example.com',
      email_verified: true,
      'custom:tenant': 'b',
      level: 7,
    }
    const scopes = ['openid', 'photos/read']
    expect(pathsOf(person(claims, { scopes }), [rule])).toEqual(['/*'])
    expect(pathsOf(person(claims), [rule])).toEqual([])
    for (const name of Object.keys(claims)) {
      expect(pathsOf(person({ ...claims, [name]: 'something else' }, { scopes }), [rule])).toEqual([])
    }
  })

  test.each<[string, Identity['claims'], boolean]>([
    ['in a list', { 'cognito:groups': ['a', 'finance'] }, true],
    ['alone', { 'cognito:groups': 'finance' }, true],
    ['as a part of a text', { 'cognito:groups': 'finance staff' }, false],
    ['in another case', { 'cognito:groups': ['Finance'] }, false],
    ['in a list in a list', { 'cognito:groups': [['finance']] }, false],
    ['as the name of a field', { 'cognito:groups': { finance: true } }, false],
    ['in the claim of another issuer', { groups: ['finance'] }, false],
    ['null', { 'cognito:groups': null }, false],
    ['nowhere', {}, false],
  ])('looks for the group of a user pool: %s', (_, claims, expected) => {
    expect(isAdmitted(person(claims), { groups: ['finance'] })).toBe(expected)
  })

  test('looks for the groups of an issuer where its configuration says', () => {
    const oidc = { issuer: 'https://i', jwksUri: 'https://i/k', audiences: ['a'], groupsClaim: 'roles' }
    const rules: readonly Rule[] = [{ paths: ['/*'], groups: ['finance'] }]
    expect(pathsOf(person({ roles: ['finance'] }), rules, oidc)).toEqual(['/*'])
    expect(pathsOf(person({ 'cognito:groups': ['finance'] }), rules, oidc)).toEqual([])
  })

  test.each<[string, Identity['claims'], boolean]>([
    ['verified', { email: 'ada@example.com', email_verified: true }, true],
    ['verified, said with a text', { email: 'ada@example.com', email_verified: 'true' }, true],
    ['in capitals', { email: 'ADA@Example.COM', email_verified: true }, true],
    ['not verified', { email: 'ada@example.com', email_verified: false }, false],
    ['not verified, said with a text', { email: 'ada@example.com', email_verified: 'false' }, false],
    ['of which nothing is said', { email: 'ada@example.com' }, false],
    ['verified by a number', { email: 'ada@example.com', email_verified: 1 }, false],
    ['verified by a list', { email: 'ada@example.com', email_verified: ['true'] }, false],
    ['with two @', { email: 'ada@evil.example@example.com', email_verified: true }, false],
    ['of a subdomain', { email: 'ada@sub.example.com', email_verified: true }, false],
    ['of a longer domain', { email: 'ada@badexample.com', email_verified: true }, false],
    ['of a domain that goes on', { email: 'ada@example.com.evil.example', email_verified: true }, false],
    ['without a name', { email: '@example.com', email_verified: true }, false],
    ['in a list', { email: ['ada@example.com'], email_verified: true }, false],
    ['with another letter for a', { email: 'ad\u0430@example.com', email_verified: true }, true],
  ])('looks for the domain of an address: %s', (_, claims, expected) => {
    expect(isAdmitted(person(claims), { emailDomains: ['example.com'] })).toBe(expected)
  })

  test.each([
    ['ada@example.com', true],
    ['Ada@Example.com', true],
    ['ada@example.org', false],
    ['xada@example.com', false],
    ['ad\u0430@example.com', false],
    // toLowerCase makes a k of the Kelvin sign, and i with a dot of the Turkish capital.
    ['\u212Aim@example.com', false],
  ])('knows the address %s: %s', (email, expected) => {
    expect(isAdmitted(verified(email), { emails: ['ada@example.com', 'kim@example.com'] })).toBe(expected)
  })

  test('takes the addresses of a rule in any case', () => {
    expect(isAdmitted(verified('ada@example.com'), { emails: ['ADA@example.com'] })).toBe(true)
    expect(isAdmitted(verified('ada@example.com'), { emailDomains: ['Example.com'] })).toBe(true)
  })

  test.each<[string, unknown, string, boolean]>([
    ['a text', 'a', 'a', true],
    ['another text', 'ab', 'a', false],
    ['a text in a list', ['x', 'a'], 'a', true],
    ['a number', 7, '7', true],
    ['a large number', 1e21, '1e+21', true],
    ['a truth value', true, 'true', true],
    ['null', null, 'null', false],
    ['a number beyond all numbers', JSON.parse('1e999'), 'null', false],
    ['an object', { a: 'a' }, 'a', false],
    ['nothing', undefined, 'undefined', false],
  ])('compares a claim that is %s', (_, value, wanted, expected) => {
    expect(isAdmitted(person({ tenant: value }), { claims: { tenant: [wanted] } })).toBe(expected)
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'finds no claim %s that is not there',
    (name) => {
      const claims = Object.fromEntries([[name, ['function', 'object', '[object Object]', '']]])
      expect(isAdmitted(person(), { claims })).toBe(false)
      expect(pathsOf(person(), [{ paths: [`/${'{'}${name}}/*`] }])).toEqual([])
    },
  )

  test('finds no claim that another object lends', () => {
    const claims: Identity['claims'] = Object.create({ tenant: 'acme', 'cognito:groups': ['staff'] })
    expect(isAdmitted(person(claims), { claims: { tenant: ['acme'] } })).toBe(false)
    expect(isAdmitted(person(claims), { groups: ['staff'] })).toBe(false)
  })

  test('finds a claim of such a name that is there', () => {
    const claims = JSON.parse('{"__proto__":"a","constructor":"b"}')
    expect(isAdmitted(person(claims), { claims: JSON.parse('{"__proto__":["a"],"constructor":["b"]}') })).toBe(true)
    expect(pathsOf(person(claims), [{ paths: ['/{__proto__}/{constructor}/*'] }])).toEqual(['/a/b/*'])
  })

  test('gets no address past its verification through a condition on claims', () => {
    const claims = { email: ['ada@example.com'] }
    expect(isAdmitted(person({ email: 'ada@example.com' }), { claims })).toBe(false)
    expect(isAdmitted(verified('ada@example.com'), { claims })).toBe(true)
  })

  test('knows the subject as the claim sub', () => {
    expect(isAdmitted(person(), { claims: { sub: [SUBJECT] } })).toBe(true)
    expect(isAdmitted(person({ sub: 'else' }), { claims: { sub: ['else'] } })).toBe(false)
  })

  test.each<[string, Omit<Rule, 'paths'>]>([
    ['groups', { groups: [] }],
    ['scopes', { scopes: [] }],
    ['emails', { emails: [] }],
    ['emailDomains', { emailDomains: [] }],
    ['claims', { claims: {} }],
    ['values of a claim', { claims: { sub: [] } }],
  ])('takes a condition without values for one that nobody meets: %s', (_, rule) => {
    expect(isAdmitted(verified('ada@example.com'), rule)).toBe(false)
  })

  test.each<[string, readonly string[], readonly string[]]>([
    ['a path that is named twice', ['/a/*', '/a/*'], ['/a/*']],
    ['a path inside another', ['/a/b/*', '/a/*', '/a/b/c/*'], ['/a/*']],
    ['all paths inside the whole', ['/a/*', '/*', '/b/*'], ['/*']],
    ['no neighbour', ['/a/*', '/ab/*', '/a-/*'], ['/a-/*', '/a/*', '/ab/*']],
    ['what sorts before the star', ['/a/!/*', '/a/%40/*', '/a/*'], ['/a/*']],
    ['no other case', ['/a/*', '/A/*'], ['/A/*', '/a/*']],
  ])('absorbs %s', (_, paths, expected) => {
    expect(pathsOf(person(), [{ paths }])).toEqual(expected)
    expect(
      pathsOf(
        person(),
        [...paths].reverse().map((path) => ({ paths: [path] })),
      ),
    ).toEqual(expected)
  })

  test('absorbs nothing of another key', () => {
    const rules: readonly Rule[] = [{ paths: ['/*'] }, { paths: ['/f/*', '/f/g/*'], signingKey: 'f' }]
    expect(pathsOf(person(), rules)).toEqual(['/*', '/f/* f'])
  })

  test('gives nothing with the main key inside an exclusive subtree, whoever holds that', () => {
    const rules: readonly Rule[] = [
      { paths: ['/{tenant}/*', '/g/*'] },
      { paths: ['/f/*'], groups: ['nobody'], signingKey: 'f' },
      { paths: ['/u/{sub}/*'], groups: ['nobody'], signingKey: 'u' },
      { paths: ['/u/somebody/*'] },
    ]
    expect(pathsOf(person({ tenant: 'f' }), rules)).toEqual(['/g/*'])
    expect(pathsOf(person({ tenant: 'u' }), rules)).toEqual(['/g/*', '/u/*'])
  })

  const filledIn = (tenant: unknown) => pathsOf(person({ tenant }), [{ paths: ['/t/{tenant}/*'] }])

  test.each<[unknown, string]>([
    ['acme', 'acme'],
    ['Acme-1_a~b.c', 'Acme-1_a~b.c'],
    ['Acme Corp', 'Acme%20Corp'],
    ['a@b.example', 'a%40b.example'],
    ["o'neil (x)!", 'o%27neil%20%28x%29%21'],
    ['auth0|1', 'auth0%7C1'],
    ['Zo\u00EB', 'Zo%C3%AB'],
    ['\u6771\u4EAC', '%E6%9D%B1%E4%BA%AC'],
    [7, '7'],
    ['.hidden', '.hidden'],
    ['a'.repeat(128), 'a'.repeat(128)],
  ])('fills in %j', (value, expected) => {
    expect(filledIn(value)).toEqual([`/t/${expected}/*`])
  })

  test.each<[unknown]>([
    [''],
    ['*'],
    ['a*'],
    ['?'],
    ['a?b'],
    ['/'],
    ['a/b'],
    ['\\'],
    ['.'],
    ['..'],
    ['a..b'],
    ['%2f'],
    ['%2e%2e'],
    ['%'],
    ['a#b'],
    ['a;b'],
    ['a"b'],
    ['{sub}'],
    [' '],
    [' a'],
    ['a '],
    ['a\u0000'],
    ['a\n'],
    ['a\u007F'],
    ['a\u202Eb'],
    ['a\u200Bb'],
    ['\uD800'],
    // Full-width solidus, dots and letters; the Kelvin sign; a long s; e with a separate accent.
    ['a\uFF0Fb'],
    ['\uFF0E\uFF0E'],
    ['\uFF41dmin'],
    ['\u212A'],
    ['\u017F'],
    ['e\u0308'],
    ['a'.repeat(129)],
    ['\u00EB'.repeat(22)],
    [['a']],
    [{ a: 1 }],
    [true],
    [null],
    [undefined],
    [JSON.parse('1e999')],
  ])('gives no path for %j', (value) => {
    expect(filledIn(value)).toEqual([])
  })

  test('keeps the other paths of a rule whose claim is missing', () => {
    expect(pathsOf(person(), [{ paths: ['/t/{tenant}/*', '/all/*'] }])).toEqual(['/all/*'])
  })

  test('fills in the subject, and the verified address in lower case', () => {
    const rules: readonly Rule[] = [{ paths: ['/u/{sub}/*', '/m/{email}/*'] }]
    expect(pathsOf(verified('Ada@Example.com'), rules)).toEqual(['/m/ada%40example.com/*', `/u/${SUBJECT}/*`])
    expect(pathsOf(person({ email: 'ada@example.com', sub: 'x' }), rules)).toEqual([`/u/${SUBJECT}/*`])
  })

  test.each(['/u-{sub}/*', '/{sub}{sub}/*', '/{}/*', '/{sub/*', '/sub}/*', '/{{sub}}/*'])(
    'fills in whole segments only: %s',
    (path) => {
      expect(pathsOf(person(), [{ paths: [path] }])).toEqual([])
    },
  )

  test('gives no path that is too long for a cookie', () => {
    const claims = { t: 'a'.repeat(128) }
    expect(pathsOf(person(claims), [{ paths: [`/${'{t}/'.repeat(7)}*`] }])).toHaveLength(1)
    expect(pathsOf(person(claims), [{ paths: [`/${'{t}/'.repeat(8)}*`] }])).toEqual([])
    const ofLength = (length: number) => `/${'a'.repeat(length - 3)}/*`
    expect([1024, 1025].map((length) => pathsOf(person(), [{ paths: [ofLength(length)] }]).length)).toEqual([1, 0])
  })
})

describe('possiblePaths', () => {
  const rules = {
    grants: [
      { paths: ['/b/*', '/u/{sub}/*'], groups: ['x'] },
      { paths: ['/b/*'] },
      { paths: ['/a/*'], signingKey: 'a' },
    ],
  }

  test('are those of all rules, whether they apply or not', () => {
    expect(possiblePaths(person(), rules)).toEqual(['/a/*', '/b/*', `/u/${SUBJECT}/*`])
  })

  test('are those without claims, for a person who is not known', () => {
    expect(possiblePaths(undefined, rules)).toEqual(['/a/*', '/b/*'])
  })
})

describe('grantFor', () => {
  const rules = { grants: [{ paths: ['/*'] }, { paths: ['/f/*'], groups: ['finance'], signingKey: 'f' }] }
  const finance = { path: '/f/*', signingKey: 'f' }

  test.each<[string, readonly Grant[], string, Grant | undefined]>([
    ['nothing for whoever holds nothing', [], '/', undefined],
    ['what covers the path', [{ path: '/a/*' }, { path: '/b/*' }], '/b/c?d=/f/', { path: '/b/*' }],
    ['nothing with the main key in an exclusive subtree', [{ path: '/*' }], '/f/x?y', undefined],
    ['the exclusive grant in its subtree', [{ path: '/*' }, finance], '/f/x?y', finance],
    ['the broader grant beside it', [{ path: '/*' }, finance], '/x', { path: '/*' }],
  ])('is %s', (_, held, path, expected) => {
    expect(grantFor(held, rules, path)).toEqual(expected)
  })
})

describe('grantOfPath', () => {
  const rules = { grants: [{ paths: ['/*'] }, { paths: ['/f/*'], groups: ['finance'], signingKey: 'f' }] }

  test.each<[string, Grant]>([
    ['/*', { path: '/*' }],
    ['/fa/*', { path: '/fa/*' }],
    ['/f/*', { path: '/f/*', signingKey: 'f' }],
    ['/f/a/*', { path: '/f/a/*', signingKey: 'f' }],
  ])('of %s has the key of the exclusive subtree that it lies in, if any', (path, expected) => {
    expect(grantOfPath(path, rules)).toStrictEqual(expected)
  })
})
