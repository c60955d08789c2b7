// biome-ignore-all lint/suspicious/noTemplateCurlyInString: HCL's templates are written like JavaScript's.
import { readModuleInterface } from '../../../scripts/docs/module-interface.js'
import { addressProblems, replaceBetweenMarkers } from '../../../scripts/docs/readme.js'
import { readableRule, renderReference } from '../../../scripts/docs/reference.js'
import { renderTables } from '../../../scripts/docs/tables.js'

const variables = `
# Section
variable "zone" {
  description = "Paths such as gallery/* or <name>|__x__. Not v1.2."
  type        = string

  validation {
    condition     = length(var.zone) > 1
    error_message = "zone must be longer than one character; got \${var.zone}."
  }

  validation {
    condition     = length(var.zone) < var.limit
    error_message = "zone must be shorter than \${var.limit}; got \${var.zone}."
  }
}

variable "alpha" {
  description = <<-EOT
    What it is,
    in two lines.
    - enabled: whether, default false
    - without a name: in
      two lines
  EOT
  type = map(object({
    enabled = optional(bool, false)
    names   = optional(list(string), [])
  }))
  default  = { "a|b" = { enabled = true } }
  nullable = false
}

variable "none" {
  description = "Null for none."
  type        = list(string)
  default     = null
}
`

const outputs = `
output "url" {
  description = "Where people go."
  value       = "x"
}

output "key" {
  description = "Keep it."
  value       = "x"
  sensitive   = true
}
`

const readFiles = () =>
  readModuleInterface([
    { name: 'variables.tf', text: variables },
    { name: 'outputs.tf', text: outputs },
  ])

describe('renderTables', () => {
  it('has a row for every variable and output, in the order of the files, with the first sentence', async () => {
    expect(renderTables(await readFiles()).split('\n')).toEqual([
      '### Variables',
      '',
      expect.stringContaining('[docs/variables.md](docs/variables.md)'),
      '',
      '| name | what it is | default |',
      '|---|---|---|',
      '| [`zone`](docs/variables.md#zone) | Paths such as gallery/\\* or &lt;name&gt;\\|\\_\\_x\\_\\_. | **required** |',
      '| [`alpha`](docs/variables.md#alpha) | What it is, in two lines. | `{"a\\|b":{"enabled":true}}` |',
      '| [`none`](docs/variables.md#none) | Null for none. | `null` |',
      '',
      '### Outputs',
      '',
      '| name | what it is |',
      '|---|---|',
      '| `url` | Where people go. |',
      '| `key` | Keep it. Sensitive. |',
    ])
  })

  test.each([
    ['variable "x" {\n  type = string\n}', 'variables.tf: x has no description'],
    ['output "x" {\n  value       = 1\n  description = " "\n}', 'variables.tf: x has no description'],
  ])('refuses %j', async (text, sentence) => {
    await expect(readModuleInterface([{ name: 'variables.tf', text }])).rejects.toThrow(sentence)
  })
})

describe('renderReference', () => {
  it('has a section for every variable, under the heading that the table leads to', async () => {
    expect(renderReference(await readFiles()).split('\n')).toEqual([
      '## `zone`',
      '',
      'Paths such as gallery/\\* or &lt;name&gt;\\|\\_\\_x\\_\\_. Not v1.2.',
      '',
      'Required. Type: `string`.',
      '',
      'The plan checks:',
      '',
      '- Must be longer than one character.',
      '',
      '## `alpha`',
      '',
      'What it is, in two lines.',
      '',
      '- `enabled`: whether, default false',
      '- without a name: in two lines',
      '',
      'Default: `{"a|b":{"enabled":true}}`. Type:',
      '',
      '```hcl',
      'map(object({',
      '  enabled = optional(bool, false)',
      '  names   = optional(list(string), [])',
      '}))',
      '```',
      '',
      '## `none`',
      '',
      'Null for none.',
      '',
      'Default: `null`. Type: `list(string)`.',
    ])
  })
})

describe('readableRule', () => {
  test.each<[string, string | undefined]>([
    ['zone must be b; got ${var.zone}.', 'Must be b.'],
    ['zone must be b', 'Must be b.'],
    ['zone.days must be b, got x. And more.', '`days` must be b.'],
    ['zone must be b: do c. Got ${var.zone}.', 'Must be b: do c.'],
    ['zone must be none of zone.days: remove ${join(", ", local.days)}, or else.', 'Must be none of `days`.'],
    ['zone must be below b (${var.b}) and c (${join(", ", var.c)}); got ${var.a}.', 'Must be below b and c.'],
    ['zone must be *; got ${var.zone}.', 'Must be \\*.'],
    ['zones differ from zone.', 'zones differ from zone.'],
    ['zone must be below ${var.b}; got ${var.a}.', undefined],
    ['zone must be %{ if true }b%{ endif }.', undefined],
  ])('makes of %j %j', (message, rule) => {
    expect(readableRule('zone', message)).toBe(rule)
  })
})

describe('replaceBetweenMarkers', () => {
  const page = 'before\n<!-- BEGIN_TF_DOCS -->\nold\n<!-- END_TF_DOCS -->\nafter\n'

  it('replaces what is between, and again to the same', () => {
    const once = replaceBetweenMarkers(page, 'new $& $1')

    expect(once).toBe('before\n<!-- BEGIN_TF_DOCS -->\n\nnew $& $1\n\n<!-- END_TF_DOCS -->\nafter\n')
    expect(replaceBetweenMarkers(once, 'new $& $1')).toBe(once)
  })

  test.each([
    ['no markers', 'text'],
    ['no end', '<!-- BEGIN_TF_DOCS -->'],
    ['the end first', '<!-- END_TF_DOCS --><!-- BEGIN_TF_DOCS -->'],
    ['two beginnings', `<!-- BEGIN_TF_DOCS -->${page}`],
    ['two ends', `${page}<!-- END_TF_DOCS -->`],
  ])('refuses a page with %s', (_, text) => {
    expect(() => replaceBetweenMarkers(text, 'new')).toThrow('README.md must have one')
  })

  it('goes by the markers that it is given, and names their page', () => {
    const cost = { file: 'docs/cost.md', begin: '<!-- a -->', end: '<!-- b -->' }

    expect(replaceBetweenMarkers('<!-- a -->old<!-- b -->', 'new', cost)).toBe('<!-- a -->\n\nnew\n\n<!-- b -->')
    expect(() => replaceBetweenMarkers(page, 'new', cost)).toThrow('docs/cost.md must have one')
  })
})

describe('addressProblems', () => {
  const own = { name: 'terraform-aws-x', version: '1.2.0' }
  const address = 'git::https://github.com/me/terraform-aws-x.git?ref=v1.2.0'
  const example = (line: string) => `module "x" {\n${line}\n  source = "../../"\n}\n`
  const readme = { name: 'README.md', text: `  source = "${address}"` }

  it('has none where all pages name one address at the own version', () => {
    const main = { name: 'examples/a/main.tf', text: example(`  # ${address}`) }

    expect(addressProblems([readme, main], own)).toEqual([])
  })

  test.each([
    [
      'without a comment',
      '',
      ['examples/a/main.tf:3: the line above source = "../../" must be a comment with the module\'s public address.'],
    ],
    [
      'with another owner',
      '  # git::https://github.com/you/terraform-aws-x.git?ref=v1.2.0',
      [
        `examples/a/main.tf: git::https://github.com/you/terraform-aws-x.git?ref=v1.2.0 differs from ${address}, the address elsewhere.`,
      ],
    ],
    [
      'of an old version',
      '  # git::https://github.com/me/terraform-aws-x.git?ref=v1.1.0',
      [
        `examples/a/main.tf: git::https://github.com/me/terraform-aws-x.git?ref=v1.1.0 differs from ${address}, the address elsewhere.`,
        'examples/a/main.tf: git::https://github.com/me/terraform-aws-x.git?ref=v1.1.0 must end with ?ref=v1.2.0, the version in package.json.',
      ],
    ],
  ])('names an example %s', (_, line, problems) => {
    expect(addressProblems([readme, { name: 'examples/a/main.tf', text: example(line) }], own)).toEqual(problems)
  })
})
