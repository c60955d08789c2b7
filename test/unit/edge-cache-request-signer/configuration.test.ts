import { ConfigurationError, parseConfiguration } from '../../../edge-cache-request-signer/src/configuration.js'
import { configuration } from './world.js'

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
    ['grants', paths("/a-b_c.d~e/!$&'()+,;=:@%20*")],
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
  const path = 'grants[0].paths[0] must begin with / and end with *, the only wildcard'
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
    ['grants', [], 'grants must be a list of 1 items'],
    ['grants', [...paths('/a/*'), ...paths('/b/*')], 'grants must be a list of 1 items'],
    ['grants', paths('/a/*', '/b/*'), 'grants[0].paths must be a list of 1 items'],
    ['grants', [{ paths: ['/*'], groups: ['x'] }], 'grants[0].groups is not known'],
    ['grants', paths('/a'), path],
    ['grants', paths('a/*'), path],
    ['grants', paths('/*/a*'), path],
    ['grants', paths('/a?*'), path],
    ['grants', paths('/"a*'), path],
    ['grants', paths('/a b*'), path],
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
      'userPool must be an object',
      'grants must be a list of 1 items',
      'cookies.lifetimeSeconds must be a whole number from 60 to 34560000',
      'cookies.sameSite must be Lax or Strict or None',
      'cookies.hashAlgorithm must be SHA1 or SHA256',
      'cookies.bindToIp must be true or false',
      'cors must be an object',
      'cache must be an object',
    ])
  })

  test('takes no field from a prototype', () => {
    expect(problemsOf(`{"__proto__":${JSON.stringify(configuration)}}`)).toContain('__proto__ is not known')
  })
})
