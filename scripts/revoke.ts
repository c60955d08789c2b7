/**
 * `npm run revoke -- NAME [--yes]`: makes every signed cookie of the stack NAME worthless, now.
 *
 * For a leaked key, or for somebody whose access cannot wait for a cookie to expire. Rotates, then takes every other
 * key of the stack from the key group and deletes it. Asks for the stack's name unless `--yes`. Safe to run again after
 * an interruption, and in the middle of a scheduled rotation. Uses the AWS credentials and profile of the environment.
 */
import { realDirectory, realWorld } from './operator/aws.js'
import { confirms, readCommandLine, runCommand, say } from './operator/command.js'
import { consequences } from './operator/consequences.js'
import { revokeKeys } from './operator/revocation.js'
import { findStack, readSignerCache } from './operator/stack.js'

const USAGE = 'npm run revoke -- NAME [--yes], with the name that the module was given.'

await runCommand(USAGE, async (args) => {
  const { name, flags } = readCommandLine(args, ['yes'])
  const directory = realDirectory()
  const stack = await findStack(directory, name)
  say(consequences(stack, await readSignerCache(directory, stack)))
  if (!flags.yes && !(await confirms('Revoke every cookie?', name))) {
    say('Nothing was changed.')
    return 1
  }
  const { previous, current, untrusted, deleted, left } = await revokeKeys(realWorld(say), stack)
  process.stdout.write(`old key  ${previous ?? '(none)'}\nnew key  ${current}\n`)
  process.stdout.write(`out of the group  ${untrusted.join(', ') || '(none)'}\n`)
  process.stdout.write(`deleted           ${deleted.join(', ') || '(none)'}\n`)
  for (const { id, reason } of left) {
    say(`The key ${id} is not trusted by "${name}" any more, but could not be deleted (${reason}).`)
  }
  if (left.length === 0) return 0
  say('Take these keys from other key groups if they are in any (aws cloudfront list-key-groups), then run it again.')
  return 1
})
