/**
 * What a bucket's policy lets the edge do.
 *
 * Rule: access needs a statement that allows it and none that denies it; CloudFront signs as the service principal
 * cloudfront.amazonaws.com for one distribution (AWS:SourceArn). Page: "Restrict access to an Amazon S3 origin". A
 * condition operator or element that is not known here never allows, and always denies: the stricter reading.
 */
import { isObject } from './generated-response.js'
import { matchesWildcards } from './wildcards.js'

/** One access to a bucket or an object. */
export interface BucketAccess {
  /** For example `s3:GetObject`. */
  readonly action: string
  readonly resource: string
  /** `cloudfront.amazonaws.com` with origin access control, undefined for a request that nobody signed. */
  readonly service: string | undefined
  /** Condition keys in lower case, for example `aws:sourcearn`. */
  readonly context: Readonly<Record<string, string>>
}

/** Whether a policy document allows an access. */
export function bucketPolicyAllows(document: unknown, access: BucketAccess): boolean {
  const statements = isObject(document) ? asList(document.Statement).filter(isObject) : []
  const applies = (effect: string, uncertain: boolean) =>
    statements.some((statement) => statement.Effect === effect && covers(statement, access, uncertain))
  return applies('Allow', false) && !applies('Deny', true)
}

type Statement = Readonly<Record<string, unknown>>

/** `uncertain` is the answer where the statement says something that is not known here. */
function covers(statement: Statement, access: BucketAccess, uncertain: boolean): boolean {
  const unknown = ['NotPrincipal', 'NotAction', 'NotResource'].some((element) => Object.hasOwn(statement, element))
  if (unknown) return uncertain
  const matches = (patterns: unknown, text: string) =>
    asList(patterns).some((pattern) => typeof pattern === 'string' && matchesWildcards(pattern, text))
  const actions = asList(statement.Action).map((action) => (typeof action === 'string' ? action.toLowerCase() : action))
  return (
    coversPrincipal(statement.Principal, access.service) &&
    matches(actions, access.action.toLowerCase()) &&
    matches(statement.Resource, access.resource) &&
    coversConditions(statement.Condition, access.context, uncertain)
  )
}

function coversPrincipal(principal: unknown, service: string | undefined): boolean {
  if (principal === '*') return true
  if (!isObject(principal)) return false
  if (asList(principal.AWS).includes('*')) return true
  return service !== undefined && asList(principal.Service).includes(service)
}

type Comparison = (expected: string, actual: string) => boolean

const OPERATORS: Readonly<Record<string, Comparison>> = {
  stringequals: (expected, actual) => expected === actual,
  stringlike: (expected, actual) => matchesWildcards(expected, actual),
  arnequals: (expected, actual) => matchesWildcards(expected, actual),
  arnlike: (expected, actual) => matchesWildcards(expected, actual),
  bool: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
}

function coversConditions(conditions: unknown, context: BucketAccess['context'], uncertain: boolean): boolean {
  if (conditions === undefined) return true
  if (!isObject(conditions)) return uncertain
  return Object.entries(conditions).every(([operator, tests]) => {
    const compare = Object.hasOwn(OPERATORS, operator.toLowerCase()) ? OPERATORS[operator.toLowerCase()] : undefined
    if (compare === undefined || !isObject(tests)) return uncertain
    return Object.entries(tests).every(([key, expected]) => {
      const actual = context[key.toLowerCase()]
      return actual !== undefined && asList(expected).some((value) => compare(String(value), actual))
    })
  })
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}
