/**
 * `npm run bench`: the edge function as it is shipped beside two others that do such work, measured in one run on
 * Lambda's Node, printed as medians and ratios. Nothing is asserted: a clock on a shared machine proves no test.
 *
 * `npm run bench -- launch-day`: simulates the launch day of docs/operations.md and prints its table.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Candidate, prepareCandidates } from '../test/bench/candidates.js'
import { launchDayTable } from '../test/bench/launch-day/courses.js'
import { type Measured, measureCold, measureWarm } from '../test/bench/measure.js'
import { report } from '../test/bench/report.js'
import { startStandIn } from '../test/bench/stand-in.js'
import { createWorld } from '../test/bench/world.js'

const COLD_ROUNDS = 25
const WARM_ROUNDS = 5

async function measureAll(candidates: readonly Candidate[], folder: string): Promise<readonly Measured[]> {
  const world = createWorld()
  const standIn = await startStandIn()
  standIn.answer = world.answer
  const bench = { folder, world, standIn }
  const measured = candidates.map((candidate) => ({ candidate, cold: [], warm: [] }) as Measured)
  try {
    // Interleaved, so that whatever else the machine does falls on all of them alike.
    for (let round = 0; round < COLD_ROUNDS; round++) {
      for (const { candidate, cold } of measured) cold.push(await measureCold(candidate, bench))
      process.stderr.write(`\rcold start ${round + 1}/${COLD_ROUNDS} `)
    }
    for (let round = 0; round < WARM_ROUNDS; round++) {
      for (const { candidate, warm } of measured) warm.push(await measureWarm(candidate, bench))
      process.stderr.write(`\rwarm exchange ${round + 1}/${WARM_ROUNDS} `)
    }
  } finally {
    process.stderr.write('\r')
    await standIn.stop()
  }
  return measured
}

/** Measures all candidates in a folder of its own; gives the report. */
async function compareCandidates(): Promise<string> {
  const root = resolve(import.meta.dirname, '..')
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    return report(await measureAll(await prepareCandidates(root, folder), folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const isLaunchDay = process.argv[2] === 'launch-day'
process.stdout.write(isLaunchDay ? `${await launchDayTable()}\n` : await compareCandidates())
