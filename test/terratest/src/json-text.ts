/**
 * Parses JSON; `refuse` makes the error.
 *
 * The parser's own error is not passed on, not even as a cause: it quotes the text, which may hold credentials.
 */
export function parseJson(text: string, refuse: () => Error): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refuse()
  }
}
