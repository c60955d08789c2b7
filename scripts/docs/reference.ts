/** The page docs/variables.md: everything that the blocks of variables say. */
import { code, prose } from './markdown.js'
import type { ModuleInterface, Variable } from './module-interface.js'

/** The lines between the markers: a section for each variable, under its name. */
export function renderReference({ variables }: Pick<ModuleInterface, 'variables'>): string {
  return variables.map(section).join('\n\n')
}

function section({ name, description, type, default: value, validations }: Variable): string {
  const [text = '', ...attributes] = description.trim().split(/\s*\n\s*- /)
  const rules = validations.flatMap((message) => readableRule(name, message) ?? [])
  return [
    `## ${code(name)}`,
    prose(text),
    list(attributes.map(attribute)),
    `${value === undefined ? 'Required' : `Default: ${code(JSON.stringify(value))}`}. ${typed(type)}`,
    rules.length === 0 ? '' : `The plan checks:\n\n${list(rules)}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n')
}

/** What a description says of an attribute, behind its name. */
function attribute(text: string): string {
  const [, name, rest = ''] = /^(\w+): (.*)$/s.exec(text) ?? []
  return name === undefined ? prose(text) : `${code(name)}: ${prose(rest)}`
}

/** A type of several lines stands in a block, without the indentation of the variable that it is written in. */
function typed(type: string): string {
  return type.includes('\n') ? `Type:\n\n\`\`\`hcl\n${type.replace(/^ {2}/gm, '')}\n\`\`\`` : `Type: ${code(type)}.`
}

/**
 * The rule in a validation's message: of `name must …; got …` the middle, since the section has the name and nobody's
 * value, with attributes as code. undefined where the rest holds a template that is no mere `(${…})` behind a word.
 */
export function readableRule(name: string, message: string): string | undefined {
  const rule = message
    .replace(/(?:[;,] got |\. Got |: remove \$\{).*$/s, '')
    .replace(/ \(\$\{[^}]*\}\)/g, '')
    .replace(/\.?$/, '.')
  if (/[$%]\{/.test(rule)) return undefined
  const subject = `${name} must`
  const sentence = rule.startsWith(subject) ? `Must${rule.slice(subject.length)}` : rule
  return prose(sentence).replace(new RegExp(`\\b${name}\\.(\\w+)`, 'g'), (_, found: string) => code(found))
}
