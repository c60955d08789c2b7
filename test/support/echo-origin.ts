/**
 * An HTTP server behind a distribution, which answers with what it was asked.
 */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Answer } from './viewer.js'

/** What the origin saw of a request. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

/** The running server, on this machine only. */
export interface EchoOrigin {
  readonly port: number
  /** All requests so far, the first one first. */
  readonly asked: readonly Seen[]
  stop(): Promise<void>
}

/** Starts one on a port that is free. */
export async function startEchoOrigin(): Promise<EchoOrigin> {
  const asked: Seen[] = []
  const server = createServer(({ method = '', url = '', headers }, response) => {
    asked.push({ method, url, headers })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method, url, headers } satisfies Seen))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return { port, asked, stop: () => new Promise((stopped) => server.close(() => stopped())) }
}

/** What the origin saw, by its answer. */
export function seen({ body }: Answer): Seen {
  return JSON.parse(body) as Seen
}
