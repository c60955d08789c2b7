/** The page of one photo, `/photos/<id>`: an address to send to oneself. */
import { element } from './element.js'
import { type Page, problemPage } from './page.js'
import { listPhotos } from './photos.js'
import { picture } from './picture.js'

export async function photoPage(id: string): Promise<Page> {
  const photo = (await listPhotos()).find((one) => one.id === id)
  if (photo === undefined) return problemPage('Photo not found', 'There is no such photo among yours.')
  const { name, uploadedAt } = photo
  const time = element(
    'time',
    { dateTime: uploadedAt.toISOString() },
    uploadedAt.toLocaleString([], { dateStyle: 'long', timeStyle: 'short' }),
  )
  return {
    title: name,
    content: [
      element('p', {}, element('a', { href: '/' }, '← All photos')),
      element('h1', {}, name),
      element('p', { className: 'quiet' }, 'Uploaded on ', time),
      element('div', { className: 'photo' }, picture(photo, name)),
    ],
  }
}
