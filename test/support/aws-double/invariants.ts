/** What must hold after every call of AWS, whatever failed. */
import { createPublicKey } from 'node:crypto'
import { labelOfPublicKey } from '../../../signing-key/names.js'
import type { StoredPublicKey } from './cloudfront.js'
import type { Stack } from './stack.js'

const GROUP_QUOTA = 5

/** Watches a stack from now on and collects, as sentences, whatever would harm a viewer or somebody else's key. */
export function watch(photos: Stack): { readonly violations: ReadonlySet<string> } {
  const violations = new Set<string>()
  const foreign = [...photos.cloudFront.keys.values()].filter(
    ({ name }) => labelOfPublicKey('photos', name) === undefined,
  )
  const trustedForeign = foreign.filter(
    ({ id }) => id !== photos.bootstrapId && photos.cloudFront.group.items.includes(id),
  )
  // When each key was last current: cookies signed with it live for the retirement age from then.
  const lastCurrent = new Map<string, number>()
  const look = () => {
    const current = photos.keyOf('AWSCURRENT')
    if (current !== undefined) lastCurrent.set(current.keyPairId, photos.now())
    const found = [
      ...mismatch(photos),
      ...refusedCookies(photos, lastCurrent),
      ...touched(photos, foreign, trustedForeign),
      ...(photos.cloudFront.group.items.length > GROUP_QUOTA ? ['the group holds more than five keys'] : []),
    ]
    for (const violation of found) violations.add(violation)
  }
  look()
  photos.setObserver(look)
  return { violations }
}

function mismatch({ cloudFront, keyOf }: Stack): readonly string[] {
  const current = keyOf('AWSCURRENT')
  if (current === undefined) return []
  const published = cloudFront.keys.get(current.keyPairId)?.encodedKey
  const half = createPublicKey(current.privateKey).export({ type: 'spki', format: 'pem' })
  return published === half ? [] : ['the current private key does not belong to its public key']
}

function refusedCookies({ cloudFront, configuration, now }: Stack, lastCurrent: ReadonlyMap<string, number>) {
  return [...lastCurrent]
    .filter(([, at]) => now() - at < configuration.retireAfterSeconds * 1000)
    .filter(([id]) => !cloudFront.group.items.includes(id))
    .map(([id]) => `${id} left while its cookies may live`)
}

function touched({ cloudFront }: Stack, foreign: readonly StoredPublicKey[], trusted: readonly StoredPublicKey[]) {
  return [
    ...foreign.filter((key) => cloudFront.keys.get(key.id) !== key).map(({ name }) => `${name} was touched, not ours`),
    ...trusted.filter(({ id }) => !cloudFront.group.items.includes(id)).map(({ name }) => `${name} left, not ours`),
  ]
}

/** Names of our public keys at CloudFront that belong to neither the current nor the previous version. */
export function orphans(photos: Stack): readonly string[] {
  const kept = [photos.keyOf('AWSCURRENT')?.keyPairId, photos.keyOf('AWSPREVIOUS')?.keyPairId]
  return [...photos.cloudFront.keys.values()]
    .filter(({ id, name }) => name.startsWith(`${photos.owner}-signing-key-`) && !kept.includes(id))
    .map(({ name }) => name)
}
