/** What access rules mean, read from docs/access-rules.md alone: slow, literal, and with nothing of the function in it. */

/** A rule as the configuration document has it. */
export interface Rule {
  readonly paths: readonly string[]
  readonly groups?: readonly string[]
  readonly scopes?: readonly string[]
  readonly emails?: readonly string[]
  readonly emailDomains?: readonly string[]
  readonly claims?: Readonly<Record<string, readonly string[]>>
  readonly signingKey?: string
}

/** A person as a token describes one. */
export interface Person {
  readonly subject: string
  readonly expiresAt: number
  readonly scopes: readonly string[]
  readonly claims: Readonly<Record<string, unknown>>
}

/** Whether the rules let a person load a path, given in normal form. */
export function maySee(person: Person, rules: readonly Rule[], path: string): boolean {
  const key = keyOf(rules, path)
  for (const rule of rules) {
    if (rule.signingKey !== key || !appliesTo(rule, person)) continue
    for (const pattern of rule.paths) if (opens(pattern, person, path)) return true
  }
  return false
}

/** The key that opens a path: that of the exclusive subtree it lies in, or none, the main key. */
export function keyOf(rules: readonly Rule[], path: string): string | undefined {
  for (const { paths, signingKey } of rules) {
    if (signingKey === undefined) continue
    for (const pattern of paths) if (fits(pattern.split('/'), path.split('/'), () => true)) return signingKey
  }
  return undefined
}

function opens(pattern: string, person: Person, path: string): boolean {
  return fits(pattern.split('/'), path.split('/'), (claim, segment) => directoryOf(claim, person) === segment)
}

/** Segment by segment; the star at the end takes one segment or more, and the first may be empty. */
function fits(
  pattern: readonly string[],
  path: readonly string[],
  isClaim: (claim: string, segment: string) => boolean,
): boolean {
  const fixed = pattern.slice(0, -1)
  if (path.length < pattern.length) return false
  return fixed.every((part, index) => {
    const segment = path[index] ?? ''
    return part.startsWith('{') ? isClaim(part.slice(1, -1), segment) : part === segment
  })
}

function appliesTo(rule: Rule, person: Person): boolean {
  const address = addressOf(person)
  const domain = address?.split('@')[1]
  return [
    meet(rule.groups, listOf(tokenHas(person, 'cognito:groups'))),
    meet(rule.scopes, person.scopes),
    meet(rule.emails, [address]),
    meet(rule.emailDomains, [domain]),
    ...Object.entries(rule.claims ?? {}).map(([name, wanted]) => meet(wanted, listOf(claimOf(person, name)))),
  ].every((holds) => holds)
}

function meet(wanted: readonly string[] | undefined, had: readonly unknown[]): boolean {
  if (wanted === undefined) return true
  return had.some((one) => ['string', 'number', 'boolean'].includes(typeof one) && wanted.includes(`${one}`))
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function tokenHas(person: Person, name: string): unknown {
  return Object.entries(person.claims).find(([own]) => own === name)?.[1]
}

function claimOf(person: Person, name: string): unknown {
  if (name === 'sub') return person.subject
  return name === 'email' ? addressOf(person) : tokenHas(person, name)
}

function addressOf(person: Person): string | undefined {
  const address = tokenHas(person, 'email')
  if (`${tokenHas(person, 'email_verified')}` !== 'true' || Array.isArray(tokenHas(person, 'email_verified'))) {
    return undefined
  }
  if (typeof address !== 'string') return undefined
  const parts = address.split('@')
  if (parts.length !== 2 || parts.includes('')) return undefined
  return [...address].map((one) => (one >= 'A' && one <= 'Z' ? one.toLowerCase() : one)).join('')
}

const PLAIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'

/** The directory that a claim names, or undefined when it names none. */
function directoryOf(claim: string, person: Person): string | undefined {
  const value = claimOf(person, claim)
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = `${value}`
  const characters = [...text]
  const isLetter = (one: string) => /^[\p{Letter}\p{Mark}\p{Number}]$/u.test(one)
  if (!characters.every((one) => isLetter(one) || " ._~@+|:,=!$&'()-".includes(one))) return undefined
  if (text === '' || text === '.' || text.includes('..') || text.trim() !== text) return undefined
  if (text.normalize('NFKC') !== text) return undefined
  const directory = characters.map((one) => (PLAIN.includes(one) ? one : percent(one))).join('')
  return directory.length > 128 ? undefined : directory
}

function percent(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}
