// biome-ignore-all lint/suspicious/noTemplateCurlyInString: HCL's templates are written like JavaScript's.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as terratest from '../src/index.js'
import { temporaryFolder } from './support/stand-in.js'

function file(name: string, text: string): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, text)
  return path
}

const tfvars = `
# what a stage differs in
name     = "photos"
count    = 3
enabled  = true
nothing  = null
multi    = <<-EOT
  two
  lines
EOT
list     = ["a", 1, true]
tags     = { Stage = "dev", "with space" = 2 }
`

describe('the readers of variables files', () => {
  it('give strings, lists and maps of HCL', async () => {
    const path = file('dev.tfvars', tfvars)

    expect(await terratest.getVariableAsStringFromVarFile(path, 'name')).toBe('photos')
    expect(await terratest.getVariableAsStringFromVarFile(path, 'count')).toBe('3')
    expect(await terratest.getVariableAsStringFromVarFile(path, 'multi')).toBe('two\nlines\n')
    expect(await terratest.getVariableAsListFromVarFile(path, 'list')).toEqual(['a', '1', 'true'])
    expect(await terratest.getVariableAsMapFromVarFile(path, 'tags')).toEqual({ Stage: 'dev', 'with space': '2' })
    expect(await terratest.getAllVariablesFromVarFile(path)).toMatchObject({
      count: 3,
      enabled: true,
      list: ['a', 1, true],
    })
  })

  it('give the same of JSON', async () => {
    const path = file('dev.tfvars.json', '{"name":"photos","list":["a",1,true],"tags":{"Stage":"dev"}}')

    expect(await terratest.getVariableAsStringFromVarFile(path, 'name')).toBe('photos')
    expect(await terratest.getVariableAsListFromVarFile(path, 'list')).toEqual(['a', '1', 'true'])
    expect(await terratest.getVariableAsMapFromVarFile(path, 'tags')).toEqual({ Stage: 'dev' })
  })

  it('give nothing of an empty file', async () => {
    expect(await terratest.getAllVariablesFromVarFile(file('empty.tfvars', ''))).toEqual({})
  })

  it('name the variables that are there when one is missing', async () => {
    const reading = terratest.getVariableAsStringFromVarFile(file('a.tfvars', 'one = 1\ntwo = 2'), 'toString')

    await expect(reading).rejects.toMatchObject({ name: 'InputFileKeyNotFound' })
    await expect(reading).rejects.toThrow(`doesn't contain a value for the key "toString"; it has one, two`)
  })

  test.each<[string, string, string, string]>([
    ['HCL that is none', 'a.tfvars', 'name = ', 'is not HCL'],
    ['JSON that is none', 'a.tfvars.json', '{', 'is not JSON'],
    ['a list of variables', 'a.json', '[]', 'must hold variables, got a list'],
  ])('refuse %s', async (_, name, text, sentence) => {
    const reading = terratest.getAllVariablesFromVarFile(file(name, text))

    await expect(reading).rejects.toMatchObject({ name: 'UnreadableVarFile' })
    await expect(reading).rejects.toThrow(sentence)
  })

  it('refuse a value of another type, and a missing file', async () => {
    const path = file('a.tfvars', 'name = "x"')

    await expect(terratest.getVariableAsListFromVarFile(path, 'name')).rejects.toThrow('must be a list, got a string')
    await expect(terratest.getVariableAsMapFromVarFile(path, 'name')).rejects.toThrow('must be a map, got a string')
    await expect(terratest.getAllVariablesFromVarFile(`${path}x`)).rejects.toThrow('cannot be read')
  })
})
