import {
  ConfigurationError,
  parseConfiguration,
} from '../../../../edge-cache-request-signer/src/configuration/configuration.js'
import { configuration as withSignIn } from '../visitor.js'
import { configuration as withoutSignIn } from '../world.js'

const configuration = { ...withSignIn, hosts: withoutSignIn.hosts.slice(0, 1) }

function problemsOf(document: unknown): readonly string[] {
  try {
    parseConfiguration(typeof document === 'string' ? document : JSON.stringify(document))
    return []
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems
    throw error
  }
}

/** The configuration with one field changed, by its path. */
function changed(path: string, value: unknown): unknown {
  const copy = structuredClone(configuration) as unknown as Record<string, unknown>
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, copy)
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return copy
}

const paths = (...given: unknown[]) => [{ paths: given }]

describe('parseConfiguration', () => {
  test('gives what it was given', () => {
    expect(parseConfiguration(JSON.stringify(configuration))).toEqual(configuration)
  })

  test.each<[string, unknown]>([
    ['hosts', ['d1.cloudfront.localhost:8443', 'xn--bcher-kva.example', 'a']],
    ['hosts', ['a.example', 'a.example']],
    ['userPool.id', 'us-gov-west-1_AbC123'],
    ['userPool.id', 'eusc-de-east-1_AbC123'],
    ['userPool.tokenUses', ['id']],
    ['grants', paths('/*')],
    ['grants', paths("/a-b_c.d~e/!$&'()+,=:@%20/*")],
    ['grants', paths('/a/*', '/b/*', '/users/{sub}/{custom:tenant}/*')],
    ['grants', [...paths('/a/*'), ...paths('/b/*')]],
    [
      'grants',
      [
        {
          paths: ['/a/*'],
          groups: ['staff'],
          scopes: ['a/b'],
          emails: ['Ada@example.com'],
          emailDomains: ['example.com'],
          claims: { 'https://example.com/level': ['1', 'true', 'ü'] },
        },
      ],
    ],
    ['bearerPaths', ['/*']],
    ['bearerPaths', ['/api/*', '/a%20b/.well-known/*']],
    ['signedUrls', { longestSeconds: 3600 }],
    ['signIn', undefined],
    ['signIn.clientAuthentication', 'client_secret_post'],
    ['signIn.authorizationEndpoint', 'https://login.localhost:8443/authorize?tenant=a'],
    ['signIn.revocationEndpoint', undefined],
    ['signIn.logoutEndpoint', undefined],
    ['signIn.authorizeParams', { prompt: 'login', identity_provider: 'Müller & Söhne' }],
    ['signIn.viewerParams', ['login_hint', 'prompt']],
    ['signIn.signOutUrl', 'https://example.com/bye'],
    ['signIn.signOutUrl', '/bye?a=b'],
    ['signIn.tokenCookies', 'amplify'],
    ['signIn.additionalCookies', { tenant: 'a', '__Host-x': '' }],
    ['cookies.domain', 'net'],
    ['cookies.partitioned', true],
    ['cookies.lifetimeSeconds', 60],
    ['cookies.lifetimeSeconds', 34_560_000],
    ['cookies.bindToIp', true],
    ['cors.allowedOrigins', []],
    ['cors.allowedOrigins', ['http://localhost:5173', 'capacitor://localhost', 'https://xn--bcher-kva.example']],
    ['cache.freshSeconds', 1],
    ['cache.staleSeconds', 0],
  ])('takes %s %j', (path, value) => {
    expect(problemsOf(changed(path, value))).toEqual([])
  })

  const host = 'hosts[0] must be a host name in lower case, with a port or without'
  const origin = 'cors.allowedOrigins[0] must be an origin like https://app.example.com, without a path'
  const pool = 'userPool.id must be the id of a Cognito user pool'
  const path =
    'grants[0].paths[0] must begin with /, end with /*, have no other wildcard, and names of claims in braces'
  const parameter = 'signIn.viewerParams[0] must be the name of a parameter that the sign-in does not set itself'
  const address = (field: string) => `${field} must be an https address without a fragment`
  test.each<[string, unknown, string]>([
    ['version', 2, 'version must be 1'],
    ['version', '1', 'version must be 1'],
    ['version', undefined, 'version must be 1'],
    ['hosts', 'a.example', 'hosts must be a list of 1 to 100 items'],
    ['hosts', [], 'hosts must be a list of 1 to 100 items'],
    ['hosts', ['Photos.Example.com'], host],
    ['hosts', ['https://photos.example.com'], host],
    ['hosts', ['photos.example.com/'], host],
    ['hosts', ['*.example.com'], host],
    ['hosts', ['photos.example.com\n'], host],
    ['hosts', [''], host],
    ['hosts', [null], host],
    ['userPool', [], 'userPool must be an object'],
    ['userPool', null, 'userPool must be an object'],
    ['userPool.id', 'local_abc', pool],
    ['userPool.id', 'eu-west-1_', pool],
    ['userPool.id', 'eu-west-1_a/../b', pool],
    ['userPool.clientIds', [], 'userPool.clientIds must be a list of 1 to 100 items'],
    ['userPool.clientIds', ['a b'], 'userPool.clientIds[0] must be the id of an app client'],
    ['userPool.tokenUses', [], 'userPool.tokenUses must be a list of 1 to 2 items'],
    ['userPool.tokenUses', ['refresh'], 'userPool.tokenUses[0] must be access or id'],
    ['userPool.secret', 'x', 'userPool.secret is not known'],
    ['userPool', undefined, 'exactly one of userPool and oidc must be there'],
    ['grants', [], 'grants must be a list of 1 to 100 items'],
    ['grants', [{ paths: [] }], 'grants[0].paths must be a list of 1 to 50 items'],
    ['grants', [{ paths: ['/*'], roles: ['x'] }], 'grants[0].roles is not known'],
    ['grants', [{ paths: ['/*'], groups: [] }], 'grants[0].groups must be a list of 1 to 100 items'],
    ['grants', [{ paths: ['/*'], groups: null }], 'grants[0].groups must be a list of 1 to 100 items'],
    ['grants', [{ paths: ['/*'], emails: [''] }], 'grants[0].emails[0] must be a text of at most 256 characters'],
    ['grants', [{ paths: ['/*'], claims: { 'a b': ['x'] } }], 'grants[0].claims must have names that claims have'],
    [
      'grants',
      [{ paths: ['/*'], signingKey: 'finance' }],
      'grants must name no signing key that is not in exclusiveSigningKeys',
    ],
    ...['/api', '/api/v*/*', '/api/{sub}/*', '/cookie/*', '/.sign-in/*', '/a/../*', '/a//*', 'api/*', '/a?b/*'].map(
      (one): [string, unknown, string] => [
        'bearerPaths',
        [one],
        'bearerPaths[0] must begin with /, end with /*, have no other wildcard, and be content',
      ],
    ),
    ['bearerPaths', [], 'bearerPaths must be a list of 1 to 25 items'],
    ['signedUrls', { longestSeconds: 0 }, 'signedUrls.longestSeconds must be a whole number from 1 to 34560000'],
    [
      'signedUrls',
      { longestSeconds: 3601 },
      'signedUrls.longestSeconds must not be more than cookies.lifetimeSeconds, after which keys are retired',
    ],
    ['grants', paths('/a/%2e%2e/*'), 'grants must have no path with a segment of dots, encoded or not'],
    ['exclusiveSigningKeys', [], 'exclusiveSigningKeys must be a list of 1 to 7 items'],
    [
      'exclusiveSigningKeys',
      ['../other'],
      'exclusiveSigningKeys[0] must be up to 20 lower-case letters and digits, single dashes inside',
    ],
    ['grants', paths('/a'), path],
    ['grants', paths('/a*'), path],
    ['grants', paths('a/*'), path],
    ['grants', paths('//*'), path],
    ['grants', paths('/*/a/*'), path],
    ['grants', paths('/a?/*'), path],
    ['grants', paths('/"a/*'), path],
    ['grants', paths('/a b/*'), path],
    ['grants', paths('/a;b/*'), path],
    ['grants', paths('/a/../*'), path],
    ['grants', paths('/./*'), path],
    ['grants', paths('/{}/*'), path],
    ['grants', paths('/{a/*'), path],
    ['grants', paths('/x{sub}/*'), path],
    ['grants', paths(`/${'a'.repeat(254)}/*`), path],
    ['signIn', null, 'signIn must be an object'],
    ['signIn.clientId', '', 'signIn.clientId must be the id of a client'],
    [
      'signIn.clientAuthentication',
      'private_key_jwt',
      'signIn.clientAuthentication must be none or client_secret_basic or client_secret_post',
    ],
    ['signIn.authorizationEndpoint', 'http://login.example.com/', address('signIn.authorizationEndpoint')],
    ['signIn.tokenEndpoint', 'https://a@login.example.com/', address('signIn.tokenEndpoint')],
    ['signIn.tokenEndpoint', 'https://login.example.com/#a', address('signIn.tokenEndpoint')],
    ['signIn.scopes', ['email'], 'signIn.scopes must have openid among them'],
    ['signIn.scopes', ['openid email'], 'signIn.scopes[0] must be a scope'],
    [
      'signIn.authorizeParams',
      { redirect_uri: 'x' },
      'signIn.authorizeParams must have names that the sign-in does not set itself',
    ],
    [
      'signIn.authorizeParams',
      { prompt: 'a\r\nb' },
      'signIn.authorizeParams.prompt must be a text of at most 256 characters',
    ],
    ...[
      'client_id',
      'client_secret',
      'code_challenge',
      'code_challenge_method',
      'nonce',
      'redirect_uri',
      'request',
      'request_uri',
      'response_mode',
      'response_type',
      'scope',
      'state',
    ].map((name): [string, unknown, string] => ['signIn.viewerParams', [name], parameter]),
    ['signIn.signOutUrl', '//evil.example', 'signIn.signOutUrl must be a path, or an https address'],
    ['signIn.signOutUrl', 'javascript:alert(1)', 'signIn.signOutUrl must be a path, or an https address'],
    ['signIn.sessionSeconds', 0, 'signIn.sessionSeconds must be a whole number from 60 to 34560000'],
    ['signIn.tokenCookies', 'mine', 'signIn.tokenCookies must be amplify or opensearch'],
    ...[
      'CloudFront-Policy',
      'cloudfront-signature',
      '__host-SESSION',
      '__Secure-session',
      '__Host-sign-in-a',
      '__Host-fresh',
      '__secure-logout-hint',
      '__Host-kept-x',
    ].map((name): [string, unknown, string] => [
      'signIn.additionalCookies',
      { [name]: 'x' },
      'signIn.additionalCookies must not have names of cookies that the sign-in sets itself',
    ]),
    ['signIn.additionalCookies', { 'a b': 'c' }, 'signIn.additionalCookies must have names that a cookie may have'],
    ['signIn.additionalCookies', { a: 'b; Path=/' }, 'signIn.additionalCookies.a must be the value of a cookie'],
    ['cookies.domain', 'example.com', 'cookies.domain must be a domain of every host'],
    ['cookies.domain', 'ront.net', 'cookies.domain must be a domain of every host'],
    ['cookies.lifetimeSeconds', 59, 'cookies.lifetimeSeconds must be a whole number from 60 to 34560000'],
    ['cookies.lifetimeSeconds', 60.5, 'cookies.lifetimeSeconds must be a whole number from 60 to 34560000'],
    ['cookies.lifetimeSeconds', '3600', 'cookies.lifetimeSeconds must be a whole number from 60 to 34560000'],
    ['cookies.sameSite', 'lax', 'cookies.sameSite must be Lax or Strict or None'],
    ['cookies.hashAlgorithm', 'MD5', 'cookies.hashAlgorithm must be SHA1 or SHA256'],
    ['cookies.bindToIp', 'false', 'cookies.bindToIp must be true or false'],
    ['cors.allowedOrigins', ['*'], origin],
    ['cors.allowedOrigins', ['null'], origin],
    ['cors.allowedOrigins', ['https://app.example.com/'], origin],
    ['cors.allowedOrigins', ['https://*.example.com'], origin],
    ['cors.allowedOrigins', ['https://user@app.example.com'], origin],
    ['cors.allowedOrigins', ['https://App.example.com'], origin],
    ['cache.freshSeconds', 0, 'cache.freshSeconds must be a whole number from 1 to 86400'],
    ['cache.staleSeconds', -1, 'cache.staleSeconds must be a whole number from 0 to 604800'],
    ['toString', 1, 'toString is not known'],
  ])('refuses %s %j', (at, value, problem) => {
    expect(problemsOf(changed(at, value))).toEqual([problem])
  })

  test.each<[string, string, string]>([
    ['no text', '', 'it must be JSON'],
    ['half a document', '{"version":1', 'it must be JSON'],
    ['a list', '[]', 'it must be an object'],
    ['null', 'null', 'it must be an object'],
  ])('refuses %s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem])
  })

  test('names every wrong field at once', () => {
    expect(problemsOf({ version: 2, cookies: { sameSite: 'x' }, extra: 1 })).toEqual([
      'extra is not known',
      'version must be 1',
      'hosts must be a list of 1 to 100 items',
      'grants must be a list of 1 to 100 items',
      'cookies.lifetimeSeconds must be a whole number from 60 to 34560000',
      'cookies.sameSite must be Lax or Strict or None',
      'cookies.hashAlgorithm must be SHA1 or SHA256',
      'cookies.bindToIp must be true or false',
      'cors must be an object',
      'cache must be an object',
    ])
  })

  const issuer = 'https://idp.example.com/realms/a'
  const oidc = { issuer, jwksUri: `${issuer}/jwks`, audiences: ['api://photos'], groupsClaim: 'groups' }
  test.each<[string, object, readonly string[]]>([
    ['a provider', {}, []],
    [
      'an issuer with a query',
      { issuer: `${issuer}?a` },
      ['oidc.issuer must be an https address without query and fragment'],
    ],
    [
      'an issuer without TLS',
      { issuer: 'http://a.example' },
      ['oidc.issuer must be an https address without query and fragment'],
    ],
    ['keys without TLS', { jwksUri: 'http://a.example/jwks' }, [address('oidc.jwksUri')]],
    ['no audience', { audiences: [] }, ['oidc.audiences must be a list of 1 to 100 items']],
    ['no claim for groups', { groupsClaim: undefined }, ['oidc.groupsClaim must be the name of a claim']],
  ])('takes OpenID Connect in place of a user pool, if it is sound: %s', (_, changes, problems) => {
    expect(problemsOf({ ...configuration, userPool: undefined, oidc: { ...oidc, ...changes } })).toEqual(problems)
  })

  test('takes one of both only', () => {
    expect(problemsOf({ ...configuration, oidc })).toEqual(['exactly one of userPool and oidc must be there'])
  })

  const cookiesOf = (lengths: readonly number[]) =>
    Object.fromEntries(lengths.map((length, index) => [String.fromCharCode(97 + index), 'x'.repeat(length)]))
  test.each<[string, object, readonly string[]]>([
    ['4,096 bytes', { additionalCookies: cookiesOf([1023, 1023, 1023, 1023]) }, []],
    [
      'a byte more',
      { additionalCookies: cookiesOf([1023, 1023, 1023, 1024]) },
      ['signIn.additionalCookies must have at most 4096 bytes of names and values'],
    ],
    ['names of tokens that others read', { tokenCookies: 'amplify', additionalCookies: { 'ID-TOKEN': 'x' } }, []],
    [
      'names of the tokens',
      { tokenCookies: 'opensearch', additionalCookies: { 'ID-TOKEN': 'x' } },
      ['signIn.additionalCookies must not have names of cookies that the sign-in sets itself'],
    ],
  ])('takes additional cookies that leave the others their room and names: %s', (_, changes, problems) => {
    expect(problemsOf({ ...configuration, signIn: { ...withSignIn.signIn, ...changes } })).toEqual(problems)
  })

  test('takes no field from a prototype', () => {
    expect(problemsOf(`{"__proto__":${JSON.stringify(configuration)}}`)).toContain('__proto__ is not known')
  })
})
