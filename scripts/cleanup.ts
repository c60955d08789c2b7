/**
 * `npm run cleanup -- NAME [--key LABEL] [--yes]`: removes what `terraform destroy` of the stack NAME had to leave behind:
 * the public keys that the rotator made, and the edge function once CloudFront has let go of it (operator/leftovers.ts).
 * While the stack stands: the public keys of exclusive access rules that it has no more. `--key`: those of one signing
 * key, and nothing else.
 *
 * Uses the AWS credentials and profile of the environment. Asks before it deletes, unless `--yes`; run again, it finds
 * less or nothing.
 */
import { realLeftoversWorld } from './operator/aws.js'
import { confirms, readCommandLine, runCommand, say } from './operator/command.js'
import { findLeftovers, remove } from './operator/leftovers.js'

const USAGE = 'npm run cleanup -- NAME [--key LABEL] [--yes], with the name that the module was given.'

function report(line: string): void {
  process.stdout.write(`${line}\n`)
}

await runCommand(USAGE, async (args) => {
  const { name, flags, key } = readCommandLine(args, ['yes'])
  const world = realLeftoversWorld()
  const leftovers = await findLeftovers(world, name, key)
  if (leftovers.length === 0) {
    report(`Nothing of the stack "${name}" is left behind.`)
    return 0
  }
  for (const { kind, id, name: full } of leftovers) report(`${kind} ${full}${full === id ? '' : ` (${id})`}`)
  if (!flags.yes && !(await confirms('Delete all of these?', 'yes'))) {
    say('Nothing was deleted.')
    return 1
  }
  let failures = 0
  for (const leftover of leftovers) {
    const { outcome, sentence } = await remove(world, leftover)
    report(`${leftover.kind} ${leftover.id}: ${sentence}`)
    if (outcome === 'failed') failures += 1
  }
  return failures === 0 ? 0 : 1
})
