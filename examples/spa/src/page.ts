import { element } from './element.js'

/** What the app shows under one address. */
export interface Page {
  readonly title: string
  readonly content: readonly Node[]
}

/** A page that says what is wrong, with a way on: a button, or else the way home. */
export function problemPage(title: string, sentence: string, way?: { name: string; go: () => unknown }): Page {
  const heading = element('h1', {}, title)
  const text = element('p', {}, sentence)
  if (way === undefined)
    return { title, content: [heading, text, element('p', {}, element('a', { href: '/' }, 'All photos'))] }
  const button = element('button', { type: 'button', className: 'button primary' }, way.name)
  button.addEventListener('click', () => way.go())
  return { title, content: [heading, text, button] }
}
