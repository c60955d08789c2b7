/** What a revocation does to people, told before it is done. */
import { accountOf, type SignerCache } from './stack.js'
import type { SigningKeyStack } from './world.js'

/** A few lines for the operator; `cache` undefined when the signer's configuration could not be read. */
export function consequences(stack: SigningKeyStack, cache: SignerCache | undefined): string {
  return [
    `This revokes every signed cookie and every session of "${stack.name}" in account ${accountOf(stack)}.`,
    '- A new key is made and tried first (some minutes; every edge location gets time to learn of it). Until then nothing changes.',
    '- Then every other key of the stack leaves the key group: whoever is signed in gets 403 for content until a new exchange of the token.',
    `- The edge function keeps the old key in its caches ${durations(cache)}. Cookies that it hands out in this time are refused as well; people try again.`,
    '- The keys that seal sessions go with it, as whoever read the secret has them too: everybody has to sign in again.',
    '- A key that is not of this stack stays. The users of the pool and their tokens stay: disable a user in Cognito first if that is whom you want to stop.',
  ].join('\n')
}

function durations(cache: SignerCache | undefined): string {
  if (cache === undefined)
    return 'for signer_cache.fresh_minutes, and signer_cache.stale_minutes more where it cannot read'
  const minutes = (seconds: number) =>
    `${Math.ceil(seconds / 60)} ${Math.ceil(seconds / 60) === 1 ? 'minute' : 'minutes'}`
  return `for up to ${minutes(cache.freshSeconds)}, and ${minutes(cache.staleSeconds)} more only where AWS does not let it read the new one`
}
