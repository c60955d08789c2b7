/**
 * The policy statement of a signed URL or cookie.
 *
 * Rule: exactly one statement, parameter names exactly as documented, DateLessThan mandatory, times as bare integers,
 * one IPv4 range, no white space. Page: "Set signed cookies using a custom policy". What the page leaves open (unknown
 * or repeated parameters, escapes that JSON does not need) is refused.
 */

/** What a policy grants; times are seconds since 1970. */
export interface Policy {
  /** The pattern of URLs; undefined grants every URL whose behaviour trusts the key. */
  readonly resource: string | undefined
  readonly dateLessThan: number
  readonly dateGreaterThan: number | undefined
  /** IPv4 range in CIDR notation. */
  readonly sourceIp: string | undefined
}

/** The policy that the bytes hold, or undefined when they hold none. */
export function parsePolicy(bytes: Buffer): Policy | undefined {
  const text = bytes.toString('utf8')
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return undefined
  }
  // Writing it again gives the same text only if there was no white space, no repeated name and no needless escape.
  if (JSON.stringify(document) !== text) return undefined
  const outer = fields(document, ['Statement'])
  const statements = outer?.Statement
  if (!Array.isArray(statements) || statements.length !== 1) return undefined
  return parseStatement(statements[0])
}

function parseStatement(statement: unknown): Policy | undefined {
  const { Resource: resource, Condition: condition } = fields(statement, ['Resource', 'Condition']) ?? {}
  if (resource !== undefined && (typeof resource !== 'string' || resource === '')) return undefined
  const conditions = fields(condition, ['DateLessThan', 'DateGreaterThan', 'IpAddress'])
  if (conditions === undefined) return undefined
  const dateLessThan = epochTime(conditions.DateLessThan)
  const dateGreaterThan = epochTime(conditions.DateGreaterThan)
  const sourceIp = fields(conditions.IpAddress, ['AWS:SourceIp'])?.['AWS:SourceIp']
  if (dateLessThan === undefined) return undefined
  if (Object.hasOwn(conditions, 'DateGreaterThan') && dateGreaterThan === undefined) return undefined
  if (Object.hasOwn(conditions, 'IpAddress') && (typeof sourceIp !== 'string' || !isRange(sourceIp))) return undefined
  return { resource, dateLessThan, dateGreaterThan, sourceIp: typeof sourceIp === 'string' ? sourceIp : undefined }
}

function epochTime(condition: unknown): number | undefined {
  const time = fields(condition, ['AWS:EpochTime'])?.['AWS:EpochTime']
  return typeof time === 'number' && Number.isSafeInteger(time) && time >= 0 ? time : undefined
}

/** The object's own fields, or undefined when it is no object or has a field beyond the allowed ones. */
function fields(value: unknown, allowed: readonly string[]): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entries = Object.entries(value)
  return entries.every(([name]) => allowed.includes(name)) ? Object.fromEntries(entries) : undefined
}

/** Whether an IPv4 address lies in a CIDR range (RFC 4632); false for IPv6, which policies do not know. */
export function isInRange(address: string, range: string): boolean {
  const [network = '', length = '32'] = range.split('/')
  const ours = ipv4(address)
  const theirs = ipv4(network)
  if (ours === undefined || theirs === undefined) return false
  const ignoredBits = 2 ** (32 - Number(length))
  return Math.floor(ours / ignoredBits) === Math.floor(theirs / ignoredBits)
}

function isRange(text: string): boolean {
  const match = /^([\d.]+)\/(\d|[12]\d|3[0-2])$/.exec(text)
  return match !== null && ipv4(match[1] ?? '') !== undefined
}

function ipv4(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0)
}
