/** Tokens as a Cognito user pool signs them, and tokens broken in every way we know. */
import { createHmac, sign } from 'node:crypto'
import { START } from './clock.js'
import { type KeyPair, keyPair } from './keys.js'

/** The user pool of the tests. */
export const POOL_ID = 'eu-west-1_AbC123'
/** Its app client. */
export const CLIENT_ID = '1example23456789'
/** Its user. */
export const SUBJECT = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'

/** The issuer of a pool's tokens, in the original form. */
export function issuerOf(poolId: string = POOL_ID): string {
  return `https://cognito-idp.${poolId.split('_')[0]}.amazonaws.com/${poolId}`
}

/** The issuer of a pool's tokens, in the form for replication among regions. */
export function updatedIssuerOf(poolId: string = POOL_ID): string {
  return `https://issuer-cognito-idp.${poolId.split('_')[0]}.amazonaws.com/${poolId}`
}

/** Claims by name; undefined leaves one out. */
export type Claims = Readonly<Record<string, unknown>>

/** The claims of an access token, issued now and good for an hour. `now` is in milliseconds. */
export function accessClaims(changes: Claims = {}, now: number = START): Claims {
  const seconds = Math.floor(now / 1000)
  return {
    sub: SUBJECT,
    iss: issuerOf(),
    token_use: 'access',
    client_id: CLIENT_ID,
    scope: 'openid',
    username: 'ada',
    version: 2,
    auth_time: seconds,
    iat: seconds,
    exp: seconds + 3600,
    jti: '11111111-2222-4333-8444-555555555555',
    ...changes,
  }
}

/** The claims of an ID token, issued now and good for an hour. `now` is in milliseconds. */
export function idClaims(changes: Claims = {}, now: number = START): Claims {
  const seconds = Math.floor(now / 1000)
  return {
    sub: SUBJECT,
    iss: issuerOf(),
    token_use: 'id',
    aud: CLIENT_ID,
    'cognito:username': 'ada',
    email: 'ada@example.com',
    auth_time: seconds,
    iat: seconds,
    exp: seconds + 3600,
    ...changes,
  }
}

/** How a token is made; whatever is left out is as the pool would make it. */
export interface Minting {
  readonly header?: Claims
  readonly key?: KeyPair
  /** What the signature hashes with, whatever the header says. */
  readonly hash?: 'sha256' | 'sha512'
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** The key id of the pool's key for tokens of that use: Cognito signs access and ID tokens with different keys. */
export function kidOf(tokenUse: unknown): string {
  return `${tokenUse === 'id' ? 'id' : 'access'}-key`
}

/** The pool's key pair for tokens of that use. */
export function tokenKeyPair(tokenUse: unknown): KeyPair {
  return keyPair(kidOf(tokenUse))
}

/** A signed token with these claims. */
export function mint(claims: Claims = accessClaims(), { header = {}, key, hash = 'sha256' }: Minting = {}): string {
  const kid = kidOf(claims.token_use)
  const input = `${encoded({ alg: 'RS256', kid, typ: 'JWT', ...header })}.${encoded(claims)}`
  const { privateKey } = key ?? tokenKeyPair(claims.token_use)
  return `${input}.${sign(hash, Buffer.from(input), privateKey).toString('base64url')}`
}

/** The text of the pool's key set: both keys, and those that are given by key id. */
export function jwks(others: Readonly<Record<string, KeyPair>> = {}): string {
  const pairs = { 'id-key': tokenKeyPair('id'), 'access-key': tokenKeyPair('access'), ...others }
  return JSON.stringify({
    keys: Object.entries(pairs).map(([kid, { publicKey }]) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
      alg: 'RS256',
      use: 'sig',
    })),
  })
}

/** An unsigned token (RFC 7519 section 6), with an empty signature or with some. */
export function unsigned(signature: string = '', header: Claims = {}): string {
  return `${encoded({ alg: 'none', kid: 'access-key', ...header })}.${encoded(accessClaims())}.${signature}`
}

/** A token whose "HMAC secret" is the pool's public key, in the PEM that careless verifiers have at hand. */
export function hmacWithPublicKey(): string {
  const input = `${encoded({ alg: 'HS256', kid: 'access-key', typ: 'JWT' })}.${encoded(accessClaims())}`
  return `${input}.${createHmac('sha256', tokenKeyPair('access').publicPem).update(input).digest('base64url')}`
}

/** A good token, of which the signature is changed in one bit. */
export function withWrongSignature(): string {
  const [header, payload, signature = ''] = mint().split('.')
  const bytes = Buffer.from(signature, 'base64url')
  bytes[100] = (bytes[100] ?? 0) ^ 1
  return `${header}.${payload}.${bytes.toString('base64url')}`
}

/** A good token, of which the claims were changed after it was signed. */
export function withOtherClaims(changes: Claims): string {
  const [header, , signature] = mint().split('.')
  return `${header}.${encoded(accessClaims(changes))}.${signature}`
}
