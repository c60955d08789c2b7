/** Paths that are named after people: `/users/{sub}/*`, filled in from claims that could not mean another path. */
import { claim, type Identity, textsOf } from './identity.js'

const TEMPLATE = /^\{([^{}]+)\}$/

/** The path with claims in place of their names, or undefined when a claim is missing or not fit for a path. */
export function filledIn(path: string, identity: Identity | undefined): string | undefined {
  const segments = path.split('/').map((segment) => {
    const name = TEMPLATE.exec(segment)?.[1]
    if (name !== undefined) return identity === undefined ? undefined : segmentOf(claim(identity, name))
    return /[{}]/.test(segment) ? undefined : segment
  })
  const text = segments.join('/')
  return segments.includes(undefined) || text.length > LONGEST_PATH ? undefined : text
}

/** Browsers ignore an attribute of more bytes, and the cookie would be one for another path (draft RFC 6265bis section 5.6). */
const LONGEST_PATH = 1024

/** The longest segment, in characters of its encoded form. */
const LONGEST_SEGMENT = 128
// Letters, digits and punctuation that no server takes for a separator, a wildcard, an encoding or a space to trim.
const FIT = /^(?! )[\p{L}\p{M}\p{N}._~@+|:,=!$&'() -]+(?<! )$/u

/**
 * A claim as one segment of a path, or undefined when it could mean anything else to any server: `..`, a separator, a
 * wildcard, what is encoded already, or a character that some servers fold into another one (Unicode NFKC). What is
 * not unreserved in RFC 3986 section 2.3 is percent-encoded.
 */
function segmentOf(value: unknown): string | undefined {
  const text = Array.isArray(value) || typeof value === 'boolean' ? undefined : textsOf(value)[0]
  if (text === undefined || !FIT.test(text)) return undefined
  if (text === '.' || text.includes('..') || text !== text.normalize('NFKC')) return undefined
  const encoded = encodeURIComponent(text).replace(/[!'()]/g, (character) => `%${hexadecimal(character)}`)
  return encoded.length > LONGEST_SEGMENT ? undefined : encoded
}

function hexadecimal(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase()
}
