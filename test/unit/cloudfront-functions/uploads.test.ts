import { runFunctionOnResponse } from '../../../local-aws/edge/cloudfront-function.js'
import type { HeaderList } from '../../../local-aws/edge/headers.js'
import { distribution, viewerRequest } from '../local-aws/edge/fixtures.js'
import { functionOf } from './edge.js'

const SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"

/** What CloudFront makes of an answer of S3. */
async function shown(status: number, headers: HeaderList) {
  return runFunctionOnResponse(
    {
      fn: functionOf('uploads.js'),
      distribution: distribution('E1'),
      request: viewerRequest({ path: '/uploads/me/page.html' }),
      requestId: 'id-1',
      log: (sentence) => {
        throw new Error(sentence)
      },
    },
    { status, headers, body: Buffer.from('<script>') },
  )
}

describe('uploads.js', () => {
  test.each([200, 206, 304])(
    'puts an answer of status %d into the sandbox, and leaves all else as it is',
    async (status) => {
      const answer = await shown(status, [
        ['Content-Type', 'text/html'],
        ['ETag', '"a"'],
      ])

      expect(answer).toEqual({
        status,
        reason: '',
        headers: [
          ['content-type', 'text/html'],
          ['etag', '"a"'],
          ['content-security-policy', SANDBOX],
        ],
        body: Buffer.from('<script>'),
      })
    },
  )

  test('leaves no other policy beside its own', async () => {
    const { headers } = await shown(200, [
      ['Content-Security-Policy', "script-src 'self'"],
      ['Content-Security-Policy', "script-src 'sha256-a'"],
    ])

    expect(headers).toEqual([['content-security-policy', SANDBOX]])
  })
})
