/**
 * The pages that a person meets: whole documents without scripts and without anything from elsewhere. Whatever comes
 * from outside is text, and the Content-Security-Policy would stop it if it were not.
 */
import { createHash } from 'node:crypto'
import { STYLE } from '../../../pages/style.js'

/** A way on from a page: a link, or a form without fields that is posted. */
export type Action =
  | { readonly label: string; readonly href: string }
  | { readonly label: string; readonly postTo: string }

/** What a page says. All of it is plain text; addresses are paths of this host. */
export interface PageContent {
  readonly title: string
  readonly paragraphs: readonly string[]
  /** The first one stands out. */
  readonly actions: readonly Action[]
  /** Sources of `form-action` for where a form leads by redirects: Chromium wants those as well as the form's own address. */
  readonly formTargets?: readonly string[]
  /** The browser asks again by itself: for the same address, or for that of `href`. */
  readonly reload?: Reload
}

/** When a page is asked for again, and where. */
export interface Reload {
  readonly afterSeconds: number
  /** A path of this host. */
  readonly href?: string | undefined
}

/** A page, and the Content-Security-Policy that lets a browser show exactly this. */
export interface PageDocument {
  readonly html: string
  readonly policy: string
}

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** The document for a page. */
export function pageDocument({ title, paragraphs, actions, formTargets = [], reload }: PageContent): PageDocument {
  const html = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="robots" content="noindex">',
    ...(reload === undefined ? [] : [reloadElement(reload)]),
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escaped(title)}</h1>`,
    ...paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`),
    ...(actions.length === 0 ? [] : [`<div class="actions">${actions.map(actionElement).join('')}</div>`]),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
  const hasForm = actions.some((action) => 'postTo' in action)
  const formAction = hasForm ? ["'self'", ...formTargets].join(' ') : "'none'"
  return {
    html,
    policy: [
      "default-src 'none'",
      `style-src 'sha256-${STYLE_HASH}'`,
      `form-action ${formAction}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  }
}

/** HTML Standard, Refresh state; it works without scripts, which the policy forbids. */
function reloadElement({ afterSeconds, href }: Reload): string {
  const content = href === undefined ? String(afterSeconds) : `${afterSeconds}; url=${href}`
  return `<meta http-equiv="refresh" content="${escaped(content)}">`
}

function actionElement(action: Action, index: number): string {
  const primary = index === 0 ? ' class="primary"' : ''
  const label = escaped(action.label)
  return 'href' in action
    ? `<a${primary} href="${escaped(action.href)}">${label}</a>`
    : `<form method="post" action="${escaped(action.postTo)}"><button${primary}>${label}</button></form>`
}

/** Text for an element or a quoted attribute (HTML Standard, Serializing HTML fragments). */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
