/**
 * The only place that builds a response (CloudFront Developer Guide, Generating HTTP responses in request triggers:
 * the status is a string, header names are lower case, a 204 has no body, all of it at most 40 KB).
 */
import type { CloudFrontHeaders, CloudFrontResultResponse } from 'aws-lambda'
import { type PageContent, pageDocument } from './html.js'

/** Header name in its usual spelling -> value; a list gives the header several times. */
export type HeaderFields = Readonly<Record<string, string | readonly string[]>>

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'No Content',
  302: 'Found',
  303: 'See Other',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  421: 'Misdirected Request',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

function headersOf(fields: HeaderFields): CloudFrontHeaders {
  const headers: CloudFrontHeaders = {}
  for (const [key, value] of Object.entries(fields)) {
    headers[key.toLowerCase()] =
      typeof value === 'string' ? [{ key, value }] : value.map((one) => ({ key, value: one }))
  }
  return headers
}

/** On every answer: it is for this viewer only, it is nothing but what its type says, and it embeds and tells nothing. */
const ALWAYS = headersOf({
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  Vary: 'Accept, Cookie, Origin, Sec-Fetch-Mode, Sec-Fetch-Site',
  'X-Content-Type-Options': 'nosniff',
})

const WITH_JSON = { ...ALWAYS, ...headersOf({ 'Content-Type': 'application/json; charset=utf-8' }) }

function headed(status: number, headers: CloudFrontHeaders, fields: HeaderFields): CloudFrontResultResponse {
  return {
    status: String(status),
    statusDescription: STATUS_TEXTS[status] ?? '',
    headers: { ...headers, ...headersOf(fields) },
  }
}

/** A response without a body. */
export function empty(status: number, fields: HeaderFields = {}): CloudFrontResultResponse {
  return headed(status, ALWAYS, fields)
}

/** A response with a JSON body. */
export function json(status: number, body: object, fields: HeaderFields = {}): CloudFrontResultResponse {
  return { ...headed(status, WITH_JSON, fields), body: JSON.stringify(body) }
}

/** A response that sends the browser to an absolute URL; 303 makes a GET of what was a POST (RFC 9110 section 15.4.4). */
export function redirect(
  location: string,
  fields: HeaderFields = {},
  status: 302 | 303 = 302,
): CloudFrontResultResponse {
  return empty(status, { Location: location, ...fields })
}

/**
 * A response with a page. Its forms need the referrer policy: under `no-referrer` a browser posts them with the origin
 * `null` (Fetch Standard, append a request Origin header). The address stays here: it may hold a code (RFC 9700 section
 * 4.2).
 */
export function page(status: number, content: PageContent, fields: HeaderFields = {}): CloudFrontResultResponse {
  const { html, policy } = pageDocument(content)
  const own = {
    'Content-Security-Policy': policy,
    'Content-Type': 'text/html; charset=utf-8',
    'Referrer-Policy': 'strict-origin',
  }
  return { ...headed(status, ALWAYS, { ...own, ...fields }), body: html }
}

/** The same response with more header fields. */
export function withFields(response: CloudFrontResultResponse, fields: HeaderFields): CloudFrontResultResponse {
  return { ...response, headers: { ...response.headers, ...headersOf(fields) } }
}

/** What CloudFront sends of a function's response, in bytes: 40 KB (Quotas on Lambda@Edge), less the status line. */
const LARGEST = 40_800

/**
 * The same response, cut to what CloudFront sends; for more it would answer 502 in its place. Set-Cookie values are left
 * out then, the last ones first, because what matters most comes first.
 */
export function withinLimit(response: CloudFrontResultResponse): CloudFrontResultResponse {
  const { 'set-cookie': cookies = [], ...headers } = response.headers ?? {}
  let rest = LARGEST - Buffer.byteLength(response.body ?? '') - sizeOf(Object.values(headers).flat())
  const kept = cookies.filter((cookie) => {
    rest -= sizeOf([cookie])
    return rest >= 0
  })
  return kept.length === cookies.length
    ? response
    : withFields(response, { 'Set-Cookie': kept.map(({ value }) => value) })
}

/** Header fields as they are sent, with colon, space and line break. */
function sizeOf(fields: readonly { readonly key?: string | undefined; readonly value: string }[]): number {
  return fields.reduce((size, { key = '', value }) => size + key.length + value.length + 4, 0)
}

/** The same response without its body, for HEAD (RFC 9110 section 9.3.2). */
export function withoutBody({ body: _, ...response }: CloudFrontResultResponse): CloudFrontResultResponse {
  return response
}
