/**
 * The event of CloudFront Functions: requests and responses as the function sees and returns them.
 *
 * Rule: query strings, headers and cookies are maps of { value, multiValue? }, header names in lower case, cookies apart
 * from headers. Page: "CloudFront Functions event structure".
 */
import { isDisallowedHeader, READ_ONLY_IN_REQUESTS, READ_ONLY_IN_RESPONSES } from './function-headers.js'
import { type Checked, isObject } from './generated-response.js'
import { type HeaderList, headerValues, withoutHeaders } from './headers.js'
import type { EdgeResponse, ViewerRequest } from './messages.js'
import { parseCookies } from './signed-cookies.js'

type Values = Record<string, { value: string; multiValue?: { value: string }[]; attributes?: string }>

const invalid = (why: string) => ({ valid: false, why }) as const

/** `event.request` for a request. */
export function eventRequest(request: ViewerRequest): unknown {
  const visible = withoutHeaders(request.headers, ['Cookie']).filter(
    ([name]) => !isDisallowedHeader(name.toLowerCase()),
  )
  const pairs = (request.query ?? '').split('&').filter((pair) => pair !== '')
  const split = (pair: string) => {
    const equals = pair.indexOf('=')
    return equals < 0 ? ([pair, ''] as const) : ([pair.slice(0, equals), pair.slice(equals + 1)] as const)
  }
  return {
    method: request.method,
    uri: request.path,
    querystring: grouped(pairs.map(split)),
    headers: grouped(visible.map(([name, value]) => [name.toLowerCase(), value] as const)),
    cookies: grouped(parseCookies(headerValues(request.headers, 'Cookie'))),
  }
}

/** `event.response` for a response of the origin; the body is not shown to functions. */
export function eventResponse(response: EdgeResponse): unknown {
  const visible = withoutHeaders(response.headers, ['Set-Cookie']).filter(
    ([name]) => !isDisallowedHeader(name.toLowerCase()),
  )
  const cookies = headerValues(response.headers, 'Set-Cookie').map((line) => {
    const [pair = '', ...attributes] = line.split(/;\s*/)
    return {
      name: pair.split('=', 1)[0] ?? '',
      value: pair.slice(pair.indexOf('=') + 1),
      attributes: attributes.join('; '),
    }
  })
  return {
    statusCode: response.status,
    statusDescription: response.reason ?? '',
    headers: grouped(visible.map(([name, value]) => [name.toLowerCase(), value] as const)),
    cookies: Object.fromEntries(cookies.map(({ name, value, attributes }) => [name, { value, attributes }])),
  }
}

function grouped(pairs: readonly (readonly [string, string])[]): Values {
  const values = new Map<string, { value: string; multiValue?: { value: string }[] }>()
  for (const [name, value] of pairs) {
    const before = values.get(name)
    const all = [...(before?.multiValue ?? (before === undefined ? [] : [{ value: before.value }])), { value }]
    values.set(name, before === undefined ? { value } : { value: before.value, multiValue: all })
  }
  return Object.fromEntries(values)
}

/** The request that a function returned. */
export function requestOfFunction(
  value: Readonly<Record<string, unknown>>,
  original: ViewerRequest,
): Checked<ViewerRequest> {
  if (typeof value.uri !== 'string' || !value.uri.startsWith('/')) return invalid('uri must begin with a slash')
  if (value.method !== original.method) return invalid('method is read-only')
  const headers = pairsOf(value.headers)
  const cookies = pairsOf(value.cookies)
  const query = pairsOf(value.querystring)
  if (headers === undefined || cookies === undefined || query === undefined) {
    return invalid('headers, cookies and querystring must be maps of { value }')
  }
  const disallowed = headers.find(([name]) => isDisallowedHeader(name))
  if (disallowed !== undefined) return invalid(`the header ${disallowed[0]} is disallowed`)
  const changed = READ_ONLY_IN_REQUESTS.find(
    (name) => headerValues(headers, name).join('\n') !== headerValues(original.headers, name).join('\n'),
  )
  if (changed !== undefined) return invalid(`the header ${changed} is read-only`)
  const cookie = joined(cookies, '; ')
  const queryString = joined(query, '&')
  return {
    valid: true,
    value: {
      ...original,
      path: value.uri,
      query: queryString === '' ? undefined : queryString,
      headers: cookie === '' ? headers : [...headers, ['cookie', cookie]],
    },
  }
}

/** The response that a function returned; `original` is undefined when it makes one up. */
export function responseOfFunction(
  value: Readonly<Record<string, unknown>>,
  original: EdgeResponse | undefined,
): Checked<EdgeResponse> {
  const { statusCode, statusDescription } = value
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599) {
    return invalid('statusCode must be an integer from 100 to 599')
  }
  const headers = pairsOf(value.headers ?? {})
  const cookies = setCookies(value.cookies ?? {})
  const body = bodyOf(value.body)
  if (headers === undefined || cookies === undefined) return invalid('headers and cookies must be maps of { value }')
  if (body === undefined) return invalid('body must be a string or { encoding, data }')
  const disallowed = headers.find(
    ([name]) => isDisallowedHeader(name) || (original === undefined && READ_ONLY_IN_RESPONSES.includes(name)),
  )
  if (disallowed !== undefined) return invalid(`the header ${disallowed[0]} is disallowed`)
  return {
    valid: true,
    value: {
      status: statusCode,
      ...(typeof statusDescription === 'string' ? { reason: statusDescription } : {}),
      headers: [...headers, ...cookies],
      body: value.body === undefined ? (original?.body ?? body) : body,
      ...(original?.xCache === undefined ? {} : { xCache: original.xCache }),
    },
  }
}

function bodyOf(body: unknown): Buffer | undefined {
  if (body === undefined) return Buffer.alloc(0)
  if (typeof body === 'string') return Buffer.from(body)
  if (!isObject(body) || typeof body.data !== 'string') return undefined
  return Buffer.from(body.data, body.encoding === 'base64' ? 'base64' : 'utf8')
}

function pairsOf(map: unknown): HeaderList | undefined {
  if (map === undefined) return []
  if (!isObject(map)) return undefined
  const pairs = Object.entries(map).flatMap(([name, entry]) => valuesOf(entry).map((value) => ({ name, value })))
  const valid = pairs.flatMap(({ name, value }) => (typeof value === 'string' ? [[name, value] as const] : []))
  return valid.length === pairs.length ? valid : undefined
}

/** The values of one entry; undefined among them for what is none. */
function valuesOf(entry: unknown): readonly unknown[] {
  if (!isObject(entry)) return [undefined]
  if (!Array.isArray(entry.multiValue)) return [entry.value]
  return entry.multiValue.map((one: unknown) => (isObject(one) ? one.value : undefined))
}

function setCookies(map: unknown): HeaderList | undefined {
  if (!isObject(map)) return undefined
  const entries = Object.entries(map)
  if (!entries.every(([, entry]) => isObject(entry) && typeof entry.value === 'string')) return undefined
  return entries.map(([name, entry]) => {
    const { value, attributes } = isObject(entry) ? entry : {}
    const tail = typeof attributes === 'string' && attributes !== '' ? `; ${attributes}` : ''
    return ['set-cookie', `${name}=${String(value)}${tail}`] as const
  })
}

function joined(pairs: HeaderList, separator: string): string {
  return pairs.map(([name, value]) => (value === '' && separator === '&' ? name : `${name}=${value}`)).join(separator)
}
