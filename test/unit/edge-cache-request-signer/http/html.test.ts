import { createHash } from 'node:crypto'
import { type PageContent, pageDocument } from '../../../../edge-cache-request-signer/src/http/html.js'
import { STYLE } from '../../../../pages/style.js'

const plain: PageContent = { title: 'Please sign in', paragraphs: ['You are not signed in.'], actions: [] }
const styleHash = createHash('sha256').update(STYLE).digest('base64')
const policyWith = (formAction: string) =>
  `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`

/** The elements of a document with their attributes, as a browser would see them, less what stands in every page. */
function tagsIn(html: string): readonly string[] {
  const body = html.slice(html.indexOf('<body>'))
  return [...body.matchAll(/<\/?([a-z][^\s>]*)[^>]*>/gi)].map(([tag]) => tag)
}

describe('pageDocument', () => {
  test('is a whole document without scripts and without anything from elsewhere', () => {
    const { html, policy } = pageDocument({
      ...plain,
      actions: [{ label: 'Sign in', href: '/cookie/sign-in?next=%2Fa' }],
    })
    expect(html.replace(STYLE, '')).toBe(
      `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Please sign in</title>
<style></style>
</head>
<body>
<main>
<h1>Please sign in</h1>
<p>You are not signed in.</p>
<div class="actions"><a class="primary" href="/cookie/sign-in?next=%2Fa">Sign in</a></div>
</main>
</body>
</html>
`,
    )
    expect(policy).toBe(policyWith("'none'"))
  })

  test('lets exactly its own style apply', () => {
    const { html } = pageDocument(plain)
    const style = /<style>(.*)<\/style>/s.exec(html)?.[1] ?? ''
    expect(createHash('sha256').update(style).digest('base64')).toBe(styleHash)
  })

  test('lets its forms lead to this host and to the sources it is told', () => {
    const actions = [{ label: 'Sign out', postTo: '/cookie/sign-out' }]
    expect(pageDocument({ ...plain, actions }).policy).toBe(policyWith("'self'"))
    expect(pageDocument({ ...plain, actions, formTargets: ['https:'] }).policy).toBe(policyWith("'self' https:"))
    expect(pageDocument({ ...plain, formTargets: ['https:'] }).policy).toBe(policyWith("'none'"))
    expect(tagsIn(pageDocument({ ...plain, actions }).html)).toContain('<form method="post" action="/cookie/sign-out">')
  })

  test.each([
    [{ afterSeconds: 3 }, '<meta http-equiv="refresh" content="3">'],
    [{ afterSeconds: 2, href: '/a?b="&c' }, '<meta http-equiv="refresh" content="2; url=/a?b=&quot;&amp;c">'],
  ])('is loaded again without a script: %j', (reload, expected) => {
    const { html, policy } = pageDocument({ ...plain, reload })
    expect(html.slice(0, html.indexOf('<title>')).split('\n').at(-2)).toBe(expected)
    expect(policy).toBe(policyWith("'none'"))
  })

  test('lets the first way on stand out', () => {
    const actions = [
      { label: 'A', postTo: '/a' },
      { label: 'B', href: '/b' },
      { label: 'C', postTo: '/c' },
    ]
    expect(tagsIn(pageDocument({ ...plain, actions }).html).filter((tag) => /^<(?:a|button)/.test(tag))).toEqual([
      '<button class="primary">',
      '<a href="/b">',
      '<button>',
    ])
  })

  test.each([
    '<script>alert(1)</script>',
    '</title><script>alert(1)</script>',
    '</style><img src=x onerror=alert(1)>',
    '"><svg onload=alert(1)>',
    "' onclick='alert(1)",
    '" onfocus="alert(1)" autofocus="',
    '<!--',
    ']]>',
    '&lt;b&gt;',
    '\u003cb\u003e',
    'javascript:alert(1)',
  ])('shows %s as text, wherever it stands', (text) => {
    const page = (said: string) =>
      pageDocument({
        title: said,
        paragraphs: [said],
        actions: [
          { label: said, href: `/a?${said}` },
          { label: said, postTo: `/b?${said}` },
        ],
      }).html
    const shape = (html: string) => tagsIn(html).map((tag) => tag.replace(/"[^"]*"/g, '""'))
    expect(shape(page(text))).toEqual(shape(page('text')))
    const escaped = text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
    expect(page(text).split(escaped)).toHaveLength(8)
  })
})

describe('STYLE', () => {
  test('is small, and loads nothing', () => {
    expect(STYLE.length).toBeLessThan(2_500)
    expect(STYLE).not.toMatch(/url\(|@import|expression|<|https?:/)
  })

  /** WCAG 2.2, relative luminance and contrast ratio. */
  const luminance = (color: string) => {
    const long = color.length === 4 ? color.replace(/[0-9a-f]/g, '$&$&') : color
    const [r = 0, g = 0, b = 0] = [1, 3, 5]
      .map((at) => Number.parseInt(long.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (one: string, other: string) => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (light + 0.05) / (dark + 0.05)
  }
  const [light = {}, dark = {}] = [...STYLE.matchAll(/:root\{([^}]*)\}/g)].map(([, text = '']) =>
    Object.fromEntries([...text.matchAll(/--(\w+):(#[0-9a-f]+)/g)].map(([, name, color]) => [name, color])),
  ) as Record<string, string>[]

  test.each([
    ['light', light],
    ['dark', dark],
  ])('can be read in %s colours', (_, { ink = '', soft = '', card = '', main = '', on = '', back = '' }) => {
    for (const [text, ground] of [
      [ink, card],
      [soft, card],
      [main, card],
      [on, main],
    ] as const) {
      expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrast(main, back)).toBeGreaterThanOrEqual(3)
  })
})
