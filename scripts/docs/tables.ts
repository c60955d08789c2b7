/** The README's tables of variables and outputs: what there is, and where more is said about it. */
import { code, prose, row } from './markdown.js'
import type { ModuleInterface, Output, Variable } from './module-interface.js'
import { REFERENCE } from './readme.js'

/** The lines between the markers: a table of variables, a table of outputs. */
export function renderTables({ variables, outputs }: ModuleInterface): string {
  return [
    '### Variables',
    '',
    `Each name leads to its section in [${REFERENCE.file}](${REFERENCE.file}), which has its attributes, its type and what values it takes.`,
    '',
    row('name', 'what it is', 'default'),
    '|---|---|---|',
    ...variables.map(variableRow),
    '',
    '### Outputs',
    '',
    row('name', 'what it is'),
    '|---|---|',
    ...outputs.map(outputRow),
  ].join('\n')
}

function variableRow({ name, description, default: value }: Variable): string {
  const given = value === undefined ? '**required**' : code(JSON.stringify(value))
  return row(`[${code(name)}](${REFERENCE.file}#${name})`, prose(firstSentence(description)), given)
}

/** A sentence ends at a full stop before a space, or where a list begins. */
function firstSentence(description: string): string {
  return /^.*?(?:\.(?=\s|$)|(?=\n\s*- )|$)/s.exec(description.trim())?.[0] ?? ''
}

function outputRow({ name, description, sensitive }: Output): string {
  return row(code(name), `${prose(description)}${sensitive ? ' Sensitive.' : ''}`)
}
