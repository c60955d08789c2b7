/**
 * The proof of a client secret in API calls. Page: "Computing secret hash values".
 */
import { createHmac } from 'node:crypto'
import type { AppClient } from './pools.js'

/** `SECRET_HASH` for a client that has a secret; nothing for one that has none. */
export function secretHash(client: AppClient, username: string): { readonly SECRET_HASH?: string } {
  if (client.ClientSecret === undefined) return {}
  const message = `${username}${client.ClientId}`
  return { SECRET_HASH: createHmac('sha256', client.ClientSecret).update(message).digest('base64') }
}
