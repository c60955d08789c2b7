/** The page to come back to, as the endpoints under `/cookie/` are told it. */

/**
 * What they keep whole. With more than that they keep the path alone; it is cut here already, because encoded it would
 * have up to three times as many characters, and CloudFront takes addresses of 8,192 bytes (CloudFront Developer Guide,
 * Quotas).
 */
const LONGEST = 2_000

/** The parameter for an address of this site: path, query and fragment. */
export function next(address: string): string {
  return `next=${encodeURIComponent(address.length > LONGEST ? address.replace(/[?#].*/, '') : address)}`
}
