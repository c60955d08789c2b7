/** The map at the beginning of main.tf: a file that it does not name is not found by whoever looks for it there. */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(__dirname, '..', '..')

test('names every other file of the module once, and no more', () => {
  const [map = ''] = readFileSync(resolve(root, 'main.tf'), 'utf8').split('\n# Two providers')
  const named = [...map.matchAll(/^# {3}([a-z.-]+\.tf) /gm)].map(([, name]) => name)
  const there = readdirSync(root).filter((name) => name.endsWith('.tf') && name !== 'main.tf')

  expect(named.sort()).toEqual(there.sort())
})
