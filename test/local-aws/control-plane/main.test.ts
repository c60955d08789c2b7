import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(__dirname, '..', '..', '..')

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-aws-main-'))
})

afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

function start(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const main = join(root, 'local-aws', 'main.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--data-dir', directory, ...args], {
    cwd: root,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text
  })
  const ended = once(child, 'close').then(([status]) => status as number | null)
  const ready = (async () => {
    while (!said.out.includes('\n')) await once(child.stdout, 'data')
    return JSON.parse(said.out) as { ready: boolean; endpoint: string; edgePort: number; caFile: string }
  })()
  ready.catch(() => {})
  return { child, said, ended, ready }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  )

test('says in one line of JSON where it is, and ends with status 0 on SIGTERM, its children with it', async () => {
  const { child, ended, ready, said } = start(['--port', '0', '--edge-port', '0'])

  const { endpoint, edgePort, caFile } = await ready
  expect(said.out).toBe(`${JSON.stringify({ ready: true, endpoint, edgePort, caFile })}\n`)
  expect(caFile).toBe(join(directory, 'ca.pem'))
  expect(await answers(`${endpoint}/_local-aws/nothing`)).toBe(true)
  child.kill('SIGTERM')

  expect(await ended).toBe(0)
  expect(await answers(endpoint)).toBe(false)
})

test('ends when whoever started it is gone', async () => {
  const { child, ended, ready } = start(['--port', '0', '--edge-port', '0', '--exit-with-parent'])
  await ready

  child.stdin.end()

  expect(await ended).toBe(0)
})

test('runs two copies beside each other', async () => {
  const copies = [start(['--port', '0', '--edge-port', '0']), start(['--port', '0', '--edge-port', '0'])]

  const [one, other] = await Promise.all(copies.map(({ ready }) => ready))

  expect(one?.endpoint).not.toBe(other?.endpoint)
  for (const { child } of copies) child.kill('SIGTERM')
  expect(await Promise.all(copies.map(({ ended }) => ended))).toEqual([0, 0])
})

test.each(['--port', '--edge-port'])('says in a sentence that the port of %s is in use', async (option) => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const rest = option === '--port' ? ['--edge-port', '0'] : ['--port', '0']

  const { ended, said } = start([option, String(port), ...rest])

  expect(await ended).toBe(1)
  expect(said.out).toBe('')
  expect(said.err.trim().split('\n')).toHaveLength(1)
  expect(said.err).toMatch(new RegExp(`^port ${port} .*in use by another program`, 'i'))
  await new Promise((resolve) => other.close(resolve))
})

test('says in a sentence that there is no Python', async () => {
  const env = { ...process.env, PATH: directory, LOCAL_AWS_CACHE: directory }
  const { ended, said } = start(['--port', '0', '--edge-port', '0'], env)

  expect(await ended).toBe(1)
  expect(said.err).toBe(
    'The local AWS needs Python 3.10 or newer on the PATH (python3): install it, and start again.\n',
  )
})

test.each(['-1', '65536', 'many'])('refuses %s as a port', async (port) => {
  const { ended, said } = start([`--port=${port}`])

  expect(await ended).toBe(1)
  expect(said.err).toMatch(new RegExp(`^--port must be a port, 0 to 65535; got ${port}\\.`))
})
