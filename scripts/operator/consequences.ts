/** What a revocation does to people, told before it is done. */
import { titleOf } from './each-key.js'
import { accountOf, type SignerCache } from './stack.js'
import type { SigningKeyStack } from './world.js'

/**
 * A few lines for the operator about the signing keys that are to be revoked; `cache` undefined when the signer's
 * configuration could not be read.
 */
export function consequences(stacks: readonly SigningKeyStack[], cache: SignerCache | undefined): string {
  // Sessions are sealed with the keys in the main secret, and with no others.
  const hasMain = stacks.some(({ label }) => label === null)
  return [
    headline(stacks, hasMain),
    '- A new key is made and tried first (some minutes; every edge location gets time to learn of it). Until then nothing changes.',
    '- Then every other key leaves the key group: whoever is signed in gets 403 for that content until a new exchange of the token, or a new sign-in.',
    `- The edge function keeps the old key in its caches ${durations(cache)}. Cookies that it hands out in this time are refused as well; people try again.`,
    hasMain
      ? '- The keys that seal sessions go with it, as whoever read the secret has them too: everybody has to sign in again.'
      : '- Sessions stay: what seals them is in the secret of the main key.',
    '- A key that is not of this stack stays. The users of the pool and their tokens stay: disable a user in Cognito first if that is whom you want to stop.',
  ].join('\n')
}

function headline(stacks: readonly SigningKeyStack[], hasMain: boolean): string {
  const [first] = stacks
  const where = first === undefined ? '' : ` of "${first.name}" in account ${accountOf(first)}`
  const what = hasMain ? 'every signed cookie and every session' : 'every cookie'
  const which = stacks.length > 1 || !hasMain ? ` (signing keys: ${stacks.map(titleOf).join(', ')})` : ''
  return `This revokes ${what}${where}${which}.`
}

function durations(cache: SignerCache | undefined): string {
  if (cache === undefined)
    return 'for signer_cache.fresh_minutes, and signer_cache.stale_minutes more where it cannot read'
  const minutes = (seconds: number) =>
    `${Math.ceil(seconds / 60)} ${Math.ceil(seconds / 60) === 1 ? 'minute' : 'minutes'}`
  return `for up to ${minutes(cache.freshSeconds)}, and ${minutes(cache.staleSeconds)} more only where AWS does not let it read the new one`
}
