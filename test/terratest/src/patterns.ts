import { InvalidOptions } from './errors.js'

/** What RE2 (Go's regular expressions) means and JavaScript reads as something else, so that no pattern misfires. */
const untranslatable: readonly (readonly [RegExp, string])[] = [
  [/\(\?[a-zA-Z]*-?[a-zA-Z]*:(?<!\(\?:)/, 'flags inside a group'],
  [/\(\?[a-zA-Z]+\)/, 'flags behind the beginning'],
  [/\[\[:/, 'a POSIX class such as [[:alpha:]]'],
  [/\\[QEpPC]/, '\\Q, \\p or \\C'],
]

/**
 * A pattern of `retryableTerraformErrors` or `warningsAsErrors`, which may have been written for Go: leading flags
 * such as `(?i)`, `(?P<name>`, `\A` and `\z` are translated.
 *
 * @throws InvalidOptions for a pattern that JavaScript cannot read, or would read differently.
 */
export function compilePattern(pattern: string): RegExp {
  const [, flags = '', body = pattern] = /^\(\?([ims]+)\)(.*)$/s.exec(pattern) ?? []
  for (const [construct, what] of untranslatable) {
    if (construct.test(body)) throw new InvalidOptions(`the pattern '${pattern}' uses ${what}; write it without`)
  }
  const translated = body.replace(/\(\?P</g, '(?<').replace(/\\(?:[Az]|\\)/g, (found) => anchors[found] ?? found)
  try {
    return new RegExp(translated, [...new Set(flags)].join(''))
  } catch (cause) {
    throw new InvalidOptions(`the pattern '${pattern}' is no regular expression`, { cause })
  }
}

/** `\\` is matched as well, so that the `z` behind an escaped backslash stays a letter. */
const anchors: Readonly<Record<string, string>> = { '\\A': '(?<![\\s\\S])', '\\z': '(?![\\s\\S])' }
