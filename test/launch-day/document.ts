/** Where the table stands. */
const BLOCK = /(<!-- launch day: begin -->\n)[\s\S]*?(\n<!-- launch day: end -->)/

/**
 * The document with this table between its markers.
 *
 * @throws Error if the markers are not there.
 */
export function replaceLaunchDay(document: string, table: string): string {
  if (!BLOCK.test(document)) throw new Error('docs/operations.md has no place for the table of the launch day')
  return document.replace(BLOCK, (_, begin: string, end: string) => `${begin}\n${table}\n${end}`)
}
