/** Messages as `terraform test -json` 1.11 printed them, shortened to what is read. */

import type { TestEvent } from '../../../../scripts/test/results.js'
import { terraformMessages } from '../../../../scripts/test/terraform-messages.js'

const FILE = 'test/terraform/outputs.tftest.hcl'

const ofFile = (progress: string, status?: string) => ({
  '@testfile': FILE,
  test_file: { path: FILE, progress, status },
  type: 'test_file',
})
const ofRun = (name: string, progress: string, status?: string) => ({
  '@testfile': FILE,
  '@testrun': name,
  test_run: { path: FILE, run: name, progress, status },
  type: 'test_run',
})
const error = (place: object) => ({
  ...place,
  diagnostic: {
    severity: 'error',
    summary: 'Test assertion failed',
    detail: 'Where to sign in.',
    range: { filename: FILE, start: { line: 22 } },
  },
  type: 'diagnostic',
})

function read(messages: readonly object[]): readonly TestEvent[] {
  const events: TestEvent[] = []
  const { onLine, finish } = terraformMessages('terraform', (event) => events.push(event))
  for (const message of messages) onLine(JSON.stringify(message))
  finish()
  return events.map((event) => ('seconds' in event ? { ...event, seconds: 0 } : event))
}

describe('messages of terraform test', () => {
  it('become one event for each run, with the errors that follow it', () => {
    const events = read([
      { '@message': 'Terraform 1.11.4', type: 'version' },
      ofFile('starting'),
      ofRun('first', 'starting'),
      ofRun('first', 'running'),
      ofRun('first', 'complete', 'fail'),
      error({ '@testfile': FILE, '@testrun': 'first' }),
      ofRun('second', 'starting'),
      ofRun('second', 'complete', 'pass'),
      ofFile('teardown'),
      ofFile('complete', 'fail'),
    ])

    const place = { group: 'terraform', file: FILE }
    const failure = `${FILE}:22: Test assertion failed: Where to sign in.`
    expect(events).toEqual([
      { kind: 'file started', ...place },
      { kind: 'test ended', ...place, name: 'first', hasPassed: false, seconds: 0, messages: [failure] },
      { kind: 'test ended', ...place, name: 'second', hasPassed: true, seconds: 0, messages: [] },
      { kind: 'file ended', ...place, seconds: 0 },
    ])
  })

  it.each(['fail', 'error', 'skip'])('count a run with the status %s as failed', (status) => {
    const events = read([ofFile('starting'), ofRun('first', 'starting'), ofRun('first', 'complete', status)])

    expect(events).toContainEqual(expect.objectContaining({ name: 'first', hasPassed: false }))
  })

  it('tell of an error that belongs to no run, such as one of syntax', () => {
    expect(read([error({})])).toEqual([
      {
        kind: 'file ended',
        group: 'terraform',
        file: 'the configuration',
        seconds: 0,
        error: `${FILE}:22: Test assertion failed: Where to sign in.`,
      },
    ])
  })

  it('are skipped where they are no JSON', () => {
    const { onLine } = terraformMessages('terraform', () => {
      throw new Error('nothing was to be reported')
    })

    expect(() => onLine('There are some problems with the CLI configuration:')).not.toThrow()
  })
})
