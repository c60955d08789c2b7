/** What an app pays for the client. */
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildPages } from '../../../scripts/bundle/pages.js'

test('is smaller than 2 KB, compressed, and made of nothing but its own sources', async () => {
  const client = (await buildPages(resolve(__dirname, '..', '..', '..'))).find(({ name }) => name === 'client.js')

  expect(gzipSync(client?.bytes ?? '', { level: 9 }).length).toBeLessThan(2048)
  expect(client?.sources).toEqual(
    ['ask', 'index', 'next', 'schedule', 'session', 'tabs'].map((name) => `client/${name}.ts`),
  )
})
