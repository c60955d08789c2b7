/** The token in the Authorization header (RFC 6750 section 2.1). Tokens in the query string or a body are not looked at: they end in logs. */

import type { ViewerRequest } from '../http/request.js'
import { Refusal } from '../refusals/refusal.js'

/** Longer than any token of Cognito, shorter than what CloudFront lets through. */
const LONGEST = 8192

// RFC 6750: credentials = "Bearer" 1*SP b64token; schemes know no case (RFC 9110 section 11.1).
const CREDENTIALS = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i

/**
 * The bearer token of a request.
 *
 * @throws Refusal `token_absent` without credentials, or with those of another scheme, as RFC 6750 section 3.1 has it;
 * `authorization_repeated`, `authorization_malformed` or `authorization_too_long` for what cannot be read.
 */
export function bearerToken(request: ViewerRequest): string {
  const values = request.header('authorization')
  if (values.length > 1) throw new Refusal('authorization_repeated')
  const value = values[0]?.trim() ?? ''
  if (!/^bearer(?![^ ,])/i.test(value)) throw new Refusal('token_absent')
  if (value.length > LONGEST) throw new Refusal('authorization_too_long')
  const token = CREDENTIALS.exec(value)?.[1]
  if (token === undefined) throw new Refusal('authorization_malformed')
  return token
}
