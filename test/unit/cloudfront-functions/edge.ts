/** The functions as CloudFront would run them: the files as they are, at viewer-request of the local edge. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { runInNewContext } from 'node:vm'
import { runFunctionOnRequest } from '../../../local-aws/edge/cloudfront-function.js'
import type { HeaderList } from '../../../local-aws/edge/headers.js'
import { distribution, viewerRequest } from '../local-aws/edge/fixtures.js'

const folder = resolve(__dirname, '..', '..', '..', 'cloudfront-functions')

export const HOST = 'd111111abcdef8.cloudfront.net'

/** What does not write addresses in one way: the function for answers, and the one for origins that are not S3. */
const ALONE = ['uploads.js', 'dot-segments.js']

/** The source of a function, as Terraform puts it together. */
export const sourceOf = (name: string): string =>
  [...(ALONE.includes(name) ? [] : ['plain.js']), name]
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')

/** A function as it is published. */
export const functionOf = (name: string) => ({
  arn: 'arn:aws:cloudfront::123456789012:function/f',
  etag: 'E',
  liveEtag: 'E',
  createdTime: new Date(0),
  lastModified: new Date(0),
  config: { Comment: '', Runtime: 'cloudfront-js-2.0' as const },
  development: '',
  live: sourceOf(name),
})

/** What the edge does with a request: the path and query it goes on with, or the response of the function. */
export async function atEdge(
  name: string,
  url: string,
  { method = 'GET', headers = [] }: { readonly method?: string; readonly headers?: HeaderList } = {},
): Promise<{ readonly path?: string; readonly status?: number; readonly location?: string }> {
  const [path = '', query] = url.split(/\?(.*)/s)
  const request = { ...viewerRequest({ path, query, headers: [['Host', HOST], ...headers] }), method }
  const outcome = await runFunctionOnRequest({
    fn: functionOf(name),
    distribution: distribution('E1'),
    request,
    requestId: 'id-1',
    log: (sentence) => {
      throw new Error(sentence)
    },
  })
  if ('request' in outcome) {
    const { request: went } = outcome
    return { path: went.query === undefined ? went.path : `${went.path}?${went.query}` }
  }
  const { status, headers: fields } = outcome.response
  return { status, location: fields.find(([field]) => field === 'location')?.[1] ?? '' }
}

/** Calls a function in an empty world, as a plain function of its event. */
export function call(name: string, request: object): unknown {
  const answer: unknown = runInNewContext(`${sourceOf(name)};handler(event)`, { event: { request } })
  return answer
}
