/** Whom the campaign tries: the rotator of this project, or another one that is to be found wanting. */
import { parseSigningKey, type SigningKey } from '../../contract/secret.js'
import type { Stack, StackOptions } from '../support/aws-double/stack.js'

/** A rotator with all that only its author can know. */
export interface Subject {
  readonly rotator?: StackOptions['rotator']
  /** What a signer that reads its stores at this moment would sign with; undefined while there is nothing. May throw. */
  readonly signingKey: (photos: Stack) => SigningKey | undefined
  /** Ids of the public keys that are there for a reason. */
  readonly kept: (photos: Stack) => readonly (string | undefined)[]
  /** Whether the rotation with this token is the one in force; left out where the rotator has tokens of its own. */
  readonly isInForce?: (photos: Stack, token: string) => boolean
  /** Remembers stores of its own; what it gives back puts them there again. */
  readonly save?: () => () => void
}

const known = new Map<string, SigningKey>()

/** Asked after every call: a value is parsed once. */
function parsed(value: string): SigningKey {
  const key = known.get(value) ?? parseSigningKey(value)
  known.set(value, key)
  return key
}

/** The rotator of this project: one document holds id and key, and the version before may be gone back to. */
export const ours: Subject = {
  signingKey: ({ secrets }) => {
    const value = secrets.versions.get(secrets.labels.get('AWSCURRENT') ?? '')?.value
    return value === undefined ? undefined : parsed(value)
  },
  kept: ({ keyOf }) => [keyOf('AWSCURRENT')?.keyPairId, keyOf('AWSPREVIOUS')?.keyPairId],
  isInForce: ({ secrets }, token) => secrets.labels.get('AWSCURRENT') === token,
}
