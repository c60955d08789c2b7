import { get, getText } from '../../../key-rotator/src/http.js'

const LIMITS = { timeoutMs: 1_000, bytes: 8 }
const realFetch = globalThis.fetch

/** Replaces the network by one answer; gives what it is asked. */
function answering(body: BodyInit | null, init: ResponseInit = {}): { readonly requests: unknown[] } {
  const requests: unknown[] = []
  globalThis.fetch = async (url, options) => {
    requests.push([url, options?.redirect, options?.headers, options?.signal instanceof AbortSignal])
    return new Response(body, init)
  }
  return { requests }
}

/** A body that never ends; tells when it is given up. */
function endless() {
  const state = { chunks: 0, isCancelled: false }
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      state.chunks += 1
      controller.enqueue(new Uint8Array(4))
    },
    cancel: () => {
      state.isCancelled = true
    },
  })
  return { state, body }
}

afterEach(() => {
  globalThis.fetch = realFetch
})

describe('getText', () => {
  it('gives status and text, and follows no redirect', async () => {
    const { requests } = answering('{"ä":1}')
    expect(await getText('https://idp.example.com/x', LIMITS)).toEqual({ status: 200, location: null, text: '{"ä":1}' })
    expect(requests).toEqual([['https://idp.example.com/x', 'manual', { accept: 'application/json' }, true]])
  })

  it('gives the address that a redirect names', async () => {
    answering(null, { status: 302, headers: { location: 'https://elsewhere.example' } })
    expect(await getText('https://idp.example.com/x', LIMITS)).toEqual({
      status: 302,
      location: 'https://elsewhere.example',
      text: '',
    })
  })

  it('reads as much as the limit says, and no more', async () => {
    answering('12345678')
    expect((await getText('https://idp.example.com/x', LIMITS)).text).toBe('12345678')
    answering('123456789')
    await expect(getText('https://idp.example.com/x', LIMITS)).rejects.toThrow('the answer is longer than 8 bytes')
  })

  it('ends the connection of an answer without an end', async () => {
    const { state, body } = endless()
    answering(body)
    await expect(getText('https://idp.example.com/x', LIMITS)).rejects.toThrow(RangeError)
    expect(state.isCancelled).toBe(true)
    expect(state.chunks).toBeLessThan(6)
  })

  it('refuses bytes that are no UTF-8', async () => {
    answering(new Uint8Array([0x22, 0xff, 0x22]))
    await expect(getText('https://idp.example.com/x', LIMITS)).rejects.toThrow(/not valid/)
  })
})

describe('get', () => {
  it('gives status and headers, and reads no body', async () => {
    const { state, body } = endless()
    const { requests } = answering(body, { status: 403, headers: { 'content-type': 'text/xml' } })

    const answer = await get('https://d1.cloudfront.net/x', { cookie: 'a=b' }, 1_000)

    expect([answer.status, answer.header('content-type'), answer.header('x-amz-request-id')]).toEqual([
      403,
      'text/xml',
      null,
    ])
    expect(requests).toEqual([['https://d1.cloudfront.net/x', 'manual', { cookie: 'a=b' }, true]])
    expect(state.isCancelled).toBe(true)
  })
})
