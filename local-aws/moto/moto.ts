/**
 * moto, the AWS simulator behind everything that is not ours: found or installed, started, watched, stopped.
 *
 * One version only: what it answers is part of what this local AWS promises.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../endpoint/ports.js'

const run = promisify(execFile)

/** The version of moto that everything here was tried with. */
export const MOTO_VERSION = '5.2.1'

// The services that the module uses need these, and not the 150 MB of the extra "server".
const packages = [`moto[awslambda,cognitoidp,events,s3,ssm]==${MOTO_VERSION}`, 'flask', 'flask-cors']

const startTimeoutMs = 180_000
/** Another program may take a port between its being found free and moto's asking for it. */
const mostStarts = 3
const pollMs = 100

// moto ends when its standard input does: also when this process was killed and could not stop it.
const program = `
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from moto.server import main
main(sys.argv[1:])
`

/** A running moto. */
export interface Moto {
  /** Its address, without a slash at the end. */
  readonly url: string
  /** Resolves with a sentence when it ends by itself; stays pending when it was stopped. */
  readonly crashed: Promise<string>
  stop(): Promise<void>
}

/** What starting moto needs to know. */
export interface MotoOptions {
  /** Where its log goes. */
  readonly dataDirectory: string
  /** Receives progress, a sentence at a time. */
  readonly onProgress: (sentence: string) => void
}

/**
 * Starts moto on a free port and waits until it answers. Installs it first where it is missing.
 *
 * @throws Error with one sentence: no Python, no installation, or moto's own last words.
 */
export async function startMoto({ dataDirectory, onProgress }: MotoOptions): Promise<Moto> {
  const python = (await findPython()) ?? (await install(onProgress))
  await mkdir(dataDirectory, { recursive: true })
  for (let starts = 1; ; starts += 1) {
    try {
      return await startedMoto(python, dataDirectory)
    } catch (error) {
      const isTaken = error instanceof Error && /address already in use|port \d+ is in use/i.test(error.message)
      if (!isTaken || starts === mostStarts) throw error
    }
  }
}

async function startedMoto(python: string, dataDirectory: string): Promise<Moto> {
  const port = await freePort()
  const logFile = join(dataDirectory, 'moto.log')
  await writeFile(logFile, '')
  const child = spawn(python, ['-c', program, '-H', '127.0.0.1', '-p', String(port)], {
    cwd: dataDirectory,
    env: motoEnvironment(process.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => void appendFile(logFile, chunk).catch(() => {}))
  }
  const moto = watch(child, `http://127.0.0.1:${port}`, logFile)
  const crashed = new AbortController()
  const failed = moto.crashed.then((why) => {
    crashed.abort()
    throw new Error(why)
  })
  await Promise.race([answers(moto.url, crashed.signal), failed])
  return moto
}

// A person's own AWS settings are none of moto's business.
function motoEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/^(AWS|MOTO)_/.test(name))
  return { ...Object.fromEntries(kept), AWS_EC2_METADATA_DISABLED: 'true', PYTHONUNBUFFERED: '1' }
}

function watch(child: ChildProcess, url: string, logFile: string): Moto {
  let stopping = false
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(`status ${code ?? signal}`))
  })
  const crashed = new Promise<string>((resolve) => {
    void ended.then(async (how) => {
      if (!stopping) resolve(`moto ended by itself with ${how}; the end of ${logFile}: ${await tail(logFile)}`)
    })
  })
  return { url, crashed, stop: () => stop(child, ended, () => (stopping = true)) }
}

async function stop(child: ChildProcess, ended: Promise<string>, mark: () => void): Promise<void> {
  mark()
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 3000)
  await ended
  clearTimeout(patience)
}

async function tail(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  return text.trim().split('\n').slice(-5).join(' | ') || '(nothing)'
}

async function answers(url: string, crashed: AbortSignal): Promise<void> {
  const deadline = Date.now() + startTimeoutMs
  while (Date.now() < deadline && !crashed.aborted) {
    const response = await fetch(`${url}/moto-api/data.json`).catch(() => undefined)
    if (response?.ok === true) return
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  throw new Error(`moto did not answer at ${url} within ${startTimeoutMs / 1000} seconds.`)
}

/** A Python that has the right moto: the project's own, that of `moto_server` on PATH, or the plain one. */
async function findPython(): Promise<string | undefined> {
  const candidates = [join(environmentDirectory(), 'bin', 'python'), await interpreterOfScript(), 'python3', 'python']
  for (const candidate of candidates) {
    if (candidate !== undefined && (await hasMoto(candidate))) return candidate
  }
  return undefined
}

async function hasMoto(python: string): Promise<boolean> {
  // Only looked for: to import them takes as long as a third of moto's start.
  const names = '"flask", "flask_cors", "docker", "joserfc"'
  const code = `import importlib.util as u, importlib.metadata as m; print(all(map(u.find_spec, [${names}])) and m.version("moto"))`
  const { stdout } = await run(python, ['-c', code]).catch(() => ({ stdout: '' }))
  return stdout.trim() === MOTO_VERSION
}

// A moto_server of pipx or a virtual environment names its interpreter in its first line.
async function interpreterOfScript(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const script = folders.map((folder) => join(folder, 'moto_server')).find((path) => existsSync(path))
  if (script === undefined) return undefined
  const [, interpreter] = /^#!\s*(\S*python\S*)/.exec(await readFile(script, 'utf8').catch(() => '')) ?? []
  return interpreter
}

// In the project, which people throw away as a whole, unless LOCAL_AWS_CACHE names another folder.
function environmentDirectory(): string {
  const own = join(dirname(fileURLToPath(import.meta.url)), '../..', '.local-aws')
  return join(process.env.LOCAL_AWS_CACHE ?? own, `moto-${MOTO_VERSION}`)
}

async function install(onProgress: (sentence: string) => void): Promise<string> {
  const python = await basePython()
  const directory = environmentDirectory()
  const unfinished = `${directory}-${process.pid}`
  onProgress(`Installing moto ${MOTO_VERSION} into ${directory} (once, about a minute) …`)
  try {
    await run(python, ['-m', 'venv', unfinished])
    const pip = [join(unfinished, 'bin', 'python'), '-m', 'pip'] as const
    await run(pip[0], [...pip.slice(1), 'install', '--disable-pip-version-check', '--quiet', ...packages])
    // Two that install at once: the second finds the first one's and drops its own.
    await rename(unfinished, directory).catch(() => rm(unfinished, { recursive: true, force: true }))
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw new Error(installSentence(error))
  }
  return join(directory, 'bin', 'python')
}

async function basePython(): Promise<string> {
  for (const python of ['python3', 'python']) {
    const { stdout } = await run(python, ['-c', 'import sys; print(sys.version_info >= (3, 10))']).catch(() => ({
      stdout: '',
    }))
    if (stdout.trim() === 'True') return python
  }
  throw new Error('The local AWS needs Python 3.10 or newer on the PATH (python3): install it, and start again.')
}

function installSentence(error: unknown): string {
  const text = error instanceof Error ? `${(error as { stderr?: string }).stderr || error.message}` : String(error)
  if (text.includes('ensurepip')) {
    return 'Python is here but cannot make a virtual environment: install its venv module (on Debian and Ubuntu: apt install python3-venv).'
  }
  const reason = text.trim().split('\n').slice(-2).join(' ')
  return `moto ${MOTO_VERSION} could not be installed with pip: ${reason} Is the network there? Or install it yourself: pip install "moto[server]==${MOTO_VERSION}".`
}
