/**
 * Runs the TypeScript tests of some groups with jest.
 */
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import type { Group } from './groups.js'
import type { TestEvent } from './results.js'
import type { Ended, Workspace } from './workspace.js'

/** Which tests to run, and who is told of what happens. */
export interface JestRequest {
  readonly groups: readonly Group[]
  /** Parts of paths, taken literally. */
  readonly patterns: readonly string[]
  readonly name: string | undefined
  readonly onEvent: (event: TestEvent) => void
}

const require = createRequire(import.meta.url)

/** Runs jest to its end. Its own words matter only if it fails without having reported a failed test. */
export function runJest(workspace: Workspace, { groups, patterns, name, onEvent }: JestRequest): Promise<Ended> {
  const args = [
    require.resolve('jest/bin/jest'),
    ...['--selectProjects', ...groups.map((group) => group.name)],
    ...(patterns.length === 0 ? [] : ['--testPathPatterns', ...patterns.map(escaped)]),
    ...(name === undefined ? [] : ['--testNamePattern', escaped(name)]),
    `--reporters=${require.resolve('./jest-reporter.cjs')}`,
    `--maxWorkers=${workersFor(groups)}`,
    '--passWithNoTests',
  ]
  return workspace.run(process.execPath, args, { onMessage: (message) => onEvent(message as TestEvent) })
}

/** A story waits for Terraform and the browser now and then: one more of them than there are processors. */
function workersFor(groups: readonly Group[]): number {
  const hasStories = groups.some(({ needsBrowser }) => needsBrowser)
  return availableParallelism() + (hasStories ? 1 : 0)
}

/** Jest takes regular expressions. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
