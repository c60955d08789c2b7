/**
 * Plans the module with many arguments in one run of `terraform test`: a plan reports together all that it refuses.
 *
 * There is an instance for each of the arguments. Terraform leaves out what depends on something that was refused, in all
 * instances of the same call: what is refused by parts that depend on each other is in different calls.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withProvider } from '../../scripts/attached-provider.js'
import { terraformEnvironment } from '../../scripts/terraform-mirror.js'
import { type Addresses, addressesOfModule, depths, isOfVariables, writeRules } from './module-rules.js'

/** Arguments of the module; without a name, they get one. */
export type Arguments = Readonly<Record<string, unknown>>

/** By the address of a variable, resource or check of the module: the arguments to plan for it. */
export type Plans = Readonly<Record<string, readonly Arguments[]>>

/** One message of a plan. */
export interface Message {
  /** The address of the variable, resource or check that says it. */
  readonly by: string
  readonly text: string
}

const variables = (): readonly string[] =>
  readdirSync('.')
    .filter((file) => /^variables.*\.tf$/.test(file))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^variable "(\w+)"/gm)].map(([, name = '']) => name))

interface Answer {
  readonly status: number | null
  readonly output: string
}

/** What a kind of call plans, and which of its two providers it is given as aws.us_east_1. */
const KINDS = {
  /** The rules that depend on variables alone. */
  rules: { source: './rules' },
  module: { source: './module', providers: { aws: 'aws', 'aws.us_east_1': 'aws.us_east_1' } },
  /** With functions in the region of the content. */
  elsewhere: { source: './module', providers: { aws: 'aws', 'aws.us_east_1': 'aws' } },
}

function kindOf(address: string, module: Addresses): keyof typeof KINDS {
  if (address === 'data.aws_region.home') return 'elsewhere'
  return isOfVariables(address, module) ? 'rules' : 'module'
}

/** A call, with an instance for each element of a file. What it is not given is null, and takes its default. */
const call = (name: string) => ({
  ...KINDS[name.split('-')[0] as keyof typeof KINDS],
  for_each: `\${jsondecode(file("\${path.module}/${name}.json"))}`,
  ...Object.fromEntries(variables().map((variable) => [variable, `\${try(each.value.${variable}, null)}`])),
})

const TEST = `mock_provider "aws" {
  source = "./mocks/content"
}

mock_provider "aws" {
  alias  = "us_east_1"
  source = "./mocks/home"
}

run "plan" {
  command = plan
}
`

/** Runs Terraform and gives its exit status, and its answer in JSON, line by line. */
function terraform(path: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Answer> {
  return new Promise((done, failed) => {
    const child = spawn('terraform', [...args, '-json'], { cwd: path, env, stdio: ['ignore', 'pipe', 'inherit'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', failed)
    child.once('close', (status) => done({ status, output: Buffer.concat(chunks).toString('utf8') }))
  })
}

/** By the call: the arguments of its instances. */
async function callsOf(plans: Plans, path: string): Promise<ReadonlyMap<string, readonly Arguments[]>> {
  const module = await addressesOfModule()
  writeRules(join(path, 'rules'), module)
  const calls = new Map<string, Arguments[]>()
  for (const [address, depth] of depths(Object.keys(plans), module)) {
    const name = `${kindOf(address, module)}-${depth}`
    calls.set(name, [...(calls.get(name) ?? []), ...(plans[address] ?? [])])
  }
  return calls
}

async function write(path: string, plans: Plans): Promise<void> {
  for (const name of ['cloudfront-functions', 'dist', ...readdirSync('.').filter((file) => file.endsWith('.tf'))]) {
    cpSync(name, join(path, 'module', name), { recursive: true })
  }
  cpSync('test/terraform/mocks', join(path, 'mocks'), { recursive: true })
  for (const folder of ['rules', 'tests']) mkdirSync(join(path, folder))
  const calls = await callsOf(plans, path)
  const aws = { source: 'hashicorp/aws', configuration_aliases: ['aws.us_east_1'] }
  const module = Object.fromEntries([...calls.keys()].map((name) => [name, call(name)]))
  writeFileSync(
    join(path, 'main.tf.json'),
    JSON.stringify({ terraform: { required_providers: { aws } }, module }, null, 2),
  )
  for (const [name, all] of calls) {
    const instances = Object.fromEntries(all.map((values) => [JSON.stringify(values), { name: 'photos', ...values }]))
    writeFileSync(join(path, `${name}.json`), JSON.stringify(instances))
  }
  writeFileSync(join(path, 'tests/plan.tftest.hcl'), TEST)
}

/** The address of what a diagnostic is about, which Terraform shows by the line of the root, of HCL or of JSON. */
function addressOf(context: string, code: string): string {
  if (context.startsWith('module.')) return `var.${/\w+/.exec(code)?.[0]}`
  const parts = context.replace(/\[.*/, '').match(/\w+/g) ?? []
  return parts.filter((part) => part !== 'resource').join('.')
}

/** What one line of Terraform's report says, without the hint at the rule's line; nothing where it is no diagnostic. */
function messageOf(line: string): Message[] {
  const { diagnostic } = JSON.parse(line)
  if (diagnostic === undefined) return []
  const { context = '', code = '' } = diagnostic.snippet ?? {}
  const [text = ''] = String(diagnostic.detail || diagnostic.summary).split('\n\nThis was checked by ')
  return [{ by: addressOf(context ?? '', code), text }]
}

/**
 * All messages of the plans of all arguments.
 *
 * @throws Error with what Terraform said when it did not come to plan.
 */
export async function messagesOf(plans: Plans): Promise<readonly Message[]> {
  const path = mkdtempSync(join(tmpdir(), 'module-plans-'))
  try {
    await write(path, plans)
    const environment = { ...process.env, ...terraformEnvironment() }
    const init = await terraform(path, ['init', '-backend=false', '-input=false'], environment)
    if (init.status !== 0) throw new Error(`terraform init said: ${init.output}`)
    const { output } = await withProvider(path, environment, (env) => terraform(path, ['test'], env))
    const lines = output.split('\n').filter((line) => line !== '')
    if (!lines.some((line) => JSON.parse(line).type === 'test_summary'))
      throw new Error(`terraform test said: ${output}`)
    return lines.flatMap(messageOf)
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}
