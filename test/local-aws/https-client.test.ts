/** How the edge function posts to a token endpoint: over a real socket, by a process that trusts the local authority. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openAuthority } from '../../local-aws/edge/tls.js'

const ROOT = resolve(__dirname, '..', '..')
const SOURCE = pathToFileURL(join(ROOT, 'edge-cache-request-signer', 'src', 'oidc', 'https-client.ts')).href

const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/refuses': (response) => response.writeHead(400).end('{"error":"invalid_grant"}'),
  '/redirects': (response) => response.writeHead(307, { Location: '/takes' }).end(),
  '/has-64-kb': (response) => response.end('a'.repeat(65_536)),
  '/has-more': (response) => response.end('a'.repeat(65_537)),
  '/never-answers': () => undefined,
  '/never-ends': (response) => response.writeHead(200).write('{'),
  '/breaks-off': (response) => response.destroy(),
}

const directory = mkdtempSync(join(tmpdir(), 'post-form-'))
let server: Server
let told: Readonly<Record<string, readonly [status: number, length: number] | string>>
const seen: string[] = []

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '', headers } = request
  seen.push([method, url, headers['content-type'], headers.accept, headers['x-test'], await text(request)].join(' '))
  ANSWERS[url]?.(response)
}

beforeAll(async () => {
  const authority = await openAuthority(directory)
  server = createServer(await authority.leafFor('localhost'), (request, response) => void answer(request, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const script = `
    const { postForm } = await import(${JSON.stringify(SOURCE)})
    const ask = async (path) => {
      const uri = 'https://localhost:${port}' + path
      return postForm(uri, { code: 'a b&c=d' }, { 'X-Test': 'yes' }).then(
        ({ status, body }) => [path, [status, body.length]],
        (error) => [path, error.message],
      )
    }
    console.log(JSON.stringify(Object.fromEntries(await Promise.all(${JSON.stringify(Object.keys(ANSWERS))}.map(ask)))))`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    cwd: ROOT,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: authority.caFile },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  told = JSON.parse(await text(child.stdout))
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(directory, { recursive: true })
})

describe('postForm', () => {
  test('sends what OAuth has clients send', () => {
    expect(seen).toContain('POST /refuses application/x-www-form-urlencoded application/json yes code=a+b%26c%3Dd')
  })

  test('gives answers whatever their status, up to 64 KB', () => {
    expect([told['/refuses'], told['/has-64-kb']]).toEqual([
      [400, 25],
      [200, 65_536],
    ])
  })

  test.each([
    ['/redirects', /^the answer was a redirect \(307\), which is not followed$/],
    ['/has-more', /^the answer was longer than 64 KB$/],
    ['/never-answers', /aborted/],
    ['/never-ends', /aborted/],
    ['/breaks-off', /socket hang up/],
  ])('rejects a peer that misbehaves: %s', (path, message) => {
    expect(told[path]).toMatch(message)
  })

  test('does not go where a redirect leads, with all that the form holds', () => {
    expect(seen.map((line) => line.split(' ')[1]).toSorted()).toEqual(Object.keys(ANSWERS).toSorted())
  })
})
