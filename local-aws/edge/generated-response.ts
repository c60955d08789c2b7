/**
 * Validation of a response that a Lambda@Edge function returns instead of a request.
 *
 * Rule: status is a string of 200 to 599, header names are lower-case keys of lists of {key?, value}, no disallowed
 * header, no body with 204, at most 40 KB in viewer triggers; anything else is an error 502 and the reason goes to the
 * log. Pages: "Generate HTTP responses in request triggers", "Restrictions on all edge functions", "Quotas".
 */
import { STATUS_CODES } from 'node:http'
import { isDisallowedHeader, READ_ONLY_IN_RESPONSES } from './function-headers.js'
import type { HeaderList } from './headers.js'
import type { EdgeResponse } from './messages.js'

/** Headers and body of a response from a viewer trigger, in bytes. */
export const MAXIMUM_GENERATED_BYTES = 40 * 1024

/** A valid thing, or the sentence for the log that says what is wrong. */
export type Checked<Value> =
  | { readonly valid: true; readonly value: Value }
  | { readonly valid: false; readonly why: string }

const invalid = (why: string) => ({ valid: false, why }) as const

const FIELDS = ['status', 'statusDescription', 'headers', 'body', 'bodyEncoding']
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/

/** The response for the viewer, or what is wrong with the function's value. */
export function checkGeneratedResponse(value: Readonly<Record<string, unknown>>): Checked<EdgeResponse> {
  const { status, statusDescription, headers = {} } = value
  const unknown = Object.keys(value).find((field) => !FIELDS.includes(field))
  if (unknown !== undefined) return invalid(`the response has the unknown field ${JSON.stringify(unknown)}`)
  if (typeof status !== 'string') return invalid(`status must be a string such as "200", not ${JSON.stringify(status)}`)
  if (!/^[2-5]\d\d$/.test(status)) return invalid(`status must lie between "200" and "599", not ${status}`)
  if (statusDescription !== undefined && typeof statusDescription !== 'string') {
    return invalid('statusDescription must be a string')
  }
  const checkedHeaders = checkHeaders(headers)
  if (!checkedHeaders.valid) return checkedHeaders
  const body = checkBody(value)
  if (!body.valid) return body
  if (status === '204' && value.body !== undefined) return invalid('a response with status 204 may not have a body')
  const size = checkedHeaders.value.reduce((sum, [name, text]) => sum + name.length + text.length, 0)
  const bytes = size + Buffer.byteLength(typeof value.body === 'string' ? value.body : '')
  if (bytes > MAXIMUM_GENERATED_BYTES) {
    return invalid(`headers and body are ${bytes} bytes; a viewer trigger may return ${MAXIMUM_GENERATED_BYTES}`)
  }
  const reason = statusDescription ?? STATUS_CODES[status] ?? ''
  return { valid: true, value: { status: Number(status), reason, headers: checkedHeaders.value, body: body.value } }
}

function checkBody({ body, bodyEncoding }: Readonly<Record<string, unknown>>): Checked<Buffer> {
  if (body !== undefined && typeof body !== 'string') return invalid('body must be a string')
  if (bodyEncoding !== undefined && bodyEncoding !== 'text' && bodyEncoding !== 'base64') {
    return invalid(`bodyEncoding must be "text" or "base64", not ${JSON.stringify(bodyEncoding)}`)
  }
  if (bodyEncoding === 'base64' && !/^[A-Za-z0-9+/]*={0,2}$/.test(body ?? '')) return invalid('body is not base64')
  return { valid: true, value: Buffer.from(body ?? '', bodyEncoding === 'base64' ? 'base64' : 'utf8') }
}

function checkHeaders(headers: unknown): Checked<HeaderList> {
  if (!isObject(headers)) return invalid('headers must be an object')
  const list: (readonly [string, string])[] = []
  for (const [name, entries] of Object.entries(headers)) {
    const checked = checkHeader(name, entries)
    if (!checked.valid) return checked
    list.push(...checked.value)
  }
  return { valid: true, value: list }
}

function checkHeader(name: string, entries: unknown): Checked<HeaderList> {
  if (isDisallowedHeader(name.toLowerCase())) return invalid(`the header ${name} is disallowed`)
  if (READ_ONLY_IN_RESPONSES.includes(name.toLowerCase())) return invalid(`the header ${name} is read-only`)
  return checkHeaderEntries(name, entries)
}

/**
 * The pairs of one entry of a `headers` object: its key is the name in lower case, its value a list of
 * `{ key?, value }` with keys that differ from the name in case only.
 */
export function checkHeaderEntries(name: string, entries: unknown): Checked<HeaderList> {
  if (!TOKEN.test(name)) return invalid(`the header name ${JSON.stringify(name)} must be a lower-case token`)
  if (!Array.isArray(entries)) return invalid(`the header ${name} must be a list of { key, value }`)
  const pairs: (readonly [string, string])[] = []
  for (const entry of entries) {
    if (!isObject(entry)) return invalid(`the header ${name} must be a list of { key, value }`)
    const { key = name, value } = entry
    if (typeof key !== 'string' || key.toLowerCase() !== name) {
      return invalid(`the header ${name} has the key ${JSON.stringify(key)}, which is another name`)
    }
    if (typeof value !== 'string' || !isFieldValue(value)) return invalid(`a value of the header ${name} is not valid`)
    pairs.push([key, value])
  }
  return { valid: true, value: pairs }
}

/** Visible characters, space and tab (RFC 9110 section 5.5). */
function isFieldValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
}

/** Whether a value is an object with named fields. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
