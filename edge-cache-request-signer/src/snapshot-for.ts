/**
 * Settings that are new enough for what the browser brings. Right after a rotation some sandboxes seal with the new key
 * while others have not read it yet: without a look at the secret, a sign-in that began here could not be finished there.
 */

import type { Refreshing } from './cached-value.js'
import { isSealedCookie } from './http/cookie-names.js'
import type { ViewerRequest } from './http/request.js'
import type { Sealer } from './signing/seal.js'
import type { Settings } from './snapshot.js'

/**
 * So old, in milliseconds, must settings be before a cookie makes a sandbox read them anew: anybody can make up cookies,
 * and 40 readings a second are shared by a whole account.
 */
const LEAST_AGE_MS = 60_000

/**
 * The settings for a request: the kept ones, or newer ones when a cookie was sealed with a key that they lack. Where
 * those cannot be had, the kept ones have to do.
 *
 * Rejects with `Unavailable` when there are none at all.
 */
export async function settingsFor(request: ViewerRequest, reading: Refreshing<Settings>): Promise<Settings> {
  const kept = reading.fresh() ?? (await reading.get())
  if (!showsUnknownKey(request, kept.sealer)) return kept
  return await reading.getNewerThan(LEAST_AGE_MS).catch(() => kept)
}

function showsUnknownKey(request: ViewerRequest, sealer: Sealer): boolean {
  const names = request.cookieNames().filter(isSealedCookie)
  return names.some((name) => request.cookies(name).some(sealer.isOfUnknownKey))
}
