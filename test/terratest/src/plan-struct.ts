import { PlanKeyNotFound, UnreadableOutput } from './errors.js'
import { isPlainObject } from './go-values.js'
import { parseJson } from './json-text.js'

/** A resource as a plan expects it to be. Source: Terraform's "JSON Output Format", values representation. */
export interface PlannedResource {
  readonly address: string
  readonly mode: 'managed' | 'data'
  readonly type: string
  readonly name: string
  readonly index?: string | number
  readonly provider_name: string
  readonly values: Readonly<Record<string, unknown>>
}

/** What a plan does to a resource. Source: Terraform's "JSON Output Format", change representation. */
export interface ResourceChange {
  readonly address: string
  readonly module_address?: string
  readonly mode: 'managed' | 'data'
  readonly type: string
  readonly name: string
  readonly index?: string | number
  readonly change: {
    /** no-op, create, read, update, delete; two of them for a replacement. */
    readonly actions: readonly string[]
    readonly before: unknown
    readonly after: unknown
    readonly after_unknown: unknown
  }
}

/** A plan, and its resources by address: terratest's `PlanStruct`. */
export interface PlanStruct {
  /** All that `terraform show -json` printed. */
  readonly rawPlan: Readonly<Record<string, unknown>>
  /** Those of child modules included. */
  readonly resourcePlannedValuesMap: ReadonlyMap<string, PlannedResource>
  readonly resourceChangesMap: ReadonlyMap<string, ResourceChange>
}

/**
 * The struct of a plan that `terraform show -json` printed.
 *
 * @throws UnreadableOutput when the text is not the JSON of a plan.
 */
export function parsePlanJson(text: string): PlanStruct {
  const rawPlan = parseObject(text)
  const plannedValues = rawPlan.planned_values
  if (!isPlainObject(plannedValues)) {
    throw new UnreadableOutput('what terraform showed is no plan: it has no planned_values; is planFilePath set?')
  }
  return {
    rawPlan,
    resourcePlannedValuesMap: byAddress(moduleResources(plannedValues.root_module), isPlannedResource),
    resourceChangesMap: byAddress(listOf(rawPlan.resource_changes), isResourceChange),
  }
}

/** The planned resource of an address; the message of the error lists those that are there. */
export function assertPlannedValuesMapKeyExists(plan: PlanStruct, address: string): PlannedResource {
  return requireKey(plan.resourcePlannedValuesMap, address, 'planned values')
}

/** The change of an address; the message of the error lists those that are there. */
export function assertResourceChangesMapKeyExists(plan: PlanStruct, address: string): ResourceChange {
  return requireKey(plan.resourceChangesMap, address, 'resource changes')
}

function requireKey<T>(map: ReadonlyMap<string, T>, address: string, what: string): T {
  const found = map.get(address)
  if (found !== undefined) return found
  throw new PlanKeyNotFound(
    `the plan's ${what} have no ${address}; they have ${[...map.keys()].join(', ') || 'nothing'}`,
  )
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text, () => new UnreadableOutput('what terraform showed is not JSON'))
  if (isPlainObject(value)) return value
  throw new UnreadableOutput('what terraform showed is no JSON object')
}

/** The resources of a module and of every module below it. */
function moduleResources(module: unknown): readonly unknown[] {
  if (!isPlainObject(module)) return []
  return [...listOf(module.resources), ...listOf(module.child_modules).flatMap(moduleResources)]
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function byAddress<T extends { readonly address: string }>(
  items: readonly unknown[],
  is: (item: unknown) => item is T,
): ReadonlyMap<string, T> {
  return new Map(items.filter(is).map((item) => [item.address, item]))
}

function isPlannedResource(item: unknown): item is PlannedResource {
  return isPlainObject(item) && typeof item.address === 'string' && isPlainObject(item.values)
}

function isResourceChange(item: unknown): item is ResourceChange {
  return isPlainObject(item) && typeof item.address === 'string' && isPlainObject(item.change)
}
