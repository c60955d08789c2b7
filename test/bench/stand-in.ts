/**
 * A stand-in for AWS at the wire: one TLS listener on a free port that answers as SSM and as a user pool's key set
 * would, and remembers what it was asked. The functions reach it as they reach AWS, through reroute.cjs.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAuthority } from '../../local-aws/edge/tls.js'

/** What was asked. */
export interface SeenRequest {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Milliseconds since the epoch. */
  readonly receivedAt: number
}

/** What to answer; `undefined` in its place means: never answer. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface StandIn {
  readonly port: number
  /** PEM file of the authority that clients must trust. */
  readonly caFile: string
  readonly seen: SeenRequest[]
  /** Who answers; may be exchanged between requests. */
  answer: (request: SeenRequest) => Answer | undefined
  stop(): Promise<void>
}

/** Starts a stand-in that answers 500 to everything until `answer` is set. */
export async function startStandIn(): Promise<StandIn> {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-'))
  const authority = await openAuthority(folder)
  const contexts = {
    SNICallback: (name: string, done: (error: Error | null, context?: never) => void) => {
      authority.contextFor(name).then(
        (context) => done(null, context as never),
        (error: Error) => done(error),
      )
    },
  }
  const server = createServer(contexts, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      const body = Buffer.concat(chunks).toString('utf8')
      const seen = { method, path, headers, body, host: headers.host ?? '', receivedAt: Date.now() }
      standIn.seen.push(seen)
      const answer = standIn.answer(seen)
      if (answer !== undefined) {
        response.writeHead(answer.status, { ...answer.headers })
        response.end(answer.body)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const standIn: StandIn = {
    port: (server.address() as AddressInfo).port,
    caFile: authority.caFile,
    seen: [],
    answer: () => ({ status: 500, body: '{}' }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          rmSync(folder, { recursive: true, force: true })
          resolve()
        })
        server.closeAllConnections()
      }),
  }
  return standIn
}
