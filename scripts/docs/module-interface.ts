import { parse } from '@cdktf/hcl2json'

/** A variable of the module, as its block says. */
export interface Variable {
  readonly name: string
  readonly description: string
  readonly type: string
  /** undefined: the variable must be given. */
  readonly default: unknown
  /** The messages of its validations. */
  readonly validations: readonly string[]
}

/** An output of the module, as its block says. */
export interface Output {
  readonly name: string
  readonly description: string
  readonly sensitive: boolean
}

/** What a caller of the module meets, in the order of the files. */
export interface ModuleInterface {
  readonly variables: readonly Variable[]
  readonly outputs: readonly Output[]
}

/** A Terraform file: its name and its text. */
export interface SourceFile {
  readonly name: string
  readonly text: string
}

/**
 * Reads the blocks of variables and outputs, by HashiCorp's own parser.
 *
 * @throws Error naming file and block where a description is missing.
 */
export async function readModuleInterface(files: readonly SourceFile[]): Promise<ModuleInterface> {
  const variables: Variable[] = []
  const outputs: Output[] = []
  for (const { name: file, text } of files) {
    const document: Record<string, unknown> = await parse(file, text)
    for (const [name, block] of blocks(document, 'variable', text)) variables.push(variable(file, name, block))
    for (const [name, block] of blocks(document, 'output', text)) outputs.push(output(file, name, block))
  }
  return { variables, outputs }
}

type Block = Readonly<Record<string, unknown>>

/** The parser sorts blocks by name; a reader wants them as they were written. */
function blocks(document: Block, kind: string, text: string): (readonly [string, Block])[] {
  const named = asBlock(document[kind])
  const written = [...text.matchAll(new RegExp(`^${kind}\\s+"([^"]+)"`, 'gm'))].map(([, name = '']) => name)
  const position = new Map(written.map((name, index) => [name, index]))
  return Object.entries(named)
    .sort(([a], [b]) => (position.get(a) ?? 0) - (position.get(b) ?? 0))
    .map(([name, list]) => [name, asBlock(Array.isArray(list) ? list[0] : undefined)])
}

function variable(file: string, name: string, block: Block): Variable {
  const validations: readonly unknown[] = Array.isArray(block.validation) ? block.validation : []
  return {
    name,
    description: description(file, name, block),
    type: String(block.type ?? 'any').replace(/^\$\{(.*)\}$/s, '$1'),
    default: block.default,
    validations: validations.map((validation) => String(asBlock(validation).error_message ?? '')),
  }
}

function output(file: string, name: string, block: Block): Output {
  return { name, description: description(file, name, block), sensitive: block.sensitive === true }
}

function description(file: string, name: string, block: Block): string {
  const text = block.description
  if (typeof text === 'string' && text.trim() !== '') return text
  throw new Error(`${file}: ${name} has no description; write one sentence that says what to do with it.`)
}

function asBlock(value: unknown): Block {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
