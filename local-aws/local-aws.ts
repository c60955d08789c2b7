/**
 * The local AWS put together: moto, what it lacks, the endpoint and the edge.
 */
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { resolve } from 'node:path'
import { createEdgeFunctionCheck } from './cloudfront/edge-functions.js'
import { preloadManagedPolicies } from './cloudfront/managed-policies.js'
import { createCloudFrontService } from './cloudfront/service.js'
import { createCloudFrontStore } from './cloudfront/store.js'
import { startEdge } from './edge/listener.js'
import { createRoles } from './iam/roles.js'
import { createFunctions } from './lambda/functions.js'
import { type Moto, startMoto } from './moto.js'
import { listen } from './ports.js'
import { createAwsHandler } from './server.js'

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
  const stop = async (): Promise<void> => {
    for (const end of stops.reverse()) await end()
  }
  try {
    const moto = await startMoto({ dataDirectory, onProgress: options.onProgress })
    stops.push(moto.stop)
    return { ...(await startOver(moto, { ...options, dataDirectory }, stops)), crashed: moto.crashed, stop }
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
  const store = preloadManagedPolicies(createCloudFrontStore())
  const clock = Date.now
  let actualEdgePort = edgePort
  const cloudfront = createCloudFrontService({
    store,
    clock,
    edgePort: () => actualEdgePort,
    whyNotAtEdge: createEdgeFunctionCheck(createFunctions(moto.url), createRoles(moto.url)),
  })
  const aws = createAwsHandler({
    moto: moto.url,
    services: { cloudfront },
    refusal: async () => undefined,
    isRestricted: () => false,
    ownRoute: async () => undefined,
    onError: onProgress,
  })
  const server = createServer(aws)
  const endpoint = `http://127.0.0.1:${await listen(server, port, '--port')}`
  stops.push(async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  const lambda = { invoke: async () => ({ ok: true, payload: null }) as const, stop: async () => {} }
  const edge = await startEdge({
    store,
    lambda,
    moto: moto.url,
    aws,
    clock,
    caDirectory: dataDirectory,
    port: edgePort,
  })
  actualEdgePort = edge.port
  stops.push(edge.stop)
  return { endpoint, edgePort: edge.port, caFile: edge.caFile }
}
