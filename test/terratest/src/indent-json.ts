/**
 * JSON text indented by two spaces, as Go's `json.Indent` does it: numbers keep their digits and keys their order,
 * both of which parsing and printing again would change.
 */
export function indentJson(text: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g) ?? []
  let depth = 0
  let indented = ''
  let previous = ''
  for (const token of tokens) {
    if (isClosing(token)) depth -= 1
    if (breaksLine(previous, token)) indented += `\n${'  '.repeat(depth)}`
    indented += token === ':' ? ': ' : token
    if (isOpening(token)) depth += 1
    previous = token
  }
  return indented
}

/** Brackets without content stay together. */
function breaksLine(previous: string, token: string): boolean {
  if (isOpening(previous)) return !isClosing(token)
  return previous === ',' || isClosing(token)
}

function isOpening(token: string): boolean {
  return token === '{' || token === '['
}

function isClosing(token: string): boolean {
  return token === '}' || token === ']'
}
