/**
 * `npm run keys -- NAME [--json]`: the signing keys of the stack NAME, what each is, and until when it is trusted.
 *
 * Changes nothing. Uses the AWS credentials and profile of the environment.
 */
import { realDirectory, realWorld } from './operator/aws.js'
import { readCommandLine, runCommand, say } from './operator/command.js'
import { inventoryText, takeInventory } from './operator/inventory.js'
import { findStack } from './operator/stack.js'

const USAGE = 'npm run keys -- NAME [--json], with the name that the module was given.'

await runCommand(USAGE, async (args) => {
  const { name, flags } = readCommandLine(args, ['json'])
  const inventory = await takeInventory(realWorld(say), await findStack(realDirectory(), name))
  process.stdout.write(flags.json ? `${JSON.stringify(inventory, undefined, 2)}\n` : inventoryText(inventory))
  return 0
})
