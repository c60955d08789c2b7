/** A bundle in a process of Lambda's Node, with the environment that Lambda gives to a replica of an edge function. */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import type { StandIn } from '../../bench/stand-in.js'
import { FUNCTION_NAME } from '../../bench/world.js'

const root = resolve(__dirname, '..', '..', '..')

/** The credentials in the environment. */
export const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: 'session/token+of==the=role',
} as const

/** What came of a call: its answer and the lines it logged. */
export interface Called {
  readonly response: unknown
  readonly lines: readonly Record<string, unknown>[]
}

/** Calls the handler of a bundle once, in a fresh process whose network is the stand-in. */
export async function callOnce(bundle: string, event: unknown, standIn: StandIn): Promise<Called> {
  const preload = join(root, 'test', 'bench', 'reroute.cjs')
  const script = join(__dirname, 'invoke.cjs')
  const node = join(root, 'node_modules', 'node', 'bin', 'node')
  const child = spawn(node, ['--require', preload, script, bundle, JSON.stringify(event)], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: {
      ...CREDENTIALS,
      AWS_LAMBDA_FUNCTION_NAME: `us-east-1.${FUNCTION_NAME}`,
      AWS_REGION: 'eu-central-1',
      NODE_EXTRA_CA_CERTS: standIn.caFile,
      STAND_IN_PORT: String(standIn.port),
    },
  })
  const collect = async (stream: unknown): Promise<string> =>
    Buffer.concat(await (stream as Readable).toArray()).toString('utf8')
  const [output, errors, result] = await Promise.all([child.stdout, child.stderr, child.stdio[3]].map(collect))
  if (errors !== '' || result === undefined || result === '') throw new Error(`the process said: ${errors}`)
  const lines = (output ?? '').split('\n').filter((line) => line !== '')
  return { response: JSON.parse(result), lines: lines.map((line) => JSON.parse(line)) }
}
