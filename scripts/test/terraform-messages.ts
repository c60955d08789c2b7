/**
 * Reads what `terraform test -json` prints, as events of results.ts.
 */
import type { TestEvent } from './results.js'

/** A message (Terraform documentation, "Machine-Readable UI"), as far as it is read here. */
interface Message {
  readonly type?: string
  readonly '@testfile'?: string
  readonly '@testrun'?: string
  readonly test_run?: Stage
  readonly test_file?: Stage
  readonly diagnostic?: Diagnostic
}

interface Stage {
  readonly progress: string
  readonly status?: string
}

interface Diagnostic {
  readonly severity: string
  readonly summary: string
  readonly detail: string
  readonly range?: { readonly filename: string; readonly start: { readonly line: number } }
}

type RunEnded = Extract<TestEvent, { kind: 'test ended' }>

/** What belongs to no run of a test file, such as a syntax error, is printed with this path. */
const CONFIGURATION = 'the configuration'

/**
 * Gives a function that takes one line after the other and reports events of a group. The errors of a run come after
 * its end, so that it is reported when the next stage begins; `finish` reports what is left.
 */
export function terraformMessages(group: string, onEvent: (event: TestEvent) => void) {
  const startedAt = new Map<string, number>()
  let ended: RunEnded | undefined
  let errors: string[] = []

  const secondsSince = (key: string) => (Date.now() - (startedAt.get(key) ?? Date.now())) / 1000
  const settle = () => {
    if (ended !== undefined) onEvent({ ...ended, messages: errors })
    ended = undefined
    errors = []
  }
  const onRun = (file: string, name: string, { progress, status }: Stage) => {
    const key = `${file} ${name}`
    if (progress !== 'running') settle()
    if (progress === 'starting') startedAt.set(key, Date.now())
    if (progress !== 'complete') return
    const hasPassed = status === 'pass'
    ended = { kind: 'test ended', group, file, name, hasPassed, seconds: secondsSince(key), messages: [] }
  }
  const onFile = (file: string, { progress }: Stage) => {
    settle()
    if (progress === 'starting') {
      startedAt.set(file, Date.now())
      onEvent({ kind: 'file started', group, file })
    }
    if (progress === 'complete') onEvent({ kind: 'file ended', group, file, seconds: secondsSince(file) })
  }
  return {
    onLine: (line: string) => {
      const { '@testfile': file, '@testrun': name, test_run: run, test_file: whole, diagnostic } = parse(line)
      if (diagnostic?.severity === 'error') errors.push(textOf(diagnostic))
      if (file !== undefined && name !== undefined && run !== undefined) onRun(file, name, run)
      if (file !== undefined && whole !== undefined) onFile(file, whole)
    },
    finish: () => {
      const rest = ended === undefined ? errors.join('\n') : ''
      settle()
      if (rest !== '') onEvent({ kind: 'file ended', group, file: CONFIGURATION, seconds: 0, error: rest })
    },
  }
}

function parse(line: string): Message {
  try {
    return JSON.parse(line) as Message
  } catch {
    return {}
  }
}

function textOf({ summary, detail, range }: Diagnostic): string {
  const where = range === undefined ? '' : `${range.filename}:${range.start.line}: `
  return `${where}${summary}: ${detail}`
}
