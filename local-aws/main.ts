/**
 * `npx tsx local-aws/main.ts`: a whole AWS for one laptop, in one process and its children.
 *
 * When ready it prints one line of JSON on standard output; everything else it says goes to standard error.
 */
import { parseArgs } from 'node:util'
import { startLocalAws } from './local-aws.js'

const usage =
  'usage: npx tsx local-aws/main.ts [--port 4566] [--edge-port 8443] [--data-dir .local-aws] [--exit-with-parent]'

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4566' },
      'edge-port': { type: 'string', default: '8443' },
      'data-dir': { type: 'string', default: '.local-aws' },
      'exit-with-parent': { type: 'boolean', default: false },
    },
  })
  return {
    port: readPort('--port', values.port),
    edgePort: readPort('--edge-port', values['edge-port']),
    dataDirectory: values['data-dir'],
    exitsWithParent: values['exit-with-parent'],
  }
}

function readPort(option: string, text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new Error(`${option} must be a port, 0 to 65535; got ${text}.\n${usage}`)
  return port
}

async function main(): Promise<void> {
  const options = readOptions()
  const aws = await startLocalAws({ ...options, onProgress: say })
  let ending = false
  const end = async (status: number, why?: string): Promise<void> => {
    if (ending) return
    ending = true
    await aws.stop()
    if (why !== undefined) say(why)
    process.exit(status)
  }
  process.on('SIGINT', () => void end(0))
  process.on('SIGTERM', () => void end(0))
  if (options.exitsWithParent) process.stdin.resume().once('close', () => void end(0))
  void aws.crashed.then((why) => end(1, why))
  const { endpoint, edgePort, caFile } = aws
  process.stdout.write(`${JSON.stringify({ ready: true, endpoint, edgePort, caFile })}\n`)
}

try {
  await main()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
