/**
 * The provider's pages: labelled, usable by keyboard and on a phone, nothing from elsewhere.
 */
import { createHash } from 'node:crypto'

const STYLE = `
:root { color-scheme: light dark }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 22rem }
h1 { font-size: 1.4rem; margin: 0 0 1rem }
label { display: block; margin: 1rem 0 .25rem }
input, button { width: 100%; font: inherit; padding: .7rem; margin-bottom: .5rem }
[role=alert] { font-weight: 600 }`

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text as it may stand in HTML. */
export const escapeHtml = (text) => String(text).replace(/[&<>"']/g, (character) => ENTITIES[character])

/** What `form-action` must allow for a form whose answer leads to `target`: browsers check redirects too. */
export const formActionOf = (target) => (target === undefined ? "'self'" : `'self' ${new URL(target).origin}`)

/** A whole page, and its headers. */
export const page = {
  headers: (formAction) => ({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
  }),
  html: (title, content) => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`,
}

/** A fault in words. */
export const errorPage = (error, description) =>
  page.html('Error', `<h1>${escapeHtml(error)}</h1>\n<p role="alert">${escapeHtml(description)}</p>`)
