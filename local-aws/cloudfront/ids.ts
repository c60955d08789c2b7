/**
 * Identifiers as CloudFront makes them.
 */
import { randomInt, randomUUID } from 'node:crypto'

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const lower = upper.toLowerCase()

function pick(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** Id of a distribution or an origin access control, and the form of every ETag: `E` and 13 characters. */
export function newId(): string {
  return `E${pick(upper, 13)}`
}

/** Id of a public key, which is also the Key-Pair-Id of its cookies: `K` and 13 characters. */
export function newPublicKeyId(): string {
  return `K${pick(upper, 13)}`
}

/** Id of an invalidation. */
export function newInvalidationId(): string {
  return `I${pick(upper, 25)}`
}

/** Id of a key group or a policy: a UUID. */
export function newUuid(): string {
  return randomUUID()
}

/**
 * The domain name of a new distribution. The zone is `localhost`, which resolvers keep on this machine
 * (RFC 6761 section 6.3), and the port belongs to the name, so that every address made of it works as it is.
 */
export function newDomainName(edgePort: number): string {
  return `d${pick(lower, 13)}.cloudfront.localhost:${edgePort}`
}
