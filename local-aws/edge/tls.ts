/**
 * Certificates of the local edge: one authority per data directory, and a leaf for each name that a client asks for
 * by SNI (RFC 6066 section 3), made when it is first asked for.
 */
import 'reflect-metadata'
import { createPrivateKey, createPublicKey, webcrypto, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

const DAY_MS = 86_400_000
const AUTHORITY_DAYS = 3650
/** What browsers accept at most (CA/Browser Forum Baseline Requirements 6.3.2). */
const LEAF_DAYS = 397
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_][a-z0-9_-]{0,62})*$/
const MAXIMUM_LEAVES = 1000

/** The authority: where its certificate lies for clients to trust, and the leaves that it signs. */
export interface Authority {
  /** Absolute path of the authority's certificate in PEM. */
  readonly caFile: string
  /** A new leaf for a host name or IP address. @throws Error for what is neither. */
  leafFor(name: string): Promise<Leaf>
  /** A TLS context with a leaf for the name; the same one when asked again. */
  contextFor(name: string): Promise<SecureContext>
}

/** A certificate, followed by its authority's, and its private key, all in PEM. */
export interface Leaf {
  readonly cert: string
  readonly key: string
}

interface Material {
  readonly certificate: string
  readonly key: webcrypto.CryptoKey
  readonly publicKey: webcrypto.CryptoKey
}

/**
 * Opens the authority of a directory (`ca.pem`, `ca-key.pem` with mode 0600), and makes it the first time.
 *
 * An authority that has expired is replaced. @throws Error when the two files do not belong together.
 */
export async function openAuthority(directory: string): Promise<Authority> {
  mkdirSync(directory, { recursive: true })
  const caFile = join(directory, 'ca.pem')
  const keyFile = join(directory, 'ca-key.pem')
  if (!isUsable(caFile, keyFile)) await createAuthority(caFile, keyFile)
  const material = await readAuthority(caFile, keyFile)
  const contexts = new Map<string, Promise<SecureContext>>()
  return {
    caFile,
    leafFor: (name) => createLeaf(name, material),
    contextFor: (name) => {
      const known = contexts.get(name)
      if (known !== undefined) return known
      if (contexts.size >= MAXIMUM_LEAVES) contexts.clear()
      const made = createLeaf(name, material).then(createSecureContext)
      contexts.set(name, made)
      // A name that failed is tried again next time, and its rejection is the caller's.
      made.catch(() => contexts.delete(name))
      return made
    },
  }
}

function isUsable(caFile: string, keyFile: string): boolean {
  if (!existsSync(caFile) || !existsSync(keyFile)) return false
  const remedy = `delete ${caFile} and ${keyFile} to have a new authority made, and trust that one instead`
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(readFileSync(caFile))
    const ours = createPublicKey(createPrivateKey(readFileSync(keyFile))).export({ type: 'spki', format: 'pem' })
    if (ours !== certificate.publicKey.export({ type: 'spki', format: 'pem' })) throw new Error('they do not match')
  } catch (cause) {
    throw new Error(`the local authority's certificate and key cannot be used: ${remedy}`, { cause })
  }
  return Date.parse(certificate.validTo) > Date.now() + LEAF_DAYS * DAY_MS
}

async function createAuthority(caFile: string, keyFile: string): Promise<void> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned({
    // A name of its own for each, or a client that trusts two of them picks the wrong one by name.
    name: `CN=Local AWS ${new Date().toISOString()}, O=Local AWS`,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' })
  writeFileSync(keyFile, key, { mode: 0o600 })
  writeFileSync(caFile, `${certificate.toString('pem')}\n`)
}

async function readAuthority(caFile: string, keyFile: string): Promise<Material> {
  const certificate = readFileSync(caFile, 'utf8')
  const privateKey = createPrivateKey(readFileSync(keyFile))
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' })
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const key = await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign'])
  return { certificate, key, publicKey: await webcrypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify']) }
}

async function createLeaf(name: string, authority: Material): Promise<Leaf> {
  const isAddress = /^[\d.]+$/.test(name) || name.includes(':')
  if (!isAddress && !HOST_NAME.test(name))
    throw new Error(`no certificate for ${JSON.stringify(name)}: not a host name`)
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const alternatives = isAddress
    ? [{ type: 'ip' as const, value: name }]
    : [
        { type: 'dns' as const, value: name },
        // Who connects by address sends no name and gets the leaf of localhost.
        ...(name === 'localhost' ? [{ type: 'ip' as const, value: '127.0.0.1' }] : []),
      ]
  const certificate = await X509CertificateGenerator.create({
    subject: 'O=Local AWS edge',
    issuer: new X509Certificate(authority.certificate).subject.split('\n').join(', '),
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + (LEAF_DAYS - 1) * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(alternatives, true),
      await AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  })
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  return {
    // With the authority, so that a browser can be told to trust it by the hash of its key.
    cert: `${certificate.toString('pem')}\n${authority.certificate}`,
    key: createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
