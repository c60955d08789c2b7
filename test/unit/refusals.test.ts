/**
 * What the module refuses of several variables together stands in a terraform_data of most files. A value may be known only
 * in the middle of an apply, and then nothing but the dependency keeps a refused one from the edge function.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(__dirname, '..', '..')
const source = readdirSync(root)
  .filter((name) => name.endsWith('.tf'))
  .map((name) => readFileSync(resolve(root, name), 'utf8'))
  .join('\n')
const places = [...source.matchAll(/^resource "terraform_data" "(\w+)" \{\n(.*?)^\}/gms)]
const [, parameter = ''] = /^resource "aws_ssm_parameter" "signer_configuration" \{\n(.*?)^\}/ms.exec(source) ?? []

test('the configuration of the edge function waits for all of them', () => {
  const [, list = ''] = /^ {2}depends_on = \[(.*?)\]/ms.exec(parameter) ?? []
  const awaited = [...list.matchAll(/terraform_data\.(\w+)/g)].map(([, name]) => name)

  expect(places.length).toBeGreaterThan(0)
  expect(awaited.sort()).toEqual(places.map(([, name]) => name).sort())
})

test.each(places.map(([, name, body]) => [name, body]))('%s holds nothing that a plan could change', (_, body) => {
  expect(body?.match(/^ {2}\S.*$/gm)).toEqual(['  lifecycle {', '  }'])
})
