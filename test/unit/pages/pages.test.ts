/** What every static page must be: small, plain, and good under a strict Content-Security-Policy. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { STYLE } from '../../../pages/style.js'
import { pages } from './denied-page.js'

const root = resolve(__dirname, '..', '..', '..')
const HTML = ['denied.html', 'signed-out.html']
const NAMES = ['client.js', 'denied.html', 'denied.js', 'signed-out.html', 'style.css']

async function textOf(name: string): Promise<string> {
  return (await pages()).get(name) ?? ''
}

describe('dist/pages', () => {
  test('has these files and no others', async () => {
    expect([...(await pages()).keys()]).toEqual(NAMES)
  })

  test.each(NAMES.map((name) => [name]))(
    'holds %s as the sources yield it, and the manifest names it',
    async (name) => {
      const bytes = readFileSync(join(root, 'dist', 'pages', name))
      const { pages: listed } = JSON.parse(readFileSync(join(root, 'dist', 'manifest.json'), 'utf8'))

      expect(bytes.toString('utf8')).toBe(await textOf(name))
      expect(listed[name]).toMatchObject({
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      })
    },
  )

  test('has the style of the pages of the edge function', async () => {
    expect(await textOf('style.css')).toBe(STYLE)
  })
})

describe.each(HTML.map((name) => [name]))('%s', (name) => {
  test('is smaller than 3 KB', async () => {
    expect(Buffer.byteLength(await textOf(name))).toBeLessThan(3 * 1024)
  })

  test('tells its language, its width and its title', async () => {
    const html = await textOf(name)

    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(html).toContain('<meta charset="utf-8">')
    expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">')
    expect(html).toMatch(/<title>[^<]{5,60}<\/title>/)
  })

  test("has nothing that default-src 'self' would stop", async () => {
    const html = await textOf(name)
    const addresses = [...html.matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map(([, address]) => address)

    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|data:|<script(?![^>]*\ssrc=)/i)
    // It is shown at any address: nothing may be relative to it, and nothing lies elsewhere.
    expect(addresses.filter((address) => !/^\/[^/\\]|^\/$/.test(address ?? ''))).toEqual([])
    expect(addresses.length).toBeGreaterThan(3)
  })

  test('is read without scripts: one headline and a way on', async () => {
    const html = (await textOf(name)).replace(/<section[^>]* hidden>[\s\S]*?<\/section>/g, '')

    expect(html.match(/<h1>/g)).toHaveLength(1)
    expect(html).toContain(name === 'denied.html' ? 'href="/cookie/refresh"' : 'href="/cookie/sign-in"')
  })

  test('closes what it opens, once and in order', async () => {
    const open: string[] = []
    for (const [, end, tag = '', rest = ''] of (await textOf(name)).matchAll(
      /<(\/?)([a-z0-9]+)((?:[^>"]|"[^"]*")*)>/g,
    )) {
      if (['meta', 'link'].includes(tag)) continue
      if (end === '/') expect(open.pop()).toBe(tag)
      else open.push(tag)
      expect(rest).not.toContain('<')
    }
    expect(open).toEqual([])
  })
})

test('denied.html has the browser name its address when a link without scripts is followed', async () => {
  // The endpoint takes `next` from Referer then, which a site's own policy may withhold.
  expect(await textOf('denied.html')).toContain('<meta name="referrer" content="same-origin">')
})

test('denied.html names its script by the hash that Terraform lets run', async () => {
  const bytes = readFileSync(join(root, 'dist', 'pages', 'denied.js'))
  const hash = createHash('sha256').update(bytes).digest('base64')

  expect(await textOf('denied.html')).toContain(
    `<script src="/.sign-in/denied.js" integrity="sha256-${hash}" defer></script>`,
  )
})

test('denied.js is a plain script, smaller than 2.25 KB', async () => {
  const script = await textOf('denied.js')

  expect(Buffer.byteLength(script)).toBeLessThan(2.25 * 1024)
  expect(script).not.toMatch(/\bimport\b|\bexport\b|\beval\b|innerHTML|document\.write/)
})
