/** Signature Version 4, computed anew from a request as it arrived (IAM User Guide, Create a signed AWS API request). */
import { createHash, createHmac } from 'node:crypto'

/** What arrived. */
export interface ArrivedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** The parts of an Authorization header. */
export function authorizationOf({ headers }: ArrivedRequest) {
  const pattern = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
  const [, accessKeyId, scope, signedHeaders, signature] = pattern.exec(String(headers.authorization)) ?? []
  return { accessKeyId, scope, signedHeaders, signature }
}

/** The signature that the request should bear, by its own scope and list of signed headers. No query string. */
export function expectedSignature(request: ArrivedRequest, secretAccessKey: string): string {
  const { scope = '', signedHeaders = '' } = authorizationOf(request)
  const headers = signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`)
  const canonical = [request.method, request.path, '', headers.join(''), signedHeaders, hash(request.body)].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', String(request.headers['x-amz-date']), scope, hash(canonical)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`)
  return hmac(key, toSign).toString('hex')
}
