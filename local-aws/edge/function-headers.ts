/**
 * Headers that edge functions may not see, set or change.
 *
 * Rule: disallowed headers are not exposed, and adding one is an error 502; read-only ones may be read, not changed or
 * added. Page: "Restrictions on all edge functions", HTTP headers.
 */

const DISALLOWED = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'trailer',
  'upgrade',
  'x-amzn-auth',
  'x-amzn-cf-billing',
  'x-amzn-cf-id',
  'x-amzn-cf-xff',
  'x-amzn-errortype',
  'x-amzn-fle-profile',
  'x-amzn-header-count',
  'x-amzn-header-order',
  'x-amzn-lambda-integration-tag',
  'x-amzn-requestid',
  'x-cache',
  'x-forwarded-proto',
  'x-real-ip',
]
const DISALLOWED_PREFIXES = ['x-accel-', 'x-amz-cf-', 'x-edge-']

/** Read-only in viewer-request events. */
export const READ_ONLY_IN_REQUESTS = ['cdn-loop', 'content-length', 'host', 'transfer-encoding', 'via']
/** Read-only in viewer-response events, and so in responses that a function makes up for the viewer. */
export const READ_ONLY_IN_RESPONSES = ['content-encoding', 'content-length', 'transfer-encoding', 'warning', 'via']

/** Whether a lower-case header name is one that no edge function may see or set. */
export function isDisallowedHeader(name: string): boolean {
  return DISALLOWED.includes(name) || DISALLOWED_PREFIXES.some((prefix) => name.startsWith(prefix))
}
