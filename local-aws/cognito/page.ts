/**
 * The pages of the hosted login: small, readable on a phone, in light and dark, without anything from elsewhere.
 */
import { createHash } from 'node:crypto'
import type { LoginAnswer } from './login.js'

/** A field of a form. */
export interface Field {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'password'
  readonly autocomplete: string
  readonly value?: string
}

/** A page with one form. */
export interface FormPage {
  readonly title: string
  /** What the person is told first, for example that the password was wrong. */
  readonly message?: string | undefined
  readonly action: string
  readonly fields: readonly Field[]
  readonly hidden: Readonly<Record<string, string>>
  readonly button: string
  /** Where the form leads in the end: browsers hold redirects after a form to `form-action` too. */
  readonly redirectUri: string
}

const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1a1c1f; --line: #767b82; --deep: #1257a8; --bad: #a8122a }
@media (prefers-color-scheme: dark) { :root { --paper: #16181c; --ink: #e8eaed; --line: #8b9098; --deep: #7db4f5; --bad: #ff9aa8 } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 22rem }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 1.5rem }
label { display: block; font-weight: 600; margin: 1rem 0 .25rem }
input, button { width: 100%; font: inherit; padding: .7rem .8rem; border-radius: .5rem; border: 1px solid var(--line) }
input { background: transparent; color: inherit }
button { margin-top: 1.5rem; border-color: var(--deep); background: var(--deep); color: var(--paper); font-weight: 600; cursor: pointer }
:focus-visible { outline: 3px solid var(--deep); outline-offset: 2px }
[role=alert] { color: var(--bad); font-weight: 600 }
footer { margin-top: 2rem; font-size: .85rem; opacity: .75 }`

/** A padlock. Without an icon of its own the page would make browsers ask for /favicon.ico. */
const ICON =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='7' fill='%231257a8'/><path d='M11 14v-3a5 5 0 0 1 10 0v3' fill='none' stroke='%23fff' stroke-width='3'/><rect x='8' y='14' width='16' height='11' rx='2' fill='%23fff'/></svg>"

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in HTML, attribute values included. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

/** A page with a form. */
export function formPage(page: FormPage): LoginAnswer {
  const hidden = Object.entries(page.hidden).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  // A message that stands there from the beginning is not announced by itself: the field that has the focus tells it.
  const described = page.message === undefined ? '' : ' aria-describedby="message"'
  const firstEmpty = page.fields.find(({ value = '' }) => value === '') ?? page.fields[0]
  const fields = page.fields.map((field) => {
    const { name, label, type, autocomplete, value = '' } = field
    const focus = field === firstEmpty ? ` autofocus${described}` : ''
    return `<label for="${name}">${escapeHtml(label)}</label>
<input id="${name}" name="${name}" type="${type}" value="${escapeHtml(value)}" autocomplete="${autocomplete}" autocapitalize="none" spellcheck="false" required${focus}>`
  })
  const message = page.message === undefined ? '' : `<p id="message" role="alert">${escapeHtml(page.message)}</p>`
  const body = `<h1>${escapeHtml(page.title)}</h1>
${message}<form method="post" action="${escapeHtml(page.action)}">
${[...hidden, ...fields].join('\n')}
<button type="submit">${escapeHtml(page.button)}</button>
</form>`
  return html(200, page.title, body, `'self' ${sourceOf(page.redirectUri)}`)
}

/** A page that says what is wrong; nothing on it leads anywhere. */
export function errorPage(status: number, sentence: string): LoginAnswer {
  const title = 'Something is wrong with this request'
  return html(status, title, `<h1>${title}</h1><p role="alert">${escapeHtml(sentence)}</p>`, "'none'")
}

/** A redirect target as a source of Content-Security-Policy: an origin, or the scheme of an app's own. */
function sourceOf(redirectUri: string): string {
  const { protocol, origin } = new URL(redirectUri)
  return protocol === 'https:' || protocol === 'http:' ? origin : protocol
}

function html(status: number, title: string, content: string, formAction: string): LoginAnswer {
  const styleHash = createHash('sha256').update(STYLE).digest('base64')
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src 'sha256-${styleHash}'`,
    `form-action ${formAction}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    },
    body: `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${escapeHtml(ICON)}">
<style>${STYLE}</style>
</head>
<body>
<main>
${content}
<footer>Hosted login of the local AWS</footer>
</main>
</body>
</html>
`,
  }
}
