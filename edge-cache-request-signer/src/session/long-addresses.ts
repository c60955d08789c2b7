/**
 * Addresses that are too long for the cookie of a sign-in, in four cookies that all sign-ins under way share. Browsers
 * send whatever they keep along with every request, of which CloudFront takes 32 KB with all its headers (Quotas), and
 * tabs that are opened at the same moment cannot see each other's cookies: only a fixed number of names bounds them all.
 */

import { LONG_ADDRESS_COOKIES } from '../http/cookie-names.js'
import type { ViewerRequest } from '../http/request.js'
import { deleteCookie, fits, setCookie } from '../http/set-cookie.js'
import { purposeOf, type Sealer } from '../signing/seal.js'

/** The address at which a sign-in is to end. */
export interface LongAddress {
  /** Of the attempt. */
  readonly id: string
  readonly next: string
  /** Seconds since the epoch. */
  readonly startedAt: number
}

/** After so many seconds a sign-in is mostly over. */
const OLD_SECONDS = 900

/**
 * The Set-Cookie value that keeps an address for `maxAgeSeconds`: in an empty place, otherwise in one that is older than
 * 15 minutes, otherwise in that of the oldest, whose sign-in ends at its page without the query. None for what fits no
 * cookie.
 */
export function longAddressCookie(
  address: LongAddress,
  request: ViewerRequest,
  sealer: Sealer,
  maxAgeSeconds: number,
): readonly string[] {
  const name = placeFor(address, request, sealer)
  const value = sealer.seal(purposeOf('long-address', request.host), address)
  return fits(name, value) ? [setCookie({ name, value, maxAgeSeconds, sameSite: 'Lax' })] : []
}

/** The address of an attempt, if it was a long one and no other took its place. */
export function longAddressOf(request: ViewerRequest, id: string, sealer: Sealer): string | undefined {
  return LONG_ADDRESS_COOKIES.flatMap((name) => addressIn(name, request, sealer) ?? []).find(
    (address) => address.id === id,
  )?.next
}

/** The Set-Cookie values that delete the addresses that the request shows and whose attempts are over; unreadable ones too. */
export function deletedLongAddresses(
  request: ViewerRequest,
  sealer: Sealer,
  isOver: (id: string | undefined) => boolean,
): readonly string[] {
  const shown = LONG_ADDRESS_COOKIES.filter((name) => request.cookies(name).length > 0)
  return shown
    .filter((name) => isOver(addressIn(name, request, sealer)?.id))
    .map((name) => deleteCookie({ name, sameSite: 'Lax' }))
}

/** Of the best places one by the id, which is drawn by chance: tabs that see the same cookies rarely choose the same. */
function placeFor({ id, startedAt }: LongAddress, request: ViewerRequest, sealer: Sealer): string {
  const places = LONG_ADDRESS_COOKIES.map((name) => ({
    name,
    taken: takenSince(addressIn(name, request, sealer), startedAt),
  }))
  const longest = Math.min(...places.map(({ taken }) => taken))
  const best = places.filter(({ taken }) => taken === longest)
  return best[(Buffer.from(id, 'base64url')[0] ?? 0) % best.length]?.name ?? ''
}

/** Since when a place is taken, in seconds since the epoch; 0 for a while ago, less for never. */
function takenSince(address: LongAddress | undefined, now: number): number {
  if (address === undefined) return -1
  return address.startedAt < now - OLD_SECONDS ? 0 : address.startedAt
}

function addressIn(name: string, request: ViewerRequest, sealer: Sealer): LongAddress | undefined {
  const [value = ''] = request.cookies(name)
  const { id, next, startedAt } = sealer.open(purposeOf('long-address', request.host), value) ?? {}
  const sound = typeof id === 'string' && typeof next === 'string' && typeof startedAt === 'number'
  return sound ? { id, next, startedAt } : undefined
}
