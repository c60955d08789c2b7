/** The start page: all photos, and the button that adds some. */
import { announce, element } from './element.js'
import type { Page } from './page.js'
import { listPhotos, type Photo, uploadPhoto } from './photos.js'
import { picture } from './picture.js'

// Uploads go on while somebody looks at another page of the app, so these are always the same ones.
const uploads = element('ul', { className: 'uploads' })
const emptiness = element('p', { className: 'quiet' }, 'No photos yet. Add the first one.')
const grid = element('ul', { className: 'grid' })

export async function galleryPage(): Promise<Page> {
  const photos = await listPhotos()
  emptiness.hidden = photos.length > 0
  grid.replaceChildren(...photos.map(card))
  const top = element('div', { className: 'top' }, element('h1', {}, 'Your photos'), adder())
  return { title: 'Your photos', content: [top, uploads, emptiness, grid] }
}

function card(photo: Photo): HTMLLIElement {
  const caption = element('span', {}, photo.name)
  return element('li', {}, element('a', { href: addressOf(photo) }, picture(photo, ''), caption))
}

function addressOf({ id }: Photo): string {
  return `/photos/${id}`
}

/** A label that looks like a button, filled by the field that it is for. */
function adder(): HTMLLabelElement {
  const field = element('input', { type: 'file', accept: 'image/*', multiple: true })
  field.addEventListener('change', () => {
    for (const file of field.files ?? []) begin(file)
    field.value = ''
  })
  return element('label', { className: 'button primary' }, 'Add photos', field)
}

function begin(file: File): void {
  const item = element('li')
  uploads.append(item)
  if (file.type.startsWith('image/'))
    upload(file, item).catch(({ message }: Error) => fail(item, message, () => begin(file)))
  else fail(item, `${file.name} is not a picture.`)
}

async function upload(file: File, item: HTMLLIElement): Promise<void> {
  const bar = element('progress', { max: 1, value: 0, ariaLabel: `Upload of ${file.name}` })
  const state = element('span', { className: 'quiet' }, 'Waiting …')
  item.append(element('strong', {}, file.name), bar, state)
  const photo = await uploadPhoto(file, (part) => {
    bar.value = part
    state.textContent = part < 1 ? `${Math.floor(part * 100)} %` : 'Almost there …'
  })
  item.remove()
  emptiness.hidden = true
  // The list may have been read again meanwhile.
  if (grid.querySelector(`[href="${addressOf(photo)}"]`) === null) grid.prepend(card(photo))
  announce(`${file.name} is uploaded.`)
}

function fail(item: HTMLLIElement, sentence: string, again?: () => void): void {
  const dismiss = element('button', { type: 'button' }, 'Dismiss')
  const retry = element('button', { type: 'button', hidden: again === undefined }, 'Try again')
  for (const button of [retry, dismiss]) button.addEventListener('click', () => item.remove())
  if (again !== undefined) retry.addEventListener('click', again)
  item.replaceChildren(element('p', { role: 'alert', className: 'problem' }, sentence), retry, dismiss)
}
