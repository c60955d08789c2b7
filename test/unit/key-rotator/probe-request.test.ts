import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getSignedCookies } from '@aws-sdk/cloudfront-signer'
import { findingOf, probeCookies } from '../../../key-rotator/src/probe-request.js'
import { PROBE_URL, START } from '../../support/aws-double/stack.js'
import { keyPair } from '../../support/keys.js'

const parse = (header: string) => Object.fromEntries(header.split('; ').map((pair) => pair.split(/=(.*)/s).slice(0, 2)))
const decode = (text = '') => Buffer.from(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'), 'base64')

describe('probeCookies', () => {
  it.each(['SHA1', 'SHA256'] as const)("signs as AWS's own signer does, with %s", (hash) => {
    const { privatePem: privateKey } = keyPair('signing')
    const policy = `{"Statement":[{"Resource":"${PROBE_URL}","Condition":{"DateLessThan":{"AWS:EpochTime":1795237500}}}]}`

    const cookies = parse(probeCookies({ keyPairId: 'K1', privateKey }, PROBE_URL, hash, START + 999))

    expect(cookies).toEqual(getSignedCookies({ policy, privateKey, keyPairId: 'K1', algorithm: hash }))
  })

  it('signs with an elliptic curve so that openssl verifies it', () => {
    const { privatePem: privateKey, publicPem } = keyPair('signing', 'ECDSA-P256')
    const cookies = parse(probeCookies({ keyPairId: 'K1', privateKey }, PROBE_URL, 'SHA256', START))
    const folder = mkdtempSync(join(tmpdir(), 'probe-'))
    const [key, signature] = [join(folder, 'key.pem'), join(folder, 'signature')]
    writeFileSync(key, publicPem)
    writeFileSync(signature, decode(cookies['CloudFront-Signature']))

    const output = execFileSync('openssl', ['dgst', '-sha256', '-verify', key, '-signature', signature], {
      input: decode(cookies['CloudFront-Policy']),
    })
    rmSync(folder, { recursive: true })

    expect(String(output)).toBe('Verified OK\n')
  })
})

describe('findingOf', () => {
  it.each([
    ['a missing object', 404, {}, 'accepted'],
    ['an object', 200, {}, 'accepted'],
    ["CloudFront's refusal", 403, { 'content-type': 'text/xml', server: 'CloudFront' }, 'refused'],
    [
      "S3's own refusal",
      403,
      { 'content-type': 'application/xml', 'x-amz-request-id': '1', server: 'AmazonS3' },
      'accepted',
    ],
    [
      'a custom error page out of S3',
      403,
      { 'content-type': 'text/html', 'x-amz-request-id': '1', server: 'AmazonS3' },
      'refused',
    ],
    ['a bare 403', 403, {}, 'refused'],
    ['throttling', 429, {}, 'undecided'],
    ['a broken origin', 502, {}, 'undecided'],
    ['an overloaded edge', 503, {}, 'undecided'],
  ])('takes %s for what it is', (_, status, headers: Readonly<Record<string, string>>, finding) => {
    expect(findingOf({ status, header: (name) => headers[name] ?? null })).toBe(finding)
  })
})
