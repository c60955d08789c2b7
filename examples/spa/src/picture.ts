import { renew } from '/.sign-in/client.js'
import { element } from './element.js'
import type { Photo } from './photos.js'

/** The picture itself. When it is refused because the cookies have ended meanwhile, it is asked for once more. */
export function picture({ address }: Photo, alt: string): HTMLImageElement {
  const image = element('img', { src: address, alt, loading: 'lazy' })
  const again = async () => {
    if (await renew().catch(() => undefined)) image.src = address
  }
  image.addEventListener('error', again, { once: true })
  return image
}
