/**
 * What AWS lets web pages read: browsers ask it from an origin of their own, and believe these headers of the answer
 * (Fetch Standard, CORS protocol).
 *
 * Rule: a bucket answers by its own CORS configuration, and with the same headers when it refuses (S3 User Guide, Using
 * cross-origin resource sharing); identity pools answer pages of every origin. moto's server allows everything to
 * everybody, in whatever it answers.
 */

import { bucketAndKey } from '../iam/access.js'
import type { AwsAnswer, AwsRequest } from './aws-request.js'
import { askMoto, ownRequest } from './forward.js'

type Headers = Readonly<Record<string, string>>

/** The CORS headers for the answer to a page's request; undefined where moto's may stay, or no page asks. */
export async function crossOriginHeaders(
  moto: string,
  { service, method, url, headers }: Pick<AwsRequest, 'service' | 'method' | 'url' | 'headers'>,
): Promise<Headers | undefined> {
  if (headers.origin === undefined) return undefined
  if (service === 'cognito-identity') return { 'access-control-allow-origin': '*' }
  if (service !== 's3') return undefined
  const { bucket } = bucketAndKey(headers.host, url)
  const wanted = method === 'OPTIONS' ? headers['access-control-request-method'] : method
  const question = { method: 'OPTIONS', url: `/${bucket}`, headers: { origin: headers.origin } }
  const { status, headers: given } = await askMoto(moto, ownRequest('s3', 'us-east-1', question))
  const methods = given['access-control-allow-methods']?.split(', ') ?? []
  return status === 200 && methods.includes(wanted ?? '') ? corsIn(given) : {}
}

/** The answer with these CORS headers and no others; it is also the answer to a preflight, which S3 gives by them alone. */
export function withCrossOrigin(answer: AwsAnswer, { service, method }: AwsRequest, cors: Headers): AwsAnswer {
  if (service === 's3' && method === 'OPTIONS')
    return { status: Object.keys(cors).length > 0 ? 200 : 403, headers: cors, body: '' }
  if (service !== 's3') return { ...answer, headers: { ...answer.headers, ...cors } }
  const own = Object.entries(answer.headers).filter(([name]) => !isCors(name))
  return { ...answer, headers: { ...Object.fromEntries(own), ...cors } }
}

function corsIn(headers: Headers): Headers {
  return { ...Object.fromEntries(Object.entries(headers).filter(([name]) => isCors(name))), vary: 'Origin' }
}

function isCors(name: string): boolean {
  return name.toLowerCase().startsWith('access-control-')
}
