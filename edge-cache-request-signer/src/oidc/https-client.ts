/** The one kind of request that goes to an identity provider, over Node's own client, which the SDK has loaded anyway. */
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import type { World } from '../dependencies.js'

const LIMIT_MS = 3_000
const LONGEST = 64 * 1024

/**
 * Posts a form; see `World.postForm`. A connection is not kept: minutes pass between two sign-ins in one sandbox, and a
 * socket that was frozen with it is dead.
 */
export const postForm: World['postForm'] = (uri, form, headers = {}) => {
  const body = Buffer.from(new URLSearchParams(form).toString())
  return new Promise((resolve, reject) => {
    const posted = request(
      uri,
      {
        method: 'POST',
        agent: false,
        signal: AbortSignal.timeout(LIMIT_MS),
        headers: {
          Accept: 'application/json',
          'Content-Type': 'application/x-www-form-urlencoded',
          'Content-Length': body.length,
          ...headers,
        },
      },
      (response) => {
        answerOf(response).then(resolve, (error: unknown) => {
          posted.destroy()
          reject(error)
        })
      },
    )
    posted.on('error', reject)
    posted.end(body)
  })
}

async function answerOf(response: IncomingMessage): ReturnType<World['postForm']> {
  const { statusCode: status = 0 } = response
  if (status >= 300 && status < 400) throw new Error(`the answer was a redirect (${status}), which is not followed`)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > LONGEST) throw new Error('the answer was longer than 64 KB')
    chunks.push(bytes)
  }
  return { status, body: Buffer.concat(chunks).toString() }
}
