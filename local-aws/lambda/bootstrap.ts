/**
 * What runs inside a sandbox before and around the function: Lambda's runtime, over the channel to the parent process.
 *
 * The function must not notice that this is no real AWS, so only the wire is bent: every name resolves to this machine, and
 * TLS goes to the local edge. This file is compiled on its own and imports Node's modules only.
 * Source: Lambda Developer Guide, "Building Lambda functions with Node.js" and "Lambda runtime API".
 */
import { subscribe } from 'node:diagnostics_channel'
import dns from 'node:dns'
import { existsSync } from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** From the parent: an event to handle. */
export interface InvokeMessage {
  readonly requestId: string
  readonly functionArn: string
  /** JSON text. */
  readonly event: string
  /** Milliseconds since 1970. */
  readonly deadline: number
  /** How far the clock of the local AWS is from the machine's, in milliseconds. */
  readonly clockOffsetMs: number
}

/** To the parent: what became of the initialization or of an event. */
export type SandboxMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'result'; readonly payload: string }
  | { readonly type: 'initError' | 'error'; readonly errorType: string; readonly errorMessage: string }

type Handler = (event: unknown, context: object, callback?: (error: unknown, result?: unknown) => void) => unknown

const send = (message: SandboxMessage): void => void process.send?.(message)

function bendWire(edgePort: number): void {
  const lookup = (_name: string, options: unknown, callback?: (...result: unknown[]) => void): void => {
    const done = (typeof options === 'function' ? options : callback) as (...result: unknown[]) => void
    const wantsAll = typeof options === 'object' && options !== null && 'all' in options && options.all === true
    process.nextTick(() => (wantsAll ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)))
  }
  Object.assign(dns, { lookup })
  Object.assign(dns.promises, { lookup: async () => ({ address: '127.0.0.1', family: 4 }) })
  const connect = Socket.prototype.connect as (...parameters: unknown[]) => Socket
  Socket.prototype.connect = function bent(this: Socket, ...parameters: unknown[]): Socket {
    // net.connect passes its parameters on as one normalized list, tls.connect as options.
    const [first] = parameters
    const options: unknown = Array.isArray(first) ? first[0] : first
    if (typeof options === 'object' && options !== null && 'port' in options && Number(options.port) === 443) {
      options.port = edgePort
    }
    return connect.apply(this, parameters)
  }
  syncBuiltinESMExports()
}

/**
 * Requests by fetch say from which country they come, as edge/countries.ts reads it: to an edge location the address of
 * a Region tells that. The channel is undici's own (undici, Diagnostics Channel Support).
 */
function sayCountry(country: string): void {
  subscribe('undici:request:create', (message) => {
    const { request } = message as { readonly request: { readonly addHeader: (name: string, value: string) => void } } // as documented there
    request.addHeader('x-local-country', country)
  })
}

const RealDate = Date
const realNow = RealDate.now
let clockOffsetMs = 0

// In place and before the function is loaded: it may keep the reference (`now: Date.now`) for all its life.
RealDate.now = () => realNow() + clockOffsetMs

// Only once the clock was moved: until then the function has Node's own constructor.
function moveClock(offsetMs: number): void {
  clockOffsetMs = offsetMs
  if (offsetMs === 0 || globalThis.Date !== RealDate) return
  globalThis.Date = class extends RealDate {
    constructor(...parameters: [] | [number | string | Date]) {
      if (parameters.length === 0) super(RealDate.now())
      else super(...(parameters as [number]))
    }
  } as DateConstructor
}

async function loadHandler(root: string, name: string): Promise<Handler> {
  const [, file = '', exportName = ''] = /^(.*)\.([^.]+)$/.exec(name) ?? []
  const path = ['.mjs', '.js', '.cjs'].map((extension) => join(root, file + extension)).find(existsSync)
  if (path === undefined) {
    throw new InitError('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`)
  }
  const module = await importModule(path)
  const handler = exportName.split('.').reduce((value: unknown, key) => propertyOf(value, key), module)
  if (typeof handler !== 'function') {
    throw new InitError('Runtime.HandlerNotFound', `${name} is undefined or not exported`)
  }
  return handler as Handler
}

class InitError extends Error {
  override readonly name: string

  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}

// A .js file is CommonJS unless a package.json beside it says otherwise: Node's own rule, which import() follows.
async function importModule(path: string): Promise<unknown> {
  const module: unknown = path.endsWith('.cjs') ? createRequire(path)(path) : await import(pathToFileURL(path).href)
  const standard = propertyOf(module, 'default')
  const isCommonJs =
    typeof standard === 'object' && standard !== null && propertyOf(module, 'module.exports') === standard
  return isCommonJs ? standard : module
}

function contextOf({ requestId, functionArn, deadline }: InvokeMessage): object {
  const { env } = process
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: functionArn,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    getRemainingTimeInMillis: () => Math.max(0, deadline - realNow()),
  }
}

function call(handler: Handler, message: InvokeMessage): Promise<unknown> {
  const event: unknown = JSON.parse(message.event)
  if (handler.length < 3) return Promise.resolve(handler(event, contextOf(message)))
  return new Promise((resolve, reject) => {
    const returned = handler(event, contextOf(message), (error, result) => (error ? reject(error) : resolve(result)))
    if (returned instanceof Promise) returned.then(resolve, reject)
  })
}

function errorOf(error: unknown): { errorType: string; errorMessage: string } {
  if (error instanceof Error) return { errorType: error.name, errorMessage: error.message }
  return { errorType: typeof error, errorMessage: String(error) }
}

async function handleMessage(handler: Handler, message: InvokeMessage): Promise<void> {
  moveClock(message.clockOffsetMs)
  try {
    const payload = JSON.stringify((await call(handler, message)) ?? null)
    send({ type: 'result', payload })
  } catch (error) {
    console.error(error)
    send({ type: 'error', ...errorOf(error) })
  }
}

async function start(): Promise<void> {
  const { LAMBDA_TASK_ROOT: root = '', _HANDLER: name = '' } = process.env
  const { LOCAL_AWS_COUNTRY: country, LOCAL_AWS_EDGE_PORT: edgePort } = process.env
  delete process.env.LOCAL_AWS_COUNTRY
  delete process.env.LOCAL_AWS_EDGE_PORT
  if (country !== undefined) sayCountry(country)
  if (edgePort !== undefined) bendWire(Number(edgePort))
  try {
    const handler = await loadHandler(root, name)
    process.on('message', (message: InvokeMessage) => void handleMessage(handler, message))
    send({ type: 'ready' })
  } catch (error) {
    console.error(error)
    const { errorType, errorMessage } = errorOf(error)
    process.send?.({ type: 'initError', errorType, errorMessage }, () => process.exit(1))
  }
}

process.once('disconnect', () => process.exit(0))
await start()
