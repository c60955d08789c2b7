/** The audit of pages, of pages that are as they should not be: a finding that it cannot make proves nothing by its absence. */
import type { BrowserContext } from 'playwright-core'
import { startBrowser, type TestBrowser } from '../support/browser.js'
import { audit, policyFindings } from '../support/page-audit.js'

let browser: TestBrowser
let person: BrowserContext

beforeAll(async () => {
  browser = await startBrowser()
  person = await browser.person()
})

afterAll(async () => {
  await browser?.stop()
})

const HEAD = '<!doctype html><html lang="en"><title>Page</title><meta name="color-scheme" content="light dark">'
const BOTH =
  '<style>body{background:#fff;color:#222}@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}'

/** What the audit finds in both views and schemes, each finding once. */
async function found(html: string, primary?: string): Promise<readonly string[]> {
  const page = await person.newPage()
  await page.setContent(html)
  const findings = await audit(page, 'audited', primary)
  await page.close()
  return [...new Set(findings.map((finding) => finding.replace(/^(?:desktop|phone), /, '')))]
}

describe('the audit', () => {
  it('finds nothing in a page that is as it should be', async () => {
    const main = '<main><h1>Title</h1><p class="actions"><a href="/" style="padding:1rem">Go on</a></p></main>'
    expect(await found(`${HEAD}${BOTH}</style>${main}`, 'Go on')).toEqual([])
  })

  it.each<[string, string, readonly string[]]>([
    ['a heading too many', '<h1>Another</h1>', ['light: 1.3.1: 2 visible h1', 'dark: 1.3.1: 2 visible h1']],
    [
      'a field without a label',
      '<input name="a" style="height:24px">',
      ['light: 3.3.2: no label for a', 'dark: 3.3.2: no label for a'],
    ],
    [
      'a control without a name',
      '<button style="padding:1rem"></button>',
      ['light: 4.1.2: a control without a name', 'dark: 4.1.2: a control without a name'],
    ],
    [
      'a small target',
      '<button style="all:unset;font-size:8px;line-height:10px;width:30px;display:block">x</button>',
      ['light: 2.5.8: a target of 30x10', 'dark: 2.5.8: a target of 30x10'],
    ],
    [
      'a line that does not fit',
      '<p style="width:2000px">long</p>',
      ['light: 1.4.10: wider than the window', 'dark: 1.4.10: wider than the window'],
    ],
    [
      'a text that is pale in both schemes',
      '<p style="color:#888;background:#888">pale</p>',
      ['light: 1.4.3: contrast 1.00 of "pale"', 'dark: 1.4.3: contrast 1.00 of "pale"'],
    ],
  ])('finds %s', async (_what, element, findings) => {
    expect(await found(`${HEAD}${BOTH}</style><main><h1>Title</h1>${element}</main>`)).toEqual(findings)
  })

  it.each<[string, string, readonly string[]]>([
    [
      'stays light in the dark',
      'body{background:#fff;color:#222}',
      ['dark: dark scheme: a background of luminance 1.00'],
    ],
    [
      'is dark in the light',
      'body{background:#111;color:#eee}',
      ['light: light scheme: a background of luminance 0.01'],
    ],
  ])('finds a page that %s', async (_what, style, findings) => {
    expect(await found(`${HEAD}<style>${style}</style><main><h1>Title</h1></main>`)).toEqual(findings)
  })

  it('finds a page without language, title and main', async () => {
    expect(await found(`<!doctype html>${BOTH}</style><h1>Title</h1>`)).toEqual(
      ['light', 'dark'].flatMap((scheme) =>
        ['3.1.1: no language', '2.4.2: no title', '1.3.1: not one main'].map((finding) => `${scheme}: ${finding}`),
      ),
    )
  })

  it.each([
    ['cannot be seen', '<a href="/" style="outline:0">Go on</a>', '2.4.7: the focus on "Go on" cannot be seen'],
    ['is not reached', '<a href="/" tabindex="-1">Go on</a>', '2.1.1: the keyboard reaches [], but not "Go on"'],
  ])('finds a control whose focus %s', async (_what, link, finding) => {
    expect(await found(`${HEAD}${BOTH}</style><main><h1>Title</h1>${link}</main>`, 'Go on')).toEqual([finding])
  })
})

describe('the audit of policies', () => {
  const STRICT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  const MEMBER = "default-src 'none'; base-uri 'none'; form-action 'self'; script-src 'self'"

  it('finds nothing in strict ones', () => {
    expect(policyFindings({ header: STRICT })).toEqual([])
    expect(policyFindings({ header: `${STRICT}; script-src 'self'; img-src data:`, meta: MEMBER })).toEqual([])
    expect(policyFindings({ header: STRICT.replace("form-action 'none'", "form-action 'self' https:") })).toEqual([])
  })

  it.each<[string, string | undefined, readonly string[]]>([
    ['none at all', undefined, ['no header']],
    [
      'an empty one',
      '',
      ['header: no default-src', 'header: no base-uri', 'header: no frame-ancestors', 'header: no form-action'],
    ],
    [
      'more than nothing by default',
      STRICT.replace("default-src 'none'", "default-src 'self'"),
      ["header: default-src 'self'"],
    ],
    ['a base of its own', STRICT.replace("base-uri 'none'", "base-uri 'self'"), ["header: base-uri 'self'"]],
    [
      'frames of the own site',
      STRICT.replace("ancestors 'none'", "ancestors 'self'"),
      ["header: frame-ancestors 'self'"],
    ],
    ['no word of forms', STRICT.replace("form-action 'none'; ", ''), ['header: no form-action']],
    ['images from everywhere', `${STRICT}; img-src *`, ['header: img-src allows *']],
    [
      'images from every subdomain',
      `${STRICT}; img-src https://*.example.com`,
      ['header: img-src allows https://*.example.com'],
    ],
    ['images from every https host', `${STRICT}; img-src https:`, ['header: img-src allows https:']],
    [
      'forms that lead anywhere from a page with scripts',
      `${STRICT.replace("form-action 'none'", "form-action 'self' https:")}; script-src 'self'`,
      ['header: form-action allows https:'],
    ],
    [
      'forms that lead anywhere in the clear',
      STRICT.replace("form-action 'none'", 'form-action http:'),
      ['header: form-action allows http:'],
    ],
    ['inline styles', `${STRICT}; style-src 'unsafe-inline'`, ["header: style-src allows 'unsafe-inline'"]],
    [
      'inline scripts',
      `${STRICT}; script-src 'self' 'unsafe-inline'`,
      ["header: scripts from 'unsafe-inline'", "header: script-src allows 'unsafe-inline'"],
    ],
    ['scripts of others', `${STRICT}; script-src cdn.example.com`, ['header: scripts from cdn.example.com']],
    [
      'a second word, which does not count',
      `default-src *; ${STRICT}`,
      ['header: default-src *', 'header: default-src allows *'],
    ],
  ])('finds a header with %s', (_what, header, findings) => {
    expect(policyFindings({ header })).toEqual(findings)
  })

  it('holds header and element to it separately: neither makes up for the other', () => {
    expect(policyFindings({ header: STRICT.replace("default-src 'none'; ", ''), meta: MEMBER })).toEqual([
      'header: no default-src',
    ])
    expect(policyFindings({ header: STRICT, meta: "default-src 'none'; form-action 'none'" })).toEqual([
      'meta: no base-uri',
    ])
    expect(policyFindings({ header: STRICT.replace("; frame-ancestors 'none'", ''), meta: STRICT })).toEqual([
      'header: no frame-ancestors',
    ])
  })
})
