import { UnreadableOutput } from './errors.js'

/** How many resources an apply, a destroy or a plan adds, changes and destroys. */
export interface ResourceCount {
  readonly add: number
  readonly change: number
  readonly destroy: number
}

const applied = /Apply complete! Resources: (?:\d+ imported, )?(\d+) added, (\d+) changed, (\d+) destroyed/
const destroyed = /Destroy complete! Resources: (\d+) destroyed/
const planned = /Plan: (?:\d+ to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy/
const unchanged = /No changes\. |You can apply this plan to save these new output values/

/** ECMA-48's sequences for colours and bold type. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for.
const styles = /\u001b\[[0-9;]*m/g

/**
 * Reads the counts from the output of apply, destroy or plan; of an apply, what it did and not what it planned.
 *
 * @throws UnreadableOutput when the output has no such line.
 */
export function getResourceCount(commandOutput: string): ResourceCount {
  const text = commandOutput.replace(styles, '')
  const counted = applied.exec(text) ?? destroyedCounts(text) ?? planned.exec(text)
  if (counted !== undefined && counted !== null) {
    const [, add, change, destroy] = counted
    return { add: Number(add), change: Number(change), destroy: Number(destroy) }
  }
  if (unchanged.test(text)) return { add: 0, change: 0, destroy: 0 }
  throw new UnreadableOutput("can't parse Terraform output: it has neither counts nor 'No changes.'")
}

function destroyedCounts(text: string): readonly string[] | undefined {
  const count = destroyed.exec(text)?.[1]
  return count === undefined ? undefined : ['', '0', '0', count]
}
