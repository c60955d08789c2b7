/**
 * `npm run keys -- NAME [--key LABEL] [--json]`: the public keys of the stack NAME, what each is, and until when it is
 * trusted: those of every signing key, or of one (`--key main`, or `--key` and the label of an exclusive access rule).
 *
 * Changes nothing. Uses the AWS credentials and profile of the environment.
 */
import { realDirectory, realWorld } from './operator/aws.js'
import { readCommandLine, runCommand, say } from './operator/command.js'
import { titleOf } from './operator/each-key.js'
import { inventoryText, takeInventory } from './operator/inventory.js'
import { findSigningKeys } from './operator/stack.js'

const USAGE = 'npm run keys -- NAME [--key LABEL] [--json], with the name that the module was given.'

await runCommand(USAGE, async (args) => {
  const { name, flags, key } = readCommandLine(args, ['json'])
  const world = realWorld(say)
  const stacks = await findSigningKeys(realDirectory(), name, key)
  const inventories = await Promise.all(stacks.map((stack) => takeInventory(world, stack)))
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(inventories, undefined, 2)}\n`)
    return 0
  }
  const parts = inventories.map((inventory) => {
    const heading = inventories.length > 1 ? `Signing key ${titleOf(inventory)}\n\n` : ''
    return `${heading}${inventoryText(inventory)}`
  })
  process.stdout.write(parts.join('\n'))
  return 0
})
