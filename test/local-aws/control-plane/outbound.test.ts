/**
 * What functions reach besides AWS: providers on this machine, under `*.localhost` and a port of their own.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { openAuthority } from '../../../local-aws/edge/tls.js'
import { portOf } from '../../../local-aws/endpoint/ports.js'
import { clientOptions, startTestAws, type TestAws } from '../../support/local-aws.js'
import { discardLogger, initAndApply, type Options, outputAll } from '../../terratest/src/index.js'
import { createTestFunction } from './functions.js'

// Asks for an address in the way that the event names, and gives what came back.
const source = `
import https from 'node:https'
const ways = {
  fetch: async (url) => (await fetch(url, { redirect: 'error' })).text(),
  post: async (url) => (await fetch(url, { method: 'POST', body: new URLSearchParams({ a: '1' }) })).text(),
  request: (url) => new Promise((resolve, reject) => {
    https.request(url, (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (text) => { body += text }).on('end', () => resolve(body))
    }).on('error', reject).end()
  }),
  agent: (url) => new Promise((resolve, reject) => {
    https.get(url, { agent: new https.Agent({ keepAlive: true }) }, (answer) => {
      answer.setEncoding('utf8').once('data', resolve)
    }).on('error', reject)
  }),
}
export async function handler({ way, url, fail }) {
  if (fail !== undefined) throw new TypeError(fail)
  return ways[way](url).catch((error) => ({ refused: String(error.cause?.code ?? error.code ?? error) }))
}
`

let aws: TestAws
let lambda: LambdaClient
let provider: Server
let origin: string
const countries: unknown[] = []

beforeAll(async () => {
  aws = await startTestAws()
  lambda = new LambdaClient(clientOptions(aws, 'us-east-1'))
  await createTestFunction(aws, { name: 'caller', source, settings: { Timeout: 60 } })
  const leaf = await (await openAuthority(dirname(aws.caFile))).leafFor('idp.localhost')
  provider = createServer(leaf, (request, response) => {
    response.end(`${request.method} ${request.headers.host}`)
    countries.push(request.headers['x-local-country'])
  })
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  origin = `https://idp.localhost:${portOf(provider)}`
})

afterAll(async () => {
  provider?.closeAllConnections()
  await new Promise((resolve) => provider.close(resolve))
  lambda?.destroy()
  await aws?.stop()
})

async function invoke(event: object) {
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: 'caller', Payload: Buffer.from(JSON.stringify(event)) }),
  )
  return JSON.parse(Buffer.from(Payload ?? []).toString())
}

describe('a function', () => {
  test.each([
    ['fetch', 'GET'],
    ['post', 'POST'],
    ['request', 'GET'],
    ['agent', 'GET'],
  ])('reaches a provider at a port of its own by %s', async (way, method) => {
    expect(await invoke({ way, url: `${origin}/` })).toBe(`${method} ${new URL(origin).host}`)
  })

  test.each(['fetch', 'request'])(
    'trusts the local authority for the names in a certificate only, by %s',
    async (way) => {
      expect(await invoke({ way, url: origin.replace('idp.', 'evil.') })).toEqual({
        refused: 'ERR_TLS_CERT_ALTNAME_INVALID',
      })
    },
  )

  it('comes from the country of its Region, as an edge location sees it', async () => {
    countries.length = 0
    await invoke({ way: 'fetch', url: `${origin}/` })
    expect(countries).toEqual(['US'])
  })

  it('reaches port 443 at the edge, whatever the name', async () => {
    expect(await invoke({ way: 'fetch', url: 'https://nobody.example.com/' })).toContain('No distribution')
  })
})

describe('aws_lambda_invocation', () => {
  const apply = async (input: object): Promise<unknown> => {
    const terraformDir = mkdtempSync(join(tmpdir(), 'invocation-'))
    writeFileSync(
      join(terraformDir, 'main.tf'),
      `terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}
provider "aws" {
  region = "us-east-1"
}
variable "input" {
  type = string
}
resource "aws_lambda_invocation" "caller" {
  function_name = "caller"
  input         = var.input
}
output "result" {
  value = jsondecode(aws_lambda_invocation.caller.result)
}
`,
    )
    const vars = { input: JSON.stringify(input) }
    const options: Options = {
      terraformDir,
      envVars: aws.terraform,
      noColor: true,
      lock: true,
      vars,
      logger: discardLogger,
    }
    try {
      await initAndApply(options)
      return (await outputAll(options)).result
    } finally {
      rmSync(terraformDir, { recursive: true, force: true })
    }
  }

  it('has the function’s value', async () => {
    expect(await apply({ way: 'fetch', url: `${origin}/` })).toBe(`GET ${new URL(origin).host}`)
  })

  it('fails with what the function threw', async () => {
    await expect(apply({ fail: 'the issuer does not answer' })).rejects.toThrow(/the issuer does not answer/)
  })
})
