import { execFileSync, spawnSync } from 'node:child_process'
import { createVerify } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getSignedCookies } from '@aws-sdk/cloudfront-signer'
import { policyText } from '../../../edge-cache-request-signer/src/policy.js'
import { createSigner } from '../../../edge-cache-request-signer/src/signature.js'
import { expiredCookies, signedCookies } from '../../../edge-cache-request-signer/src/signed-cookies.js'
import type { SigningAlgorithm } from '../../../signing-key/secret.js'
import { keyPair, signingKey } from '../../support/keys.js'
import { configuration } from './world.js'

const permission = { resource: 'https://d111111abcdef8.cloudfront.net/training/*', expiresAt: 1_767_290_400 }
const now = permission.expiresAt - 600

const combinations: readonly (readonly [SigningAlgorithm, 'SHA1' | 'SHA256'])[] = [
  ['RSA-2048', 'SHA1'],
  ['RSA-2048', 'SHA256'],
  ['ECDSA-P256', 'SHA1'],
  ['ECDSA-P256', 'SHA256'],
]

function ourCookies(
  algorithm: SigningAlgorithm,
  hashAlgorithm: 'SHA1' | 'SHA256',
  given: Parameters<typeof policyText>[0] = permission,
) {
  const signer = createSigner(signingKey({ algorithm }), hashAlgorithm)
  const all = signedCookies(given, signer, configuration.cookies, now).map((text) => text.split('; '))
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
    const bound = { ...permission, ipv4: '192.0.2.10' }
    const theirs = getSignedCookies({
      url: permission.resource,
      keyPairId: signingKey().keyPairId,
      privateKey: signingKey().privateKey,
      dateLessThan: permission.expiresAt * 1000,
      ipAddress: '192.0.2.10/32',
    })
    const policyIn = (cookies: { readonly 'CloudFront-Policy'?: string }) =>
      JSON.parse(opensslDecoded(cookies['CloudFront-Policy'] ?? '').toString())
    expect(policyIn(ourCookies('RSA-2048', 'SHA1', bound))).toEqual(policyIn(theirs))
  })

  test('fit a browser: each below 4096 bytes, all of them below one kilobyte', () => {
    const cookies = Object.entries(ourCookies('RSA-2048', 'SHA256', { ...permission, ipv4: '203.0.113.178' }))
    const total = cookies.map(([name, value]) => name.length + value.length + 1).reduce((a, b) => a + b)
    expect(total).toBeLessThan(1024)
  })
})

describe('expiredCookies', () => {
  test('name all that signedCookies can set, with the same attributes but for the age', () => {
    const attributes = (text: string) => text.replace(/=[^;]*/, '=').replace(/Max-Age=\d+/, 'Max-Age=?')
    const signer = createSigner(signingKey(), 'SHA256')
    const set = signedCookies(permission, signer, configuration.cookies, now)
    expect(expiredCookies(configuration.cookies).map(attributes)).toEqual(set.map(attributes))
    expect(expiredCookies(configuration.cookies).every((text) => text.includes('=; Path=/; Max-Age=0;'))).toBe(true)
  })
})
