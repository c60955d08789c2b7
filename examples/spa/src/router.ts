/**
 * Which page an address stands for. The addresses are real ones (History API): whoever opens /photos/<id> directly gets
 * index.html from the distribution (site_mode = "spa"), and this does the rest.
 */
import { byId } from './element.js'
import { galleryPage } from './gallery.js'
import { type Page, problemPage } from './page.js'
import { photoPage } from './photo.js'
import { SignedOut } from './problem.js'

let turn = 0

/** Shows the page of the address in the address bar. */
export async function showAddress(): Promise<void> {
  turn += 1
  const mine = turn
  byId('page').ariaBusy = 'true'
  const page = await pageOf(location.pathname).catch(failed)
  // Somebody who clicks on meanwhile is faster than an answer.
  if (mine === turn && page !== undefined) show(page)
}

/** Shows a page, whatever the address. Screen readers read its heading, as they do for a page that was loaded. */
export function show({ title, content }: Page): void {
  turn += 1
  const main = byId('page')
  main.ariaBusy = null
  main.replaceChildren(...content)
  document.title = title === 'Your photos' ? 'Photos' : `${title} · Photos`
  const heading = main.querySelector('h1')
  if (heading !== null) heading.tabIndex = -1
  heading?.focus()
}

/** Follows links of the app without loading anything, and the browser's own buttons. */
export function followLinks(): void {
  addEventListener('popstate', () => showAddress())
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    if (link === null || !isPlain || link.origin !== location.origin || link.target !== '') return
    event.preventDefault()
    history.pushState(null, '', link.href)
    scrollTo(0, 0)
    void showAddress()
  })
}

async function pageOf(path: string): Promise<Page> {
  const [, id] = /^\/photos\/([^/]+)$/.exec(path) ?? []
  if (id !== undefined) return photoPage(id)
  return path === '/' ? galleryPage() : problemPage('Page not found', 'There is nothing under this address.')
}

function failed(error: Error): Page | undefined {
  if (error instanceof SignedOut) return undefined
  return problemPage('That did not work', error.message, { name: 'Try again', go: showAddress })
}
