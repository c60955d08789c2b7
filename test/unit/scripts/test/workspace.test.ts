import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createWorkspace } from '../../../../scripts/test/workspace.js'

/** A process that has ended but was not awaited by its parent stays as a zombie (proc_pid_stat(5)). */
const isRunning = (pid: number): boolean =>
  existsSync(`/proc/${pid}/stat`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')

const node = process.execPath

describe('a workspace', () => {
  it('gives its processes a temporary folder, which it removes', async () => {
    const workspace = createWorkspace(process.env)
    const { output } = await workspace.run(node, ['-p', 'require("os").tmpdir()'])
    expect(output.trim()).toBe(workspace.directory)

    await workspace.end(false)

    expect(existsSync(workspace.directory)).toBe(false)
  })

  it('keeps the folder where that is asked for', async () => {
    const workspace = createWorkspace(process.env)
    await workspace.run(node, ['-e', 'require("fs").writeFileSync(require("os").tmpdir() + "/kept", "x")'])

    await workspace.end(true)

    expect(readFileSync(join(workspace.directory, 'kept'), 'utf8')).toBe('x')
    rmSync(workspace.directory, { recursive: true })
  })

  it('gives status and output of a process, or its lines and messages as they come', async () => {
    const workspace = createWorkspace(process.env)
    const lines: string[] = []
    const messages: unknown[] = []
    const script = 'process.send({ a: 1 }); console.log("one\\ntwo"); console.error("three"); process.exitCode = 3'

    const ended = await workspace.run(node, ['-e', script], {
      onLine: (line) => lines.push(line),
      onMessage: (message) => messages.push(message),
    })

    expect(ended).toEqual({ status: 3, output: 'three\n' })
    expect([lines, messages]).toEqual([['one', 'two'], [{ a: 1 }]])
    await workspace.end(false)
  })

  it('ends what is still running, the children of children in other process groups too', async () => {
    const workspace = createWorkspace(process.env)
    const sleeper = 'setInterval(() => undefined, 1000)'
    const script = `
      const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, ['-e', ${JSON.stringify(sleeper)}], { detached: true, stdio: 'ignore' })
      process.send(child.pid)
      ${sleeper}`
    const running = await new Promise<number>((resolve, reject) => {
      workspace.run(node, ['-e', script], { onMessage: (pid) => resolve(Number(pid)) }).then(() => undefined, reject)
    })
    await workspace.end(false)

    expect(isRunning(running)).toBe(false)
    expect(existsSync(workspace.directory)).toBe(false)
  })
})
