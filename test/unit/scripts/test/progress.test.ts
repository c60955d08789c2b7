import { clock, showProgress } from '../../../../scripts/test/progress.js'
import { createTally, type TestEvent } from '../../../../scripts/test/results.js'

beforeEach(() => {
  jest.useFakeTimers({ now: 0 })
})

afterEach(() => {
  jest.useRealTimers()
})

function shown(isTerminal: boolean, columns = 80) {
  const written: string[] = []
  const tally = createTally()
  const progress = showProgress({ write: (text) => written.push(text), isTerminal, columns: () => columns }, tally)
  const happen = (event: TestEvent) => {
    tally.add(event)
    progress.show(event)
  }
  return { written, progress, happen }
}

const file = { group: 'unit', file: 'test/unit/grants.test.ts' } as const
const passed = { kind: 'test ended', ...file, name: 'a', hasPassed: true, seconds: 1, messages: [] } as const

describe('progress', () => {
  it('is a line every ten seconds where nothing can be written over', () => {
    const { written, progress, happen } = shown(false)
    happen({ kind: 'file started', ...file })
    happen(passed)
    jest.advanceTimersByTime(9_999)
    expect(written).toEqual([])

    jest.advanceTimersByTime(10_001)
    progress.end()

    expect(written.filter((text) => text !== '')).toEqual([
      '0:10  1 passed, 0 failed  unit grants.test.ts\n',
      '0:20  1 passed, 0 failed  unit grants.test.ts\n',
    ])
  })

  it('is one line on a terminal, which is written over and never wraps', () => {
    const { written, happen } = shown(true, 40)
    happen({ kind: 'file started', ...file })
    happen({ kind: 'file started', group: 'e2e', file: 'test/e2e/website.e2e.test.ts' })
    jest.advanceTimersByTime(200)

    expect(written).toEqual(['\r\u001B[2K0:00  0 passed, 0 failed  e2e website.e'])
  })

  it('names the file that began last, and how many more are running', () => {
    const { written, happen } = shown(false)
    happen({ kind: 'file started', ...file })
    happen({ kind: 'file started', group: 'e2e', file: 'test/e2e/website.e2e.test.ts' })
    jest.advanceTimersByTime(10_000)
    happen({ kind: 'file ended', group: 'e2e', file: 'test/e2e/website.e2e.test.ts', seconds: 1 })
    jest.advanceTimersByTime(10_000)

    expect(written).toEqual([
      '0:10  0 passed, 0 failed  e2e website.e2e.test.ts and 1 more\n',
      '0:20  0 passed, 0 failed  unit grants.test.ts\n',
    ])
  })

  it('prints a failure when it happens, with the command that runs it alone', () => {
    const { written, happen } = shown(false)
    happen({ ...passed, name: "is one's own", hasPassed: false, messages: ['expected 1', 'at grants.ts:3'] })

    expect(written).toEqual([
      `
FAILED  unit  test/unit/grants.test.ts
        is one's own
expected 1
at grants.ts:3
See it alone: npm test -- unit test/unit/grants.test.ts --name 'is one'\\''s own'

`,
    ])
  })

  it('prints a file that could not be run', () => {
    const { written, happen } = shown(false)
    happen({ kind: 'file ended', ...file, seconds: 1, error: 'SyntaxError: x' })

    expect(written).toEqual([
      '\nFAILED  unit  test/unit/grants.test.ts\nSyntaxError: x\nSee it alone: npm test -- unit test/unit/grants.test.ts\n\n',
    ])
  })

  it('shows nothing more once it has ended', () => {
    const { written, progress } = shown(false)
    progress.end()
    jest.advanceTimersByTime(60_000)

    expect(written.join('')).toBe('')
  })
})

describe('clock', () => {
  it.each([
    [0, '0:00'],
    [59_400, '0:59'],
    [59_500, '1:00'],
    [3_661_000, '61:01'],
  ])('writes %d ms as %s', (milliseconds, text) => {
    expect(clock(milliseconds)).toBe(text)
  })
})
