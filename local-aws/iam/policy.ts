/**
 * IAM policy documents: reading them, and deciding by them.
 *
 * Rule: no statement, no access; an explicit Deny wins (IAM User Guide, "Policy evaluation logic"). A condition that this
 * evaluator does not know never lets an Allow apply and never stops a Deny: the stricter reading.
 */

/** A statement with its members as lists. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly resources: readonly string[]
  readonly notResources: readonly string[]
  /** The services and identity providers of the Principal. */
  readonly services: readonly string[]
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

/** A policy document. */
export interface PolicyDocument {
  readonly statements: readonly Statement[]
}

/** One action on one resource, with what conditions may ask about. */
export interface Access {
  /** For example `ssm:GetParameters`. */
  readonly action: string
  /** The resource's ARN, `*` where the action takes none, or empty for the role that a trust policy belongs to. */
  readonly resource: string
  /** Condition keys and policy variables, lower case, for example `aws:sourceaccount`. */
  readonly context: Readonly<Record<string, string>>
}

/**
 * Reads a policy document.
 *
 * @returns one without statements for a text that is no policy: it allows nothing.
 */
export function readPolicy(text: string): PolicyDocument {
  try {
    const document = JSON.parse(text) as { Statement?: unknown }
    const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement]
    return { statements: statements.filter(isObject).map(readStatement) }
  } catch {
    return { statements: [] }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function strings(value: unknown): string[] {
  if (value === undefined) return []
  return (Array.isArray(value) ? value : [value]).map(String)
}

function readStatement(statement: Record<string, unknown>): Statement {
  const { Condition: condition, Principal: principal } = statement
  const conditions = Object.entries(isObject(condition) ? condition : {}).map(([operator, keys]) => {
    const values = Object.entries(isObject(keys) ? keys : {}).map(([key, value]) => [key.toLowerCase(), strings(value)])
    return [operator, Object.fromEntries(values)] as const
  })
  return {
    effect: statement.Effect === 'Allow' ? 'Allow' : 'Deny',
    actions: strings(statement.Action),
    notActions: strings(statement.NotAction),
    resources: strings(statement.Resource),
    notResources: strings(statement.NotResource),
    services: readServices(principal),
    conditions: Object.fromEntries(conditions),
  }
}

function readServices(principal: unknown): readonly string[] {
  if (!isObject(principal)) return strings(principal)
  return [...strings(principal.Service), ...strings(principal.Federated)]
}

/** Whether identity policies allow an access. */
export function isAllowed(policies: readonly PolicyDocument[], access: Access): boolean {
  const applying = policies.flatMap(({ statements }) => statements).filter((statement) => applies(statement, access))
  return applying.some(({ effect }) => effect === 'Allow') && !applying.some(({ effect }) => effect === 'Deny')
}

/** Whether a resource's policy allows a service an access to it. */
export function allowsService(policy: PolicyDocument, service: string, access: Access): boolean {
  const forService = policy.statements.filter(({ services }) => services.includes(service) || services.includes('*'))
  return isAllowed([{ statements: forService }], access)
}

function applies(statement: Statement, access: Access): boolean {
  return (
    covers(statement.actions, statement.notActions, access.action, true, access.context) &&
    covers(statement.resources, statement.notResources, access.resource, false, access.context) &&
    Object.entries(statement.conditions).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, key, values, statement.effect, access.context)),
    )
  )
}

function covers(
  wanted: readonly string[],
  unwanted: readonly string[],
  value: string,
  anyCase: boolean,
  context: Access['context'],
): boolean {
  // The trust policy of a role has no Resource: it speaks of the role itself.
  if (value === '' && wanted.length + unwanted.length === 0) return true
  const isMatch = (pattern: string): boolean => matches(resolveVariables(pattern, context), value, anyCase)
  return unwanted.length > 0 ? !unwanted.some(isMatch) : wanted.some(isMatch)
}

/** Whether a pattern with `*` (any characters) and `?` (one character) matches the whole of a text. */
export function matches(pattern: string, text: string, anyCase = false): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, anyCase ? 'is' : 's').test(text)
}

// A variable without a value leaves the text as it is: it matches no real name.
function resolveVariables(pattern: string, context: Access['context']): string {
  return pattern.replace(/\$\{([^}]+)\}/g, (whole, name: string) => context[name.toLowerCase()] ?? whole)
}

const operators: Readonly<Record<string, (wanted: string, given: string) => boolean>> = {
  StringEquals: (wanted, given) => wanted === given,
  StringEqualsIgnoreCase: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  StringLike: (wanted, given) => matches(wanted, given),
  ArnEquals: (wanted, given) => matches(wanted, given),
  ArnLike: (wanted, given) => matches(wanted, given),
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
}

function holds(
  operator: string,
  key: string,
  values: readonly string[],
  effect: Statement['effect'],
  context: Access['context'],
): boolean {
  // One value is given for each key here, so that "for any value" is the operator itself.
  const [, base = '', ifExists] = /^(?:ForAnyValue:)?(.*?)(IfExists)?$/.exec(operator) ?? []
  const isNegated = base === 'StringNotEquals' || base === 'StringNotLike' || base === 'ArnNotLike'
  const compare = operators[base.replace('Not', '')]
  if (compare === undefined) return effect === 'Deny'
  const given = context[key]
  if (given === undefined) return ifExists !== undefined || isNegated
  return values.some((value) => compare(resolveVariables(value, context), given)) !== isNegated
}
