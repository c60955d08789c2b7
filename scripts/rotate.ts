/**
 * `npm run rotate -- NAME [--key LABEL] [--restart] [--yes]`: rotates the signing keys of the stack NAME now, and waits
 * for the end.
 *
 * All of them at once, or one: `--key main`, or `--key` and the label of an exclusive access rule. Nobody notices a
 * rotation: cookies of the old key stay good until they expire. `--restart` first gives up rotations that do not end,
 * after asking unless `--yes`. Uses the AWS credentials and profile of the environment.
 */
import { realDirectory, realWorld } from './operator/aws.js'
import { confirms, readCommandLine, runCommand, say } from './operator/command.js'
import { forEachKey, titleOf } from './operator/each-key.js'
import { quotaWarnings, takeInventory } from './operator/inventory.js'
import { giveUpPending, rotateKey } from './operator/rotation.js'
import { readLabels } from './operator/signing-keys.js'
import { accountOf, findSigningKeys } from './operator/stack.js'
import type { OperatorWorld, SigningKeyStack } from './operator/world.js'

const USAGE = 'npm run rotate -- NAME [--key LABEL] [--restart] [--yes], with the name that the module was given.'

/** False when the person would rather not. */
async function restarts(world: OperatorWorld, stacks: readonly SigningKeyStack[], isAgreed: boolean): Promise<boolean> {
  const stuck: SigningKeyStack[] = []
  for (const stack of stacks) {
    const { pending } = await readLabels(world, stack)
    if (pending === undefined) continue
    stuck.push(stack)
    say(
      `The version ${pending} holds AWSPENDING. Giving it up does no harm to cookies: its key has signed none. If the rotator is at work on it just now, it will report an error, which is then to be expected.`,
    )
  }
  if (stuck.length === 0) {
    say('No rotation is in progress, so there is nothing to give up.')
    return true
  }
  if (!isAgreed && !(await confirms('Give it up and begin another rotation?', 'yes'))) return false
  for (const stack of stuck) {
    const version = await giveUpPending(world, stack)
    say(version === undefined ? 'It has come to its end meanwhile.' : `The version ${version} has lost AWSPENDING.`)
  }
  return true
}

async function warn(world: OperatorWorld, stacks: readonly SigningKeyStack[]): Promise<void> {
  const inventories = await Promise.all(stacks.map((stack) => takeInventory(world, stack)))
  const warnings = inventories.flatMap((inventory) => quotaWarnings(inventory, world.now(), stacks.length))
  for (const warning of new Set(warnings)) say(warning)
}

await runCommand(USAGE, async (args) => {
  const { name, flags, key } = readCommandLine(args, ['restart', 'yes'])
  const world = realWorld(say)
  const stacks = await findSigningKeys(realDirectory(), name, key)
  const which = stacks.length === 1 ? 'key' : `keys (${stacks.map(titleOf).join(', ')})`
  say(`Rotating the signing ${which} of "${name}" in account ${stacks.map(accountOf)[0]}.`)
  if (flags.restart && !(await restarts(world, stacks, flags.yes))) {
    say('Nothing was changed.')
    return 1
  }
  await warn(world, stacks)
  const { done, failures } = await forEachKey(world, stacks, rotateKey)
  for (const { stack, result } of done) {
    if (stacks.length > 1) process.stdout.write(`signing key ${titleOf(stack)}\n`)
    process.stdout.write(
      `old key  ${result.previous ?? '(none)'}\nnew key  ${result.current}${result.joined ? '  (of the rotation that was in progress)' : ''}\n`,
    )
  }
  if (failures > 0) return 1
  say('The edge function signs with it as soon as its cache is read anew. Cookies of the old key stay good.')
  return 0
})
