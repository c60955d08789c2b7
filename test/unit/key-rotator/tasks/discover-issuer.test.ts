/** The task of Terraform: what an issuer's own document must say, and what is told about one that does not. */

import { RotationError } from '../../../../key-rotator/src/error.js'
import type { TextAnswer } from '../../../../key-rotator/src/http.js'
import { createRotator } from '../../../../key-rotator/src/rotator.js'
import { discoverIssuer } from '../../../../key-rotator/src/tasks/discover-issuer.js'
import { stack } from '../../../support/aws-double/stack.js'

const ISSUER = 'https://idp.example.com'
const ADDRESS = `${ISSUER}/.well-known/openid-configuration`

const DOCUMENT = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/authorize?realm=staff`,
  token_endpoint: `${ISSUER}/token`,
  jwks_uri: 'https://keys.example.net:8443/jwks.json',
  revocation_endpoint: `${ISSUER}/revoke`,
  end_session_endpoint: `${ISSUER}/logout`,
  authorization_response_iss_parameter_supported: true,
  response_types_supported: ['code', 'id_token'],
  id_token_signing_alg_values_supported: ['HS256', 'RS256'],
  code_challenge_methods_supported: ['plain', 'S256'],
  something_else: { nested: true },
}

const answer = (body: unknown, change: Partial<TextAnswer> = {}): TextAnswer => ({
  status: 200,
  location: null,
  text: typeof body === 'string' ? body : JSON.stringify(body),
  ...change,
})

/** An internet with one document in it. */
function internet(reply: TextAnswer | Error, logs: string[] = []) {
  const asked: string[] = []
  const world = {
    getText: async (url: string, { timeoutMs, bytes }: { timeoutMs: number; bytes: number }) => {
      asked.push(`${url} ${timeoutMs} ${bytes}`)
      if (reply instanceof Error) throw reply
      return reply
    },
    log: (line: string) => logs.push(line),
  }
  return { world, asked }
}

async function refusal(reply: TextAnswer | Error, issuer: unknown = ISSUER): Promise<string> {
  const error: unknown = await discoverIssuer(internet(reply).world, issuer).catch((thrown: unknown) => thrown)
  return error instanceof RotationError ? error.message : `no RotationError: ${JSON.stringify(error)}`
}

describe('discover-issuer', () => {
  it('gives the addresses that sign-in needs, and nothing else', async () => {
    const { world, asked } = internet(answer(DOCUMENT))

    expect(await discoverIssuer(world, ISSUER)).toEqual({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize?realm=staff`,
      token_endpoint: `${ISSUER}/token`,
      jwks_uri: 'https://keys.example.net:8443/jwks.json',
      revocation_endpoint: `${ISSUER}/revoke`,
      end_session_endpoint: `${ISSUER}/logout`,
      authorization_response_iss_parameter_supported: true,
    })
    expect(asked).toEqual([`${ADDRESS} 5000 262144`])
  })

  it.each([undefined, null, false, 'true', 1])(
    'takes a provider for one that does not name itself, unless it says so: %s',
    async (said) => {
      const document = { ...DOCUMENT, authorization_response_iss_parameter_supported: said }
      const found = await discoverIssuer(internet(answer(document)).world, ISSUER)
      expect(found.authorization_response_iss_parameter_supported).toBe(false)
    },
  )

  it.each([
    ['https://idp.example.com/', ADDRESS],
    ['https://idp.example.com/realms/staff', `${ISSUER}/realms/staff/.well-known/openid-configuration`],
    ['https://idp.example.com/realms/staff/', `${ISSUER}/realms/staff/.well-known/openid-configuration`],
    ['https://localhost:9443', 'https://localhost:9443/.well-known/openid-configuration'],
    ['https://[::1]:9443/x', 'https://[::1]:9443/x/.well-known/openid-configuration'],
  ])('asks %s at %s', async (issuer, address) => {
    const { world, asked } = internet(answer({ ...DOCUMENT, issuer }))

    expect((await discoverIssuer(world, issuer)).issuer).toBe(issuer)
    expect(asked).toEqual([`${address} 5000 262144`])
  })

  it.each([
    ['are absent', { revocation_endpoint: undefined, end_session_endpoint: undefined }],
    ['are null', { revocation_endpoint: null, end_session_endpoint: null }],
  ])('gives null for what a provider need not have: they %s', async (_, change) => {
    const found = await discoverIssuer(internet(answer({ ...DOCUMENT, ...change })).world, ISSUER)
    expect([found.revocation_endpoint, found.end_session_endpoint]).toEqual([null, null])
  })

  it.each([
    ['does not say which PKCE methods it has', { code_challenge_methods_supported: undefined }],
    ['signs ID tokens with EdDSA', { id_token_signing_alg_values_supported: ['EdDSA'] }],
    ['signs ID tokens with ES512', { id_token_signing_alg_values_supported: ['none', 'ES512'] }],
  ])('takes a provider that %s', async (_, change) => {
    expect((await discoverIssuer(internet(answer({ ...DOCUMENT, ...change })).world, ISSUER)).issuer).toBe(ISSUER)
  })

  it.each([
    ['no text', 7],
    ['missing', undefined],
    ['plain http', 'http://idp.example.com'],
    ['a user', 'https://me@idp.example.com'],
    ['a user in disguise', 'https:\\\\me@idp.example.com'],
    ['a query', 'https://idp.example.com/?tenant=1'],
    ['a fragment', 'https://idp.example.com/#a'],
    ['a host too many slashes away', 'https:///idp.example.com'],
    ['a space', 'https://idp.example.com/a b'],
    ['a line break', 'https://idp.example.com\n'],
    ['a backslash', 'https://idp.example.com\\@evil.example'],
    ['other letters', 'https://ïdp.example.com'],
    ['no host', 'https://'],
    ['a port that is none', 'https://idp.example.com:99999'],
    ['too long', `https://idp.example.com/${'a'.repeat(1_000)}`],
  ])('refuses an issuer that is or has %s, and asks nobody', async (_, issuer) => {
    const { world, asked } = internet(answer(DOCUMENT))
    await expect(discoverIssuer(world, issuer)).rejects.toThrow(
      /^discover-issuer: the issuer .* is not usable\. Give the issuer as https:\/\/host/,
    )
    expect(asked).toEqual([])
  })

  it.each([
    [
      'issuer',
      'https://idp.example.com/',
      'issuer is "https://idp.example.com/" and not "https://idp.example.com": both must be the same, to the last slash',
    ],
    [
      'issuer',
      undefined,
      'issuer is nothing and not "https://idp.example.com": both must be the same, to the last slash',
    ],
    ['authorization_endpoint', undefined, 'authorization_endpoint is missing'],
    [
      'token_endpoint',
      'http://idp.example.com/token',
      'token_endpoint must be an https address without user and fragment; it is "http://idp.example.com/token"',
    ],
    [
      'jwks_uri',
      'https://a:b@idp.example.com/jwks',
      'jwks_uri must be an https address without user and fragment; it is "https://a:b@idp.example.com/jwks"',
    ],
    [
      'authorization_endpoint',
      `${ISSUER}/#x`,
      `authorization_endpoint must be an https address without user and fragment; it is "${ISSUER}/#x"`,
    ],
    [
      'revocation_endpoint',
      '/revoke',
      'revocation_endpoint must be an https address without user and fragment; it is "/revoke"',
    ],
    ['end_session_endpoint', 7, 'end_session_endpoint must be an https address without user and fragment; it is 7'],
    [
      'response_types_supported',
      ['id_token', 'code id_token'],
      'response_types_supported must list code; it is ["id_token","code id_token"]',
    ],
    ['response_types_supported', undefined, 'response_types_supported is missing, and must list code'],
    ['response_types_supported', 'code', 'response_types_supported must list code; it is "code"'],
    ['code_challenge_methods_supported', ['plain'], 'code_challenge_methods_supported must list S256; it is ["plain"]'],
    ['code_challenge_methods_supported', [], 'code_challenge_methods_supported must list S256; it is []'],
    [
      'id_token_signing_alg_values_supported',
      ['none', 'HS256', 'PS256'],
      'id_token_signing_alg_values_supported must list one of RS256, RS384, RS512, ES256, ES384, ES512, EdDSA; it is ["none","HS256","PS256"]',
    ],
  ])('refuses a document whose %s is %j', async (field, value, problem) => {
    expect(await refusal(answer({ ...DOCUMENT, [field]: value }))).toBe(
      `discover-issuer: ${ADDRESS} is not usable: ${problem}. Compare the issuer with the provider's documentation (it is the text of the claim "iss" in its tokens), and the client and its provider with what the module needs: the authorization code flow with PKCE`,
    )
  })

  it('tells all that is wrong with a document at once, and no more than a line of it', async () => {
    const message = await refusal(answer({ issuer: `x\n${'y'.repeat(10_000)}` }))
    expect(message).toMatch(
      /issuer is "x\\nyyy.*; authorization_endpoint is missing; token_endpoint is missing; jwks_uri/,
    )
    expect(message.length).toBeLessThan(1_200)
    expect(message).not.toContain('\n')
  })

  it.each([
    ['is not found', answer('', { status: 404 }), `${ADDRESS} answered with status 404. Check the issuer`],
    [
      'moved',
      answer('', { status: 301, location: 'https://login.example.com/x' }),
      `${ADDRESS} redirects to "https://login.example.com/x" (status 301), which is not followed. Give the issuer whose document`,
    ],
    ['moved somewhere', answer('', { status: 302 }), `${ADDRESS} redirects (status 302), which is not followed`],
    ['is a page', answer('<!doctype html>'), `${ADDRESS} is no JSON object. Check the issuer: its host answers`],
    ['is a list', answer([DOCUMENT]), `${ADDRESS} is no JSON object`],
    ['is null', answer('null'), `${ADDRESS} is no JSON object`],
    [
      'cannot be reached',
      Object.assign(new TypeError('fetch failed'), { cause: new Error('getaddrinfo ENOTFOUND') }),
      `${ADDRESS} could not be read (Error: getaddrinfo ENOTFOUND). Check the issuer, and that its host is reachable`,
    ],
    [
      'is too long',
      new RangeError('the answer is longer than 262144 bytes'),
      `${ADDRESS} could not be read (RangeError: the answer is longer than 262144 bytes)`,
    ],
  ])('says so when the document %s', async (_, reply, message) => {
    expect(await refusal(reply)).toContain(`discover-issuer: ${message}`)
  })

  it('does not read what a document inherits from every object', async () => {
    expect(await refusal(answer('{"__proto__":{"issuer":"https://idp.example.com"}}'))).toContain('issuer is nothing')
  })
})

describe('the function asked to discover', () => {
  const context = { getRemainingTimeInMillis: () => 0 }
  const broken = () => {
    throw new Error('no configuration')
  }

  it('answers though its configuration is not usable', async () => {
    const world = { ...stack().world, ...internet(answer(DOCUMENT)).world }
    const event = { task: 'discover-issuer', issuer: ISSUER }
    await expect(createRotator(world, broken)(event, context)).resolves.toMatchObject({ issuer: ISSUER })
  })

  it('says what is wrong with the event', async () => {
    const rotator = createRotator({ ...stack().world, ...internet(answer(DOCUMENT)).world }, broken)
    await expect(rotator({ task: 'discover-issuer' }, context)).rejects.toThrow(
      /^discover-issuer: the issuer nothing is not usable\. Give the issuer as https/,
    )
  })
})
