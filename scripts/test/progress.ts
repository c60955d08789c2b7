/**
 * What a person sees while the tests run: on a terminal one line that changes, elsewhere a line every ten seconds, and
 * each failure as soon as it happens.
 */
import type { Tally, TestEvent } from './results.js'

/** Where progress goes, and what it can show there. */
export interface ProgressOutput {
  readonly write: (text: string) => void
  /** Whether a line can be written over. */
  readonly isTerminal: boolean
  /** How many characters fit into a line of the terminal. */
  readonly columns: () => number
}

/** Progress that is being shown. */
export interface Progress {
  /** Shows what happened, which the tally has counted already. */
  show(event: TestEvent): void
  /** Prints text that stays, above the line that changes. */
  print(text: string): void
  /** Shows nothing more. */
  end(): void
}

const LINE_EVERY_MS = 10_000
const REDRAW_EVERY_MS = 200

/** Begins to show progress, until {@link Progress.end}. */
export function showProgress(output: ProgressOutput, tally: Tally): Progress {
  const started = Date.now()
  const running = new Map<string, string>()
  const state = (): string => {
    const { passed, failed } = tally.total
    const [group, file] = [...running].map(([path, name]) => [name, baseName(path)] as const).at(-1) ?? []
    const others = running.size > 1 ? ` and ${running.size - 1} more` : ''
    const where = group === undefined ? 'starting' : `${group} ${file}${others}`
    return `${clock(Date.now() - started)}  ${passed} passed, ${failed} failed  ${where}`
  }
  const erase = output.isTerminal ? '\r\u001B[2K' : ''
  const draw = () => output.write(output.isTerminal ? erase + state().slice(0, output.columns() - 1) : `${state()}\n`)
  const print = (text: string) => output.write(`${erase}${text}\n`)
  const timer = setInterval(draw, output.isTerminal ? REDRAW_EVERY_MS : LINE_EVERY_MS)
  return {
    print,
    show: (event) => {
      if (event.kind === 'file started') running.set(event.file, event.group)
      if (event.kind === 'file ended') running.delete(event.file)
      const failure = failureOf(event)
      if (failure !== undefined) print(failure)
    },
    end: () => {
      clearInterval(timer)
      output.write(erase)
    },
  }
}

/** What failed, why, and what to run to see it alone; undefined if nothing did. */
function failureOf(event: TestEvent): string | undefined {
  if (event.kind === 'test ended' && !event.hasPassed) {
    const { group, file, name, messages } = event
    const alone = `npm test -- ${group} ${file}${group === 'terraform' ? '' : ` --name ${quoted(name)}`}`
    return [`\nFAILED  ${group}  ${file}`, `        ${name}`, ...messages, `See it alone: ${alone}\n`].join('\n')
  }
  if (event.kind === 'file ended' && event.error !== undefined) {
    const { group, file, error } = event
    return [`\nFAILED  ${group}  ${file}`, error, `See it alone: npm test -- ${group} ${file}\n`].join('\n')
  }
  return undefined
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Minutes and seconds, as in 3:07. */
export function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
