/** What all candidates of the benchmark are given: the same user, the same keys, the same network. */
import { createPrivateKey, createPublicKey, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Answer, SeenRequest } from './stand-in.js'

const POOL = 'eu-west-1_AbC123'
const CLIENT = '4fk29fkbexample7client'
const ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`
const KEY_ID = 'bench-key'
const HOST = 'd111111abcdef8.cloudfront.net'

/** The edge function's name as Terraform would give it; its configuration and key are found by it. */
export const FUNCTION_NAME = 'photos-signer-abcd1234'

/** A user pool's key, a token of it, and everything that the candidates read from AWS. */
export interface World {
  /** Tokens of as many users: more than any candidate could remember between two turns. */
  readonly tokens: readonly string[]
  /** The public half of the pool's key, PEM. */
  readonly poolKey: string
  /** The public half of the signing key, PEM. */
  readonly signingKey: string
  /** Answers as SSM and as the user pool's key set. */
  answer(request: SeenRequest): Answer
  /** A viewer request with a token where an API client puts it. */
  bearerEvent(token?: string): unknown
  /** A viewer request with a token where cognito-at-edge looks for it. */
  cookieEvent(token?: string): unknown
  /** A viewer request for content behind tokens. */
  contentEvent(token?: string): unknown
}

// More than the signer remembers, in turn: each of them is a new token to it.
const USERS = 500

const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function signedToken(privateKey: KeyObject, user: number): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    sub: `7d8ca528-4931-4254-9273-${String(user).padStart(12, '0')}`,
    iss: ISSUER,
    aud: CLIENT,
    token_use: 'id',
    'cognito:username': 'ada',
    'cognito:groups': ['family'],
    email: 'ada@example.com',
    email_verified: true,
    auth_time: now,
    iat: now,
    exp: now + 3600,
  }
  const input = `${segment({ kid: KEY_ID, alg: 'RS256' })}.${segment(claims)}`
  return `${input}.${createSign('RSA-SHA256').update(input).sign(privateKey, 'base64url')}`
}

const configuration = {
  version: 1,
  hosts: [HOST],
  userPool: { id: POOL, clientIds: [CLIENT], tokenUses: ['access', 'id'] },
  grants: [{ paths: ['/*'] }],
  bearerPaths: ['/api/*'],
  cookies: { lifetimeSeconds: 3600, sameSite: 'Lax', hashAlgorithm: 'SHA1', bindToIp: false },
  cors: { allowedOrigins: ['https://app.example.com'] },
  cache: { freshSeconds: 300, staleSeconds: 3600 },
}

function event(headers: Readonly<Record<string, string>>, uri = '/cookie/'): unknown {
  const all = { host: HOST, 'user-agent': 'bench', accept: 'application/json', ...headers }
  const request = {
    clientIp: '203.0.113.7',
    method: 'GET',
    uri,
    querystring: '',
    headers: Object.fromEntries(Object.entries(all).map(([key, value]) => [key, [{ key, value }]])),
  }
  const config = {
    distributionDomainName: HOST,
    distributionId: 'EDFDVBD6EXAMPLE',
    eventType: 'viewer-request',
    requestId: 'bench',
  }
  return { Records: [{ cf: { config, request } }] }
}

const parameter = (Name: string, Value: string, Type: string) => ({
  Name,
  Value,
  Type,
  Version: 1,
  LastModifiedDate: 1795237200.123,
  ARN: `arn:aws:ssm:us-east-1:123456789012:parameter${Name}`,
  DataType: 'text',
})

const jwk = (pem: string) => createPublicKey(pem).export({ format: 'jwk' })

/** Makes a world with fresh keys. */
export function createWorld(): World {
  const encodings = {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  } as const
  const pool = generateKeyPairSync('rsa', encodings)
  const signing = generateKeyPairSync('rsa', encodings)
  const poolPrivateKey = createPrivateKey(pool.privateKey)
  const tokens = Array.from({ length: USERS }, (_, user) => signedToken(poolPrivateKey, user))
  const [first = ''] = tokens
  const secret = {
    version: 1,
    keyPairId: 'K2JCJMDEHXQW5F',
    algorithm: 'RSA-2048',
    privateKey: signing.privateKey,
    createdAt: '2026-11-21T05:00:00.000Z',
    sealingKeys: [Buffer.alloc(32, 7).toString('base64url')],
  }
  const parameters = {
    Parameters: [
      parameter(`/${FUNCTION_NAME}/configuration`, JSON.stringify(configuration), 'String'),
      parameter(`/aws/reference/secretsmanager/${FUNCTION_NAME}/signing-key`, JSON.stringify(secret), 'SecureString'),
    ],
    InvalidParameters: [],
  }
  const jwks = { keys: [{ ...jwk(pool.publicKey), kid: KEY_ID, alg: 'RS256', use: 'sig' }] }
  return {
    tokens,
    poolKey: pool.publicKey,
    signingKey: signing.publicKey,
    answer: ({ host }) =>
      host.startsWith('ssm.')
        ? { status: 200, body: JSON.stringify(parameters), headers: { 'content-type': 'application/x-amz-json-1.1' } }
        : { status: 200, body: JSON.stringify(jwks), headers: { 'content-type': 'application/json' } },
    bearerEvent: (token = first) => event({ authorization: `Bearer ${token}` }),
    cookieEvent: (token = first) => event({ cookie: `CognitoIdentityServiceProvider.${CLIENT}.ada.idToken=${token}` }),
    contentEvent: (token = first) => event({ authorization: `Bearer ${token}` }, '/api/report.json'),
  }
}
