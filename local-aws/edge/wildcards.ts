/** Whether `text` matches a pattern of `*` (zero or more) and `?` (exactly one), in time proportional to both lengths. */
export function matchesWildcards(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let lastStar = -1
  let resumeAt = 0
  while (t < text.length) {
    if (pattern[p] === '*') {
      lastStar = p
      p += 1
      resumeAt = t
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1
      t += 1
    } else if (lastStar >= 0) {
      // The last star takes one character more; earlier stars never need to.
      resumeAt += 1
      t = resumeAt
      p = lastStar + 1
    } else return false
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}
