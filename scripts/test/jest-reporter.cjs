/**
 * Sends what happens in a jest run to the process that started it, as the events of results.ts. Plain JavaScript: jest
 * loads its reporters without a transform.
 */
const { relative } = require('node:path')

const send = (event) => process.send?.(event)

/** Where jest and Node lead to the test says nothing about it. */
const withoutRunner = (message) => message.replaceAll(/\n\s+at .*(?:node_modules\/@?jest|node:internal).*/g, '')

/** By the path of the file: jest gives a test's result with the settings of another project than its own. */
const places = new Map()

const placeOf = ({ path }) => places.get(path)

module.exports = class JestReporter {
  onTestFileStart(test) {
    const { path, context } = test
    const { displayName, rootDir } = context.config
    places.set(path, { group: displayName.name, file: relative(rootDir, path).replaceAll('\\', '/') })
    send({ kind: 'file started', ...placeOf(test) })
  }

  onTestCaseResult(test, { status, fullName, duration, failureMessages }) {
    // A test that --name leaves out is reported as pending.
    if (status !== 'passed' && status !== 'failed') return
    const seconds = (duration ?? 0) / 1000
    const hasPassed = status === 'passed'
    const messages = failureMessages.map(withoutRunner)
    send({ kind: 'test ended', ...placeOf(test), name: fullName, hasPassed, seconds, messages })
  }

  onTestFileResult(test, { perfStats, testExecError, failureMessage }) {
    const error = testExecError ? { error: failureMessage ?? 'The file could not be run.' } : {}
    send({ kind: 'file ended', ...placeOf(test), seconds: perfStats.runtime / 1000, ...error })
  }
}
