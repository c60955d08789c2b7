/**
 * `npm run rotate -- NAME [--restart] [--yes]`: rotates the signing key of the stack NAME now, and waits for the end.
 *
 * Nobody notices a rotation: cookies of the old key stay good until they expire. `--restart` first gives up a rotation
 * that does not end, after asking unless `--yes`. Uses the AWS credentials and profile of the environment.
 */
import { realDirectory, realWorld } from './operator/aws.js'
import { confirms, readCommandLine, runCommand, say } from './operator/command.js'
import { quotaWarnings, takeInventory } from './operator/inventory.js'
import { giveUpPending, rotateKey } from './operator/rotation.js'
import { readLabels } from './operator/signing-keys.js'
import { accountOf, findStack } from './operator/stack.js'
import type { OperatorWorld, SigningKeyStack } from './operator/world.js'

const USAGE = 'npm run rotate -- NAME [--restart] [--yes], with the name that the module was given.'

/** False when the person would rather not. */
async function restarts(world: OperatorWorld, stack: SigningKeyStack, isAgreed: boolean): Promise<boolean> {
  const { pending } = await readLabels(world, stack)
  if (pending === undefined) {
    say('No rotation is in progress, so there is nothing to give up.')
    return true
  }
  say(
    `The version ${pending} holds AWSPENDING. Giving it up does no harm to cookies: its key has signed none. If the rotator is at work on it just now, it will report an error, which is then to be expected.`,
  )
  if (!isAgreed && !(await confirms('Give it up and begin another rotation?', 'yes'))) return false
  const version = await giveUpPending(world, stack)
  say(version === undefined ? 'It has come to its end meanwhile.' : `The version ${version} has lost AWSPENDING.`)
  return true
}

await runCommand(USAGE, async (args) => {
  const { name, flags } = readCommandLine(args, ['restart', 'yes'])
  const world = realWorld(say)
  const stack = await findStack(realDirectory(), name)
  say(`Rotating the signing key of "${name}" in account ${accountOf(stack)}.`)
  if (flags.restart && !(await restarts(world, stack, flags.yes))) {
    say('Nothing was changed.')
    return 1
  }
  for (const warning of quotaWarnings(await takeInventory(world, stack), world.now())) say(warning)
  const { previous, current, joined } = await rotateKey(world, stack)
  process.stdout.write(
    `old key  ${previous ?? '(none)'}\nnew key  ${current}${joined ? '  (of the rotation that was in progress)' : ''}\n`,
  )
  say('The edge function signs with it as soon as its cache is read anew. Cookies of the old key stay good.')
  return 0
})
