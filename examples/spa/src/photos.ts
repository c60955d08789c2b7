/**
 * The person's photos: objects below `uploads/<identity id>/`, listed and written with the person's own credentials, and
 * shown by CloudFront, for which the signed cookies are enough.
 *
 * Requests to S3 are signed by aws4fetch (Signature Version 4), because the SDK would be fifty times as large.
 */
import { AwsV4Signer } from 'aws4fetch'
import { configuration } from './configuration.js'
import { currentUploader } from './credentials.js'
import { Problem } from './problem.js'

export interface Photo {
  /** Part of the photo's page: `/photos/<id>`. */
  readonly id: string
  /** The name of the file. */
  readonly name: string
  /** Where CloudFront serves it. */
  readonly address: string
  readonly uploadedAt: Date
}

/** No picture stays in a browser's cache past its sign-out; CloudFront still answers most requests with 304. */
const CACHE_CONTROL = 'no-cache'

/** All photos of the person, the newest first. @throws SignedOut, Problem */
export async function listPhotos(): Promise<readonly Photo[]> {
  const photos: Photo[] = []
  let next: string | null | undefined
  do {
    const page = await listed(next)
    photos.push(...[...page.getElementsByTagName('Contents')].flatMap(photoIn))
    next = page.getElementsByTagName('NextContinuationToken')[0]?.textContent
  } while (next)
  return photos.sort((one, other) => other.uploadedAt.getTime() - one.uploadedAt.getTime())
}

/**
 * Uploads a photo. `onProgress` is called with what part of it has been sent, from 0 to 1.
 *
 * @throws SignedOut, Problem
 */
export async function uploadPhoto(file: File, onProgress: (part: number) => void): Promise<Photo> {
  const { uploadPrefix } = await configuration()
  const { identityId } = await currentUploader()
  // An id without a dot: at the end of a path it would stand for a file, which is not the app's to answer.
  const id = crypto.randomUUID()
  const name = file.name.normalize().replace(/[^\p{L}\p{N}._ -]/gu, '-')
  const key = `${uploadPrefix}/${identityId}/${id}/${name}`
  const request = await signed('PUT', path(key))
  // Not signed: proxies, and developer tools without a cache, write a Cache-Control of their own.
  request.headers.set('Cache-Control', CACHE_CONTROL)
  request.headers.set('Content-Type', file.type)
  await send(request, file, onProgress)
  return { id, name, address: path(key), uploadedAt: new Date() }
}

/** A page of the list, a thousand at most (S3 API Reference, ListObjectsV2). */
async function listed(continuation: string | null | undefined): Promise<Document> {
  const { uploadPrefix } = await configuration()
  const { identityId } = await currentUploader()
  const query = new URLSearchParams({ 'list-type': '2', prefix: `${uploadPrefix}/${identityId}/` })
  if (continuation) query.set('continuation-token', continuation)
  const { url, headers } = await signed('GET', `/?${query}`)
  const answer = await fetch(url, { headers, cache: 'no-store' }).catch(() => undefined)
  if (answer?.ok !== true) throw new Problem('Your photos cannot be listed.', answer?.status)
  return new DOMParser().parseFromString(await answer.text(), 'application/xml')
}

/** The photo behind an entry of the list, if it is one: people may put other things there by other means. */
function photoIn(entry: Element): readonly Photo[] {
  const text = (name: string) => entry.getElementsByTagName(name)[0]?.textContent ?? ''
  const [name, id, ...folders] = text('Key').split('/').reverse()
  if (!name || !id || folders.length < 2) return []
  return [{ id, name, address: path(text('Key')), uploadedAt: new Date(text('LastModified')) }]
}

function path(key: string): string {
  return `/${key.split('/').map(encodeURIComponent).join('/')}`
}

/** The body is not signed: TLS keeps it whole, and hashing it would need all of it in memory. */
async function signed(method: string, resource: string) {
  const { bucketUrl, region } = await configuration()
  const { identityId: _, ...credentials } = await currentUploader()
  const url = `${bucketUrl}${resource}`
  return new AwsV4Signer({ ...credentials, method, url, region, service: 's3' }).sign()
}

/** By XMLHttpRequest, because fetch tells nothing of what has been sent. */
function send(
  { method, url, headers }: Awaited<ReturnType<typeof signed>>,
  file: File,
  onProgress: (part: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const fail = (status?: number) => reject(new Problem(`${file.name} could not be uploaded.`, status))
    request.open(method, url)
    headers.forEach((value, name) => {
      request.setRequestHeader(name, value)
    })
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total)
    request.onerror = () => fail()
    request.onload = () => (request.status === 200 ? resolve() : fail(request.status))
    request.send(file)
  })
}
