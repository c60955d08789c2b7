/** Runs one candidate in a process of its own, as Lambda would, and hands back what it measured about itself. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Candidate } from './candidates.js'
import type { StandIn } from './stand-in.js'
import { FUNCTION_NAME, type World } from './world.js'

/** One cold start. */
export interface Cold {
  readonly loadMs: number
  readonly firstAnswerMs: number
  readonly maxRssKilobytes: number
}

/** One warm process: microseconds a call, batch by batch. */
export interface Warm {
  readonly newToken: readonly number[]
  readonly sameToken: readonly number[]
  /** Requests for content; empty for who does not let such pass or not. */
  readonly newContent: readonly number[]
  readonly sameContent: readonly number[]
  readonly verification: readonly number[]
  readonly maxRssKilobytes: number
}

/** All runs of one candidate. */
export interface Measured {
  readonly candidate: Candidate
  readonly cold: Cold[]
  readonly warm: Warm[]
}

/** Where and with what a candidate runs. */
export interface Bench {
  readonly folder: string
  readonly world: World
  readonly standIn: StandIn
}

const HERE = import.meta.dirname
/** The Node of Lambda's runtime nodejs22.x, as the npm package `node` brings it. */
const LAMBDA_NODE = join(HERE, '..', '..', 'node_modules', 'node', 'bin', 'node')

/** Starts a measuring script and reads the JSON that it writes to descriptor 3. */
async function run(script: string, args: readonly string[], { standIn }: Bench): Promise<unknown> {
  const child = spawn(LAMBDA_NODE, ['--require', join(HERE, 'reroute.cjs'), join(HERE, script), ...args], {
    // What is logged must cost what it costs, and must not be read by anyone: a file, as in Lambda.
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: {
      AWS_LAMBDA_FUNCTION_NAME: `us-east-1.${FUNCTION_NAME}`,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
      AWS_SESSION_TOKEN: 'session-token',
      NODE_EXTRA_CA_CERTS: standIn.caFile,
      STAND_IN_PORT: String(standIn.port),
    },
  })
  const collect = async (stream: Readable): Promise<string> => Buffer.concat(await stream.toArray()).toString('utf8')
  const [errors, result] = await Promise.all([collect(child.stderr as Readable), collect(child.stdio[3] as Readable)])
  if (result === '') throw new Error(`${script} ${args[0]} failed:\n${errors}`)
  return JSON.parse(result)
}

function eventFile(candidate: Candidate, { folder, world }: Bench): string {
  const file = join(folder, `${candidate.event}.json`)
  writeFileSync(file, JSON.stringify(world[candidate.event]()))
  return file
}

/** One cold start of a candidate. @throws Error when it does not answer as on a success */
export async function measureCold(candidate: Candidate, bench: Bench): Promise<Cold> {
  const result = (await run('measure-cold.cjs', [candidate.file, eventFile(candidate, bench)], bench)) as Cold & {
    readonly response: { readonly status?: string; readonly uri?: string }
  }
  const { status, uri } = result.response
  if (status !== '200' && uri !== '/cookie/') {
    throw new Error(`${candidate.name} did not succeed: ${JSON.stringify(result.response)}`)
  }
  return result
}

/** One warm process of a candidate. */
export async function measureWarm(candidate: Candidate, bench: Bench): Promise<Warm> {
  const { tokens, poolKey } = bench.world
  const input = join(bench.folder, 'warm.json')
  const events = (name: Candidate['event'] | 'contentEvent') => tokens.map((token) => bench.world[name](token))
  const contentEvents = candidate.content === undefined ? [] : events(candidate.content)
  writeFileSync(input, JSON.stringify({ events: events(candidate.event), contentEvents, tokens, poolKey }))
  return (await run('measure-warm.cjs', [candidate.file, input], bench)) as Warm
}
