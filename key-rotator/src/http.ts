/** HTTP as the rotator needs it: one GET, never redirected, over Node's own fetch. */

/** What came back for a request through the distribution. */
export interface Answer {
  readonly status: number
  /** A header's value by its lower-case name, or null. */
  readonly header: (name: string) => string | null
}

/** A document's answer: its whole text besides the status. */
export interface TextAnswer {
  readonly status: number
  /** The header `Location`, or null. */
  readonly location: string | null
  readonly text: string
}

/** Where reading a document stops. */
export interface TextLimits {
  /** For everything: connection, answer and text. */
  readonly timeoutMs: number
  readonly bytes: number
}

/** A GET whose body nobody reads. Rejects when nothing came back within `timeoutMs`. */
export async function get(url: string, headers: Readonly<Record<string, string>>, timeoutMs: number): Promise<Answer> {
  const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
  await answer.body?.cancel()
  return { status: answer.status, header: (name) => answer.headers.get(name) }
}

/** A GET of a JSON document. Rejects when it is not here within the time, is longer than the limit, or is not UTF-8. */
export async function getText(url: string, limits: TextLimits): Promise<TextAnswer> {
  const headers = { accept: 'application/json' }
  const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(limits.timeoutMs) })
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop early ends the connection.
  for await (const chunk of answer.body ?? []) {
    length += chunk.length
    if (length > limits.bytes) throw new RangeError(`the answer is longer than ${limits.bytes} bytes`)
    chunks.push(chunk)
  }
  const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  return { status: answer.status, location: answer.headers.get('location'), text }
}
