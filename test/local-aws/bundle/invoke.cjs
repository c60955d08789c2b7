/** Loads a bundle as Lambda's runtime does, calls it once with the event it is given, and writes what it answered to descriptor 3. */
const { writeSync } = require('node:fs')

const [bundle, event] = process.argv.slice(2)
const { handler } = require(bundle)

handler(JSON.parse(event), {})
  .then((response) => writeSync(3, JSON.stringify(response)))
  .catch((error) => writeSync(3, JSON.stringify({ rejected: String(error) })))
  .finally(() => process.exit(0))
