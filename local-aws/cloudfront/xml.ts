/**
 * CloudFront's REST-XML, to and from the shapes of `@aws-sdk/client-cloudfront`.
 *
 * A list is `<Quantity>` and `<Items>` with one element name for its members: `Items: [...]` on our side.
 * Source: CloudFront API Reference, Data Types (2020-05-31).
 */
import { XMLParser } from 'fast-xml-parser'
import { invalidArgument } from './errors.js'

const namespace = 'http://cloudfront.amazonaws.com/doc/2020-05-31/'

/** What a list's members are called, by the element that holds the list. */
const memberNames: Readonly<Record<string, string>> = {
  AccessControlAllowHeaders: 'Header',
  AccessControlAllowMethods: 'Method',
  AccessControlAllowOrigins: 'Origin',
  AccessControlExposeHeaders: 'Header',
  ActiveTrustedKeyGroups: 'KeyGroup',
  ActiveTrustedSigners: 'Signer',
  Aliases: 'CNAME',
  AllowedMethods: 'Method',
  CacheBehaviors: 'CacheBehavior',
  CachePolicyList: 'CachePolicySummary',
  CachedMethods: 'Method',
  CookieNames: 'Name',
  Cookies: 'Name',
  CustomErrorResponses: 'CustomErrorResponse',
  CustomHeaders: 'OriginCustomHeader',
  CustomHeadersConfig: 'ResponseHeadersPolicyCustomHeader',
  DistributionList: 'DistributionSummary',
  FunctionAssociations: 'FunctionAssociation',
  FunctionList: 'FunctionSummary',
  GeoRestriction: 'Location',
  Headers: 'Name',
  InvalidationList: 'InvalidationSummary',
  KeyGroupConfig: 'PublicKey',
  KeyGroupList: 'KeyGroupSummary',
  KeyPairIds: 'KeyPairId',
  KeyValueStoreAssociations: 'KeyValueStoreAssociation',
  LambdaFunctionAssociations: 'LambdaFunctionAssociation',
  Members: 'OriginGroupMember',
  OriginAccessControlList: 'OriginAccessControlSummary',
  OriginGroups: 'OriginGroup',
  OriginRequestPolicyList: 'OriginRequestPolicySummary',
  OriginSslProtocols: 'SslProtocol',
  Origins: 'Origin',
  Paths: 'Path',
  PublicKeyList: 'PublicKeySummary',
  QueryStringCacheKeys: 'Name',
  QueryStrings: 'Name',
  RemoveHeadersConfig: 'ResponseHeadersPolicyRemoveHeader',
  ResponseHeadersPolicyList: 'ResponseHeadersPolicySummary',
  StatusCodes: 'StatusCode',
  TagKeys: 'Key',
  Tags: 'Tag',
  TrustedKeyGroups: 'KeyGroup',
  TrustedSigners: 'AwsAccountNumber',
  WhitelistedNames: 'Name',
}

const numbers = new Set([
  'AccessControlMaxAgeSec',
  'ConnectionAttempts',
  'ConnectionTimeout',
  'DefaultTTL',
  'ErrorCachingMinTTL',
  'ErrorCode',
  'HTTPPort',
  'HTTPSPort',
  'MaxTTL',
  'MinTTL',
  'OriginKeepaliveTimeout',
  'OriginReadTimeout',
  'Quantity',
  'ResponseCompletionTimeout',
  'SamplingRate',
  'StatusCode',
])

const booleans = new Set([
  'AccessControlAllowCredentials',
  'CloudFrontDefaultCertificate',
  'Compress',
  'EnableAcceptEncodingBrotli',
  'EnableAcceptEncodingGzip',
  'Enabled',
  'IncludeBody',
  'IncludeCookies',
  'IncludeSubdomains',
  'IsIPV6Enabled',
  'ModeBlock',
  'OriginOverride',
  'OriginShieldEnabled',
  'Override',
  'Preload',
  'Protection',
  'SmoothStreaming',
  'Staging',
])

/** An XML element's content on our side: text, number, flag, list or structure. */
export type XmlValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue }

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  // Go's encoder writes a line feed as &#xA;: numeric entities must come back as characters.
  htmlEntities: true,
})

/**
 * Reads a request's document and gives the content of its root element, which must be called `root`.
 *
 * @throws CloudFrontError MalformedXML-like `InvalidArgument` for anything else.
 */
export function readXml(root: string, body: string): { readonly [name: string]: XmlValue } {
  const tree = parseDocument(body)
  if (!isStructure(tree) || !(root in tree)) {
    throw invalidArgument(`The request must hold a ${root} document.`)
  }
  const content = toShape(root, tree[root])
  if (!isStructure(content)) throw invalidArgument(`The ${root} document is empty.`)
  return content
}

function parseDocument(body: string): unknown {
  try {
    return parser.parse(body)
  } catch (error) {
    throw invalidArgument(`The request is not XML: ${error instanceof Error ? error.message : error}`)
  }
}

function isStructure(value: unknown): value is { readonly [name: string]: XmlValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

function toShape(name: string, value: unknown): XmlValue {
  if (typeof value === 'string') return toLeaf(name, value)
  if (!isStructure(value)) return undefined
  const entries = Object.entries(value).filter(([key]) => key !== '#text')
  return Object.fromEntries(
    entries.map(([key, child]) => [key, key === 'Items' ? toMembers(child) : toShape(key, child)]),
  )
}

function toMembers(items: unknown): XmlValue[] {
  if (!isStructure(items)) return []
  return Object.entries(items)
    .filter(([member]) => member !== '#text')
    .flatMap(([member, values]) => (Array.isArray(values) ? values : [values]).map((value) => toShape(member, value)))
}

function toLeaf(name: string, text: string): XmlValue {
  if (numbers.has(name)) return Number(text)
  if (booleans.has(name)) return text.trim() === 'true'
  return text
}

/** Writes a document whose root element is `root`. Members without a value are left out. */
export function writeXml(root: string, content: XmlValue): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content, ` xmlns="${namespace}"`)}`
}

function element(name: string, value: XmlValue, attributes = ''): string {
  if (value === undefined) return ''
  return `<${name}${attributes}>${inner(name, value)}</${name}>`
}

function inner(name: string, value: XmlValue): string {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map((member) => element(memberName(name), member)).join('')
  if (isStructure(value)) {
    return Object.entries(value)
      .map(([key, child]) => (key === 'Items' ? items(name, child) : element(key, child)))
      .join('')
  }
  return escapeText(String(value))
}

function items(parent: string, value: XmlValue): string {
  if (!Array.isArray(value)) return ''
  return `<Items>${value.map((member) => element(memberName(parent), member)).join('')}</Items>`
}

function memberName(parent: string): string {
  const name = memberNames[parent]
  if (name === undefined) throw new Error(`the local CloudFront does not know what the members of ${parent} are called`)
  return name
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;')
}
