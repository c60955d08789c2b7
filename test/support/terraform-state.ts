/** What Terraform wrote down of a stack. */
import { readFileSync } from 'node:fs'
import type { TestStack } from './stack.js'

/** One resource or data source in the state. */
interface StateResource {
  readonly module?: string
  readonly type: string
  readonly name: string
  readonly instances: readonly { readonly attributes: Record<string, unknown> }[]
}

/** Everything in the state. */
export function resourcesOf({ options }: TestStack): readonly StateResource[] {
  return JSON.parse(readFileSync(`${options.terraformDir}/terraform.tfstate`, 'utf8')).resources
}

/** The attributes of what the module itself made of a type. */
export function madeByModule(stack: TestStack, type: string): readonly Record<string, unknown>[] {
  return resourcesOf(stack)
    .filter((resource) => resource.module === 'module.content' && resource.type === type)
    .flatMap(({ instances }) => instances.map(({ attributes }) => attributes))
}
