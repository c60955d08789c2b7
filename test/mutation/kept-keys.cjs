// RSA keys take most of the time of a mutant. The nth key pair that a test file makes is therefore the same one for every
// mutant: no test can tell, because within a file no two are alike. Jest gives all test files the same module of Node's.
const crypto = require('node:crypto')

const STORE = Symbol.for('key pairs of the mutation tests')
crypto[STORE] ??= { make: crypto.generateKeyPairSync, pairs: new Map() }
const { make, pairs } = crypto[STORE]

let count = 0
crypto.generateKeyPairSync = (...kind) => {
  count += 1
  const name = JSON.stringify([count, ...kind])
  const pair = pairs.get(name) ?? make(...kind)
  pairs.set(name, pair)
  return pair
}
