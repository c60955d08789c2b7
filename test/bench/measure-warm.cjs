/**
 * A warm process: batches of exchanges with a new token each time, of exchanges with the same token again, of requests for
 * content in the same two ways, and of bare RS256 verifications take turns, so that all see the same machine. Writes the
 * series (microseconds a call) and the peak memory to descriptor 3.
 */
const { createPublicKey, verify } = require('node:crypto')
const { readFileSync, writeSync } = require('node:fs')

const [bundle, inputFile] = process.argv.slice(2)
const { events, contentEvents, tokens, poolKey } = JSON.parse(readFileSync(inputFile, 'utf8'))
const { handler } = require(bundle)
const BATCHES = 150
const CALLS = 50

const key = createPublicKey(poolKey)
const parts = tokens.map((token) => {
  const [header, payload, signature] = token.split('.')
  return { signed: Buffer.from(`${header}.${payload}`), signature: Buffer.from(signature, 'base64url') }
})
let turn = 0
const next = (list) => list[turn++ % list.length]

const calls = {
  newToken: () => handler(next(events), {}),
  sameToken: () => handler(events[0], {}),
  newContent: () => handler(next(contentEvents), {}),
  sameContent: () => handler(contentEvents[0], {}),
  verification: () => {
    const { signed, signature } = next(parts)
    return verify('RSA-SHA256', signed, key, signature)
  },
}

async function microsecondsPerCall(call) {
  const started = performance.now()
  for (let i = 0; i < CALLS; i++) await call()
  return ((performance.now() - started) * 1000) / CALLS
}

async function main() {
  const series = { newToken: [], sameToken: [], newContent: [], sameContent: [], verification: [] }
  // Not every candidate does both.
  if (contentEvents.length === 0) {
    delete calls.newContent
    delete calls.sameContent
  } else if (JSON.stringify(await calls.sameContent()).includes('"status":')) {
    throw new Error('the request for content did not go on')
  }
  for (let batch = 0; batch < BATCHES; batch++) {
    for (const name in calls) series[name].push(await microsecondsPerCall(calls[name]))
  }
  // The first third warms the compiler up.
  for (const name in series) series[name].splice(0, BATCHES / 3)
  writeSync(3, JSON.stringify({ ...series, maxRssKilobytes: process.resourceUsage().maxRSS }))
  process.exit(0)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
