/** Laws of the names: two stacks in one account never lay claim to each other's keys. */
import fc from 'fast-check'
import { bootstrapKeyPrefix, isBootstrapKey, publicKeyName, requestTokenOf } from '../../signing-key/names.js'

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
const suffixes = fc
  .tuple(fc.stringMatching(/^[0-9]{18}$/), hex(8))
  .map(([timestamp, counter]) => `${timestamp}${counter}`)
const tokens = fc.oneof(
  fc.uuid(),
  suffixes.map((suffix) => `terraform-${suffix}`),
  fc.stringMatching(/^[0-9a-zA-Z]{32,64}$/),
)
// Names made to be mistaken: they contain each other, our markers, tokens.
const parts = fc.oneof(
  fc.constantFrom('a', 'b', 'signing', 'key', 'signing-key', 'bootstrap', 'terraform'),
  hex(8),
  tokens,
)
const names = fc.array(parts, { minLength: 1, maxLength: 4 }).map((words) => words.join('-'))

describe('names', () => {
  test('give back the token that they were made of', () => {
    fc.assert(
      fc.property(names, tokens, (name, token) => {
        expect(requestTokenOf(name, publicKeyName(name, token))).toBe(token)
      }),
    )
  })

  test('of one stack are never those of another', () => {
    fc.assert(
      fc.property(names, names, tokens, suffixes, (ours, theirs, token, suffix) => {
        fc.pre(ours !== theirs)
        expect(requestTokenOf(ours, publicKeyName(theirs, token))).toBeUndefined()
        expect(isBootstrapKey(ours, `${bootstrapKeyPrefix(theirs)}${suffix}`)).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })

  test('tell a rotated key from a bootstrap key', () => {
    fc.assert(
      fc.property(names, tokens, suffixes, (name, token, suffix) => {
        expect(isBootstrapKey(name, publicKeyName(name, token))).toBe(false)
        expect(requestTokenOf(name, `${bootstrapKeyPrefix(name)}${suffix}`)).toBeUndefined()
      }),
    )
  })
})
