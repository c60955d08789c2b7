/**
 * One cold start: loads a bundle as Lambda's runtime does, answers one event, and writes to descriptor 3 how long the
 * module took to load, how long it was from the start of the process to the answer (milliseconds), and the peak memory.
 */
const { readFileSync, writeSync } = require('node:fs')

const [bundle, eventFile] = process.argv.slice(2)
const event = JSON.parse(readFileSync(eventFile, 'utf8'))
const started = performance.now()
const { handler } = require(bundle)
const loaded = performance.now()

async function main() {
  const response = await handler(event, {})
  const firstAnswerMs = performance.now()
  writeSync(
    3,
    JSON.stringify({
      response,
      loadMs: loaded - started,
      firstAnswerMs,
      maxRssKilobytes: process.resourceUsage().maxRSS,
    }),
  )
  process.exit(0)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
