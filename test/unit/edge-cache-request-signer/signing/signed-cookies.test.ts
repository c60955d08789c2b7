import { execFileSync, spawnSync } from 'node:child_process'
import { createVerify } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getSignedCookies } from '@aws-sdk/cloudfront-signer'
import { policyText } from '../../../../contract/cloudfront-signature.js'
import type { SigningAlgorithm } from '../../../../contract/secret.js'
import {
  type CookieTerms,
  expiredCookies,
  signedCookies,
} from '../../../../edge-cache-request-signer/src/signing/signed-cookies.js'
import { createSigner } from '../../../../edge-cache-request-signer/src/signing/signer.js'
import { keyPair, signingKey } from '../../../support/keys.js'
import { configuration } from '../world.js'

const grant = { path: '/training/*' }
const terms = { host: 'd111111abcdef8.cloudfront.net', expiresAt: 1_767_290_400, now: 1_767_289_800 }
const permission = { resource: `https://${terms.host}${grant.path}`, expiresAt: terms.expiresAt }

const combinations: readonly (readonly [SigningAlgorithm, 'SHA1' | 'SHA256'])[] = [
  ['RSA-2048', 'SHA1'],
  ['RSA-2048', 'SHA256'],
  ['ECDSA-P256', 'SHA1'],
  ['ECDSA-P256', 'SHA256'],
]

function ourCookies(algorithm: SigningAlgorithm, hashAlgorithm: 'SHA1' | 'SHA256', given: CookieTerms = terms) {
  const signer = createSigner(signingKey({ algorithm }), hashAlgorithm)
  const all = signedCookies(grant, signer, configuration.cookies, given).map((text) => text.split('; '))
  const kept = all.filter((parts) => !parts.includes('Max-Age=0'))
  return Object.fromEntries(kept.map(([pair = '']) => pair.split('=') as [string, string]))
}

/** Undoes CloudFront's replacements with tr and openssl, as AWS's page on OpenSSL does them. */
function opensslDecoded(text: string): Buffer {
  const standard = execFileSync('tr', ['--', '-_~', '+=/'], { input: text })
  return execFileSync('openssl', ['base64', '-d', '-A'], { input: standard })
}

describe('signedCookies', () => {
  test.each(combinations)('verify with the openssl command: %s, %s', (algorithm, hashAlgorithm) => {
    const cookies = ourCookies(algorithm, hashAlgorithm)
    const directory = mkdtempSync(join(tmpdir(), 'signed-cookies-'))
    try {
      const file = (name: string, content: string | Buffer) => {
        writeFileSync(join(directory, name), content)
        return join(directory, name)
      }
      const key = file('public.pem', keyPair('signing', algorithm).publicPem)
      const signature = file('signature', opensslDecoded(cookies['CloudFront-Signature'] ?? ''))
      const policy = file('policy', opensslDecoded(cookies['CloudFront-Policy'] ?? ''))
      const verdict = (content: string) =>
        spawnSync('openssl', ['dgst', `-${hashAlgorithm}`, '-verify', key, '-signature', signature, content])
          .stdout.toString()
          .toLowerCase()
      expect(verdict(policy)).toBe('verified ok\n')
      expect(verdict(file('other', 'x'))).toBe('verification failure\n')
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  test.each(['SHA1', 'SHA256'] as const)('are those of the AWS SDK, byte for byte: RSA, %s', (hashAlgorithm) => {
    expect(ourCookies('RSA-2048', hashAlgorithm)).toEqual(
      getSignedCookies({
        keyPairId: signingKey().keyPairId,
        privateKey: signingKey().privateKey,
        policy: policyText(permission),
        ...(hashAlgorithm === 'SHA256' ? { algorithm: 'SHA256' } : {}),
      }),
    )
  })

  test.each(['SHA1', 'SHA256'] as const)(
    'are those of the AWS SDK but for the chance in the signature: ECDSA, %s',
    (hashAlgorithm) => {
      const key = signingKey({ algorithm: 'ECDSA-P256' })
      const theirs = getSignedCookies({
        keyPairId: key.keyPairId,
        privateKey: key.privateKey,
        policy: policyText(permission),
        ...(hashAlgorithm === 'SHA256' ? { algorithm: 'SHA256' } : {}),
      })
      const ours = ourCookies('ECDSA-P256', hashAlgorithm)
      expect({ ...ours, 'CloudFront-Signature': '' }).toEqual({ ...theirs, 'CloudFront-Signature': '' })
      for (const cookies of [ours, theirs]) {
        const verifier = createVerify(hashAlgorithm).update(opensslDecoded(cookies['CloudFront-Policy'] ?? ''))
        const signature = opensslDecoded(cookies['CloudFront-Signature'] ?? '')
        expect(verifier.verify(keyPair('signing', 'ECDSA-P256').publicPem, signature)).toBe(true)
      }
    },
  )

  test('carry the policy of the AWS SDK for one address', () => {
    const theirs = getSignedCookies({
      url: permission.resource,
      keyPairId: signingKey().keyPairId,
      privateKey: signingKey().privateKey,
      dateLessThan: permission.expiresAt * 1000,
      ipAddress: '192.0.2.10/32',
    })
    const policyIn = (cookies: { readonly 'CloudFront-Policy'?: string }) =>
      JSON.parse(opensslDecoded(cookies['CloudFront-Policy'] ?? '').toString())
    expect(policyIn(ourCookies('RSA-2048', 'SHA1', { ...terms, ipv4: '192.0.2.10' }))).toEqual(policyIn(theirs))
  })

  test('fit a browser: each below 4096 bytes, all of them below one kilobyte', () => {
    const cookies = Object.entries(ourCookies('RSA-2048', 'SHA256', { ...terms, ipv4: '203.0.113.178' }))
    const total = cookies.map(([name, value]) => name.length + value.length + 1).reduce((a, b) => a + b)
    expect(total).toBeLessThan(1024)
  })

  test.each([
    ['/*', '/'],
    ['/training/*', '/training/'],
    ['/users/me%40example.com/*', '/users/me%40example.com/'],
  ])('go for %s to the path %s and to nothing beside it', (path, expected) => {
    const set = signedCookies({ path }, createSigner(signingKey(), 'SHA256'), configuration.cookies, terms)
    expect(set.map((text) => text.split('; ').slice(1))).toEqual(
      set.map(() => [`Path=${expected}`, 'Max-Age=600', 'Secure', 'HttpOnly', 'SameSite=Lax']),
    )
  })

  test('have the domain and the partition that are configured', () => {
    const settings = { ...configuration.cookies, sameSite: 'None', domain: 'example.com', partitioned: true } as const
    const [first] = signedCookies(grant, createSigner(signingKey(), 'SHA1'), settings, terms)
    expect(first?.split('; ').slice(1)).toEqual([
      'Path=/training/',
      'Domain=example.com',
      'Max-Age=600',
      'Secure',
      'HttpOnly',
      'SameSite=None',
      'Partitioned',
    ])
  })

  test.each([
    ['photos.example.com', undefined, 'https://photos.example.com/training/*'],
    ['photos.example.com', 'example.com', 'https://*.example.com/training/*'],
    ['photos.eu.example.com:8443', 'example.com', 'https://*.example.com:8443/training/*'],
    ['example.com', 'example.com', 'https://example.com/training/*'],
  ])('of %s for the domain %s open %s', (host, domain, resource) => {
    const settings = { ...configuration.cookies, ...(domain === undefined ? {} : { domain }) }
    const [first = ''] = signedCookies(grant, createSigner(signingKey(), 'SHA1'), settings, { ...terms, host })
    const [, policy = ''] = /^CloudFront-Policy=([^;]*)/.exec(first) ?? []
    expect(JSON.parse(opensslDecoded(policy).toString()).Statement[0].Resource).toBe(resource)
  })
})

describe('expiredCookies', () => {
  test.each([
    ['as they are by default', configuration.cookies],
    ['for a domain, partitioned', { ...configuration.cookies, domain: 'example.com', partitioned: true }],
  ])('name all that signedCookies can set, with the same attributes but for the age: %s', (_, settings) => {
    const attributes = (text: string) => text.replace(/=[^;]*/, '=').replace(/Max-Age=\d+/, 'Max-Age=?')
    const signer = createSigner(signingKey(), 'SHA256')
    const paths = ['/*', '/training/*']
    const set = paths.flatMap((path) => signedCookies({ path }, signer, settings, terms))
    const expired = expiredCookies(settings, paths)
    expect(expired.map(attributes)).toEqual(set.map(attributes))
    expect(expired.map((text) => text.replace(/^[^=]*/, '').split('; ')[0])).toEqual(expired.map(() => '='))
    expect(expired.every((text) => text.includes('; Max-Age=0;'))).toBe(true)
  })
})
