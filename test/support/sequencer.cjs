// The order of the test files: the groups that take longest first, so that no processor waits at the end.
const { default: Sequencer } = require('@jest/test-sequencer')

const ORDER = ['e2e', 'terraform', 'local-aws', 'terratest', 'faults', 'property', 'unit']

const rank = ({ context }) => ORDER.indexOf(context.config.displayName.name)

module.exports = class LongestFirst extends Sequencer {
  /** Within a group as jest has it: what failed, then what took longest last time, else the largest file. */
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other))
  }
}
