/**
 * The decision that CloudFront takes on a request to a behaviour with trusted key groups.
 *
 * Rule: a signature in the URL takes precedence over cookies; the key must belong to a trusted key group; the policy
 * must be signed, cover the URL, and hold now and for the viewer's address. Pages: "Restrict content with signed URLs
 * and signed cookies" and below. Written from the documentation alone, so that it can judge what our signer makes.
 */
import type { Credentials } from './credentials.js'
import { isInRange, type Policy, parsePolicy } from './policy-document.js'
import { coversUrl } from './policy-resource.js'
import { decodeCloudFrontBase64, type HashAlgorithm, isSignedBy } from './signature.js'
import { credentialsOfCookies } from './signed-cookies.js'
import { credentialsOfUrl } from './signed-urls.js'

/** The part of a request that decides. */
export interface SignedRequest {
  /** `https://host/path?query` exactly as the viewer sent it; the host as in its Host header. */
  readonly url: string
  /** The values of all Cookie headers, in order. */
  readonly cookieHeaders: readonly string[]
  readonly clientIp: string
  readonly nowMs: number
}

/** Allowed, or the error that CloudFront answers with status 403. */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly code: string; readonly message: string }

const REFUSALS = {
  MissingKey: 'Missing Key-Pair-Id query parameter or cookie value',
  MissingSignature: 'Missing Signature query parameter or cookie value',
  MissingPolicy: 'Missing Policy or Expires query parameter or cookie value',
  InvalidKey: 'Unknown Key',
  MalformedSignature: 'Could not unencode Signature',
  MalformedPolicy: 'Malformed Policy',
  AccessDenied: 'Access denied',
} as const

const refuse = (code: keyof typeof REFUSALS): Verdict => ({ allowed: false, code, message: REFUSALS[code] })

/**
 * Whether CloudFront lets a request through, given the keys of the behaviour's trusted key groups (id -> PEM).
 *
 * Where AWS documents no order or outcome (several cookies of one name, a canned and a custom policy at once), the
 * request is refused. Of the error codes only the status 403 is documented by AWS.
 */
export function verifySignedRequest(request: SignedRequest, trustedKeys: ReadonlyMap<string, string>): Verdict {
  const credentials = credentialsOfUrl(request.url) ?? credentialsOfCookies(request.url, request.cookieHeaders)
  if (credentials.ambiguous) return refuse('AccessDenied')
  const { keyPairId, signature, policy, expires } = credentials
  if (keyPairId === undefined || keyPairId === '') return refuse('MissingKey')
  if (signature === undefined || signature === '') return refuse('MissingSignature')
  if ((policy ?? '') === '' && (expires ?? '') === '') return refuse('MissingPolicy')
  const pem = trustedKeys.get(keyPairId)
  return pem === undefined ? refuse('InvalidKey') : verifyWith(pem, credentials, request)
}

function verifyWith(pem: string, credentials: Credentials, request: SignedRequest): Verdict {
  const signature = decodeCloudFrontBase64(credentials.signature ?? '')
  if (signature === undefined) return refuse('MalformedSignature')
  if (credentials.policy !== undefined && credentials.expires !== undefined) return refuse('MalformedPolicy')
  const document =
    credentials.policy === undefined ? cannedPolicy(credentials) : decodeCloudFrontBase64(credentials.policy)
  if (document === undefined) return refuse('MalformedPolicy')
  const hash = hashAlgorithm(credentials.hashAlgorithm)
  if (hash === undefined || !isSignedBy(pem, hash, document, signature)) return refuse('AccessDenied')
  const policy = parsePolicy(document)
  if (policy === undefined) return refuse('MalformedPolicy')
  const isCanned = credentials.policy === undefined
  return holds(policy, credentials.url, isCanned, request) ? { allowed: true } : refuse('AccessDenied')
}

function hashAlgorithm(value: string | undefined): HashAlgorithm | undefined {
  if (value === undefined) return 'SHA1'
  return value === 'SHA1' || value === 'SHA256' ? value : undefined
}

/** The statement that CloudFront rebuilds for a canned policy: "Set signed cookies using a canned policy". */
function cannedPolicy({ url, expires }: Credentials): Buffer | undefined {
  if (expires === undefined || !/^(0|[1-9]\d{0,14})$/.test(expires)) return undefined
  const condition = `{"DateLessThan":{"AWS:EpochTime":${expires}}}`
  return Buffer.from(`{"Statement":[{"Resource":${JSON.stringify(url)},"Condition":${condition}}]}`)
}

function holds(policy: Policy, url: string, isCanned: boolean, request: SignedRequest): boolean {
  const now = Math.floor(request.nowMs / 1000)
  const { resource, dateLessThan, dateGreaterThan, sourceIp } = policy
  return (
    now < dateLessThan &&
    (dateGreaterThan === undefined || now > dateGreaterThan) &&
    (sourceIp === undefined || isInRange(request.clientIp, sourceIp)) &&
    // A canned policy was rebuilt from this very URL, whose own characters are no wildcards.
    (isCanned || resource === undefined || coversUrl(resource, url))
  )
}
