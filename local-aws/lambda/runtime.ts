/**
 * Runs functions: finds their code and configuration, and a sandbox for them.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { transform } from 'esbuild'
import type { Principals } from '../iam/principals.js'
import type { CodeStore } from './code.js'
import { logGroupOf, sandboxEnvironment } from './environment.js'
import { type FunctionConfiguration, type Functions, parseFunctionArn } from './functions.js'
import type { InvokeResult, LambdaService } from './invoke.js'
import type { FunctionLogs } from './logs.js'
import { createSandboxPool, type Pooled } from './pool.js'
import { startSandbox } from './sandbox.js'

/** What running functions needs. */
export interface RuntimeParts {
  readonly functions: Functions
  readonly code: CodeStore
  readonly principals: Principals
  readonly logs: FunctionLogs
  /** The Lambda runtime's Node. */
  readonly node: string
  /** The source of bootstrap.ts. */
  readonly bootstrapSource: string
  /** How far the functions' clock is from the machine's, in milliseconds. */
  readonly clockOffsetMs: () => number
  /** The authority and port that sandboxes reach AWS by. */
  readonly edge: () => { readonly caFile: string; readonly port: number }
}

interface Target {
  readonly key: string
  readonly arn: string
  readonly region: string
  readonly edge: boolean
  readonly directory: string
  readonly configuration: FunctionConfiguration & { readonly FunctionName: string }
}

/** The service that invokes functions. */
export async function createLambdaService(parts: RuntimeParts): Promise<LambdaService> {
  const bootstrap = await compileBootstrap(parts)
  const pool = createSandboxPool()
  return {
    async invoke(functionArn, event, { edge = false } = {}) {
      const target = await findTarget(parts, functionArn, edge)
      if ('ok' in target) return target
      return pool.invoke(target.key, functionArn, event, () => startPooled(parts, target, bootstrap))
    },
    stop: async () => pool.stop(),
  }
}

async function findTarget(parts: RuntimeParts, arn: string, edge: boolean): Promise<Target | InvokeResult> {
  const parsed = parseFunctionArn(arn)
  const configuration = await parts.functions.configuration(arn)
  if (parsed === undefined || configuration === undefined) {
    return { ok: false, errorType: 'ResourceNotFoundException', errorMessage: `Function not found: ${arn}` }
  }
  const directory = await parts.code.directoryOf(configuration.CodeSha256 ?? '')
  if (directory === undefined) {
    const errorMessage = `The local AWS has no zip of ${arn}: only code sent as a zip in the request can run.`
    return { ok: false, errorType: 'Local.NoCode', errorMessage }
  }
  const named = { ...configuration, FunctionName: parsed.name }
  const { Environment, Handler, MemorySize, Role, Timeout, Version } = configuration
  const key = JSON.stringify([parsed, edge, directory, Environment, Handler, MemorySize, Role, Timeout, Version])
  return { key, arn, region: parsed.region, edge, directory, configuration: named }
}

function startPooled(parts: RuntimeParts, target: Target, bootstrap: string): Pooled {
  const { configuration, directory, edge, region } = target
  const { caFile, port: edgePort } = parts.edge()
  const session = configuration.FunctionName
  const credentials = parts.principals.register({ roleArn: configuration.Role ?? '', session, context: {} })
  const environment = sandboxEnvironment({ configuration, region, edge, directory, credentials, caFile, edgePort })
  const stream = environment.AWS_LAMBDA_LOG_STREAM_NAME ?? 'local'
  const where = { region: environment.AWS_REGION ?? region, group: logGroupOf(configuration, edge), stream }
  const sandbox = startSandbox({
    node: parts.node,
    bootstrap,
    directory,
    environment,
    memoryMegabytes: configuration.MemorySize ?? 128,
    timeoutSeconds: configuration.Timeout ?? 3,
    clockOffsetMs: parts.clockOffsetMs,
    onOutput: (text) => parts.logs.write(where, text),
  })
  return { sandbox, release: () => parts.principals.forget(credentials.accessKeyId) }
}

async function compileBootstrap({ bootstrapSource, code }: RuntimeParts): Promise<string> {
  const source = await readFile(bootstrapSource, 'utf8')
  const compiled = await transform(source, { loader: 'ts', format: 'esm', target: 'node22' })
  const path = join(code.root, 'bootstrap.mjs')
  await writeFile(path, compiled.code)
  return path
}
