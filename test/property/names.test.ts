/** Laws of the names: two stacks in one account never lay claim to each other's keys. */
import fc from 'fast-check'
import {
  bootstrapKeyPrefix,
  isBootstrapKey,
  labelOfPublicKey,
  publicKeyName,
  requestTokenOf,
  signingKeyOwner,
  signingKeySecretName,
} from '../../contract/names.js'
import { runs } from '../support/tier.js'

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

// Labels made to be mistaken likewise, and few enough that two of them are often the same.
const labels = fc
  .array(fc.constantFrom('a', 'b', 'signing', 'key', '0123456789abcdef'), { minLength: 1, maxLength: 3 })
  .map((words) => words.join('-').slice(0, 20).replace(/-$/, ''))
const owners = fc.record({
  name: fc.oneof(names, labels),
  label: fc.option(labels, { nil: undefined }),
})

describe('names', () => {
  test('give back the token that they were made of', () => {
    fc.assert(
      fc.property(names, tokens, (name, token) => {
        expect(requestTokenOf(name, publicKeyName(name, token))).toBe(token)
      }),
      runs(100, 100),
    )
  })

  test('of one stack are never those of another', () => {
    fc.assert(
      fc.property(names, names, tokens, suffixes, (ours, theirs, token, suffix) => {
        fc.pre(ours !== theirs)
        expect(requestTokenOf(ours, publicKeyName(theirs, token))).toBeUndefined()
        expect(isBootstrapKey(ours, `${bootstrapKeyPrefix(theirs)}${suffix}`)).toBe(false)
      }),
      runs(500, 2_000),
    )
  })

  test('of one signing key are never those of another, in its own stack or elsewhere', () => {
    fc.assert(
      fc.property(owners, owners, tokens, (ours, theirs, token) => {
        const isSame = ours.name === theirs.name && ours.label === theirs.label
        const keyName = publicKeyName(signingKeyOwner(theirs.name, theirs.label), token)
        expect(requestTokenOf(signingKeyOwner(ours.name, ours.label), keyName)).toBe(isSame ? token : undefined)
        expect(labelOfPublicKey(ours.name, keyName)).toBe(
          ours.name === theirs.name ? (theirs.label ?? null) : undefined,
        )
        expect(isBootstrapKey(ours.name, keyName)).toBe(false)
      }),
      runs(1_000, 5_000),
    )
  })

  test('of the secrets of one function differ as their labels do', () => {
    fc.assert(
      fc.property(fc.option(labels, { nil: undefined }), fc.option(labels, { nil: undefined }), (one, other) => {
        const isSame = signingKeySecretName('photos-signer-a', one) === signingKeySecretName('photos-signer-a', other)
        expect(isSame).toBe(one === other)
      }),
      runs(100, 100),
    )
  })

  test('tell a rotated key from a bootstrap key', () => {
    fc.assert(
      fc.property(names, tokens, suffixes, (name, token, suffix) => {
        expect(isBootstrapKey(name, publicKeyName(name, token))).toBe(false)
        expect(requestTokenOf(name, `${bootstrapKeyPrefix(name)}${suffix}`)).toBeUndefined()
      }),
      runs(100, 100),
    )
  })
})
