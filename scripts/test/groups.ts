/**
 * The groups of tests, in the order of the report.
 */

/** What a group runs. */
export interface Group {
  readonly name: string
  /** The project of jest.config.cjs with the group's TypeScript tests. */
  readonly hasJestProject: boolean
  /** Whether `terraform test` belongs to it. */
  readonly hasTerraformTest: boolean
  readonly needsBrowser: boolean
}

const jestProject = { hasJestProject: true, hasTerraformTest: false, needsBrowser: false } as const

/** Every group; each has a line in CONTRIBUTING.md's table of kinds of tests. */
export const GROUPS = [
  { name: 'unit', ...jestProject },
  { name: 'property', ...jestProject },
  { name: 'faults', ...jestProject },
  { name: 'terraform', ...jestProject, hasTerraformTest: true },
  { name: 'terratest', ...jestProject },
  { name: 'local-aws', ...jestProject },
  { name: 'e2e', ...jestProject, needsBrowser: true },
] as const satisfies readonly Group[]

/** The name of one of {@link GROUPS}. */
export type GroupName = (typeof GROUPS)[number]['name']

/** Whether a word names a group. */
export function isGroup(word: string): word is GroupName {
  return GROUPS.some(({ name }) => name === word)
}

/** The groups of these names. */
export function groupsOf(names: readonly GroupName[]): readonly Group[] {
  return GROUPS.filter(({ name }) => names.includes(name))
}
