/**
 * The access keys that were handed out with a role: those of sandboxes and of signed-in identities.
 *
 * Every other key belongs to whoever runs this local AWS, who may do everything.
 */
import { randomInt } from 'node:crypto'

/** Who a key belongs to. */
export interface Principal {
  readonly roleArn: string
  /** The name of the session, part of the ARN that a refusal names. */
  readonly session: string
  /** Policy variables and condition keys of the session, lower case. */
  readonly context: Readonly<Record<string, string>>
}

/** Temporary credentials. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** Hands out keys and knows whose they are. */
export interface Principals {
  register(principal: Principal): Credentials
  find(accessKeyId: string | undefined): Principal | undefined
  forget(accessKeyId: string): void
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An empty register. Keys have the form of temporary ones: `ASIA` and 16 characters. */
export function createPrincipals(): Principals {
  const byKey = new Map<string, Principal>()
  return {
    register(principal) {
      const accessKeyId = `ASIA${random(16)}`
      byKey.set(accessKeyId, principal)
      return { accessKeyId, secretAccessKey: random(40), sessionToken: random(120) }
    },
    find: (accessKeyId) => (accessKeyId === undefined ? undefined : byKey.get(accessKeyId)),
    forget: (accessKeyId) => void byKey.delete(accessKeyId),
  }
}

function random(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}
