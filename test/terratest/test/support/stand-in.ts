import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder that this process alone uses. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'terratest-test-'))
}

export interface StandIn {
  /** To be the `terraformBinary`. */
  readonly path: string
  /** The argument lists of the processes so far. */
  commands(): string[][]
}

/** A binary in terraform's place: it records its arguments, then runs `program` (JavaScript; `args` are they). */
export function standIn(program = ''): StandIn {
  const folder = temporaryFolder()
  const path = join(folder, 'stand-in')
  const record = join(folder, 'commands')
  const source = [
    `#!${process.execPath}`,
    'const args = process.argv.slice(2)',
    `require('node:fs').appendFileSync(${JSON.stringify(record)}, JSON.stringify(args) + '\\n')`,
    `const tries = require('node:fs').readFileSync(${JSON.stringify(record)}, 'utf8').trim().split('\\n').length`,
    program,
  ]
  writeFileSync(path, source.join('\n'), { mode: 0o755 })
  writeFileSync(record, '')
  return {
    path,
    commands: () =>
      readFileSync(record, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line): string[] => JSON.parse(line)),
  }
}

/** Keeps the lines it is given. */
export function recordingLogger(): { readonly lines: string[]; log(line: string): void } {
  const lines: string[] = []
  return { lines, log: (line) => void lines.push(line) }
}
