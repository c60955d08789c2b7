/** The README's tables of variables and outputs, as Markdown of GitHub's flavour. */
import type { ModuleInterface, Output, Variable } from './module-interface.js'

/** Longer types are cut to their outermost word: what their attributes mean stands in the description. */
const longestType = 40

/** The lines between the markers: a table of variables, a table of outputs. */
export function renderTables({ variables, outputs }: ModuleInterface): string {
  return [
    '### Variables',
    '',
    '| name | what it is | type | default |',
    '|---|---|---|---|',
    ...variables.map(variableRow),
    '',
    '### Outputs',
    '',
    '| name | what it is |',
    '|---|---|',
    ...outputs.map(outputRow),
  ].join('\n')
}

function variableRow({ name, description, type, default: value, validations }: Variable): string {
  const rules = validations.flatMap((message) => readableRule(name, message) ?? [])
  const text = [description, ...rules].map(cell).join('<br>')
  const given = value === undefined ? '**required**' : code(JSON.stringify(value))
  return `| ${code(name)} | ${text} | ${code(shortType(type))} | ${given} |`
}

function outputRow({ name, description, sensitive }: Output): string {
  return `| ${code(name)} | ${cell(description)}${sensitive ? ' Sensitive.' : ''} |`
}

/**
 * The rule in a validation's message: of `name must …; got …` the middle, since the row has the name and nobody's
 * value. undefined where the rest still holds a template, which is no sentence.
 */
export function readableRule(name: string, message: string): string | undefined {
  const rule = message.replace(/[;,] got .*$/s, '').replace(/\.?$/, '.')
  if (/[$%]\{/.test(rule)) return undefined
  if (rule.startsWith(`${name}.`)) return rule.replaceAll(`${name}.`, '')
  return rule.startsWith(`${name} must`) ? `Must${rule.slice(name.length + ' must'.length)}` : rule
}

function shortType(type: string): string {
  const line = type.replace(/\s+/g, ' ')
  if (line.length <= longestType) return line
  return line.replace(/object\(.*\)/, (found) => `object({…})${')'.repeat(unclosed(found))}`)
}

/** How many closing parentheses belong to the words before `object(`. */
function unclosed(text: string): number {
  return text.split(')').length - text.split('(').length
}

function code(text: string): string {
  return `\`${text.replace(/\|/g, '\\|')}\``
}

/** Text as it would read in a table's cell: no markup out of characters that were not meant as such. */
function cell(text: string): string {
  return text
    .trim()
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[*|\\]|__/g, (found) => [...found].map((character) => `\\${character}`).join(''))
    .replace(/\s*\n\s*(?=- )/g, '<br>')
    .replace(/\s*\n\s*/g, ' ')
}
