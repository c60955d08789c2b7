/**
 * The decision of the edge, judged by cookies and URLs that AWS's own signer makes.
 */
import { createSign } from 'node:crypto'
import { getSignedCookies, getSignedUrl } from '@aws-sdk/cloudfront-signer'
import { type SignedRequest, verifySignedRequest } from '../../../../local-aws/edge/signed-request.js'
import { keyPair } from '../../../support/keys.js'

const NOW = Date.UTC(2026, 10, 21, 5, 0, 0) / 1000
const HOST = 'd111111abcdef8.cloudfront.localhost:8443'
const URL_OF_PHOTO = `https://${HOST}/photos/sea.jpg`

const rsa = keyPair('edge')
const otherRsa = keyPair('other')
const ec = keyPair('edge', 'ECDSA-P256')
const trusted = new Map([
  ['KRSA', rsa.publicPem],
  ['KEC', ec.publicPem],
])

type Statement = Record<string, unknown>
const statement = (changes: Statement = {}, condition: Statement = {}): Statement => ({
  Resource: `https://${HOST}/*`,
  Condition: { DateLessThan: { 'AWS:EpochTime': NOW + 60 }, ...condition },
  ...changes,
})
const policyOf = (...statements: unknown[]) => JSON.stringify({ Statement: statements })

interface Signing {
  readonly keyPairId?: string
  readonly privateKey?: string
  readonly algorithm?: 'SHA1' | 'SHA256'
}

function cookies(policy: string, { keyPairId = 'KRSA', privateKey = rsa.privatePem, algorithm }: Signing = {}): string {
  const signed = getSignedCookies({ policy, keyPairId, privateKey, ...(algorithm === undefined ? {} : { algorithm }) })
  return Object.entries(signed)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
}

const ask = (cookie: string | readonly string[], changes: Partial<SignedRequest> = {}) =>
  verifySignedRequest(
    {
      url: URL_OF_PHOTO,
      cookieHeaders: typeof cookie === 'string' ? [cookie] : cookie,
      clientIp: '192.0.2.10',
      nowMs: NOW * 1000,
      ...changes,
    },
    trusted,
  )
const code = (verdict: ReturnType<typeof ask>) => (verdict.allowed ? 'allowed' : verdict.code)

/** Base64 in CloudFront's alphabet, written here a second time. */
const encode = (bytes: Buffer | string) =>
  Buffer.from(bytes).toString('base64').replace(/\+/g, '-').replace(/=/g, '_').replace(/\//g, '~')

/** Signs a text that no JSON writer would produce. */
function cookiesOfText(text: string): string {
  const signature = createSign('RSA-SHA1').update(text).sign(rsa.privatePem)
  return `CloudFront-Policy=${encode(text)}; CloudFront-Signature=${encode(signature)}; CloudFront-Key-Pair-Id=KRSA`
}

describe('verifySignedRequest with cookies', () => {
  test.each([
    ['RSA with SHA-1', {}],
    ['RSA with SHA-256', { algorithm: 'SHA256' }],
    ['ECDSA with SHA-1', { keyPairId: 'KEC', privateKey: ec.privatePem }],
    ['ECDSA with SHA-256', { keyPairId: 'KEC', privateKey: ec.privatePem, algorithm: 'SHA256' }],
  ] as const)('allows what the signer of AWS signs by %s', (_name, signing) => {
    expect(ask(cookies(policyOf(statement()), signing))).toEqual({ allowed: true })
  })

  it('allows a canned policy for exactly its URL', () => {
    const dateLessThan = new Date((NOW + 60) * 1000)
    const signed = getSignedCookies({ url: URL_OF_PHOTO, dateLessThan, keyPairId: 'KRSA', privateKey: rsa.privatePem })
    const header = Object.entries(signed)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ')

    expect(signed['CloudFront-Expires']).toBe(NOW + 60)
    expect(code(ask(header))).toBe('allowed')
    expect(code(ask(header, { url: `${URL_OF_PHOTO}?x=1` }))).toBe('AccessDenied')
    expect(code(ask(header, { url: `https://${HOST}/photos/sky.jpg` }))).toBe('AccessDenied')
    expect(code(ask(header, { nowMs: (NOW + 60) * 1000 }))).toBe('AccessDenied')
  })

  it('reads no wildcard into a canned policy', () => {
    const url = `https://${HOST}/*`
    const signed = getSignedCookies({
      url,
      dateLessThan: (NOW + 60) * 1000,
      keyPairId: 'KRSA',
      privateKey: rsa.privatePem,
    })
    const header = Object.entries(signed)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ')

    expect(code(ask(header, { url }))).toBe('allowed')
    expect(code(ask(header))).toBe('AccessDenied')
  })

  const good = cookies(policyOf(statement()))
  const part = (name: string) => good.split('; ').find((pair) => pair.startsWith(`CloudFront-${name}=`)) ?? ''
  const without = (name: string) =>
    good
      .split('; ')
      .filter((pair) => pair !== part(name))
      .join('; ')
  const broader = encode(policyOf(statement({ Resource: '*' })))

  test.each([
    ['no cookies', '', 'MissingKey'],
    ['no key id', without('Key-Pair-Id'), 'MissingKey'],
    ['an empty key id', `${without('Key-Pair-Id')}; CloudFront-Key-Pair-Id=`, 'MissingKey'],
    ['no signature', without('Signature'), 'MissingSignature'],
    ['no policy', without('Policy'), 'MissingPolicy'],
    ['names in another case', good.replaceAll('CloudFront-', 'Cloudfront-'), 'MissingKey'],
    ['a key that is in no trusted group', cookies(policyOf(statement()), { keyPairId: 'KOTHER' }), 'InvalidKey'],
    ['a signature of another key', cookies(policyOf(statement()), { privateKey: otherRsa.privatePem }), 'AccessDenied'],
    ['a key id of another algorithm', cookies(policyOf(statement()), { keyPairId: 'KEC' }), 'AccessDenied'],
    ['another policy under the signature', `${without('Policy')}; CloudFront-Policy=${broader}`, 'AccessDenied'],
    ['a signature that is cut short', good.replace(part('Signature'), part('Signature').slice(0, -4)), 'AccessDenied'],
    [
      'a signature outside the alphabet',
      good.replace(part('Signature'), 'CloudFront-Signature=ab+='),
      'MalformedSignature',
    ],
    ['a signature in quotes', good.replace(part('Signature'), 'CloudFront-Signature="abcd"'), 'MalformedSignature'],
    ['a policy outside the alphabet', good.replace(part('Policy'), `${part('Policy')}%3D`), 'MalformedPolicy'],
    ['a policy of 100 KB', good.replace(part('Policy'), `CloudFront-Policy=${'A'.repeat(100_000)}`), 'AccessDenied'],
    ['the policy twice', `${good}; ${part('Policy')}`, 'AccessDenied'],
    ['the signature twice', `${good}; CloudFront-Signature=abcd`, 'AccessDenied'],
    ['two key ids', `CloudFront-Key-Pair-Id=KEC; ${good}`, 'AccessDenied'],
    ['a canned and a custom policy', `${good}; CloudFront-Expires=${NOW + 60}`, 'MalformedPolicy'],
    ['SHA-256 named for SHA-1', `${good}; CloudFront-Hash-Algorithm=SHA256`, 'AccessDenied'],
    ['a hash algorithm nobody knows', `${good}; CloudFront-Hash-Algorithm=MD5`, 'AccessDenied'],
    [
      'SHA-256 that is not named',
      cookies(policyOf(statement()), { algorithm: 'SHA256' }).replace(/; CloudFront-Hash-Algorithm=SHA256/, ''),
      'AccessDenied',
    ],
  ])('refuses %s', (_name, header, expected) => {
    expect(code(ask(header))).toBe(expected)
  })

  test.each([
    ['', 'MissingKey', 'Missing Key-Pair-Id query parameter or cookie value'],
    [without('Signature'), 'MissingSignature', 'Missing Signature query parameter or cookie value'],
    [without('Policy'), 'MissingPolicy', 'Missing Policy or Expires query parameter or cookie value'],
    [cookies(policyOf(statement()), { keyPairId: 'KOTHER' }), 'InvalidKey', 'Unknown Key'],
    [good.replace(part('Signature'), 'CloudFront-Signature=a'), 'MalformedSignature', 'Could not unencode Signature'],
    [good.replace(part('Policy'), 'CloudFront-Policy=a'), 'MalformedPolicy', 'Malformed Policy'],
    [`${good}; ${part('Policy')}`, 'AccessDenied', 'Access denied'],
  ])('says why, as CloudFront does: %s', (header, expected, message) => {
    expect(ask(header)).toEqual({ allowed: false, code: expected, message })
  })

  test.each([
    ['an empty signature', good.replace(part('Signature'), 'CloudFront-Signature='), 'MissingSignature'],
    ['an empty policy', good.replace(part('Policy'), 'CloudFront-Policy='), 'MissingPolicy'],
    ['an empty expiry', good.replace(part('Policy'), 'CloudFront-Expires='), 'MissingPolicy'],
    ['an expiry that is no number', good.replace(part('Policy'), 'CloudFront-Expires=soon'), 'MalformedPolicy'],
    ['an expiry of 16 digits', good.replace(part('Policy'), `CloudFront-Expires=${'1'.repeat(16)}`), 'MalformedPolicy'],
    ['an expiry of 15 digits', good.replace(part('Policy'), `CloudFront-Expires=${'1'.repeat(15)}`), 'AccessDenied'],
    ['an expiry with a sign', good.replace(part('Policy'), 'CloudFront-Expires=+1'), 'MalformedPolicy'],
    ['an expiry of zero', good.replace(part('Policy'), 'CloudFront-Expires=0'), 'AccessDenied'],
  ])('refuses %s', (_name, header, expected) => {
    expect(code(ask(header))).toBe(expected)
  })

  it('reads cookies from several headers, among others', () => {
    expect(code(ask(['theme=dark; x=CloudFront-Policy', ...good.split('; ')]))).toBe('allowed')
    expect(code(ask([good, part('Policy')]))).toBe('AccessDenied')
  })

  it('refuses every key that has left the key group', () => {
    const request = { url: URL_OF_PHOTO, cookieHeaders: [good], clientIp: '192.0.2.10', nowMs: NOW * 1000 }

    expect(code(verifySignedRequest(request, new Map([['KEC', ec.publicPem]])))).toBe('InvalidKey')
  })

  test.each([
    ['after DateLessThan', statement({}, { DateLessThan: { 'AWS:EpochTime': NOW - 1 } })],
    ['at DateLessThan', statement({}, { DateLessThan: { 'AWS:EpochTime': NOW } })],
    ['at DateGreaterThan', statement({}, { DateGreaterThan: { 'AWS:EpochTime': NOW } })],
    ['before DateGreaterThan', statement({}, { DateGreaterThan: { 'AWS:EpochTime': NOW + 1 } })],
    ['from another address', statement({}, { IpAddress: { 'AWS:SourceIp': '192.0.2.11/32' } })],
    ['from outside the range', statement({}, { IpAddress: { 'AWS:SourceIp': '192.0.3.0/24' } })],
    ['on another host', statement({ Resource: 'https://d222.cloudfront.localhost:8443/*' })],
    ['on another path', statement({ Resource: `https://${HOST}/private/*` })],
    ['over another protocol', statement({ Resource: `http://${HOST}/*` })],
  ])('refuses a request %s', (_name, one) => {
    expect(code(ask(cookies(policyOf(one))))).toBe('AccessDenied')
  })

  test.each([
    ['one second before DateLessThan', statement({}, { DateLessThan: { 'AWS:EpochTime': NOW + 1 } })],
    ['one second after DateGreaterThan', statement({}, { DateGreaterThan: { 'AWS:EpochTime': NOW - 1 } })],
    ['from the one address', statement({}, { IpAddress: { 'AWS:SourceIp': '192.0.2.10/32' } })],
    ['from within the range', statement({}, { IpAddress: { 'AWS:SourceIp': '192.0.2.0/24' } })],
    ['from anywhere', statement({}, { IpAddress: { 'AWS:SourceIp': '0.0.0.0/0' } })],
    ['for any resource, when the policy names none', { Condition: statement().Condition }],
  ])('allows a request %s', (_name, one) => {
    expect(code(ask(cookies(policyOf(one))))).toBe('allowed')
  })

  it('refuses a policy with an address to a viewer who comes by IPv6', () => {
    const header = cookies(policyOf(statement({}, { IpAddress: { 'AWS:SourceIp': '0.0.0.0/0' } })))

    expect(code(ask(header, { clientIp: '2001:db8::1' }))).toBe('AccessDenied')
  })

  test.each([
    ['no JSON', 'hello'],
    ['an array', '[]'],
    ['no statement', policyOf()],
    ['two statements', policyOf(statement(), statement())],
    ['a statement that is no list', JSON.stringify({ Statement: statement() })],
    ['an unknown element', JSON.stringify({ Version: '2012-10-17', Statement: [statement()] })],
    ['an unknown element of the statement', policyOf(statement({ Effect: 'Allow' }))],
    ['an unknown condition', policyOf(statement({}, { StringLike: { 'AWS:Referer': 'x' } }))],
    ['no condition', policyOf({ Resource: '*' })],
    ['no DateLessThan', policyOf({ Resource: '*', Condition: {} })],
    ['a time in quotes', policyOf(statement({}, { DateLessThan: { 'AWS:EpochTime': String(NOW + 60) } }))],
    ['a time with a fraction', policyOf(statement({}, { DateLessThan: { 'AWS:EpochTime': NOW + 60.5 } }))],
    ['a negative time', policyOf(statement({}, { DateGreaterThan: { 'AWS:EpochTime': -1 } }))],
    ['an empty DateGreaterThan', policyOf(statement({}, { DateGreaterThan: {} }))],
    ['a name in another case', policyOf(statement({}, { DateLessThan: { 'aws:EpochTime': NOW + 60 } }))],
    ['an empty resource', policyOf(statement({ Resource: '' }))],
    ['a list of resources', policyOf(statement({ Resource: ['*'] }))],
    ['an address without a mask', policyOf(statement({}, { IpAddress: { 'AWS:SourceIp': '192.0.2.10' } }))],
    ['an IPv6 range', policyOf(statement({}, { IpAddress: { 'AWS:SourceIp': '::/0' } }))],
    ['a mask that is too long', policyOf(statement({}, { IpAddress: { 'AWS:SourceIp': '192.0.2.10/33' } }))],
    ['white space', JSON.stringify({ Statement: [statement()] }, null, 1)],
    ['one name twice', policyOf(statement()).replace('{"Resource":', '{"Resource":"*","Resource":')],
    ['a needless escape', policyOf(statement()).replace('https://', 'https:\\/\\/')],
  ])('refuses a signed policy with %s', (_name, text) => {
    expect(code(ask(cookiesOfText(text)))).toBe('MalformedPolicy')
  })
})

describe('verifySignedRequest with a signed URL', () => {
  const sign = (url: string, changes: Signing = {}) =>
    getSignedUrl({ url, keyPairId: 'KRSA', privateKey: rsa.privatePem, dateLessThan: (NOW + 60) * 1000, ...changes })
  const goodCookies = cookies(policyOf(statement()))

  test.each([
    ['a canned policy', sign(URL_OF_PHOTO)],
    ['a canned policy and a query string', sign(`${URL_OF_PHOTO}?size=large&license=yes`)],
    ['SHA-256', sign(URL_OF_PHOTO, { algorithm: 'SHA256' })],
    ['an ECDSA key', sign(URL_OF_PHOTO, { keyPairId: 'KEC', privateKey: ec.privatePem })],
    [
      'a custom policy',
      getSignedUrl({ url: URL_OF_PHOTO, keyPairId: 'KRSA', privateKey: rsa.privatePem, policy: policyOf(statement()) }),
    ],
  ])('allows what the signer of AWS signs with %s', (_name, url) => {
    expect(code(ask('', { url }))).toBe('allowed')
  })

  test.each([
    ['another path', sign(URL_OF_PHOTO).replace('sea', 'sky'), 'AccessDenied'],
    ['a query string added', sign(URL_OF_PHOTO).replace('?', '?x=1&'), 'AccessDenied'],
    ['another expiry', sign(URL_OF_PHOTO).replace(String(NOW + 60), String(NOW + 61)), 'AccessDenied'],
    ['an expiry twice', `${sign(URL_OF_PHOTO)}&Expires=${NOW + 60}`, 'AccessDenied'],
    ['an expiry with a leading zero', sign(URL_OF_PHOTO).replace('Expires=', 'Expires=0'), 'MalformedPolicy'],
    ['an unknown key', sign(URL_OF_PHOTO, { keyPairId: 'KOTHER' }), 'InvalidKey'],
  ])('refuses %s', (_name, url, expected) => {
    expect(code(ask('', { url }))).toBe(expected)
  })

  test.each([
    'Expires=1',
    'Policy=x',
    'Signature=x',
    'Key-Pair-Id=KRSA',
    'Hash-Algorithm=SHA1',
    '%45xpires=1',
    'Policy',
  ])('ignores good cookies when the URL carries %s', (parameter) => {
    expect(code(ask(goodCookies))).toBe('allowed')
    expect(code(ask(goodCookies, { url: `${URL_OF_PHOTO}?a=1&${parameter}` }))).not.toBe('allowed')
  })

  it('takes parameters in another case for the application’s own', () => {
    expect(code(ask(goodCookies, { url: `${URL_OF_PHOTO}?policy=mine&expires=1` }))).toBe('allowed')
  })
})
