import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** What the Go program in ../../go-check can be asked. */
export interface GoRequest {
  readonly what: 'options' | 'value' | 'format' | 'indent'
  readonly text: string
}

/** Whether Go is installed; where it is not, the reason is printed, and the tests that need it are not defined. */
export function goIsInstalled(): boolean {
  const { error } = spawnSync('go', ['version'])
  if (error === undefined) return true
  process.stderr.write(`Go is not installed (${error.message}): its second opinion on the saved files is not asked.\n`)
  return false
}

/** Go's answers, one per request. */
export function askGo(requests: readonly GoRequest[]): string[] {
  const answers = execFileSync('go', ['run', '.'], {
    cwd: join(__dirname, '../../go-check'),
    // The program needs nothing but Go's own library, so nothing is to be fetched.
    env: { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOTOOLCHAIN: 'local' },
    input: requests.map((request) => JSON.stringify(request)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  return answers
    .trimEnd()
    .split('\n')
    .map((line): string => JSON.parse(line))
}
