/**
 * The signing keys of user pools: as in Cognito, access and ID tokens of a pool are signed by two different RSA keys.
 *
 * Page: "Verifying JSON web tokens" (user pools publish two keys). Keys live as long as this process.
 */
import { createHash, generateKeyPair, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto'
import { promisify } from 'node:util'

const generate = promisify(generateKeyPair)

/** What a token is for. */
export type TokenUse = 'access' | 'id'

interface PoolKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** Signs and verifies for pools; their keys are made when they are first needed. */
export interface PoolKeys {
  /** A JWT (RFC 7519) of the claims, signed by RS256. */
  sign(poolId: string, use: TokenUse, claims: Readonly<Record<string, unknown>>): Promise<string>
  /** The claims of a JWT that this pool's key for that use has signed; undefined for anything else. Checks no times. */
  verify(poolId: string, use: TokenUse, token: string): Promise<Readonly<Record<string, unknown>> | undefined>
  /** The pool's public keys, as members of a JWK Set (RFC 7517). */
  publicKeys(poolId: string): Promise<readonly JsonWebKey[]>
}

/** Keys for any number of pools. */
export function createPoolKeys(): PoolKeys {
  const keys = new Map<string, Promise<PoolKey>>()
  const keyFor = (poolId: string, use: TokenUse): Promise<PoolKey> => {
    const name = `${poolId} ${use}`
    const key = keys.get(name) ?? createKey()
    keys.set(name, key)
    return key
  }
  return {
    sign: async (poolId, use, claims) => {
      const { kid, privateKey } = await keyFor(poolId, use)
      const input = `${encode({ kid, alg: 'RS256' })}.${encode(claims)}`
      return `${input}.${sign('RSA-SHA256', Buffer.from(input), privateKey).toString('base64url')}`
    },
    verify: async (poolId, use, token) => verified(await keyFor(poolId, use), token),
    publicKeys: async (poolId) => {
      const both = await Promise.all([keyFor(poolId, 'id'), keyFor(poolId, 'access')])
      return both.map(({ kid, publicKey }) => ({
        ...publicKey.export({ format: 'jwk' }),
        kid,
        alg: 'RS256',
        use: 'sig',
      }))
    },
  }
}

async function createKey(): Promise<PoolKey> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 })
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return { kid: createHash('sha256').update(der).digest('base64'), privateKey, publicKey }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function verified({ kid, publicKey }: PoolKey, token: string): Readonly<Record<string, unknown>> | undefined {
  const [header = '', payload = '', signature = '', ...more] = token.split('.')
  if (more.length > 0 || decode(header)?.kid !== kid || decode(header)?.alg !== 'RS256') return undefined
  const isOurs = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${payload}`),
    publicKey,
    Buffer.from(signature, 'base64url'),
  )
  return isOurs ? decode(payload) : undefined
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
