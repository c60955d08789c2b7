/**
 * An identity provider that lets everybody in. Its codes are good once and for five minutes, as those of Cognito are;
 * it signs with ES256, because so many RSA signatures would be most of the time of a run.
 */
import { sign } from 'node:crypto'
import type { World } from '../../../edge-cache-request-signer/src/dependencies.js'
import { keyPair } from '../../support/keys.js'

export const ISSUER = 'https://login.example.com'
export const LOGIN = `${ISSUER}/authorize`
export const TOKENS = `${ISSUER}/token`
export const KEY_SET = `${ISSUER}/keys`
export const CLIENT_ID = 'website'

const CODE_SECONDS = 300

/** The provider. */
export interface LoginPage extends Pick<World, 'fetchJwks' | 'postForm'> {
  /** Signs somebody in at this authorization URL: the URL that the browser is sent back to. */
  readonly signIn: (url: string) => string
}

/** A provider whose clock is `Date.now`. */
export function loginPage(): LoginPage {
  const { privateKey, publicKey } = keyPair('login', 'ECDSA-P256')
  const codes = new Map<string, { readonly nonce: string | null; readonly expiresAt: number }>()
  const keySet = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'login', alg: 'ES256' }] })
  const people = new Map<string, string>()
  const seconds = () => Math.floor(Date.now() / 1000)
  const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const idToken = (sub: string, nonce: string | null) => {
    const claims = { iss: ISSUER, aud: CLIENT_ID, sub, iat: seconds(), exp: seconds() + 3600, ...(nonce && { nonce }) }
    const input = `${segment({ alg: 'ES256', kid: 'login' })}.${segment(claims)}`
    const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    return `${input}.${signature.toString('base64url')}`
  }
  const tokens = (sub: string, nonce: string | null, more: object = {}) => ({
    status: 200,
    body: JSON.stringify({ token_type: 'Bearer', access_token: 'opaque', id_token: idToken(sub, nonce), ...more }),
  })
  const refused = { status: 400, body: JSON.stringify({ error: 'invalid_grant' }) }
  return {
    signIn: (url) => {
      const { searchParams } = new URL(url)
      const code = `code-${people.size}-${codes.size}`
      codes.set(code, { nonce: searchParams.get('nonce'), expiresAt: seconds() + CODE_SECONDS })
      return `${searchParams.get('redirect_uri')}?${new URLSearchParams({ code, state: searchParams.get('state') ?? '' })}`
    },
    fetchJwks: async () => keySet,
    postForm: async (_, { grant_type, code = '', refresh_token = '' }) => {
      if (grant_type === 'refresh_token') {
        const person = people.get(refresh_token)
        return person === undefined ? refused : tokens(person, null)
      }
      const known = codes.get(code)
      if (known === undefined || seconds() > known.expiresAt) return refused
      codes.set(code, { ...known, expiresAt: 0 })
      const [person, refreshToken] = [`person-${people.size}`, `refresh-${people.size}`]
      people.set(refreshToken, person)
      return tokens(person, known.nonce, { refresh_token: refreshToken })
    },
  }
}
