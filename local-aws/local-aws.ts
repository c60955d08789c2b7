/**
 * The local AWS put together: moto, what it lacks, the endpoint and the edge.
 */
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join, resolve } from 'node:path'
import { startEdge } from './edge/listener.js'
import { listen } from './endpoint/ports.js'
import { createAwsHandler } from './endpoint/server.js'
import { type Moto, startMoto } from './moto/moto.js'
import { createWorld } from './services.js'

/** Where it listens and keeps its files. */
export interface LocalAwsOptions {
  /** Port of the AWS endpoint; 0 takes any free one. */
  readonly port: number
  /** Port of the TLS listener; 0 takes any free one. */
  readonly edgePort: number
  /** Logs and the local certificate authority. */
  readonly dataDirectory: string
  /** Receives progress and errors, a sentence at a time. */
  readonly onProgress: (sentence: string) => void
}

/** A running local AWS. */
export interface LocalAws {
  readonly endpoint: string
  readonly edgePort: number
  readonly caFile: string
  /** Resolves with a sentence when a part of it ends by itself. */
  readonly crashed: Promise<string>
  stop(): Promise<void>
}

/** Starts everything. @throws Error with one sentence when a part cannot start; nothing is left running then. */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const dataDirectory = resolve(options.dataDirectory)
  await mkdir(dataDirectory, { recursive: true })
  const stops: (() => Promise<void>)[] = []
  let isStopping = false
  // Requests that are cut off by the end are no news.
  const onProgress = (sentence: string): void => {
    if (!isStopping) options.onProgress(sentence)
  }
  const stop = async (): Promise<void> => {
    isStopping = true
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    const moto = await startMoto({ dataDirectory, onProgress })
    stops.push(moto.stop)
    return { ...(await startOver(moto, { ...options, dataDirectory, onProgress }, stops)), crashed: moto.crashed, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startOver(
  moto: Moto,
  { port, edgePort, dataDirectory, onProgress }: LocalAwsOptions,
  stops: (() => Promise<void>)[],
): Promise<Pick<LocalAws, 'endpoint' | 'edgePort' | 'caFile'>> {
  const world = await createWorld({
    moto: moto.url,
    logDirectory: join(dataDirectory, 'logs'),
    onError: onProgress,
    edge: () => edge,
  })
  stops.push(world.stop)
  const aws = createAwsHandler(world.endpoint)
  const server = createServer(aws)
  const endpoint = `http://127.0.0.1:${await listen(server, port, '--port')}`
  stops.push(
    () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  )
  const { store, lambda, login, clock } = world
  const edge = await startEdge({
    // Bucket policies are not in moto.
    ...{
      store,
      lambda,
      login,
      moto: moto.url,
      policies: endpoint,
      aws,
      clock,
      caDirectory: dataDirectory,
      port: edgePort,
    },
    log: (sentence) => onProgress(`edge: ${sentence}`),
  })
  stops.push(edge.stop)
  return { endpoint, edgePort: edge.port, caFile: edge.caFile }
}
