/**
 * A warm process: alternates batches of exchanges with batches of bare RS256 verifications of the same token, so that
 * both see the same machine, and writes both series (microseconds a call) and the peak memory to descriptor 3.
 */
const { createPublicKey, verify } = require('node:crypto')
const { readFileSync, writeSync } = require('node:fs')

const [bundle, eventFile, yardstickFile] = process.argv.slice(2)
const event = JSON.parse(readFileSync(eventFile, 'utf8'))
const { token, poolKey } = JSON.parse(readFileSync(yardstickFile, 'utf8'))
const { handler } = require(bundle)
const BATCHES = 180
const CALLS = 50

const key = createPublicKey(poolKey)
const [header, payload, signature] = token.split('.')
const signed = Buffer.from(`${header}.${payload}`)
const signatureBytes = Buffer.from(signature, 'base64url')
const verifyBare = () => verify('RSA-SHA256', signed, key, signatureBytes)

async function microsecondsPerCall(call) {
  const started = performance.now()
  for (let i = 0; i < CALLS; i++) await call()
  return ((performance.now() - started) * 1000) / CALLS
}

async function main() {
  const exchange = []
  const verification = []
  for (let batch = 0; batch < BATCHES; batch++) {
    exchange.push(await microsecondsPerCall(() => handler(event, {})))
    verification.push(await microsecondsPerCall(verifyBare))
  }
  // The first third warms the compiler up.
  const settled = (series) => series.slice(BATCHES / 3)
  const maxRssKilobytes = process.resourceUsage().maxRSS
  writeSync(3, JSON.stringify({ exchange: settled(exchange), verification: settled(verification), maxRssKilobytes }))
  process.exit(0)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
