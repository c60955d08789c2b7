/** Plain text as Markdown of GitHub's flavour. */

/** Text as it would read: no markup out of characters that were not meant as such, and one line. */
export function prose(text: string): string {
  return text
    .trim()
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[*|\\]|__/g, (found) => [...found].map((character) => `\\${character}`).join(''))
    .replace(/\s*\n\s*/g, ' ')
}

/** Text between backticks. */
export function code(text: string): string {
  return `\`${text}\``
}

/** A row of a table, in whose cells a pipe has to be escaped even between backticks. */
export function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`
}
