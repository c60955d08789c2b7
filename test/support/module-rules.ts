/**
 * What in the module may refuse: validations of variables, preconditions, postconditions and checks; and what each of
 * them depends on.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '@cdktf/hcl2json'

type Blocks = Readonly<Record<string, unknown>>

/** By its address, as a reference names it: the JSON of a variable, local, resource, data source or check. */
export type Addresses = ReadonlyMap<string, string>

const FILES = readdirSync('.').filter((file) => file.endsWith('.tf'))
const VARIABLES = FILES.filter((file) => file.startsWith('variables'))
const REFERENCE = /\b(?:var|local|module|terraform_data|(?:data\.)?aws_\w+)\.\w+/g

/** The blocks of one file, of all kinds that depend on anything. */
function* blocksOf(file: Readonly<Record<string, unknown>>): Generator<readonly [string, unknown]> {
  const { variable = {}, check = {}, locals = [], resource = {}, data = {} } = file as Record<string, Blocks & Blocks[]>
  for (const [name, block] of Object.entries(variable)) yield [`var.${name}`, block]
  for (const [name, block] of Object.entries(check)) yield [`check.${name}`, block]
  for (const block of locals) for (const [name, value] of Object.entries(block)) yield [`local.${name}`, value]
  for (const [prefix, kind] of [
    ['', resource],
    ['data.', data],
  ] as const) {
    for (const [type, blocks] of Object.entries(kind)) {
      for (const [name, block] of Object.entries(blocks as Blocks)) yield [`${prefix}${type}.${name}`, block]
    }
  }
}

/** Reads the module. */
export async function addressesOfModule(): Promise<Addresses> {
  const files = await Promise.all(FILES.map((file) => parse(file, readFileSync(file, 'utf8'))))
  return new Map(files.flatMap((file) => [...blocksOf(file)].map(([name, block]) => [name, JSON.stringify(block)])))
}

/** All on which a block depends, itself among them. */
export function dependencies(address: string, module: Addresses, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(address)) return found
  found.add(address)
  for (const [reference] of (module.get(address) ?? '').matchAll(REFERENCE)) dependencies(reference, module, found)
  return found
}

/** Whether a block depends on nothing but variables: such rules can be planned without a provider. */
export const isOfVariables = (address: string, module: Addresses): boolean =>
  ![...dependencies(address, module)].some((name) => /^(module|data|aws_\w+)\./.test(name))

/** Writes the rules that depend on variables alone; variables as they are, all else as JSON. */
export function writeRules(folder: string, module: Addresses): void {
  const rules = [...module.keys()].filter((name) => /^(var|check|terraform_data)\./.test(name))
  const own = rules.filter((name) => isOfVariables(name, module))
  const needed = new Set(own.flatMap((name) => [...dependencies(name, module)]))
  const blocks = (kind: string) =>
    Object.fromEntries(
      [...needed]
        .filter((name) => name.startsWith(kind))
        .map((name) => [name.slice(kind.length), JSON.parse(module.get(name) ?? '')]),
    )
  const resource = { terraform_data: blocks('terraform_data.') }
  const json = { locals: blocks('local.'), check: blocks('check.'), resource }
  writeFileSync(join(folder, 'variables.tf'), VARIABLES.map((file) => readFileSync(file, 'utf8')).join('\n'))
  writeFileSync(join(folder, 'rules.tf.json'), JSON.stringify(json, null, 2))
}

/**
 * For each of these addresses, how many others of them it depends on, one after the other. Terraform leaves out what
 * depends on something that was refused.
 */
export function depths(addresses: readonly string[], module: Addresses): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const depth = (address: string): number => {
    const known = found.get(address)
    if (known !== undefined) return known
    const others = addresses.filter((other) => other !== address && dependencies(address, module).has(other))
    const value = Math.max(-1, ...others.map(depth)) + 1
    found.set(address, value)
    return value
  }
  for (const address of addresses) depth(address)
  return found
}
