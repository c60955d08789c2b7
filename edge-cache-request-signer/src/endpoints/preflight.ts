import type { Outcome } from '../context.js'
import { preflightFields } from '../http/cors.js'
import { empty } from '../http/response.js'

/**
 * `OPTIONS` on any path of the function: the CORS preflight (Fetch Standard, CORS-preflight fetch). Foreign origins are
 * refused before; for the others the response names the methods of the path.
 */
export function preflight(methods: readonly string[]): Outcome {
  return { response: empty(204, { Allow: methods.join(', '), ...preflightFields(methods) }) }
}
