/** The start page: all photos, and the button that adds some. */
import { announce, element } from './element.js'
import type { Page } from './page.js'
import { listPhotos, type Photo, uploadPhoto } from './photos.js'
import { picture } from './picture.js'

/** Uploads go on while somebody looks at another page of the app, so their list outlives the gallery. */
const uploads = element('ul', { className: 'uploads' })

export async function galleryPage(): Promise<Page> {
  const photos = await listPhotos()
  const grid = element('ul', { className: 'grid' }, ...photos.map(card))
  const emptiness = element('p', { className: 'quiet', hidden: photos.length > 0 }, 'No photos yet. Add the first one.')
  const show = (photo: Photo) => {
    emptiness.hidden = true
    grid.prepend(card(photo))
  }
  const top = element('div', { className: 'top' }, element('h1', {}, 'Your photos'), adder(show))
  return { title: 'Your photos', content: [top, uploads, emptiness, grid] }
}

function card(photo: Photo): HTMLLIElement {
  const caption = element('span', {}, photo.name)
  return element('li', {}, element('a', { href: `/photos/${photo.id}` }, picture(photo, ''), caption))
}

/** A label that looks like a button, filled by the field that it is for. */
function adder(show: (photo: Photo) => void): HTMLLabelElement {
  const field = element('input', { type: 'file', accept: 'image/*', multiple: true })
  field.addEventListener('change', () => {
    for (const file of field.files ?? []) begin(file, show)
    field.value = ''
  })
  return element('label', { className: 'button primary' }, 'Add photos', field)
}

function begin(file: File, show: (photo: Photo) => void): void {
  const bar = element('progress', { max: 1, value: 0, ariaLabel: `Upload of ${file.name}` })
  const state = element('span', { className: 'quiet' }, 'Waiting …')
  const item = element('li', {}, element('strong', {}, file.name), bar, state)
  uploads.append(item)
  const run = async () => {
    if (!file.type.startsWith('image/')) throw new Error(`${file.name} is not a picture.`)
    const photo = await uploadPhoto(file, (part) => {
      bar.value = part
      state.textContent = part < 1 ? `${Math.floor(part * 100)} %` : 'Almost there …'
    })
    item.remove()
    show(photo)
    announce(`${file.name} is uploaded.`)
  }
  run().catch((error: Error) => fail(item, error, () => begin(file, show)))
}

function fail(item: HTMLLIElement, { message }: Error, again: () => void): void {
  const retry = element('button', { type: 'button' }, 'Try again')
  const dismiss = element('button', { type: 'button' }, 'Dismiss')
  for (const button of [retry, dismiss]) button.addEventListener('click', () => item.remove())
  retry.addEventListener('click', again)
  item.replaceChildren(element('p', { role: 'alert', className: 'problem' }, message), retry, dismiss)
}
