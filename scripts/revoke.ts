/**
 * `npm run revoke -- NAME [--key LABEL] [--yes]`: makes every signed cookie and every session of the stack NAME
 * worthless, now.
 *
 * For a leaked key, or for somebody whose access cannot wait for a cookie to expire. Rotates, then takes every other
 * key from the key group and deletes it. All signing keys at once, or one: `--key main`, or `--key` and the label of an
 * exclusive access rule. Asks for the stack's name unless `--yes`. Safe to run again after an interruption, and in the
 * middle of a scheduled rotation. Uses the AWS credentials and profile of the environment.
 */
import { realDirectory, realWorld } from './operator/aws.js'
import { confirms, readCommandLine, runCommand, say } from './operator/command.js'
import { consequences } from './operator/consequences.js'
import { forEachKey, titleOf } from './operator/each-key.js'
import { type Revocation, revokeKeys } from './operator/revocation.js'
import { findSigningKeys, readSignerCache } from './operator/stack.js'
import type { SigningKeyStack } from './operator/world.js'

const USAGE = 'npm run revoke -- NAME [--key LABEL] [--yes], with the name that the module was given.'

/** False when something is left to do. */
function report({ owner }: SigningKeyStack, { previous, current, untrusted, deleted, left }: Revocation): boolean {
  process.stdout.write(`old key  ${previous ?? '(none)'}\nnew key  ${current}\n`)
  process.stdout.write(`out of the group  ${untrusted.join(', ') || '(none)'}\n`)
  process.stdout.write(`deleted           ${deleted.join(', ') || '(none)'}\n`)
  for (const { id, reason } of left) {
    say(`The key ${id} is not trusted by "${owner}" any more, but could not be deleted (${reason}).`)
  }
  return left.length === 0
}

await runCommand(USAGE, async (args) => {
  const { name, flags, key } = readCommandLine(args, ['yes'])
  const directory = realDirectory()
  const stacks = await findSigningKeys(directory, name, key)
  const [first] = stacks
  say(consequences(stacks, first === undefined ? undefined : await readSignerCache(directory, first)))
  if (!flags.yes && !(await confirms('Revoke?', name))) {
    say('Nothing was changed.')
    return 1
  }
  const { done, failures } = await forEachKey(realWorld(say), stacks, (world, stack) =>
    revokeKeys(world, stack, stacks.length),
  )
  let isAllDone = true
  for (const { stack, result } of done) {
    if (stacks.length > 1) process.stdout.write(`signing key ${titleOf(stack)}\n`)
    if (!report(stack, result)) isAllDone = false
  }
  if (!isAllDone) {
    say('Take these keys from other key groups if they are in any (aws cloudfront list-key-groups), then run it again.')
  }
  return isAllDone && failures === 0 ? 0 : 1
})
