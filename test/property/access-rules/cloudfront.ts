/**
 * What CloudFront lets through, from the pages of its developer guide alone ("Use signed cookies", "Set signed cookies
 * using a custom policy", "Create a signed URL using a custom policy", "Cache behavior settings"). It shares nothing
 * with the function or the local AWS.
 */
import { verify } from 'node:crypto'

/** A behaviour that trusts key groups; `pattern` as in its PathPattern. */
export interface Behaviour {
  readonly pattern: string
  /** Public key id -> PEM. */
  readonly trusted: ReadonlyMap<string, string>
}

/** Whether the cookies open a URL at the first behaviour whose pattern fits. */
export function letsThrough(
  behaviours: readonly Behaviour[],
  url: string,
  cookies: readonly string[],
  now: number,
): boolean {
  const { pathname } = partsOf(url)
  const behaviour = behaviours.find(({ pattern }) => wildcards(pattern).test(pathname))
  if (behaviour === undefined) throw new Error('every distribution has a default behaviour')
  const value = (name: string) => cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1)
  const [policy, signature, id] = ['Policy', 'Signature', 'Key-Pair-Id'].map((name) => value(`CloudFront-${name}`))
  const pem = behaviour.trusted.get(id ?? '')
  if (policy === undefined || signature === undefined || pem === undefined) return false
  const text = bytes(policy)
  const hash = value('CloudFront-Hash-Algorithm') ?? 'SHA1'
  if (!verify(hash, text, pem, bytes(signature))) return false

  const { Statement } = JSON.parse(text.toString())
  const [{ Resource, Condition }, ...others] = Statement
  return others.length === 0 && now < Condition.DateLessThan['AWS:EpochTime'] && covers(Resource, partsOf(url))
}

function covers(resource: string, { pathname, search, host }: ReturnType<typeof partsOf>): boolean {
  const [, protocol, domain, rest] = /^(https?|\*):\/\/([^/]*)(.*)$/.exec(resource) ?? []
  if (protocol !== 'https' || domain !== host || rest === undefined) return false
  // "*" at the end stands for a query string as well; without it there must be none.
  return wildcards(rest).test(pathname) && (search === '' || rest.endsWith('*'))
}

function partsOf(url: string) {
  const [, host = '', pathname = '', search = ''] = /^https:\/\/([^/]*)([^?]*)(.*)$/.exec(url) ?? []
  return { host, pathname, search }
}

function bytes(text: string): Buffer {
  return Buffer.from(text.replace(/-/g, '+').replace(/_/g, '=').replace(/~/g, '/'), 'base64')
}

function wildcards(pattern: string): RegExp {
  const source = [...pattern].map((character) => {
    if (character === '*') return '[^]*'
    return character === '?' ? '[^]' : `\\u{${character.codePointAt(0)?.toString(16)}}`
  })
  return new RegExp(`^${source.join('')}$`, 'u')
}
