import { coversUrl } from '../../../../local-aws/edge/policy-resource.js'
import { matchesWildcards } from '../../../../local-aws/edge/wildcards.js'

describe('coversUrl', () => {
  test.each([
    // The examples of "Create a signed URL using a custom policy".
    ['https://www.example.com/hello*world', 'https://www.example.com/helloworld', true],
    ['https://www.example.com/hello*world', 'https://www.example.com/hello-world', true],
    ['https://www.example.com/hello*world', 'https://www.example.net/hello?world', false],
    ['https://www.example.com/hello*world', 'https://www.example.com/hello?world', false],
    ['http://example.com/hello*', 'http://example.com/hello?a=b', true],
    ['http://example.com*', 'http://example.com/any/path?a=b', true],
    ['*example.com', 'https://www.example.com/', true],
    ['*example.com', 'http://example.com/', true],
    ['*example.com', 'https://www.example.com/x', false],
    ['*example.com', 'https://www.example.com/?x', false],
    ['*', 'https://any.example.net/x?y', true],
    ['https://d1.cloudfront.net/*game_download.zip*', 'https://d1.cloudfront.net/game_download.zip', true],
    [
      'https://d1.cloudfront.net/*game_download.zip*',
      'https://d1.cloudfront.net/a_game_download.zip?license=yes',
      true,
    ],
    [
      'https://d1.cloudfront.net/*game_download.zip*',
      'https://d1.cloudfront.net/test_game_download.zip?license=temp',
      true,
    ],
    [
      'https://d1.cloudfront.net/horizon.jpg?size=large&license=yes',
      'https://d1.cloudfront.net/horizon.jpg?size=large&license=yes',
      true,
    ],
    // What follows from the rules.
    ['https://h/*', 'https://h/', true],
    ['https://h/*', 'https://h/a/b/c?q=1', true],
    ['https://h/*', 'https://h.evil.example/a', false],
    ['https://h/*', 'https://evil.example/https://h/a', false],
    ['https://h*', 'https://h.evil.example/a', true],
    ['https://h:8443/*', 'https://h:8443/a', true],
    ['https://h:8443/*', 'https://h/a', false],
    ['https://h/*', 'https://h:8443/a', false],
    ['https://H/*', 'https://h/a', true],
    ['https://h/A*', 'https://h/a', false],
    ['https://h/a', 'https://h/a', true],
    ['https://h/a', 'https://h/a?', false],
    ['https://h/a', 'https://h/a?x=1', false],
    ['https://h/a', 'https://h/ab', false],
    ['https://h/a/*', 'https://h/a', false],
    ['https://h/photo-?.jpg', 'https://h/photo-1.jpg', true],
    ['https://h/photo-?.jpg', 'https://h/photo-12.jpg', false],
    ['https://h/photo-?.jpg', 'https://h/photo-.jpg', false],
    ['https://h/*.jpg?w=*', 'https://h/a.jpg?w=10', true],
    ['https://h/*.jpg?w=*', 'https://h/a.jpg', false],
    ['https://h/*.jpg?w=*', 'https://h/a.png?x=.jpg?w=10', false],
    ['https://*.example.com/*', 'https://a.example.com/x', true],
    ['https://*.example.com/*', 'https://evil.example/a.example.com/x', false],
    ['https://*/a', 'https://h/a', true],
    ['https://*/a', 'https://h/b', false],
    ['*://h/*', 'http://h/a', true],
    ['http://h/*', 'https://h/a', false],
    ['http*://h/*', 'https://h/a', false],
    ['ftp://h/*', 'ftp://h/a', false],
    ['h/*', 'https://h/a', false],
    ['/a*', 'https://h/a', false],
    ['', 'https://h/a', false],
    ['*h/a', 'https://h/a', true],
    ['*h/a', 'http://www.h/a', true],
    ['*h/b', 'https://h/a', false],
    ['https:///a', 'https:///a', true],
    ['https:///a', 'https://h/a', false],
    // What is no absolute URL.
    ['https://h/*', '', false],
    ['https://h/*', '/a', false],
    ['https://h/*', 'h/a', false],
    ['https://h/*', ' https://h/a', false],
    ['https://h/a%20b', 'https://h/a%20b', true],
    ['https://h/a b', 'https://h/a%20b', false],
  ])('%s and %s: %s', (pattern, url, expected) => {
    expect(coversUrl(pattern, url)).toBe(expected)
  })
})

describe('matchesWildcards', () => {
  test.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['**', 'ab', true],
    ['?', '', false],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbYbZ', false],
    ['*a', 'aab', false],
    ['a?c', 'abc', true],
    ['a.c', 'abc', false],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(matchesWildcards(pattern, text)).toBe(expected)
  })

  it('agrees with a regular expression on all short patterns and texts', () => {
    const words = (alphabet: string, length: number): string[] =>
      length === 0 ? [''] : words(alphabet, length - 1).flatMap((word) => [word, ...[...alphabet].map((c) => word + c)])
    const patterns = [...new Set(words('ab*?', 4))]
    const texts = [...new Set(words('ab', 4))]
    const wrong = patterns.flatMap((pattern) => {
      const expression = new RegExp(`^${pattern.replaceAll('?', '.').replaceAll('*', '.*')}$`)
      return texts
        .filter((text) => expression.test(text) !== matchesWildcards(pattern, text))
        .map((text) => [pattern, text])
    })

    expect(patterns.length * texts.length).toBeGreaterThan(5000)
    expect(wrong).toEqual([])
  })
})
