/** What docs/bring-your-own.md says that the plan refuses is what Terraform's lists have, and nothing there is on by itself. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readModuleInterface } from '../../../scripts/docs/module-interface.js'

const root = join(__dirname, '..', '..', '..')
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const document = read('docs/bring-your-own.md')
const files = readdirSync(root).filter((name) => name.endsWith('.tf'))
const code = files.map(read).join('\n')

const names = (text: string) => [...text.matchAll(/`([a-z_.]+)`/g)].map(([, name = '']) => name)
const behind = (text: string, beginning: string) => text.split(beginning)[1] ?? ''

/** What stands in a row of "What excludes what" before the semicolon, behind which is what other checks refuse. */
function refusedWith(variable: string): readonly string[] {
  const row = behind(behind(document, '\n## What excludes what\n'), `| \`${variable}\` | `)
  return names(/^[^;\n]*/.exec(row)?.[0] ?? '')
}

/** The settings that a list of Terraform's names, where they differ from their defaults. */
function settingsOf(list: string): readonly string[] {
  const [, lines = ''] = new RegExp(`^  ${list} = compact\\(\\[\\n(.*?)^  \\]\\)`, 'ms').exec(code) ?? []
  return lines.split('\n').flatMap((line) => / "([a-z_.]+)"(?: : "")?,$/.exec(line)?.[1] ?? [])
}

describe('docs/bring-your-own.md', () => {
  test.each([
    ['distribution', 'own_distribution_settings'],
    ['bucket', 'own_bucket_settings'],
    ['user_pool', 'own_pool_settings'],
  ])('says all that the plan refuses with %s', (variable, list) => {
    expect(settingsOf(list).length).toBeGreaterThan(0)
    expect(refusedWith(variable)).toEqual(settingsOf(list))
  })

  test('says all that shapes an app client', () => {
    // With a pool of Cognito there is a choice of tokens, whoever has made the client.
    const withOidc = 'accepted_tokens'
    expect([...refusedWith('user_pool.client_ids'), withOidc]).toEqual(settingsOf('own_client_settings'))
    expect(refusedWith('oidc')).toContain(withOidc)
  })

  test('names variables that do nothing by default', async () => {
    const sources = files.filter((name) => name.startsWith('variables')).map((name) => ({ name, text: read(name) }))
    const { variables } = await readModuleInterface(sources)
    const rows = /^(\|.*\n)+/.exec(behind(document, '| you have | variable | example |\n'))?.[0].split('\n') ?? []
    const brought = rows.flatMap((row) => names(row.split('|')[2] ?? '')).filter((name) => name !== 'default_tags')
    expect(brought.length).toBeGreaterThan(15)
    const defaults = brought.map((name) => variables.find((variable) => variable.name === name)?.default)
    for (const value of defaults) expect([null, {}, []]).toContainEqual(value)
  })
})
