/**
 * The rotator as it is deployed asks a provider that is not ours for its addresses: the certified oidc-provider, over TLS,
 * from a sandbox of the Lambda runtime.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { openAuthority } from '../../local-aws/edge/tls.js'
import { clientOptions, startTestAws, type TestAws } from '../support/local-aws.js'
import { type OidcProvider, startOidcProvider } from '../support/oidc-provider.js'
import { createTestFunction } from './control-plane/functions.js'

const ZIP = join(__dirname, '../../dist/key-rotator.zip')

let aws: TestAws
let lambda: LambdaClient
let provider: OidcProvider

beforeAll(async () => {
  aws = await startTestAws()
  lambda = new LambdaClient(clientOptions(aws, 'us-east-1'))
  provider = await startOidcProvider(aws.caFile, { accounts: [], clients: [] })
  // No ROTATION_CONFIGURATION: what Terraform asks must not depend on it.
  const settings = { MemorySize: 256, Timeout: 30, Code: { ZipFile: readFileSync(ZIP) } }
  await createTestFunction(aws, { name: 'photos-key-rotator', source: '', settings })
})

afterAll(async () => {
  lambda?.destroy()
  await provider?.stop()
  await aws?.stop()
})

async function discover(issuer: string) {
  const Payload = JSON.stringify({ task: 'discover-issuer', issuer })
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'photos-key-rotator', Payload }))
  return { error: answer.FunctionError, payload: JSON.parse(Buffer.from(answer.Payload ?? []).toString()) }
}

/** Answers every request so, with a certificate of the same authority; gives its origin. */
async function serve(headers: Readonly<Record<string, string>>, status: number, body: string) {
  const leaf = await (await openAuthority(dirname(aws.caFile))).leafFor('idp.localhost')
  const server = createServer(leaf, (_, response) => response.writeHead(status, headers).end(body))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return { origin: `https://idp.localhost:${port}`, stop: () => server.close() }
}

describe('discover-issuer', () => {
  it('gives what the provider says, and nothing else', async () => {
    const { issuer } = provider

    expect(await discover(issuer)).toEqual({
      error: undefined,
      payload: {
        issuer,
        authorization_endpoint: expect.stringContaining(`${issuer}/`),
        token_endpoint: expect.stringContaining(`${issuer}/`),
        jwks_uri: expect.stringContaining(`${issuer}/`),
        revocation_endpoint: expect.stringContaining(`${issuer}/`),
        end_session_endpoint: expect.stringContaining(`${issuer}/`),
        authorization_response_iss_parameter_supported: true,
      },
    })
  })

  it('tells a slash too many from the issuer', async () => {
    const { error, payload } = await discover(`${provider.issuer}/`)

    expect(error).toBe('Unhandled')
    expect(payload).toMatchObject({
      errorType: 'RotationError',
      errorMessage: expect.stringContaining(
        `issuer is "${provider.issuer}" and not "${provider.issuer}/": both must be the same, to the last slash`,
      ),
    })
  })

  it.each([
    [
      'redirects',
      { location: 'https://idp.localhost/elsewhere' },
      302,
      '',
      /redirects to "https:\/\/idp\.localhost\/elsewhere" \(status 302\), which is not followed\. Give/,
    ],
    [
      'is too long',
      {},
      200,
      ' '.repeat(262_145),
      /could not be read \(RangeError: the answer is longer than 262144 bytes\)\. Check/,
    ],
    ['is a page', {}, 200, '<!doctype html>', /is no JSON object\. Check the issuer: its host answers/],
    ['is not there', {}, 404, '{}', /answered with status 404\. Check the issuer/],
  ])('says so when the document %s', async (_, headers, status, body, message) => {
    const { origin, stop } = await serve(headers, status, body)
    try {
      expect((await discover(origin)).payload.errorMessage).toMatch(message)
    } finally {
      stop()
    }
  })

  it('says why nobody answers', async () => {
    const { origin, stop } = await serve({}, 200, '')
    stop()

    expect((await discover(origin)).payload.errorMessage).toMatch(
      /^discover-issuer: https:\/\/idp\.localhost:\d+\/\.well-known\/openid-configuration could not be read \(.*ECONNREFUSED.*\)\. Check the issuer, and that its host is reachable/,
    )
  })
})
